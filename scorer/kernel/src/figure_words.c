/* What the words around each figure add up to: scorer.figure_words.Weights.features, written out. */
#include "places.h"

enum { COLUMNS = 2, MOST_BITS = 24 };
enum { /* kinds of rows, in the order of scorer.figure_words.rows_of */
    BEFORE = 1, BEFORE_PAIR, LEFT, LEFT_FAR, LEFT_PAIR, LEFT_PAIR_FAR, LEFT_TRIPLE, RIGHT, RIGHT_FAR, RIGHT_PAIR,
    RIGHT_TRIPLE, AFTER
};
static const uint32_t PRIMES[] = {0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1};

typedef struct {
    const int8_t *rows; /* (2 ** bits, COLUMNS) */
    int bits;
} Table;

/* scorer.figure_words._rows, for one row */
static void add(int64_t *sums, Table table, uint32_t kind, const int32_t *words, int size, uint32_t distance)
{
    uint32_t key = kind * PRIMES[0];
    for (int i = 0; i < size; i++)
        key = (key ^ ((uint32_t)words[i] * PRIMES[1 + i])) * PRIMES[4];
    key = (key ^ (distance * PRIMES[3])) * PRIMES[0];
    const int8_t *row = table.rows + (size_t)(key >> (32 - table.bits)) * COLUMNS;
    sums[0] += row[0];
    sums[1] += row[1];
}

static void look_around(int64_t *sums, Table table, const int32_t *words, const Place *p, const uint32_t *distances,
                        Py_ssize_t reach)
{
    Py_ssize_t from = p->begin - p->past > reach ? p->begin - reach : p->past;
    for (Py_ssize_t i = from; i < p->begin; i++) {
        add(sums, table, BEFORE, words + i, 1, 0);
        if (i > from)
            add(sums, table, BEFORE_PAIR, words + i - 1, 2, 0);
    }
    from = p->first - p->begin > reach ? p->first - reach : p->begin;
    for (Py_ssize_t i = from; i < p->first; i++) {
        uint32_t far = distances[p->first - 1 - i];
        add(sums, table, LEFT, words + i, 1, 0);
        add(sums, table, LEFT_FAR, words + i, 1, far);
        if (i > from) {
            add(sums, table, LEFT_PAIR, words + i - 1, 2, 0);
            add(sums, table, LEFT_PAIR_FAR, words + i - 1, 2, far);
        }
        if (i > from + 1)
            add(sums, table, LEFT_TRIPLE, words + i - 2, 3, 0);
    }
    Py_ssize_t stop = p->end - p->last > reach ? p->last + reach : p->end;
    for (Py_ssize_t i = p->last; i < stop; i++) {
        add(sums, table, RIGHT, words + i, 1, 0);
        add(sums, table, RIGHT_FAR, words + i, 1, distances[i - p->last]);
        if (i > p->last)
            add(sums, table, RIGHT_PAIR, words + i - 1, 2, 0);
        if (i > p->last + 1)
            add(sums, table, RIGHT_TRIPLE, words + i - 2, 3, 0);
    }
    stop = p->coming - p->end > reach ? p->end + reach : p->coming;
    for (Py_ssize_t i = p->end; i < stop; i++)
        add(sums, table, AFTER, words + i, 1, 0);
}

PyObject *kernel_figure_words(PyObject *self, PyObject *args)
{
    enum { WORDS, FIRST, LAST, BORDERS, TABLE, UNITS, BIASES, DISTANCES, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "first", "last", "borders", "table", "units", "biases", "distances"};
    PyObject *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    int bits;
    if (!PyArg_ParseTuple(args, "OOOOOOOOi", &given[WORDS], &given[FIRST], &given[LAST], &given[BORDERS], &given[TABLE],
                          &given[UNITS], &given[BIASES], &given[DISTANCES], &bits) ||
        arrays_take(given, a, "iqqibddI", names) < 0)
        return NULL;
    Py_ssize_t n = a[WORDS].count, figures = a[FIRST].count;
    Place *places = PyMem_Malloc((figures + 1) * sizeof *places);
    if (!places)
        PyErr_NoMemory();
    else if (bits < 1 || bits > MOST_BITS || a[TABLE].count != (Py_ssize_t)COLUMNS << bits || a[LAST].count != figures ||
             a[UNITS].count != COLUMNS || a[BIASES].count != COLUMNS ||
             !places_of(a[FIRST].view.buf, a[LAST].view.buf, figures, a[BORDERS].view.buf, a[BORDERS].count - 1, n, places))
        PyErr_SetString(PyExc_ValueError, "words, figures, sentences and weights do not fit each other");
    else if ((found = PyBytes_FromStringAndSize(NULL, figures * COLUMNS * (Py_ssize_t)sizeof(float)))) {
        float *odds = (float *)PyBytes_AS_STRING(found);
        const double *units = a[UNITS].view.buf, *biases = a[BIASES].view.buf;
        for (Py_ssize_t k = 0; k < figures; k++) {
            int64_t sums[COLUMNS] = {0};
            look_around(sums, (Table){a[TABLE].view.buf, bits}, a[WORDS].view.buf, &places[k], a[DISTANCES].view.buf,
                        a[DISTANCES].count);
            for (int column = 0; column < COLUMNS; column++)
                *odds++ = (float)((double)sums[column] * units[column] + biases[column]);
        }
    }
    PyMem_Free(places);
    arrays_drop(a, ARRAYS);
    return found;
}
