/* A headline's wording as places in tables of weights: scorer.lure.Lure.features, written out. */
#include "kernel.h"

enum { SHAPES = 16, BEGIN = 60001, END = 60002, FIRST_KEY = 1, LAST_KEY = 2 };

typedef struct {
    const int32_t *words, *shapes;
    const int64_t *classes;
    const uint8_t *is_read;
    PyObject *tokens, *keys;
    Py_ssize_t n;
    int max_words, frequent, bits;
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
        PyObject *key = PyObject_GetItem(t->keys, PyList_GET_ITEM(t->tokens, i));
        int64_t number = key ? PyLong_AsLongLong(key) : -1;
        Py_XDECREF(key);
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

static PyObject *wording(const Title *t)
{
    Py_ssize_t room = (t->n < t->max_words ? t->n : t->max_words) + 2;
    int64_t *masked = PyMem_Malloc(2 * room * sizeof *masked), *spelled = masked + room, table = INT64_C(1) << t->bits;
    float *values = PyMem_Malloc(room * sizeof *values);
    PyObject *indices = NULL, *weights = NULL, *found = NULL;
    if (!masked || !values) {
        PyErr_NoMemory();
        goto done;
    }
    Py_ssize_t n = read_words(t, masked, spelled, values), every = n > 0 ? 4 * n + 2 : 0;
    if (n < 0)
        goto done;
    indices = PyBytes_FromStringAndSize(NULL, every * (Py_ssize_t)sizeof(int64_t));
    weights = PyBytes_FromStringAndSize(NULL, every * (Py_ssize_t)sizeof(float));
    if (!indices || !weights)
        goto done;
    int64_t *index = (int64_t *)PyBytes_AS_STRING(indices);
    float *value = (float *)PyBytes_AS_STRING(weights);
    for (Py_ssize_t i = 0; n && i <= n; i++) { /* pairs stand before each word and behind the last */
        if (i < n) {
            index[i] = spelled[i + 1] % table;
            index[3 * n + 2 + i] = 3 * table + mix(masked[i] * 65537 + masked[i + 1], masked[i + 2], t->bits);
            value[i] = values[i];
            value[3 * n + 2 + i] = t->triple;
        }
        index[n + i] = table + mix(masked[i], masked[i + 1], t->bits);
        index[2 * n + 1 + i] = 2 * table + mix(spelled[i], spelled[i + 1], t->bits);
        value[n + i] = value[2 * n + 1 + i] = 1.0f;
    }
    found = PyTuple_Pack(2, indices, weights);
done:
    Py_XDECREF(indices);
    Py_XDECREF(weights);
    PyMem_Free(masked);
    PyMem_Free(values);
    return found;
}

PyObject *kernel_wording(PyObject *self, PyObject *args)
{
    enum { WORDS, SHAPES_OF, CLASSES, IS_READ, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "classes", "is_read"};
    PyObject *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    Title t = {0};
    if (!PyArg_ParseTuple(args, "OOO!OOO(iii)(ff)", &given[WORDS], &given[SHAPES_OF], &PyList_Type, &t.tokens, &t.keys,
                          &given[CLASSES], &given[IS_READ], &t.max_words, &t.frequent, &t.bits, &t.content, &t.triple) ||
        arrays_take(given, a, "iiqB", names) < 0)
        return NULL;
    t.words = a[WORDS].view.buf;
    t.shapes = a[SHAPES_OF].view.buf;
    t.classes = a[CLASSES].view.buf;
    t.is_read = a[IS_READ].view.buf;
    t.n = a[WORDS].count;
    int good = a[SHAPES_OF].count == t.n && PyList_GET_SIZE(t.tokens) == t.n && a[IS_READ].count == SHAPES &&
               t.max_words > 0 && t.bits > 0 && t.bits < 31;
    for (Py_ssize_t i = 0; good && i < t.n; i++)
        good = t.words[i] >= 0 && t.words[i] < a[CLASSES].count && t.shapes[i] >= 0 && t.shapes[i] < SHAPES;
    if (good)
        found = wording(&t);
    else
        PyErr_SetString(PyExc_ValueError, "words, shapes and classes do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
