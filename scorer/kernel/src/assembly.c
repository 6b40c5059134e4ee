/* Which source a cue belongs to: scorer.assembly, written out. */
#include "links.h"

/* Counts of things before each token, (n + 1,) each, and of cues before each source; the sentence of each token,
 * (n + 1,), the last one's twice. */
typedef struct {
    int32_t *commas, *marks, *content, *cues;
    const int32_t *sentence;
} Landmarks;

/* Log-odds that cue number `at`, whose first word has the number `head`, belongs to a source, the candidate of this
 * slot with `cues` cues before it. */
static float odds_of(const float *table, int slot, Run cue, Py_ssize_t at, int head, Run source, int32_t cues,
                     const Landmarks *known)
{
    int32_t left = least(cue.last, source.last), right = cue.first > source.first ? cue.first : source.first;
    int inside = right < left, after = source.first >= cue.first;
    left = least(left, right);
    int32_t gap = right - left, between = known->content[right] - known->content[left];
    int32_t sentences = known->sentence[right] - known->sentence[left > 0 ? left - 1 : 0];
    Py_ssize_t rank = cues - at + 4;
    int covered = between == 0 ? 0 : between >= gap ? 2 : 1;
    const float *cells = table + slot * FEATURES * BUCKETS;
#define CELL(feature, bucket) cells[feature * BUCKETS + (bucket)]
    float odds = CELL(0, inside ? 0 : gap_bucket(gap));
    odds += CELL(1, least(sentences, 3) * 2 + after);
    odds += CELL(2, least(known->commas[right] - known->commas[left], 3));
    odds += CELL(3, least(known->marks[right] - known->marks[left], 3));
    odds += CELL(4, covered + 3 * (gap > 3) + 6 * inside);
    odds += CELL(5, rank < 0 ? 0 : rank > 8 ? 8 : rank);
    odds += CELL(6, least(source.last - source.first, 5) + 6 * after);
    odds += CELL(7, least(cue.last - cue.first, 11));
    odds += CELL(8, head);
#undef CELL
    return odds;
}

static void count(Landmarks *known, const Told *told, const Runs *sources, const Runs *cues, const Runs *content,
                  int32_t comma)
{
    int32_t commas = 0, marks = 0, covered = 0, at = 0;
    known->commas[0] = known->marks[0] = 0;
    for (Py_ssize_t t = 0; t < told->n; t++) {
        commas += told->words[t] == comma;
        marks += is_quotation_mark(told->shapes[t]);
        known->commas[t + 1] = commas;
        known->marks[t + 1] = marks;
    }
    for (Py_ssize_t i = 0; i < content->count; i++) {
        while (at <= content->items[i].first)
            known->content[at++] = covered;
        while (at <= content->items[i].last)
            known->content[at++] = ++covered;
    }
    while (at <= told->n)
        known->content[at++] = covered;
    for (Py_ssize_t i = 0, next = 0; i < sources->count; i++) {
        while (next < cues->count && cues->items[next].first < sources->items[i].first)
            next++;
        known->cues[i] = (int32_t)next;
    }
}

int tie_sources(const Told *told, const Ties *ties, const Runs *sources, const Runs *cues, const Runs *content,
                int32_t *owner)
{
    Py_ssize_t rows = told->n + 1, position = 0;
    int32_t *memory = PyMem_Malloc((3 * rows + sources->count) * sizeof *memory);
    if (!memory) {
        PyErr_NoMemory();
        return -1;
    }
    Landmarks known = {memory, memory + rows, memory + 2 * rows, memory + 3 * rows, told->sentence};
    count(&known, told, sources, cues, content, ties->comma);
    for (Py_ssize_t i = 0; i < cues->count; i++) {
        Run cue = cues->items[i];
        int head = head_of(ties, told->words[cue.first]);
        Py_ssize_t best = -1;
        float most = 0;
        while (position < sources->count && sources->items[position].first < cue.first)
            position++;
        for (int slot = 0; slot < SLOTS; slot++) {
            Py_ssize_t number = position + slot - SLOTS / 2;
            if (number < 0 || number >= sources->count)
                continue;
            float odds =
                odds_of(ties->sources, slot, cue, i, head, sources->items[number], known.cues[number], &known);
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
