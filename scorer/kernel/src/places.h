/* Where figures stand among the tokens and sentences of a text. */
#ifndef CREDENCE_PLACES_H
#define CREDENCE_PLACES_H

#include "kernel.h"

typedef struct {
    Py_ssize_t first, last, past, begin, end, coming; /* tokens of the figure, its sentence, those around it */
} Place;

/* The places of `count` figures in n tokens with m sentences; 0 where tokens, sentences and figures do not fit. */
int places_of(const int64_t *first, const int64_t *last, Py_ssize_t count, const int32_t *borders, Py_ssize_t m,
              Py_ssize_t n, Place *places);

#endif
