/* Products of 16-bit activations with 16-bit weights, exact in 32-bit sums. */
#ifndef CREDENCE_DENSE_H
#define CREDENCE_DENSE_H

#include "kernel.h"

/* Columns are padded to a multiple of COLUMNS with zeros, inputs to a multiple of 2. */
#define COLUMNS 16

typedef struct {
    int inputs, columns;  /* padded */
    int16_t *weights;     /* [inputs / 2][columns][2]: what one multiply-and-add instruction reads lies together */
    float *gain, *shift;  /* [columns], or NULL */
} Dense;

/* sums[row][columns] = the row's inputs times the weights; row r reads `places` stretches of `width` inputs each, the
 * first at inputs + r * stride, the others `apart` numbers further each. `places * width` is the weights' inputs. */
void dense_sums(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
                Py_ssize_t rows, int32_t *sums);

/* activations[i] = what `count` sums of one row give, 0 to `top`; `before` is added first, where given. */
void dense_activate(const Dense *dense, const int32_t *sums, const int32_t *before, int16_t *activations, int top);

#endif
