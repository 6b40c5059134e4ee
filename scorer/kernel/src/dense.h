/* Products of 16-bit activations with 16-bit weights, exact in 32-bit sums. */
#ifndef CREDENCE_DENSE_H
#define CREDENCE_DENSE_H

#include "characters.h"

/* Columns are padded to a multiple of COLUMNS with zeros, inputs to a multiple of 2. */
#define COLUMNS 16
#define MAX_COLUMNS 1024
#define MOST_INPUTS (3 * MAX_COLUMNS)

typedef struct {
    int inputs, columns;  /* padded */
    void *block;          /* the memory that the others lie in, from a border between cache lines on */
    int16_t *weights;     /* [inputs / 2][columns][2]: what one multiply-and-add instruction reads lies together */
    float *gain, *shift;  /* [columns] */
} Dense;

/* The first place in a block of memory, asked for with LINE bytes to spare, where a cache line begins: what is read in
 * pieces of half a line then never lies in two of them. */
#define LINE 64
static inline void *line_in(void *block) { return (void *)(((uintptr_t)block + LINE - 1) & ~(uintptr_t)(LINE - 1)); }

/* sums[row][columns] = the row's inputs times the weights; row r reads `places` stretches of `width` inputs each, the
 * first at inputs + r * stride, the others `apart` numbers further each. `places * width` is the weights' inputs. */
void dense_sums(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
                Py_ssize_t rows, int32_t *sums);

/* The same sums, and what the columns make of them: out[row][columns] = activations from 0 to `top`. `before`, where
 * given, is added to every row's sums, and `residual[row][columns]` to its activations, up to `top`. */
void dense_layer(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
                 Py_ssize_t rows, const int32_t *before, const int16_t *residual, int16_t *out, int top);

/* The first layer: row t's activations are those of stretch p of words[t + p] and of looks[t + p] added up, for each p
 * below PLACES; stretches have as many numbers as there are columns, and what is added up stays within 16 bits. There
 * are PLACES - 1 more of `words` and `looks` than rows. No weights are asked for. */
#define PLACES 5
void dense_enter(const Dense *dense, const int16_t *const *words, const int16_t *const *looks, Py_ssize_t rows,
                 int16_t *out, int top);

/* Ask for memory that will be needed soon: the tables are larger than a processor's caches.
 * Inlined, or the compiler takes a function of nothing but fetches for one without effect. */
INLINE void fetch(const void *from, size_t bytes)
{
#ifdef __GNUC__
    for (size_t at = 0; at < bytes; at += 64)
        __builtin_prefetch((const char *)from + at);
#endif
}

/* Rows of the first layer that are asked for before they are added. */
#define ROWS_AHEAD 6

#endif
