/* The runs of tokens most likely to be right: scorer.runs and scorer.tagger.decode, written out. */
#include "runs.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    int32_t first, last;
    float chance, matches;
} Candidate;

typedef struct {
    Candidate *items;
    Py_ssize_t count, room;
} Candidates;

enum { LABELS = 5, MOST_IN_GROUP = 256 };

/* What scorer.runs and the model set. */
typedef struct {
    int longest, max_group;
    float min_begin, exact[2], least, cost[2]; /* of a source, of a cue */
    double min_run, exact_double, exact_source, silent;
} Limits;

static int candidate_add(Candidates *found, Py_ssize_t first, Py_ssize_t last, double chance)
{
    if (found->count == found->room) {
        Candidate *more = items_grow(found->items, &found->room, 256, sizeof *more);
        if (!more)
            return -1;
        found->items = more;
    }
    found->items[found->count++] = (Candidate){(int32_t)first, (int32_t)last, (float)chance, 0};
    return 0;
}

/* The chance that a run goes on with token t, given that it holds the token before. */
static double goes_on(const float *begin, const float *inside, Py_ssize_t t)
{
    float sum = t ? begin[t - 1] + inside[t - 1] : 1.0f;
    float share = inside[t] / (sum > 1e-6f ? sum : 1e-6f);
    return share < 1.0f ? share : 1.0f;
}

/* Runs of a role; `begin` and `inside` (n,) are the chances of its two labels. */
static int find(const Tagging *d, const float *begin, const float *inside, const Limits *limits, Candidates *found)
{
    for (Py_ssize_t s = 0; s < d->m; s++)
        for (Py_ssize_t t = d->sentences[s]; t < d->sentences[s + 1]; t++) {
            if (!(begin[t] >= limits->min_begin))
                continue;
            double reached = begin[t];
            for (int length = 0; length < limits->longest && reached > limits->min_run; length++) {
                Py_ssize_t next = t + length + 1;
                int may = next < d->sentences[s + 1] && length + 1 < limits->longest;
                double more = may ? goes_on(begin, inside, next) : 0.0;
                double chance = reached * (1.0 - more);
                if (chance > limits->min_run && candidate_add(found, t, next, chance) < 0)
                    return -1;
                reached *= more;
            }
        }
    return 0;
}

/* End of the group of candidates from `from` on that may overlap each other. */
static Py_ssize_t group_end(const Candidates *found, Py_ssize_t from, int max_group, int32_t *reach)
{
    Py_ssize_t i = from;
    while (i < found->count && i - from < max_group && (i == from || found->items[i].first < *reach)) {
        *reach = found->items[i].last > *reach ? found->items[i].last : *reach;
        i++;
    }
    return i;
}

static void match(Candidate *group, Py_ssize_t count, const int32_t *starts, const int32_t *ends)
{
    for (Py_ssize_t i = 0; i < count; i++) {
        int32_t left = starts[group[i].first], right = ends[group[i].last - 1];
        double sum = 0;
        for (Py_ssize_t j = 0; j < count; j++) {
            int32_t other_left = starts[group[j].first], other_right = ends[group[j].last - 1];
            int32_t shared = (right < other_right ? right : other_right) - (left > other_left ? left : other_left);
            int32_t together = (right > other_right ? right : other_right) - (left < other_left ? left : other_left);
            if (2 * (int64_t)shared >= together)
                sum += group[j].chance;
        }
        group[i].matches = (float)sum;
    }
}

typedef struct {
    const Candidate *candidate;
    int role;
} Chosen;

/* The best of the group first, none that overlaps it, and so on while they are worth their cost. */
static void choose(const Candidate *group, Py_ssize_t count, const Limits *limits, int role, Chosen *chosen,
                   Py_ssize_t *chosen_count)
{
    float worth[MOST_IN_GROUP];
    for (Py_ssize_t i = 0; i < count; i++)
        worth[i] = (group[i].matches + limits->exact[role] * group[i].chance) - limits->cost[role];
    for (;;) {
        Py_ssize_t best = 0;
        for (Py_ssize_t i = 1; i < count; i++)
            if (worth[i] > worth[best])
                best = i;
        if (!(worth[best] > 0))
            return;
        chosen[(*chosen_count)++] = (Chosen){&group[best], role};
        for (Py_ssize_t i = 0; i < count; i++)
            if (group[i].first < group[best].last && group[best].first < group[i].last)
                worth[i] = -1;
    }
}

static void weigh(Candidates *found, const Limits *limits, int role, const int32_t *starts, const int32_t *ends,
                  Chosen *chosen, Py_ssize_t *chosen_count)
{
    int32_t reach = 0; /* end of what came before: a chain of overlaps that is too long is parted, not forgotten */
    for (Py_ssize_t from = 0; from < found->count;) {
        Py_ssize_t end = group_end(found, from, limits->max_group, &reach);
        match(found->items + from, end - from, starts, ends);
        choose(found->items + from, end - from, limits, role, chosen, chosen_count);
        from = end;
    }
}

