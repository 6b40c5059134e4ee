/* Characters in a row looked up by their hash: scorer.character_grams.CharacterGrams, written out. */
#include "lure.h"
#include <string.h>

enum { SHORTEST = 3, LONGEST = 4, BLOCK = 256, MAX_BITS = 20, MAX_LEVELS = 256, MAX_TEXT = 1 << 20, FEW = 1 << 10 };

/* How often each place is met, all zeros between two texts: the pages that no table reaches are never touched. */
static uint8_t counts[1 << MAX_BITS];

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

/* Zeros for the next text: where a short one was met, or all. */
static void forget(Characters text, Py_ssize_t n, int bits)
{
    uint32_t places[BLOCK];
    if (n > FEW)
        memset(counts, 0, (size_t)1 << bits);
    for (int length = SHORTEST; n <= FEW && length <= LONGEST; length++)
        for (Py_ssize_t from = 0, count; from + length <= n; from += count) {
            count = places_of(text, n, from, length, 32 - bits, places);
            for (Py_ssize_t i = 0; i < count; i++)
                counts[places[i]] = 0;
        }
}

/* Gram by gram, each adding what its level grows by: whole numbers, so that the order does not matter. */
static void add_up(const Table *table, Characters text, Py_ssize_t n, int64_t *levels, int64_t *squares)
{
    const int8_t *weights = table->weights; /* what is counted might lie anywhere, as far as the compiler knows */
    const uint8_t *idfs = table->idf;
    int last_level = table->last_level;
    uint32_t places[BLOCK];
    int64_t weighed = 0, square = 0;
    Py_ssize_t count;
    for (int length = SHORTEST; length <= LONGEST; length++)
        for (Py_ssize_t from = 0; from + length <= n; from += count) {
            count = places_of(text, n, from, length, 32 - table->bits, places);
            for (Py_ssize_t i = 0; i < count; i++) {
                uint32_t place = places[i];
                const Step *step = &table->steps[counts[place]];
                int64_t idf = idfs[place];
                counts[place] += counts[place] < last_level;
                weighed += step->level * idf * weights[place];
                square += step->square * (idf * idf);
            }
        }
    forget(text, n, table->bits);
    *levels = weighed;
    *squares = square;
}

static void steps_of(const int16_t *levels, Table *table)
{
    for (int count = 0; count < table->last_level; count++) {
        int32_t now = count ? levels[count] : 0, then = levels[count + 1];
        table->steps[count] = (Step){then - now, then * then - now * now};
    }
    table->steps[table->last_level] = (Step){0, 0};
}

int grams_of(const Array *arrays, Characters text, Py_ssize_t n, int64_t *levels, int64_t *squares)
{
    enum { WEIGHTS, IDF, LEVELS };
    Table table = {.weights = arrays[WEIGHTS].view.buf, .idf = arrays[IDF].view.buf};
    Py_ssize_t size = arrays[WEIGHTS].count;
    while (table.bits < MAX_BITS && ((Py_ssize_t)1 << table.bits) < size)
        table.bits++;
    if (!table.bits || size != (Py_ssize_t)1 << table.bits || arrays[IDF].count != size || arrays[LEVELS].count < 2 ||
        arrays[LEVELS].count > MAX_LEVELS || n > MAX_TEXT) {
        PyErr_SetString(PyExc_ValueError, "text and tables of characters do not fit each other, or not 2 to 256 levels");
        return -1;
    }
    table.last_level = (int)arrays[LEVELS].count - 1;
    steps_of(arrays[LEVELS].view.buf, &table);
    add_up(&table, text, n, levels, squares);
    return 0;
}

/* character_grams(text, weights, idf, levels) */
PyObject *kernel_character_grams(PyObject *self, PyObject *args)
{
    static const char *const names[] = {"weights", "idf", "levels"};
    PyObject *text, *given[3];
    Array arrays[3];
    int64_t levels, squares;
    if (!PyArg_ParseTuple(args, "UOOO", &text, &given[0], &given[1], &given[2]) ||
        arrays_take(given, arrays, "bBh", names) < 0)
        return NULL;
    int failed = grams_of(arrays, characters_of(text), PyUnicode_GET_LENGTH(text), &levels, &squares) < 0;
    arrays_drop(arrays, 3);
    return failed ? NULL : Py_BuildValue("LL", (long long)levels, (long long)squares);
}
