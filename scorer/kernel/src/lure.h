/* What a headline's wording is weighed by: each part in a file of its own, put together in lure.c. */
#ifndef CREDENCE_LURE_H
#define CREDENCE_LURE_H

#include "characters.h"

/* Log-odds of a teaser's wording (bait.c), by the tables "idddq" and the numbers of words; 0, or -1 with an exception
 * set. */
int bait_of(PyObject *tables, PyObject *numbers, PyObject *text, double *odds);
/* Levels times weights of characters in a row, and squares of levels, both summed, by a table of characters
 * (character_grams.c); 0, or -1 with an exception set. */
int grams_of(PyObject *grams, Characters text, Py_ssize_t n, int64_t *weighed, int64_t *square);
/* What a title's words and their neighbours look up and what each counts (wording.c), both as bytes in a tuple: places
 * in the tables as int64, or where `weighed` is set the weights there as float32; the values as float32. NULL with an
 * exception set. */
PyObject *wording_of(PyObject *tables, PyObject *keys, PyObject *words, PyObject *shapes, PyObject *tokens,
                     int weighed);

#endif
