/* A text in lower case with single blanks between its words. */
#ifndef CREDENCE_PREPARED_H
#define CREDENCE_PREPARED_H

#include "characters.h"

/* `characters` lie in `block`, which is to be freed with PyMem_Free. */
typedef struct {
    Characters characters;
    Py_ssize_t length;
    void *block;
} Prepared;

/* That of text[start:stop]; 0, or -1 with an exception set and nothing to be freed (lower.c). */
int prepare(PyObject *text, Py_ssize_t start, Py_ssize_t stop, Prepared *prepared);

#endif
