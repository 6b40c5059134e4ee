/* Texts that attributions are found in, as Python gives them, and the attributions as Python has them. */
#include "links.h"
#include "evidence.h"
#include <string.h>

/* What a text and the tables are given as. */
enum {
    WORDS, SHAPES, BORDERS, SOURCE_TABLE, CONTENT_TABLE, HEAD_WORDS, WORD_CLASSES, BITS, FOLLOWS, PARTICIPLES,
    TAIL_WORDS, NEEDS, TAILS, ARRAYS
};

/* ---- as Python gives them ---- */

/* Whether a run is inside the text, behind the one before it. */
static int fits(const Runs *runs, Py_ssize_t i, Py_ssize_t first, Py_ssize_t last, Py_ssize_t n)
{
    if (first >= 0 && last > first && last <= n && !(i && first < runs->items[i - 1].last))
        return 1;
    PyErr_SetString(PyExc_ValueError, "runs (first, last) inside the text are wanted, in order and apart");
    return 0;
}

/* Runs in order and apart from each other: a list, or as kernel_runs packs them. */
static int read_runs(PyObject *given, Py_ssize_t n, Runs *runs)
{
    int packed = PyBytes_Check(given);
    if ((!packed && !PyList_Check(given)) || (packed && PyBytes_GET_SIZE(given) % sizeof *runs->items)) {
        PyErr_SetString(PyExc_TypeError, "runs are a list, or bytes of whole ones");
        return -1;
    }
    runs->count = packed ? PyBytes_GET_SIZE(given) / (Py_ssize_t)sizeof *runs->items : PyList_GET_SIZE(given);
    runs->items = PyMem_Malloc((runs->count ? runs->count : 1) * sizeof *runs->items);
    if (!runs->items) {
        PyErr_NoMemory();
        return -1;
    }
    if (packed) {
        memcpy(runs->items, PyBytes_AS_STRING(given), PyBytes_GET_SIZE(given));
        for (Py_ssize_t i = 0; i < runs->count; i++)
            if (!fits(runs, i, runs->items[i].first, runs->items[i].last, n))
                return -1;
        return 0;
    }
    for (Py_ssize_t i = 0; i < runs->count; i++) {
        PyObject *pair = PyList_GET_ITEM(given, i);
        Py_ssize_t first = -1, last = -1;
        if (PyTuple_Check(pair) && PyTuple_GET_SIZE(pair) == 2) { /* which asks whole numbers only: no code runs */
            first = PyLong_AsSsize_t(PyTuple_GET_ITEM(pair, 0));
            last = PyLong_AsSsize_t(PyTuple_GET_ITEM(pair, 1));
        }
        if (PyErr_Occurred() || !fits(runs, i, first, last, n))
            return -1;
        runs->items[i] = (Run){(int32_t)first, (int32_t)last};
    }
    return 0;
}

/* Sentences of the tokens; whether every number stays inside its table. What is read elsewhere is trusted after this:
 * 0, or -1 with an exception set. */
static int read_text(Told *told, Py_ssize_t rows)
{
    int good = told->n < INT32_MAX / 4 && told->m > 0 && told->borders[0] == 0 && told->borders[told->m] == told->n &&
               rows == told->vocabulary + PyDict_GET_SIZE(told->lacking) + 1 && told->vocabulary > 0;
    for (Py_ssize_t s = 0; good && s < told->m; s++)
        good = told->borders[s] <= told->borders[s + 1];
    for (Py_ssize_t t = 0; good && t < told->n; t++) {
        PyObject *token = PyList_GET_ITEM(told->tokens, t);
        good = told->words[t] >= 0 && told->words[t] < told->vocabulary && PyUnicode_CheckExact(token) &&
               PyUnicode_GET_LENGTH(token) > 0;
    }
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "tokens, words, sentences and tables do not fit each other");
        return -1;
    }
    for (Py_ssize_t s = 0; s < told->m; s++)
        for (int32_t t = told->borders[s]; t < told->borders[s + 1]; t++)
            told->sentence[t] = (int32_t)s;
    told->sentence[told->n] = told->n ? told->sentence[told->n - 1] : 0;
    return 0;
}