/* The surest first; then sources, then by place. */
static int surer(const void *one, const void *other)
{
    const Chosen *a = one, *b = other;
    if (a->candidate->matches != b->candidate->matches)
        return a->candidate->matches > b->candidate->matches ? -1 : 1;
    if (a->role != b->role)
        return a->role - b->role;
    if (a->candidate->first != b->candidate->first)
        return a->candidate->first < b->candidate->first ? -1 : 1;
    return (a->candidate->last > b->candidate->last) - (a->candidate->last < b->candidate->last);
}

static int is_free(const Tagging *d, const Candidate *candidate)
{
    for (int32_t t = candidate->first; t < candidate->last; t++)
        if (d->label[t])
            return 0;
    return 1;
}

/* The best candidate on free tokens of each sentence that is asked for; all are marked afterwards. */
static void add_best(Tagging *d, const Candidates *found, const Limits *limits, const uint8_t *asked, int role,
                     uint8_t *role_of, int32_t *last_of)
{
    Py_ssize_t s = 0;
    for (Py_ssize_t i = 0; i < found->count;) {
        while (found->items[i].first >= d->sentences[s + 1])
            s++;
        const Candidate *best = NULL;
        double most = 0;
        for (; i < found->count && found->items[i].first < d->sentences[s + 1]; i++) {
            const Candidate *candidate = &found->items[i];
            if (!asked[s] || !(candidate->matches > limits->least))
                continue;
            double value = (double)candidate->matches + limits->exact_double * (double)candidate->chance;
            if (value > most && is_free(d, candidate)) {
                most = value;
                best = candidate;
            }
        }
        if (best) {
            memset(d->label + best->first, 3, best->last - best->first);
            role_of[best->first] = (uint8_t)role;
            last_of[best->first] = best->last;
        }
    }
}

/* Whether each sentence holds the beginning of a run of this role. */
static void mark_sentences(const Tagging *d, const uint8_t *role_of, int role, uint8_t *marked)
{
    for (Py_ssize_t s = 0; s < d->m; s++) {
        marked[s] = 0;
        for (int32_t t = d->sentences[s]; !marked[s] && t < d->sentences[s + 1]; t++)
            marked[s] = role_of[t] == role;
    }
}

/* Whether a cue begins in each sentence with the chance `silent` at least. */
static void mark_silent(const Tagging *d, const float *begin, double silent, uint8_t *marked)
{
    for (Py_ssize_t s = 0; s < d->m; s++) {
        double without = 1;
        for (int32_t t = d->sentences[s]; t < d->sentences[s + 1]; t++)
            without *= 1 - (double)begin[t];
        marked[s] = without < 1 - silent;
    }
}

enum { SOURCE = 1, CUE = 2 };

static PyObject *runs_of(const Tagging *d, const uint8_t *role_of, const int32_t *last_of, int role)
{
    PyObject *runs = PyList_New(0);
    for (Py_ssize_t t = 0; runs && t < d->n; t++)
        if (role_of[t] == role && run_add(runs, t, last_of[t]) < 0)
            Py_CLEAR(runs);
    return runs;
}

