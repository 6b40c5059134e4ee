/* Token as written -> its string and its packed integer, remembered. */
#ifndef CREDENCE_WORDS_H
#define CREDENCE_WORDS_H

#include "characters.h"

typedef struct {
    uint64_t hash;
    PyObject *token; /* NULL where the place is free */
    int32_t packed;
} Word;

typedef struct {
    Word *places;
    Py_ssize_t size, used; /* a power of two; places taken */
    PyObject *pack;        /* callable: token -> packed integer */
    uint64_t seed;
} Words;

/* Look text[start:end] up. Gives a new reference and writes `packed`; NULL with an exception set. */
PyObject *words_find(Words *words, PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t end,
                     int32_t *packed);
void words_clear(Words *words);

#endif
