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

/* The forest of the tables "Bfid" (feature, limit, leaves, unit and bias) for rows of so many columns; 0, or -1 with an
 * exception set. */
int forest_of(PyObject *tables, Py_ssize_t width, Forest *forest);
float forest_score(const Forest *forest, const float *row);

#endif
