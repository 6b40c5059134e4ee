/* Characters in a row looked up by their hash: scorer.character_grams.CharacterGrams, written out. */
#include "characters.h"

enum { MAX_BITS = 20, MAX_LONGEST = 16, MAX_TEXT = 1 << 20 };

typedef struct {
    const int8_t *weights;
    const uint8_t *idf;
    const int16_t *levels;
    Py_ssize_t last_level;
    int shortest, longest, bits;
} Table;

/* Count the grams of a text at their places, and note each place that is met; how many those are. */
INLINE Py_ssize_t count_all(const Table *table, Characters t, Py_ssize_t n, uint16_t *counts, int32_t *places)
{
    Py_ssize_t met = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        uint32_t hash = 0;
        for (int length = 1; length <= table->longest && i + length <= n; length++) {
            hash = (hash ^ at(t, i + length - 1)) * UINT32_C(16777619);
            if (length < table->shortest)
                continue;
            uint32_t place = (hash * UINT32_C(2654435761)) >> (32 - table->bits);
            places[met] = (int32_t)place;
            met += counts[place] == 0;
            counts[place] += counts[place] < UINT16_MAX;
        }
    }
    return met;
}

static PyObject *add_up(const Table *table, PyObject *text)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(text), met;
    uint16_t *counts = PyMem_Calloc((size_t)1 << table->bits, sizeof *counts);
    int32_t *places = PyMem_Malloc(((size_t)n * (table->longest - table->shortest + 1) + 1) * sizeof *places);
    PyObject *found = NULL;
    if (!counts || !places) {
        PyErr_NoMemory();
        goto done;
    }
    BY_WIDTH(met, characters_of(text), count_all(table, t, n, counts, places));
    int64_t weighed = 0, square = 0;
    for (Py_ssize_t i = 0; i < met; i++) { /* whole numbers: the order does not matter */
        int32_t place = places[i];
        Py_ssize_t count = counts[place] < table->last_level ? counts[place] : table->last_level;
        int64_t value = (int64_t)table->levels[count] * table->idf[place];
        weighed += value * table->weights[place];
        square += value * value;
    }
    found = Py_BuildValue("LL", (long long)weighed, (long long)square);
done:
    PyMem_Free(counts);
    PyMem_Free(places);
    return found;
}

PyObject *kernel_character_grams(PyObject *self, PyObject *args)
{
    enum { WEIGHTS, IDF, LEVELS, ARRAYS };
    static const char *const names[ARRAYS] = {"weights", "idf", "levels"};
    PyObject *text, *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    Table t = {0};
    if (!PyArg_ParseTuple(args, "UiiOOO", &text, &t.shortest, &t.longest, &given[WEIGHTS], &given[IDF],
                          &given[LEVELS]) ||
        arrays_take(given, a, "bBh", names) < 0)
        return NULL;
    while (t.bits < MAX_BITS && ((Py_ssize_t)1 << t.bits) < a[WEIGHTS].count)
        t.bits++;
    t.weights = a[WEIGHTS].view.buf;
    t.idf = a[IDF].view.buf;
    t.levels = a[LEVELS].view.buf;
    t.last_level = a[LEVELS].count - 1;
    if (t.bits > 0 && a[WEIGHTS].count == (Py_ssize_t)1 << t.bits && a[IDF].count == a[WEIGHTS].count &&
        t.last_level >= 0 && t.shortest > 0 && t.shortest <= t.longest && t.longest <= MAX_LONGEST &&
        PyUnicode_GET_LENGTH(text) <= MAX_TEXT)
        found = add_up(&t, text);
    else
        PyErr_SetString(PyExc_ValueError, "text, lengths and tables of characters do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