/* `chances` (LABELS, n), a row a label. */
static PyObject *tag(Tagging *d, const float *chances, const int32_t *starts, const int32_t *ends, const Limits *limits,
                     PyObject *quotations)
{
    Candidates sources = {0}, cues = {0};
    Chosen *chosen = NULL;
    uint8_t *role_of = PyMem_Calloc(d->n + 4 * (size_t)d->m, 1);
    int32_t *last_of = PyMem_Malloc(d->n * sizeof *last_of);
    PyObject *source_runs = NULL, *cue_runs = NULL, *pieces = NULL, *found = NULL;
    if (!role_of || !last_of) {
        PyErr_NoMemory();
        goto done;
    }
    if (find(d, chances + d->n, chances + 2 * d->n, limits, &sources) < 0 ||
        find(d, chances + 3 * d->n, chances + 4 * d->n, limits, &cues) < 0)
        goto done;
    chosen = PyMem_Malloc((sources.count + cues.count + 1) * sizeof *chosen);
    if (!chosen) {
        PyErr_NoMemory();
        goto done;
    }
    Py_ssize_t count = 0;
    weigh(&sources, limits, 0, starts, ends, chosen, &count);
    weigh(&cues, limits, 1, starts, ends, chosen, &count);
    qsort(chosen, count, sizeof *chosen, surer);
    for (Py_ssize_t i = 0; i < count; i++) {
        const Candidate *candidate = chosen[i].candidate;
        if (is_free(d, candidate)) {
            memset(d->label + candidate->first, chosen[i].role + 1, candidate->last - candidate->first);
            role_of[candidate->first] = (uint8_t)(chosen[i].role + 1);
            last_of[candidate->first] = candidate->last;
        }
    }
    uint8_t *asked = role_of + d->n, *has_source = asked + d->m, *has_cue = has_source + d->m, *silent = has_cue + d->m;
    mark_silent(d, chances + 3 * d->n, limits->silent, silent);
    mark_sentences(d, role_of, SOURCE, has_source);
    mark_sentences(d, role_of, CUE, has_cue);
    for (Py_ssize_t s = 0; s < d->m; s++)
        asked[s] = !has_cue[s] && silent[s];
    add_best(d, &cues, limits, asked, CUE, role_of, last_of);
    mark_sentences(d, role_of, CUE, has_cue);
    for (Py_ssize_t s = 0; s < d->m; s++)
        asked[s] = has_cue[s] && !has_source[s];
    add_best(d, &sources, limits, asked, SOURCE, role_of, last_of);
    source_runs = runs_of(d, role_of, last_of, SOURCE);
    cue_runs = source_runs ? runs_of(d, role_of, last_of, CUE) : NULL;
    pieces = cue_runs ? pieces_of(d, quotations) : NULL;
    if (pieces)
        found = PyTuple_Pack(3, source_runs, cue_runs, pieces);
done:
    Py_XDECREF(source_runs);
    Py_XDECREF(cue_runs);
    Py_XDECREF(pieces);
    PyMem_Free(sources.items);
    PyMem_Free(cues.items);
    PyMem_Free(chosen);
    PyMem_Free(role_of);
    PyMem_Free(last_of);
    return found;
}

static int sound(const Tagging *d)
{
    int good = d->n > 0 && d->m > 0 && d->sentences[0] == 0 && d->sentences[d->m] == d->n;
    for (Py_ssize_t s = 0; good && s < d->m; s++)
        good = d->sentences[s] < d->sentences[s + 1];
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tokens and sentences do not fit each other");
    return good;
}

PyObject *kernel_runs(PyObject *self, PyObject *args)
{
    enum { POWERS, CONTENT, SENTENCES, STARTS, ENDS, SHAPES, ARRAYS };
    static const char *const names[ARRAYS] = {"powers", "content", "sentences", "starts", "ends", "shapes"};
    PyObject *given[ARRAYS], *quotations, *found = NULL;
    Array arrays[ARRAYS];
    Limits limits;
    Tagging d = {0};
    if (!PyArg_ParseTuple(args, "OOOOOOO!(fffd)(iidfddiii)", &given[POWERS], &given[CONTENT], &given[SENTENCES],
                          &given[STARTS], &given[ENDS], &given[SHAPES], &PyList_Type, &quotations, &limits.cost[0],
                          &limits.cost[1], &limits.least, &limits.silent, &limits.longest, &limits.max_group,
                          &limits.min_run, &limits.min_begin, &limits.exact_double, &limits.exact_source, &d.max_filled,
                          &d.max_tail, &d.punctuation))
        return NULL;
    limits.exact[0] = (float)limits.exact_source;
    limits.exact[1] = (float)limits.exact_double;
    if (arrays_take(given, arrays, "fBiiii", names) < 0)
        return NULL;
    d.n = arrays[CONTENT].count;
    d.m = arrays[SENTENCES].count - 1;
    d.sentences = arrays[SENTENCES].view.buf;
    d.shapes = arrays[SHAPES].view.buf;
    int fits = arrays[POWERS].count == LABELS * d.n && arrays[STARTS].count == d.n && arrays[ENDS].count == d.n &&
               arrays[SHAPES].count == d.n && limits.max_group > 0 && limits.max_group <= MOST_IN_GROUP &&
               limits.longest > 0;
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "the arrays of a text do not fit each other");
    } else if (sound(&d)) {
        size_t chances = LABELS * (size_t)d.n * sizeof(float), numbers = 3 * (size_t)(d.n + 1) * sizeof(int32_t);
        char *memory = PyMem_Calloc(chances + numbers + 3 * (size_t)(d.n + 1), 1);
        if (memory) {
            d.counted = (int32_t *)(memory + chances);
            d.named = d.counted + d.n + 1;
            d.part = d.named + d.n + 1;
            d.label = (int8_t *)(d.part + d.n + 1);
            d.content = (uint8_t *)d.label + d.n + 1;
            d.border = d.content + d.n + 1;
            memcpy(d.content, arrays[CONTENT].view.buf, d.n);
            shares_of(arrays[POWERS].view.buf, d.n, LABELS, (float *)memory);
            found = tag(&d, (float *)memory, arrays[STARTS].view.buf, arrays[ENDS].view.buf, &limits, quotations);
            PyMem_Free(memory);
        } else {
            PyErr_NoMemory();
        }
    }
    arrays_drop(arrays, ARRAYS);
    return found;
}
