/* Sources, cues and content out of the chances of tokens: scorer.tagger.decode, written out. */
#include "runs.h"
#include <stdlib.h>
#include <string.h>

/* The surest first; then sources, then by place: a number that rises in this order. */
static uint64_t rank_of(const Candidate *candidate, int role, int32_t number)
{
    uint32_t matches; /* floats that are not negative rise as their bits do */
    memcpy(&matches, &candidate->matches, sizeof matches);
    return (uint64_t)~matches << 32 | (uint32_t)role << 31 | (uint32_t)number;
}

static int rising(const void *one, const void *other)
{
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

static int is_free(const Tagging *d, const Candidate *candidate)
{
    for (int32_t t = candidate->first; t < candidate->last; t++)
        if (d->label[t])
            return 0;
    return 1;
}

static void place(Tagging *d, Candidate *candidate, int role)
{
    memset(d->label + candidate->first, 1, candidate->last - candidate->first);
    candidate->is_placed = 1;
    d->has[role][candidate->sentence] = 1;
}

/* Place what is chosen, the surest first; where two roles overlap the surer one stays. */
static int place_chosen(Tagging *d, Candidates *found)
{
    Py_ssize_t count = 0;
    uint64_t *ranks = PyMem_Malloc((found[SOURCE].count + found[CUE].count + 1) * sizeof *ranks);
    if (!ranks) {
        PyErr_NoMemory();
        return -1;
    }
    for (int role = 0; role < ROLES; role++)
        for (Py_ssize_t i = 0; i < found[role].count; i++)
            if (found[role].items[i].is_chosen)
                ranks[count++] = rank_of(&found[role].items[i], role, (int32_t)i);
    qsort(ranks, count, sizeof *ranks, rising);
    for (Py_ssize_t i = 0; i < count; i++) {
        int role = ranks[i] >> 31 & 1;
        Candidate *candidate = &found[role].items[ranks[i] & INT32_MAX];
        if (is_free(d, candidate))
            place(d, candidate, role);
    }
    PyMem_Free(ranks);
    return 0;
}

/* Whether a cue begins in the sentence with the chance `silent` at least. */
static int is_silent(const Tagging *d, Py_ssize_t sentence, double silent)
{
    const float *begin = d->begins[CUE];
    double without = 1;
    for (int32_t t = d->sentences[sentence]; t < d->sentences[sentence + 1]; t++)
        without *= 1 - (double)begin[t];
    return without < 1 - silent;
}

/* A sentence without a cue that surely has one is asked for its best, then one with a cue and no source for that. */
static int is_asked(const Tagging *d, Py_ssize_t sentence, int role, const Limits *limits)
{
    if (role == CUE)
        return !d->has[CUE][sentence] && is_silent(d, sentence, limits->silent);
    return d->has[CUE][sentence] && !d->has[SOURCE][sentence];
}

/* Place the best candidate on free tokens of each sentence that is asked for one. */
static void place_best(Tagging *d, Candidates *found, int role, const Limits *limits)
{
    for (Py_ssize_t i = 0; i < found->count;) {
        int32_t sentence = found->items[i].sentence;
        int asked = is_asked(d, sentence, role, limits);
        Candidate *best = NULL;
        double most = 0;
        for (; i < found->count && found->items[i].sentence == sentence; i++) {
            Candidate *candidate = &found->items[i];
            if (!asked || !(candidate->matches > limits->least))
                continue;
            double value = (double)candidate->matches + limits->exact_double * (double)candidate->chance;
            if (value > most && is_free(d, candidate)) {
                most = value;
                best = candidate;
            }
        }
        if (best)
            place(d, best, role);
    }
}

static PyObject *run_of(Run run)
{
    PyObject *made = PyTuple_New(2), *first = PyLong_FromLong(run.first), *last = PyLong_FromLong(run.last);
    if (!made || !first || !last) {
        Py_XDECREF(made);
        Py_XDECREF(first);
        Py_XDECREF(last);
        return NULL;
    }
    PyTuple_SET_ITEM(made, 0, first);
    PyTuple_SET_ITEM(made, 1, last);
    return made;
}

/* A list of (first, last), or the runs as they lie here, for what only the kernel reads. */
static PyObject *told(const Run *runs, Py_ssize_t count, int packed)
{
    if (packed)
        return PyBytes_FromStringAndSize((const char *)runs, count * (Py_ssize_t)sizeof *runs);
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list && i < count; i++) {
        PyObject *run = run_of(runs[i]);
        if (run)
            PyList_SET_ITEM(list, i, run);
        else
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *told_placed(const Tagging *d, const Candidates *found, int packed)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < found->count; i++)
        if (found->items[i].is_placed)
            d->runs[count++] = (Run){found->items[i].first, found->items[i].last};
    return told(d->runs, count, packed);
}

