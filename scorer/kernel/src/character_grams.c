/* Characters in a row looked up by their hash: scorer.character_grams.CharacterGrams, written out. */
#include "lure.h"
#include "prepared.h"
#include <string.h>

enum { SHORTEST = 3, LONGEST = 4, BLOCK = 256, MAX_BITS = 20, MAX_LEVELS = 256, MAX_TEXT = 1 << 20, FEW = 1 << 10 };

/* What one more of a gram adds to its level and to the square of it; nothing past the last level. */
typedef struct {
    int32_t level, square;
} Step;

/* What a place of the table multiplies either by: its idf times its weight, and the square of its idf. */
typedef struct {
    int16_t weighed;
    uint16_t square;
} Place;

typedef struct {
    PyObject_HEAD
    int bits, last_level;
    Place *places;   /* [2^bits] */
    uint8_t *counts; /* [2^bits], all 0 between two texts */
    Step steps[MAX_LEVELS];
} Grams;

static void grams_free(Grams *self)
{
    PyMem_Free(self->places);
    PyMem_Free(self->counts);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static void fill(Grams *self, const int8_t *weights, const uint8_t *idf, const int16_t *levels)
{
    for (Py_ssize_t i = 0; i < (Py_ssize_t)1 << self->bits; i++)
        self->places[i] = (Place){(int16_t)(idf[i] * weights[i]), (uint16_t)(idf[i] * idf[i])};
    for (int count = 0; count < self->last_level; count++) {
        int32_t now = count ? levels[count] : 0, then = levels[count + 1];
        self->steps[count] = (Step){then - now, then * then - now * now};
    }
    self->steps[self->last_level] = (Step){0, 0};
}

static int grams_init(Grams *self, PyObject *args, PyObject *named)
{
    enum { WEIGHTS, IDF, LEVELS, ARRAYS };
    static const char *const names[ARRAYS] = {"weights", "idf", "levels"};
    PyObject *given[ARRAYS];
    Array a[ARRAYS];
    if (self->counts) {
        PyErr_SetString(PyExc_RuntimeError, "a table of characters is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "OOO", &given[WEIGHTS], &given[IDF], &given[LEVELS]) ||
        arrays_take(given, a, "bBh", names) < 0)
        return -1;
    int bits = 0;
    while (bits < MAX_BITS && ((Py_ssize_t)1 << bits) < a[WEIGHTS].count)
        bits++;
    if (bits == 0 || a[WEIGHTS].count != (Py_ssize_t)1 << bits || a[IDF].count != a[WEIGHTS].count ||
        a[LEVELS].count < 2 || a[LEVELS].count > MAX_LEVELS) {
        PyErr_SetString(PyExc_ValueError, "tables of characters do not fit each other, or not 2 to 256 levels");
    } else if (!(self->places = PyMem_Malloc(sizeof *self->places << bits)) ||
               !(self->counts = PyMem_Calloc((size_t)1 << bits, sizeof *self->counts))) {
        PyMem_Free(self->places);
        self->places = NULL;
        PyErr_NoMemory();
    } else {
        self->bits = bits;
        self->last_level = (int)a[LEVELS].count - 1;
        fill(self, a[WEIGHTS].view.buf, a[IDF].view.buf, a[LEVELS].view.buf);
    }
    arrays_drop(a, ARRAYS);
    return self->counts ? 0 : -1;
}

/* The places of the grams of either length that begin with `count` characters from `from` on. */
INLINE void hash(Characters t, Py_ssize_t from, Py_ssize_t count, int shift, uint32_t *shorter, uint32_t *longer)
{
    for (Py_ssize_t i = 0; i < count; i++) {
        uint32_t hash = 0;
        for (int j = 0; j < SHORTEST; j++)
            hash = (hash ^ at(t, from + i + j)) * UINT32_C(16777619);
        shorter[i] = (hash * UINT32_C(2654435761)) >> shift;
        hash = (hash ^ at(t, from + i + SHORTEST)) * UINT32_C(16777619);
        longer[i] = (hash * UINT32_C(2654435761)) >> shift;
    }
}

VECTOR static int places_of(Characters text, Py_ssize_t from, Py_ssize_t count, int shift, uint32_t *shorter,
                            uint32_t *longer)
{
    int done;
    BY_WIDTH(done, text, (hash(t, from, count, shift, shorter, longer), 1));
    return done;
}

typedef struct {
    int64_t weighed, square;
} Sums;

/* Gram by gram, each adding what its level grows by: whole numbers, so that the order does not matter. */
static Sums add(Grams *self, const uint32_t *found, Py_ssize_t count, Sums sums)
{
    const Place *places = self->places; /* what is counted might lie anywhere, as far as the compiler knows */
    uint8_t *counts = self->counts;
    int last_level = self->last_level;
    for (Py_ssize_t i = 0; i < count; i++) {
        uint32_t at = found[i];
        Place place = places[at];
        uint8_t met = counts[at];
        Step step = self->steps[met];
        counts[at] = met + (met < last_level);
        sums.weighed += (int64_t)step.level * place.weighed;
        sums.square += (int64_t)step.square * place.square;
    }
    return sums;
}

/* Zeros for the next text: where a short one was met, or all. */
static void forget(Grams *self, Characters text, Py_ssize_t n)
{
    uint32_t shorter[BLOCK], longer[BLOCK];
    if (n > FEW)
        memset(self->counts, 0, (size_t)1 << self->bits);
    for (Py_ssize_t from = 0, count; n <= FEW && from + LONGEST <= n; from += count) {
        count = n - LONGEST + 1 - from < BLOCK ? n - LONGEST + 1 - from : BLOCK;
        places_of(text, from, count, 32 - self->bits, shorter, longer);
        for (Py_ssize_t i = 0; i < count; i++)
            self->counts[shorter[i]] = self->counts[longer[i]] = 0;
    }
}

static Sums add_up(Grams *self, Characters text, Py_ssize_t n)
{
    uint32_t shorter[BLOCK], longer[BLOCK];
    int shift = 32 - self->bits;
    Sums sums = {0, 0};
    for (Py_ssize_t from = 0, count; from + LONGEST <= n; from += count) {
        count = n - LONGEST + 1 - from < BLOCK ? n - LONGEST + 1 - from : BLOCK;
        places_of(text, from, count, shift, shorter, longer);
        sums = add(self, longer, count, add(self, shorter, count, sums));
    }
    if (n >= SHORTEST) { /* the last shorter one begins no longer one */
        uint32_t hash = 0;
        for (int j = 0; j < SHORTEST; j++)
            hash = (hash ^ at(text, n - SHORTEST + j)) * UINT32_C(16777619);
        *shorter = (hash * UINT32_C(2654435761)) >> shift;
        sums = add(self, shorter, 1, sums);
        self->counts[*shorter] = 0;
    }
    forget(self, text, n);
    return sums;
}

int grams_of(PyObject *grams, Characters text, Py_ssize_t n, int64_t *weighed, int64_t *square)
{
    Grams *self = (Grams *)grams;
    if (!Py_IS_TYPE(grams, &CharacterGramsType))
        PyErr_SetString(PyExc_TypeError, "a table of characters is wanted");
    else if (!self->counts)
        PyErr_SetString(PyExc_RuntimeError, "a table of characters that was never made");
    else if (n > MAX_TEXT)
        PyErr_SetString(PyExc_ValueError, "a shorter text is wanted");
    else {
        Sums sums = add_up(self, text, n);
        *weighed = sums.weighed;
        *square = sums.square;
        return 0;
    }
    return -1;
}

static PyObject *sums_of(PyObject *self, Characters text, Py_ssize_t n)
{
    int64_t weighed, square;
    if (grams_of(self, text, n, &weighed, &square) < 0)
        return NULL;
    return Py_BuildValue("LL", (long long)weighed, (long long)square);
}

static PyObject *grams_sums(PyObject *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "sums(text)");
    return sums_of(self, characters_of(text), PyUnicode_GET_LENGTH(text));
}

static PyObject *grams_sums_of(PyObject *self, PyObject *const *args, Py_ssize_t arg_count)
{
    if (arg_count != 3 || !PyUnicode_Check(args[0]))
        return PyErr_Format(PyExc_TypeError, "sums_of(text, start, stop)");
    Prepared prepared;
    Py_ssize_t start = PyLong_AsSsize_t(args[1]), stop = PyLong_AsSsize_t(args[2]);
    if (PyErr_Occurred() || prepare(args[0], start, stop, &prepared) < 0)
        return NULL;
    PyObject *sums = sums_of(self, prepared.characters, prepared.length);
    PyMem_Free(prepared.block);
    return sums;
}

static PyMethodDef methods[] = {
    {"sums", (PyCFunction)grams_sums, METH_O, "sums(text) -> (levels times weights, squares of levels), summed"},
    {"sums_of", (PyCFunction)(void (*)(void))grams_sums_of, METH_FASTCALL,
     "sums_of(text, start, stop) -> the same of that part as `prepared` gives it"},
    {NULL, NULL, 0, NULL},
};

PyTypeObject CharacterGramsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scorer.kernel.native.CharacterGrams",
    .tp_doc = "CharacterGrams(weights, idf, levels): adds up characters in a row; scorer/character_grams.py says how",
    .tp_basicsize = sizeof(Grams),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)grams_init,
    .tp_dealloc = (destructor)grams_free,
    .tp_methods = methods,
};
