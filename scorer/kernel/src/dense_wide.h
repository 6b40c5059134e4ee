/* The sums of dense.h by registers of sixteen columns, on processors that have AVX-512 with VNNI. */
#ifndef CREDENCE_DENSE_WIDE_H
#define CREDENCE_DENSE_WIDE_H

#include "dense.h"

#ifdef HAVE_WIDE_PATH
/* Whether this processor has what the functions below are made of. */
int has_wide(void);

void sums_wide(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
               Py_ssize_t rows, int32_t *sums);
void layer_wide(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
                Py_ssize_t rows, const int32_t *before, const int16_t *residual, int16_t *out, int top);
/* For WIDE_COLUMNS columns. */
#define WIDE_COLUMNS 64
void enter_wide(const Dense *dense, const int16_t *const *words, const int16_t *const *looks, Py_ssize_t rows,
                int16_t *out, int top);
#endif

#endif
