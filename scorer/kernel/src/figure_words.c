/* What the words around each figure add up to: scorer.figure_words.Weights.features, written out. */
#include "figures.h"

enum { MOST_BITS = 24 };
enum { /* kinds of rows, in the order of scorer.figure_words.rows_of */
    BEFORE = 1, BEFORE_PAIR, LEFT, LEFT_FAR, LEFT_PAIR, LEFT_PAIR_FAR, LEFT_TRIPLE, RIGHT, RIGHT_FAR, RIGHT_PAIR,
    RIGHT_TRIPLE, AFTER
};
static const uint32_t PRIMES[] = {0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1};

/* scorer.figure_words._rows, for one row */
static void add(int64_t *sums, const WordTable *table, uint32_t kind, const int32_t *words, int size, uint32_t distance)
{
    uint32_t key = kind * PRIMES[0];
    for (int i = 0; i < size; i++)
        key = (key ^ ((uint32_t)words[i] * PRIMES[1 + i])) * PRIMES[4];
    key = (key ^ (distance * PRIMES[3])) * PRIMES[0];
    const int8_t *row = table->rows + (size_t)(key >> (32 - table->bits)) * WORDS_COLUMNS;
    sums[0] += row[0];
    sums[1] += row[1];
}

static void look_around(int64_t *sums, const WordTable *table, const int32_t *words, const Place *p)
{
    const uint32_t *distances = table->distances;
    Py_ssize_t reach = table->reach;
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

int word_table_fits(const WordTable *table, Py_ssize_t weights)
{
    return table->bits >= 1 && table->bits <= MOST_BITS && weights == (Py_ssize_t)WORDS_COLUMNS << table->bits;
}

void words_look(const WordTable *table, const int32_t *words, const Place *places, Py_ssize_t count, float *values,
                Py_ssize_t width)
{
    for (Py_ssize_t k = 0; k < count; k++, values += width) {
        int64_t sums[WORDS_COLUMNS] = {0};
        look_around(sums, table, words, &places[k]);
        for (int column = 0; column < WORDS_COLUMNS; column++)
            values[column] = (float)((double)sums[column] * table->units[column] + table->biases[column]);
    }
}
