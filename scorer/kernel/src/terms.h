/* Words and pairs of neighbouring words, masked and counted. */
#ifndef CREDENCE_TERMS_H
#define CREDENCE_TERMS_H

#include "kernel.h"

/* A distinct feature: the token it is met at first, tokens it covers (1 or 2), how often it is met. */
typedef struct {
    uint32_t index;
    int32_t first, width, count;
} Term;

/* The features of n words in order, and of their pairs where these have a place (`pair_offset` is not 0). Gives how
 * many; `found` lies in `block`, to be freed with PyMem_Free. -1 with an exception set. */
Py_ssize_t terms_count(const int32_t *words, Py_ssize_t n, uint32_t pair_offset, uint32_t pair_mask, Term **block,
                       Term **found);

/* What hides names and numbers: sets of shapes as bits, and the id behind which the shapes have theirs. */
typedef struct {
    unsigned int names, numbers;
    int vocabulary;
} Mask;

/* Word ids with names and numbers masked; `first` has the first token of each sentence and the number of tokens. */
void mask_words(const int32_t *word, const int32_t *shape, Py_ssize_t count, const int32_t *first, Py_ssize_t borders,
                const Mask *mask, int32_t *masked);

/* What each of n terms adds, and behind each other the token it is met at first, tokens it covers, how often it is met.
 */
typedef struct {
    Py_ssize_t n;
    const double *amounts;
    const int32_t *first, *width, *times;
} Told;

/* The strongest terms as findings (strongest.c); `lost` is what one occurrence accounts for, by count from 1 on. */
PyObject *top_terms(const Told *told, const Array *lost, PyObject *const *args);

#endif
