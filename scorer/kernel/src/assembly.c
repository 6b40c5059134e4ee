/* Which source a cue belongs to: scorer.assembly, written out. */
#include "links.h"
#include <string.h>

/* Counts of things before each token, (n + 1,) each; the sentence of each token, (n + 1,), the
 * last one's twice. */
typedef struct {
    int32_t *commas, *marks, *content;
    const int32_t *sentence, *words, *heads;
} Landmarks;

/* Number of runs that begin before `first`. */
static Py_ssize_t before(const Runs *runs, int32_t first)
{
    Py_ssize_t low = 0, high = runs->count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (runs->items[middle].first < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Number of a word among the first words of cues, from 1, or 0. */
static int head_of(const Landmarks *known, int32_t token)
{
    int head = HEADS;
    while (head > 0 && known->heads[head - 1] != known->words[token])
        head--;
    return head;
}

/* Log-odds that cue number `at` belongs to a source, the candidate of this slot. */
static float odds_of(const float *table, int slot, const Runs *cues, Py_ssize_t at, Run source, const Landmarks *known)
{
    Run cue = cues->items[at];
    int32_t left = least(cue.last, source.last), right = cue.first > source.first ? cue.first : source.first;
    int inside = right < left, after = source.first >= cue.first;
    left = least(left, right);
    int32_t gap = right - left, between = known->content[right] - known->content[left];
    int32_t sentences = known->sentence[right] - known->sentence[left > 0 ? left - 1 : 0];
    Py_ssize_t rank = before(cues, source.first) - at + 4;
    int covered = between == 0 ? 0 : between >= gap ? 2 : 1;
    const int buckets[FEATURES] = {
        inside ? 0 : gap_bucket(gap),
        least(sentences, 3) * 2 + after,
        least(known->commas[right] - known->commas[left], 3),
        least(known->marks[right] - known->marks[left], 3),
        covered + 3 * (gap > 3) + 6 * inside,
        (int)(rank < 0 ? 0 : rank > 8 ? 8 : rank),
        least(source.last - source.first, 5) + 6 * after,
        least(cue.last - cue.first, 11),
        head_of(known, cue.first),
    };
    const float *cells = table + slot * FEATURES * BUCKETS;
    float odds = cells[buckets[0]];
    for (int f = 1; f < FEATURES; f++)
        odds += cells[f * BUCKETS + buckets[f]];
    return odds;
}

static void count(Landmarks *known, const Told *told, const Runs *content, int32_t comma)
{
    memset(known->content, 0, (told->n + 1) * sizeof *known->content);
    for (Py_ssize_t i = 0; i < content->count; i++)
        for (int32_t t = content->items[i].first; t < content->items[i].last; t++)
            known->content[t + 1] = 1;
    known->commas[0] = known->marks[0] = 0;
    for (Py_ssize_t t = 0; t < told->n; t++) {
        int32_t shape = told->shapes[t];
        known->commas[t + 1] = known->commas[t] + (told->words[t] == comma);
        known->marks[t + 1] = known->marks[t] + is_quotation_mark(shape);
        known->content[t + 1] += known->content[t];
    }
}

int tie_sources(const Told *told, const Ties *ties, const Runs *sources, const Runs *cues, const Runs *content,
                int32_t *owner)
{
    int32_t *memory = PyMem_Malloc(3 * (told->n + 1) * sizeof *memory);
    if (!memory) {
        PyErr_NoMemory();
        return -1;
    }
    Landmarks known = {memory,         memory + told->n + 1, memory + 2 * (told->n + 1),
                       told->sentence, told->words,          ties->heads};
    count(&known, told, content, ties->comma);
    for (Py_ssize_t i = 0; i < cues->count; i++) {
        Py_ssize_t position = before(sources, cues->items[i].first), best = -1;
        float most = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            Py_ssize_t number = position + slot - SLOTS / 2;
            if (number < 0 || number >= sources->count)
                continue;
            float odds = odds_of(ties->sources, slot, cues, i, sources->items[number], &known);
            if (best < 0 || odds > most) {
                best = number;
                most = odds;
            }
        }
        owner[i] = best >= 0 && (double)most > ties->threshold ? (int32_t)best : -1;
    }
    PyMem_Free(memory);
    return 0;
}
