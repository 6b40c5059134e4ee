/* Which cue belongs to which source, which content to which cues: scorer.assembly, written out. */
#include "kernel.h"
#include <string.h>

enum { SLOTS = 6, FEATURES = 8, BUCKETS = 12 };
enum { QUOTE_FIRST = 9, QUOTE_LAST = 11 };

typedef struct {
    int32_t first, last;
} Run;

typedef struct {
    Run *items;
    Py_ssize_t count;
} Runs;

/* Counts of things before each token, (n + 1,) each; the sentence of each token, the last one's twice. */
typedef struct {
    int32_t *commas, *marks, *content, *sentence;
    Py_ssize_t n;
} Landmarks;

static int read_runs(PyObject *list, Py_ssize_t n, Runs *runs)
{
    runs->count = PyList_GET_SIZE(list);
    runs->items = PyMem_Malloc((runs->count ? runs->count : 1) * sizeof *runs->items);
    if (!runs->items) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < runs->count; i++) {
        Run *run = &runs->items[i];
        if (!PyArg_ParseTuple(PyList_GET_ITEM(list, i), "ii", &run->first, &run->last))
            return -1;
        if (run->first < 0 || run->last <= run->first || run->last > n) {
            PyErr_SetString(PyExc_ValueError, "a run lies outside the text");
            return -1;
        }
    }
    return 0;
}

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

static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

/* Log-odds that item number `at` and `other` belong together, `other` being the candidate of this slot. */
static float odds_of(const float *table, int slot, const Runs *items, Py_ssize_t at, Run other, const Landmarks *known)
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
    };
    const float *cells = table + slot * FEATURES * BUCKETS;
    float odds = cells[buckets[0]];
    for (int f = 1; f < FEATURES; f++)
        odds += cells[f * BUCKETS + buckets[f]];
    return odds;
}

/* Candidates of an item among `others` and their log-odds; -1 where there is none. */
static void weigh(const float *table, const Runs *items, Py_ssize_t at, const Runs *others, const Landmarks *known,
                  Py_ssize_t *who, float *odds)
{
    Py_ssize_t position = before(others, items->items[at].first);
    for (int slot = 0; slot < SLOTS; slot++) {
        Py_ssize_t number = position + slot - SLOTS / 2;
        who[slot] = number >= 0 && number < others->count ? number : -1;
        odds[slot] = who[slot] < 0 ? -Py_HUGE_VAL : odds_of(table, slot, items, at, others->items[number], known);
    }
}

static void count(Landmarks *known, const int32_t *words, const int32_t *shapes, const int32_t *borders, Py_ssize_t m,
                  const Runs *content, int32_t comma)
{
    memset(known->content, 0, (known->n + 1) * sizeof *known->content);
    for (Py_ssize_t i = 0; i < content->count; i++)
        for (int32_t t = content->items[i].first; t < content->items[i].last; t++)
            known->content[t + 1] = 1;
    known->commas[0] = known->marks[0] = 0;
    for (Py_ssize_t t = 0; t < known->n; t++) {
        known->commas[t + 1] = known->commas[t] + (words[t] == comma);
        known->marks[t + 1] = known->marks[t] + (shapes[t] >= QUOTE_FIRST && shapes[t] <= QUOTE_LAST);
        known->content[t + 1] += known->content[t];
    }
    for (Py_ssize_t s = 0; s < m; s++)
        for (int32_t t = borders[s]; t < borders[s + 1]; t++)
            known->sentence[t] = (int32_t)s;
    known->sentence[known->n] = known->n ? known->sentence[known->n - 1] : 0;
}

/* For each cue the number of its source, or -1. */
static PyObject *sources_of(const float *table, const Runs *cues, const Runs *sources, const Landmarks *known,
                            double threshold)
{
    PyObject *found = PyList_New(cues->count);
    for (Py_ssize_t i = 0; found && i < cues->count; i++) {
        Py_ssize_t who[SLOTS];
        float odds[SLOTS];
        int best = 0;
        weigh(table, cues, i, sources, known, who, odds);
        for (int slot = 1; slot < SLOTS; slot++)
            if (odds[slot] > odds[best])
                best = slot;
        PyObject *number = PyLong_FromSsize_t((double)odds[best] > threshold ? who[best] : -1);
        if (number)
            PyList_SET_ITEM(found, i, number);
        else
            Py_CLEAR(found);
    }
    return found;
}

