/* Figures and hedges of a text before they are told: shared by what settles them and what writes the findings. */
#ifndef CREDENCE_SETTLED_H
#define CREDENCE_SETTLED_H

#include "kernel.h"

enum { COVERING, SAME, EARLIER, PAST, BEGIN, END, SHOWN, HEDGED, RELATED }; /* scorer.figure_surroundings */

typedef struct {
    int64_t first, last, class; /* tokens first, ..., last - 1 */
} Hedge;

typedef struct {
    int64_t first, last, form, related[RELATED];
    double claim, sourced, unconfirmed; /* log-odds */
} Figure;

typedef struct {
    int32_t start, end;
    Py_ssize_t order; /* in which it was made */
    PyObject *finding;
} Item;

typedef struct {
    PyObject *text, *tokens, *attributions; /* the attributions are a tuple of dictionaries */
    PyObject *shown_true, *is_open, *is_settled, *is_sourced, *is_told;
    const int32_t *starts, *ends;   /* (n,), places in the caller's text */
    const uint8_t *letters;         /* of each token */
    const uint16_t *signs;          /* of each token */
    Py_ssize_t n, count, found, words; /* `words` of the tokens are words */
    Figure *figures; /* `count` of them */
    Hedge *hedges;   /* room for n: those that were found, then those that only leave a figure open */
    /* the rest is made while they are told */
    Py_ssize_t listed;
    int64_t *denied, *plain; /* first tokens of hedges that deny a confirmation; of all that say it plainly */
    Py_ssize_t denied_count, plain_count;
    uint8_t *known; /* (n,) whether a token is a hedge's */
    Item *items;
    Py_ssize_t item_count;
} Told;

/* Findings in order and counts, as scorer.figure_findings.Told has them; NULL with an exception set. */
PyObject *figures_tell(Told *told);
/* Note which hedges deny a confirmation, and what they hold. 0, or -1 with an exception set. */
int hedges_read(Told *told);
/* What the wording alone settles of a figure; 0, or -1 with an exception set. */
int figure_settle(const Told *told, Figure *figure);
/* The first of the rising numbers that is at least `least`, as an index. */
Py_ssize_t first_from(const int64_t *rising, Py_ssize_t count, int64_t least);

#endif
