/* Runs of tokens: what the parts of the tagger's last step share. */
#ifndef CREDENCE_RUNS_H
#define CREDENCE_RUNS_H

#include "kernel.h"

/* A text of n tokens and m sentences while its runs are chosen. */
typedef struct {
    Py_ssize_t n, m;
    const int32_t *sentences; /* (m + 1,) */
    const int32_t *shapes;
    int punctuation; /* the shape of it */
    int max_filled, max_tail;
    int8_t *label;     /* (n,) above 0 where a source or a cue stands */
    uint8_t *content;  /* (n,) */
    uint8_t *border;   /* (n + 1,) */
    int32_t *counted;  /* (n + 1,) tokens of content before each */
    int32_t *named;    /* (n + 1,) tokens of a source or cue before each */
    int32_t *part;     /* (n,) borders at or before each, the first token's aside */
} Tagging;

/* chances[label][t] = the share of a token's powers that is the label's; `powers` is laid out alike. */
void shares_of(const float *powers, Py_ssize_t n, int labels, float *chances);

/* Append (first, last); 0, or -1 with an exception set. */
int run_add(PyObject *list, Py_ssize_t first, Py_ssize_t last);

/* Content runs as a list of (first, last); `content` and `label` are given, the other arrays have room. */
PyObject *pieces_of(Tagging *tagging, PyObject *quotations);

#endif