/* For each piece of content the numbers of its cues. */
static PyObject *cues_of(const float *table, const Runs *content, const Runs *cues, const Landmarks *known, float floor)
{
    PyObject *found = PyList_New(content->count);
    for (Py_ssize_t i = 0; found && i < content->count; i++) {
        Py_ssize_t who[SLOTS];
        float odds[SLOTS], best;
        weigh(table, content, i, cues, known, who, odds);
        best = odds[0];
        for (int slot = 1; slot < SLOTS; slot++)
            best = odds[slot] > best ? odds[slot] : best;
        PyObject *numbers = PyList_New(0);
        for (int slot = 0; numbers && slot < SLOTS; slot++)
            if (who[slot] >= 0 && (odds[slot] > 0 || (odds[slot] == best && odds[slot] > floor))) {
                PyObject *number = PyLong_FromSsize_t(who[slot]);
                if (!number || PyList_Append(numbers, number) < 0)
                    Py_CLEAR(numbers);
                Py_XDECREF(number);
            }
        if (numbers)
            PyList_SET_ITEM(found, i, numbers);
        else
            Py_CLEAR(found);
    }
    return found;
}

static int sound(const int32_t *borders, Py_ssize_t m, Py_ssize_t n)
{
    int good = m > 0 && borders[0] == 0 && borders[m] == n;
    for (Py_ssize_t s = 0; good && s < m; s++)
        good = borders[s] <= borders[s + 1];
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tokens and sentences do not fit each other");
    return good;
}

PyObject *kernel_assemble(PyObject *self, PyObject *args)
{
    PyObject *given[5], *lists[3], *found = NULL;
    Array arrays[5];
    static const char *const names[5] = {"words", "shapes", "sentences", "source table", "content table"};
    Runs runs[3] = {{0}, {0}, {0}}; /* sources, cues, content */
    int comma, taken = 0, read = 0;
    double threshold;
    float floor;
    if (!PyArg_ParseTuple(args, "OOOOOO!O!O!idf", &given[0], &given[1], &given[2], &given[3], &given[4], &PyList_Type,
                          &lists[0], &PyList_Type, &lists[1], &PyList_Type, &lists[2], &comma, &threshold, &floor))
        return NULL;
    while (taken < 5 && array_take(given[taken], &arrays[taken], taken < 3 ? 'i' : 'f', 4, names[taken]) == 0)
        taken++;
    Py_ssize_t n = taken == 5 ? arrays[0].count : 0, m = taken == 5 ? arrays[2].count - 1 : 0;
    if (taken < 5)
        goto done;
    if (arrays[1].count != n || arrays[3].count != SLOTS * FEATURES * BUCKETS || arrays[4].count != arrays[3].count) {
        PyErr_SetString(PyExc_ValueError, "words, shapes and tables do not fit each other");
        goto done;
    }
    if (!sound(arrays[2].view.buf, m, n))
        goto done;
    while (read < 3 && read_runs(lists[read], n, &runs[read]) == 0)
        read++;
    int32_t *memory = read == 3 ? PyMem_Malloc(4 * (n + 1) * sizeof *memory) : NULL;
    if (memory) {
        Landmarks known = {memory, memory + n + 1, memory + 2 * (n + 1), memory + 3 * (n + 1), n};
        count(&known, arrays[0].view.buf, arrays[1].view.buf, arrays[2].view.buf, m, &runs[2], comma);
        PyObject *sources = sources_of(arrays[3].view.buf, &runs[1], &runs[0], &known, threshold);
        PyObject *cues = sources ? cues_of(arrays[4].view.buf, &runs[2], &runs[1], &known, floor) : NULL;
        found = cues ? PyTuple_Pack(2, sources, cues) : NULL;
        Py_XDECREF(sources);
        Py_XDECREF(cues);
        PyMem_Free(memory);
    } else if (read == 3) {
        PyErr_NoMemory();
    }
done:
    for (int i = 0; i < 3; i++)
        PyMem_Free(runs[i].items);
    while (taken)
        array_drop(&arrays[--taken]);
    return found;
}
