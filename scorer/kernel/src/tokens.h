/* Tokens and sentences of a normal text: where they begin and end. */
#ifndef CREDENCE_TOKENS_H
#define CREDENCE_TOKENS_H

#include "characters.h"

/* End of the token that begins at `start` (no blank stands there): scorer.text.TOKEN, written out. */
Py_ssize_t token_end(Characters text, Py_ssize_t start, Py_ssize_t stop);

typedef struct {
    PyObject *is_border;   /* callable: context -> bool, the rules proper */
    PyObject *special;     /* set of words before a full stop that need the rules */
    PyObject *decisions;   /* dict, what the rules said */
} Borders;

/* A growing list of integers. */
typedef struct {
    int32_t *items;
    Py_ssize_t count, room;
} Numbers;

int numbers_add(Numbers *numbers, Py_ssize_t first, Py_ssize_t second);

/* Add [start, end) of each sentence of text[start:stop]: scorer.sentences.Punkt, written out. 0, or -1. */
int sentence_spans(Borders *borders, PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t stop,
                   Numbers *found);

#endif
