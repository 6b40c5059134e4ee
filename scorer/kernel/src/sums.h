/* Sums rounded as numpy's: pairwise, in blocks of at most 128 whose values go to eight sums in turn. */
#ifndef CREDENCE_SUMS_H
#define CREDENCE_SUMS_H

#include "kernel.h"

float sum_of_floats(const float *values, Py_ssize_t n);
double sum_of_doubles(const double *values, Py_ssize_t n);

#endif