/* What is given beside the text, checked, and the text with it; 0, or -1 with an exception set. */
static int text_take(const Array *a, PyObject *const *lists, Told *told, Given *given)
{
    Py_ssize_t rows = a[BITS].count, tail = MAX_PARTICIPLES + MAX_TAIL_WORDS;
    told->n = a[WORDS].count;
    told->m = a[BORDERS].count - 1;
    told->vocabulary = rows - 1 - PyDict_GET_SIZE(told->lacking);
    told->words = a[WORDS].view.buf;
    told->shapes = a[SHAPES].view.buf;
    told->borders = a[BORDERS].view.buf;
    told->classes = a[BITS].view.buf;
    told->follows = a[FOLLOWS].view.buf;
    told->participle = a[PARTICIPLES].view.buf;
    told->tail_word = a[TAIL_WORDS].view.buf;
    told->needs = a[NEEDS].view.buf;
    told->tails = a[TAILS].view.buf;
    told->tail_count = a[TAILS].count / tail;
    given->ties.sources = a[SOURCE_TABLE].view.buf;
    given->ties.content = a[CONTENT_TABLE].view.buf;
    given->ties.heads = a[HEAD_WORDS].view.buf;
    given->ties.word_classes = a[WORD_CLASSES].view.buf;
    if (PyList_GET_SIZE(told->tokens) != told->n || a[SHAPES].count != told->n || a[FOLLOWS].count != rows ||
        a[PARTICIPLES].count != rows || a[TAIL_WORDS].count != rows || a[NEEDS].count != MAX_PARTICIPLES ||
        a[TAILS].count % tail || a[SOURCE_TABLE].count != SLOTS * FEATURES * BUCKETS ||
        a[CONTENT_TABLE].count != CONTENT_SIDES * CONTENT_FEATURES * CONTENT_BUCKETS ||
        a[HEAD_WORDS].count != HEADS || a[WORD_CLASSES].count != told->vocabulary) {
        PyErr_SetString(PyExc_ValueError, "tokens, words, shapes and tables do not fit each other");
        return -1;
    }
    if (!(told->sentence = PyMem_Malloc((told->n + 1) * sizeof *told->sentence))) {
        PyErr_NoMemory();
        return -1;
    }
    int status = read_text(told, rows);
    for (int i = 0; !status && i < 3; i++)
        status = read_runs(lists[i], told->n, &given->runs[i]);
    return status;
}

int linked_find(PyObject *args, Linked *found)
{
    static const char *const names[ARRAYS] = {
        "words",  "shapes",        "sentences",           "source table",     "content table",
        "first words of cues",     "classes of words",    "classes",          "follows",
        "participles",             "tail words",          "needs",            "tails"};
    PyObject *in[ARRAYS], *lists[3];
    Array a[ARRAYS];
    Given given = {0};
    Told told = {0};
    *found = (Linked){0};
    if (!PyArg_ParseTuple(args, "O!OOO(OOiOOdddd)(OOOOOOO!)OOOO!", &PyList_Type, &told.tokens, &in[WORDS],
                          &in[SHAPES], &in[BORDERS], &in[SOURCE_TABLE], &in[CONTENT_TABLE], &given.ties.comma,
                          &in[HEAD_WORDS], &in[WORD_CLASSES], &given.ties.threshold, &given.ties.floor,
                          &given.ties.quotation_floor, &given.ties.lone_floor, &in[BITS], &in[FOLLOWS],
                          &in[PARTICIPLES], &in[TAIL_WORDS], &in[NEEDS], &in[TAILS], &PyDict_Type, &told.lacking,
                          &lists[0], &lists[1], &lists[2], &PyList_Type, &given.quotations) ||
        arrays_take(in, a, "iiiffiBqiBBBB", names) < 0)
        return -1;
    int status = text_take(a, lists, &told, &given);
    if (!status)
        status = links_make(&told, &given, found);
    for (int i = 0; i < 3; i++)
        PyMem_Free(given.runs[i].items);
    PyMem_Free(told.sentence);
    arrays_drop(a, ARRAYS);
    return status;
}

void linked_free(Linked *found)
{
    PyMem_Free(found->items);
    PyMem_Free(found->links);
    PyMem_Free(found->pieces);
}

/* ---- as Python has them ---- */

static PyObject *pair_of(Run run)
{
    PyObject *pair = PyTuple_New(2), *first = PyLong_FromLong(run.first), *last = PyLong_FromLong(run.last);
    if (!pair || !first || !last) {
        Py_XDECREF(first);
        Py_XDECREF(last);
        Py_CLEAR(pair);
    } else {
        PyTuple_SET_ITEM(pair, 0, first);
        PyTuple_SET_ITEM(pair, 1, last);
    }
    return pair;
}

/* A link as Python has it. */
static PyObject *told_link(PyTypeObject *type, const Link *link)
{
    PyObject *parts[3] = {link->source.first >= 0 ? pair_of(link->source) : Py_NewRef(Py_None), pair_of(link->cue),
                          PyList_New(link->count)};
    int good = parts[0] && parts[1] && parts[2];
    for (int32_t i = 0; good && i < link->count; i++) {
        PyObject *pair = pair_of(link->content[i]);
        good = pair != NULL;
        if (good)
            PyList_SET_ITEM(parts[2], i, pair);
    }
    PyObject *made = good ? link_of(type, parts) : NULL;
    link_parts_drop(parts);
    return made;
}

PyObject *kernel_links(PyObject *self, PyObject *args)
{
    Py_ssize_t last = PyTuple_GET_SIZE(args) - 1;
    PyObject *type = last < 0 ? Py_None : PyTuple_GET_ITEM(args, last);
    if (!PyType_Check(type)) {
        PyErr_SetString(PyExc_TypeError, "the type of an attribution is wanted last");
        return NULL;
    }
    PyObject *given = PyTuple_GetSlice(args, 0, last), *links = NULL;
    Linked found = {0};
    if (given && linked_find(given, &found) == 0)
        links = PyList_New(found.count);
    for (Py_ssize_t i = 0; links && i < found.count; i++) {
        PyObject *link = told_link((PyTypeObject *)type, found.items[i].link);
        if (link)
            PyList_SET_ITEM(links, i, link);
        else
            Py_CLEAR(links);
    }
    linked_free(&found);
    Py_XDECREF(given);
    return links;
}
