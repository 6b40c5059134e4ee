/* A headline's wording as places in tables of weights: scorer.lure.Lure.features, written out. */
#include "lure.h"
#include <string.h>

enum { SHAPES = 16, BEGIN = 60001, END = 60002, FIRST_KEY = 1, LAST_KEY = 2 };

typedef struct {
    const int32_t *words, *shapes;
    const int64_t *classes;
    const uint8_t *is_read;
    const float *weights; /* of every place in the tables; NULL where the places are asked for */
    PyObject *tokens, *keys;
    Py_ssize_t n;
    int64_t max_words, frequent;
    int bits;
    float content, triple;
} Title;

static int64_t mix(int64_t first, int64_t second, int bits)
{
    uint64_t low = ((uint64_t)first * 1000003 + (uint64_t)second) & 0x7FFFFFFF;
    return (int64_t)((low * UINT64_C(2654435761) >> 20) & ((UINT64_C(1) << bits) - 1));
}

/* The words that are read: class and key of each, one at both ends for the border, and the value of each word; how many
 * there are, or -1 with an exception set. */
static Py_ssize_t read_words(const Title *t, int64_t *masked, int64_t *spelled, float *values)
{
    Py_ssize_t count = 0;
    masked[0] = BEGIN;
    spelled[0] = FIRST_KEY;
    for (Py_ssize_t i = 0; i < t->n && count < t->max_words; i++) {
        if (!t->is_read[t->shapes[i]])
            continue;
        if (i >= PyList_GET_SIZE(t->tokens)) {
            PyErr_SetString(PyExc_ValueError, "tokens were taken away while they were read");
            return -1;
        }
        PyObject *token = Py_NewRef(PyList_GET_ITEM(t->tokens, i));
        PyObject *key = Py_XNewRef(PyDict_GetItemWithError(t->keys, token));
        if (!key && !PyErr_Occurred())
            key = PyObject_GetItem(t->keys, token); /* which makes one up, by code that may do anything to the list */
        int64_t number = key ? PyLong_AsLongLong(key) : -1;
        Py_XDECREF(key);
        Py_DECREF(token);
        if (number < 0 || number > UINT32_MAX) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "the key of a word has 32 bits");
            return -1;
        }
        values[count++] = t->words[i] < t->frequent ? 1.0f : t->content;
        masked[count] = t->classes[t->words[i]];
        spelled[count] = number;
    }
    masked[count + 1] = END;
    spelled[count + 1] = LAST_KEY;
    return count;
}

/* Where the words, the pairs and the triples stand in the tables, and what each counts: 4 n + 2. Pairs stand before
 * each word and behind the last. */
static void place(const Title *t, Py_ssize_t n, const int64_t *masked, const int64_t *spelled, int64_t *index,
                  float *value)
{
    int64_t table = INT64_C(1) << t->bits;
    for (Py_ssize_t i = 0; i <= n; i++) {
        if (i < n) {
            index[i] = spelled[i + 1] % table;
            index[3 * n + 2 + i] = 3 * table + mix(masked[i] * 65537 + masked[i + 1], masked[i + 2], t->bits);
            value[3 * n + 2 + i] = t->triple;
        }
        index[n + i] = table + mix(masked[i], masked[i + 1], t->bits);
        index[2 * n + 1 + i] = 2 * table + mix(spelled[i], spelled[i + 1], t->bits);
        value[n + i] = value[2 * n + 1 + i] = 1.0f;
    }
}

static PyObject *wording(const Title *t)
{
    Py_ssize_t room = (t->n < t->max_words ? t->n : t->max_words) + 2;
    int64_t *masked = PyMem_Malloc(6 * room * sizeof *masked), *spelled = masked + room, *index = spelled + room;
    float *values = PyMem_Malloc(room * sizeof *values);
    PyObject *found = NULL, *counts = NULL, *answer = NULL;
    if (!masked || !values) {
        PyErr_NoMemory();
        goto done;
    }
    Py_ssize_t n = read_words(t, masked, spelled, values), every = n > 0 ? 4 * n + 2 : 0;
    if (n < 0)
        goto done;
    found = PyBytes_FromStringAndSize(NULL, every * (Py_ssize_t)(t->weights ? sizeof(float) : sizeof(int64_t)));
    counts = PyBytes_FromStringAndSize(NULL, every * (Py_ssize_t)sizeof(float));
    if (!found || !counts)
        goto done;
    float *weights = (float *)PyBytes_AS_STRING(found);
    if (every) {
        memcpy(PyBytes_AS_STRING(counts), values, n * sizeof *values);
        place(t, n, masked, spelled, index, (float *)PyBytes_AS_STRING(counts));
    }
    for (Py_ssize_t i = 0; t->weights && i < every; i++)
        weights[i] = t->weights[index[i]];
    if (!t->weights)
        memcpy(weights, index, every * sizeof *index);
    answer = PyTuple_Pack(2, found, counts);
done:
    Py_XDECREF(found);
    Py_XDECREF(counts);
    PyMem_Free(masked);
    PyMem_Free(values);
    return answer;
}

PyObject *wording_of(PyObject *tables, PyObject *keys, PyObject *words, PyObject *shapes, PyObject *tokens, int weighed)
{
    enum { CLASSES, IS_READ, WEIGHTS, LIMITS, COUNTS };
    static const char *const names[] = {"words", "shapes"};
    const Array *table = tables_of(tables, "qBfqd");
    PyObject *const given[] = {words, shapes}, *found = NULL;
    Array a[2];
    if (!table || arrays_take(given, a, "ii", names) < 0)
        return NULL;
    int good = PyDict_Check(keys) && PyList_Check(tokens) && PyList_GET_SIZE(tokens) == a[0].count &&
               a[1].count == a[0].count && table[IS_READ].count == SHAPES && table[LIMITS].count == 3 &&
               table[COUNTS].count == 2;
    if (good) {
        const int64_t *limits = table[LIMITS].view.buf;
        const double *counts = table[COUNTS].view.buf;
        Title t = {a[0].view.buf, a[1].view.buf, table[CLASSES].view.buf, table[IS_READ].view.buf,
                   weighed ? table[WEIGHTS].view.buf : NULL, tokens, keys, a[0].count, limits[0], limits[1],
                   (int)limits[2], (float)counts[0], (float)counts[1]};
        good = t.max_words > 0 && limits[2] > 0 && limits[2] < 29 &&
               (!weighed || table[WEIGHTS].count == (Py_ssize_t)4 << limits[2]);
        for (Py_ssize_t i = 0; good && i < t.n; i++)
            good = t.words[i] >= 0 && t.words[i] < table[CLASSES].count && t.shapes[i] >= 0 && t.shapes[i] < SHAPES;
        if (good)
            found = wording(&t);
    }
    if (!good)
        PyErr_SetString(PyExc_ValueError, "words, shapes and classes do not fit each other");
    arrays_drop(a, 2);
    return found;
}

/* wording(tables, keys, words, shapes, tokens) */
PyObject *kernel_wording(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    if (given == 5)
        return wording_of(args[0], args[1], args[2], args[3], args[4], 0);
    PyErr_SetString(PyExc_TypeError, "wording(tables, keys, words, shapes, tokens)");
    return NULL;
}
