/* Sums of small decision trees over the columns of a row. */
#ifndef CREDENCE_FOREST_H
#define CREDENCE_FOREST_H

#include "kernel.h"

/* Trees one after the other: a whole forest is read for each text, so that its bytes are what costs most. */
typedef struct {
    const uint8_t *feature; /* (trees, inner) */
    const float *limit;     /* (trees, inner) */
    const int32_t *leaves;  /* (trees, inner + 1) */
    Py_ssize_t trees, inner;
    double unit, bias;
} Forest;

/* Whether so many features, limits and leaves are whole trees over rows of `width` numbers; tells how many. */
int forest_fits(Forest *forest, Py_ssize_t features, Py_ssize_t limits, Py_ssize_t leaves, Py_ssize_t width);

/* The forest of the tables "Bfid" (feature, limit, leaves, unit and bias) for rows of so many columns; 0, or -1 with an
 * exception set. */
int forest_of(PyObject *tables, Py_ssize_t width, Forest *forest);

/* The score of a single row as it is. */
float forest_score(const Forest *forest, const float *row);

enum { LANES = 8 }; /* rows that go through a tree side by side */

/* n rows of `width` values as trees read them: of LANES rows at a time a column after the other. To be freed with
 * PyMem_Free; NULL with an exception set. */
float *forest_columns(const float *values, Py_ssize_t n, Py_ssize_t width);

/* Where a row's value of a column is. */
static inline float *forest_cell(float *columns, Py_ssize_t width, Py_ssize_t row, Py_ssize_t column)
{
    return columns + (row / LANES * width + column) * LANES + row % LANES;
}

/* The score of each of n rows so laid out; 0, or -1 with an exception set. */
int forest_sum(const Forest *forest, const float *columns, Py_ssize_t n, Py_ssize_t width, float *scores);

#endif
