/* Characters in a row looked up by their hash: scorer.character_grams.CharacterGrams, written out. */
#include "characters.h"

enum { SHORTEST = 3, LONGEST = 4, BLOCK = 256, MAX_BITS = 20, MAX_LEVELS = 256, MAX_TEXT = 1 << 20 };

/* What one more of a gram adds to its level and to the square of it; nothing past the last level. */
typedef struct {
    int32_t level, square;
} Step;

typedef struct {
    const int8_t *weights;
    const uint8_t *idf;
    int bits, last_level;
    Step steps[MAX_LEVELS];
} Table;

/* The places of the grams of one length from `from` on, BLOCK of them at most; how many. */
INLINE Py_ssize_t hash(Characters t, Py_ssize_t n, Py_ssize_t from, int length, int shift, uint32_t *places)
{
    Py_ssize_t left = n - length + 1 - from, count = left < BLOCK ? left : BLOCK;
    for (Py_ssize_t i = 0; i < count; i++) {
        uint32_t hash = 0;
        for (int j = 0; j < length; j++)
            hash = (hash ^ at(t, from + i + j)) * UINT32_C(16777619);
        places[i] = (hash * UINT32_C(2654435761)) >> shift;
    }
    return count;
}

VECTOR static Py_ssize_t places_of(Characters text, Py_ssize_t n, Py_ssize_t from, int length, int shift, uint32_t *places)
{
    Py_ssize_t count;
    if (length == SHORTEST) /* each length by itself, known to the compiler */
        BY_WIDTH(count, text, hash(t, n, from, SHORTEST, shift, places));
    else
        BY_WIDTH(count, text, hash(t, n, from, LONGEST, shift, places));
    return count;
}

/* Gram by gram, each adding what its level grows by: whole numbers, so that the order does not matter. */
static PyObject *add_up(const Table *table, PyObject *text, uint8_t *counts)
{
    const int8_t *weights = table->weights; /* what is counted might lie anywhere, as far as the compiler knows */
    const uint8_t *idfs = table->idf;
    int last_level = table->last_level;
    uint32_t places[BLOCK];
    int64_t weighed = 0, square = 0;
    Py_ssize_t n = PyUnicode_GET_LENGTH(text), count;
    for (int length = SHORTEST; length <= LONGEST; length++)
        for (Py_ssize_t from = 0; from + length <= n; from += count) {
            count = places_of(characters_of(text), n, from, length, 32 - table->bits, places);
            for (Py_ssize_t i = 0; i < count; i++) {
                uint32_t place = places[i];
                const Step *step = &table->steps[counts[place]];
                int64_t idf = idfs[place];
                counts[place] += counts[place] < last_level;
                weighed += step->level * idf * weights[place];
                square += step->square * (idf * idf);
            }
        }
    return Py_BuildValue("LL", (long long)weighed, (long long)square);
}

static void steps_of(const int16_t *levels, Table *table)
{
    for (int count = 0; count < table->last_level; count++) {
        int32_t now = count ? levels[count] : 0, then = levels[count + 1];
        table->steps[count] = (Step){then - now, then * then - now * now};
    }
    table->steps[table->last_level] = (Step){0, 0};
}

/* character_grams(text, weights, idf, levels) */
PyObject *kernel_character_grams(PyObject *self, PyObject *args)
{
    enum { WEIGHTS, IDF, LEVELS, ARRAYS };
    static const char *const names[ARRAYS] = {"weights", "idf", "levels"};
    PyObject *text, *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    Table table;
    if (!PyArg_ParseTuple(args, "UOOO", &text, &given[WEIGHTS], &given[IDF], &given[LEVELS]) ||
        arrays_take(given, a, "bBh", names) < 0)
        return NULL;
    table.bits = 0;
    while (table.bits < MAX_BITS && ((Py_ssize_t)1 << table.bits) < a[WEIGHTS].count)
        table.bits++;
    int fits = table.bits > 0 && a[WEIGHTS].count == (Py_ssize_t)1 << table.bits && a[IDF].count == a[WEIGHTS].count &&
               a[LEVELS].count > 1 && a[LEVELS].count <= MAX_LEVELS && PyUnicode_GET_LENGTH(text) <= MAX_TEXT;
    uint8_t *counts = fits ? PyMem_Calloc((size_t)1 << table.bits, sizeof *counts) : NULL;
    if (counts) {
        table.weights = a[WEIGHTS].view.buf;
        table.idf = a[IDF].view.buf;
        table.last_level = (int)a[LEVELS].count - 1;
        steps_of(a[LEVELS].view.buf, &table);
        found = add_up(&table, text, counts);
    } else if (fits) {
        PyErr_NoMemory();
    } else {
        PyErr_SetString(PyExc_ValueError, "text and tables of characters do not fit each other, or not 2 to 256 levels");
    }
    PyMem_Free(counts);
    arrays_drop(a, ARRAYS);
    return found;
}