static PyObject *tag(Tagging *d, const Limits *limits, PyObject *quotations, int packed)
{
    Candidates found[ROLES] = {{0}, {0}};
    PyObject *sources = NULL, *cues = NULL, *content = NULL, *all = NULL;
    if (candidates_find(d, SOURCE, limits, &found[SOURCE]) == 0 && candidates_find(d, CUE, limits, &found[CUE]) == 0 &&
        place_chosen(d, found) == 0) {
        place_best(d, &found[CUE], CUE, limits);
        place_best(d, &found[SOURCE], SOURCE, limits);
        sources = told_placed(d, &found[SOURCE], packed);
        cues = sources ? told_placed(d, &found[CUE], packed) : NULL;
        Py_ssize_t pieces = cues ? pieces_of(d, quotations) : -1;
        content = pieces < 0 ? NULL : told(d->runs, pieces, packed);
        all = content ? PyTuple_Pack(3, sources, cues, content) : NULL;
    }
    Py_XDECREF(sources);
    Py_XDECREF(cues);
    Py_XDECREF(content);
    PyMem_Free(found[SOURCE].items);
    PyMem_Free(found[CUE].items);
    return all;
}

static int sound(const Tagging *d)
{
    int good = d->n > 0 && d->n < INT32_MAX && d->m > 0 && d->sentences[0] == 0 && d->sentences[d->m] == d->n;
    for (Py_ssize_t s = 0; good && s < d->m; s++)
        good = d->sentences[s] < d->sentences[s + 1];
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tokens and sentences do not fit each other");
    return good;
}

/* Give the text what is worked out about it, all in one piece; NULL with an exception set. */
static void *make_room(Tagging *d)
{
    size_t n = d->n, m = d->m, wide = n * (3 * ROLES * sizeof(float) + sizeof(Run)), narrow = n + 2 * m;
    char *memory = PyMem_Malloc(wide + narrow + 2 * n + 1);
    if (!memory)
        return PyErr_NoMemory();
    d->chances = (float *)memory;
    d->runs = (Run *)(d->chances + 3 * ROLES * n);
    d->label = (uint8_t *)(d->runs + n);
    d->has[SOURCE] = d->label + n;
    d->has[CUE] = d->has[SOURCE] + m;
    d->filled = d->has[CUE] + m;
    d->border = d->filled + n;
    memset(d->label, 0, narrow);
    return memory;
}

PyObject *kernel_runs(PyObject *self, PyObject *args)
{
    enum { POWERS, SENTENCES, STARTS, ENDS, SHAPES, ARRAYS };
    static const char *const names[ARRAYS] = {"powers", "sentences", "starts", "ends", "shapes"};
    PyObject *given[ARRAYS], *quotations, *found = NULL;
    Array arrays[ARRAYS];
    Limits limits;
    int packed = 0;
    Tagging d = {0};
    if (!PyArg_ParseTuple(args, "OOOOOO!(fffd)(iidfddiii)|p", &given[POWERS], &given[SENTENCES], &given[STARTS],
                          &given[ENDS], &given[SHAPES], &PyList_Type, &quotations, &limits.cost[SOURCE],
                          &limits.cost[CUE], &limits.least, &limits.silent, &limits.longest, &limits.max_group,
                          &limits.min_run, &limits.min_begin, &limits.exact_double, &limits.exact_source, &d.max_filled,
                          &d.max_tail, &d.punctuation, &packed))
        return NULL;
    limits.exact[SOURCE] = (float)limits.exact_source;
    limits.exact[CUE] = (float)limits.exact_double;
    if (arrays_take(given, arrays, "Biiii", names) < 0)
        return NULL;
    d.n = arrays[SHAPES].count;
    d.m = arrays[SENTENCES].count - 1;
    d.sentences = arrays[SENTENCES].view.buf;
    d.starts = arrays[STARTS].view.buf;
    d.ends = arrays[ENDS].view.buf;
    d.shapes = arrays[SHAPES].view.buf;
    const float *powers = arrays[POWERS].view.buf; /* as kernel_softened lays them out, and content behind them */
    d.content = (const uint8_t *)(powers + LABELS * d.n);
    int fits = arrays[POWERS].count == d.n * (LABELS * (Py_ssize_t)sizeof *powers + 1) &&
               (uintptr_t)powers % sizeof *powers == 0 && arrays[STARTS].count == d.n && arrays[ENDS].count == d.n &&
               limits.max_group > 0 && limits.max_group <= MOST_IN_GROUP && limits.longest > 0;
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "the arrays of a text do not fit each other");
    } else if (sound(&d)) {
        void *memory = make_room(&d);
        if (memory) {
            label_chances(&d, powers);
            found = tag(&d, &limits, quotations, packed);
            PyMem_Free(memory);
        }
    }
    arrays_drop(arrays, ARRAYS);
    return found;
}
