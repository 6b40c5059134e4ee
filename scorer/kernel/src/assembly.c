/* Which cue belongs to which source, which content to which cues: scorer.assembly, written out. */
#include "links.h"
#include <string.h>

enum { QUOTE_FIRST = 9, QUOTE_LAST = 11 };

/* Counts of things before each token, (n + 1,) each; the sentence of each token, (n + 1,), the
 * last one's twice. */
typedef struct {
    int32_t *commas, *marks, *content;
    const int32_t *sentence, *words, *heads;
} Landmarks;

/* A table of what speaks for a tie, and which of the two that may be tied is the cue. */
typedef struct {
    const float *cells;
    int items_are_cues;
} Table;

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

static int gap_bucket(int32_t gap)
{
    static const int32_t gaps[] = {1, 2, 3, 4, 6, 9, 14, 22, 40, 80, 160};
    int bucket = 0;
    while (bucket < 11 && gaps[bucket] <= gap)
        bucket++;
    return bucket;
}

/* Number of a word among the first words of cues, from 1, or 0. */
static int head_of(const Landmarks *known, int32_t token)
{
    int head = HEADS;
    while (head > 0 && known->heads[head - 1] != known->words[token])
        head--;
    return head;
}

static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

/* Log-odds that item number `at` and `other` belong together, `other` being the candidate of this slot. */
static float odds_of(const Table *table, int slot, const Runs *items, Py_ssize_t at, Run other, const Landmarks *known)
{
    Run mine = items->items[at];
    int32_t left = least(mine.last, other.last), right = mine.first > other.first ? mine.first : other.first;
    int inside = right < left, after = other.first >= mine.first;
    left = least(left, right);
    int32_t gap = right - left, between = known->content[right] - known->content[left];
    int32_t sentences = known->sentence[right] - known->sentence[left > 0 ? left - 1 : 0];
    Py_ssize_t rank = before(items, other.first) - at + 4;
    int covered = between == 0 ? 0 : between >= gap ? 2 : 1;
    const int buckets[FEATURES] = {
        inside ? 0 : gap_bucket(gap),
        least(sentences, 3) * 2 + after,
        least(known->commas[right] - known->commas[left], 3),
        least(known->marks[right] - known->marks[left], 3),
        covered + 3 * (gap > 3) + 6 * inside,
        (int)(rank < 0 ? 0 : rank > 8 ? 8 : rank),
        least(other.last - other.first, 5) + 6 * after,
        least(mine.last - mine.first, 11),
        head_of(known, table->items_are_cues ? mine.first : other.first),
    };
    const float *cells = table->cells + slot * FEATURES * BUCKETS;
    float odds = cells[buckets[0]];
    for (int f = 1; f < FEATURES; f++)
        odds += cells[f * BUCKETS + buckets[f]];
    return odds;
}

/* Candidates of an item among `others` and their log-odds; -1 where there is none. */
static void weigh(const Table *table, const Runs *items, Py_ssize_t at, const Runs *others, const Landmarks *known,
                  Py_ssize_t *who, float *odds)
{
    Py_ssize_t position = before(others, items->items[at].first);
    for (int slot = 0; slot < SLOTS; slot++) {
        Py_ssize_t number = position + slot - SLOTS / 2;
        who[slot] = number >= 0 && number < others->count ? number : -1;
        odds[slot] = who[slot] < 0 ? -Py_HUGE_VAL : odds_of(table, slot, items, at, others->items[number], known);
    }
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
        known->marks[t + 1] = known->marks[t] + (shape >= QUOTE_FIRST && shape <= QUOTE_LAST);
        known->content[t + 1] += known->content[t];
    }
}

/* For each cue the number of its source, or -1. */
static void sources_of(const Table *table, const Runs *cues, const Runs *sources, const Landmarks *known,
                       double threshold, int32_t *owner)
{
    for (Py_ssize_t i = 0; i < cues->count; i++) {
        Py_ssize_t who[SLOTS];
        float odds[SLOTS];
        int best = 0;
        weigh(table, cues, i, sources, known, who, odds);
        for (int slot = 1; slot < SLOTS; slot++)
            if (odds[slot] > odds[best])
                best = slot;
        owner[i] = (double)odds[best] > threshold ? (int32_t)who[best] : -1;
    }
}

/* For each piece of content the numbers of its cues. */
static void cues_of(const Table *table, const Runs *content, const Runs *cues, const Landmarks *known, float floor,
                    int32_t *owners)
{
    for (Py_ssize_t i = 0; i < content->count; i++, owners += SLOTS) {
        Py_ssize_t who[SLOTS];
        float odds[SLOTS], best;
        weigh(table, content, i, cues, known, who, odds);
        best = odds[0];
        for (int slot = 1; slot < SLOTS; slot++)
            best = odds[slot] > best ? odds[slot] : best;
        for (int slot = 0; slot < SLOTS; slot++) {
            int its = who[slot] >= 0 && (odds[slot] > 0 || (odds[slot] == best && odds[slot] > floor));
            owners[slot] = its ? (int32_t)who[slot] : -1;
        }
    }
}

int tie(const Told *told, const Ties *ties, const Runs *sources, const Runs *cues, const Runs *content, int32_t *owner,
        int32_t *owners)
{
    int32_t *memory = PyMem_Malloc(3 * (told->n + 1) * sizeof *memory);
    if (!memory) {
        PyErr_NoMemory();
        return -1;
    }
    Landmarks known = {memory,         memory + told->n + 1, memory + 2 * (told->n + 1),
                       told->sentence, told->words,          ties->heads};
    Table of_sources = {ties->sources, 1}, of_content = {ties->content, 0};
    count(&known, told, content, ties->comma);
    sources_of(&of_sources, cues, sources, &known, ties->threshold, owner);
    cues_of(&of_content, content, cues, &known, ties->floor, owners);
    PyMem_Free(memory);
    return 0;
}
