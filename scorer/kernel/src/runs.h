/* Runs of tokens: what the parts of the tagger's last step share. */
#ifndef CREDENCE_RUNS_H
#define CREDENCE_RUNS_H

#include "kernel.h"

enum { LABELS = 5, COLUMNS = LABELS + 2 }; /* scorer.tagger.LABELS; after them, not content and content */

enum { SOURCE, CUE, ROLES }; /* a role has two labels: what begins a run of it and what goes on with one */

/* Tokens first, ..., last - 1. */
typedef struct {
    int32_t first, last;
} Run;

/* A text of n tokens and m sentences while its runs are chosen. */
typedef struct {
    Py_ssize_t n, m;
    const int32_t *sentences;     /* (m + 1,) */
    const int32_t *starts, *ends; /* (n,) characters */
    const int32_t *shapes;        /* (n,) */
    int punctuation;              /* the shape of it */
    int max_filled, max_tail;
    const uint8_t *content; /* (n,) whether each token reads like content */
    float *chances;         /* (3 * ROLES, n) room for what follows */
    const float *begins[ROLES], *goes_on[ROLES]; /* (n,) that a run begins at a token, that it goes on with it */
    Run *runs;              /* (n,) room for those of one kind */
    uint8_t *label;         /* (n,) above 0 where a source or a cue stands */
    uint8_t *filled;        /* (n,) content with what joins it */
    uint8_t *border;        /* (n + 1,) */
    uint8_t *has[ROLES];    /* (m,) whether a run of the role stands in a sentence */
} Tagging;

/* A run of a role that may be right. */
typedef struct {
    int32_t first, last, left, right; /* in tokens, in characters */
    int32_t sentence;
    float chance, matches; /* that just this run is right, that it overlaps the right one by half of the two */
    uint8_t is_chosen; /* worth its cost, and of those it overlaps none is better */
    uint8_t is_placed;
} Candidate;

typedef struct {
    Candidate *items;
    Py_ssize_t count, room;
} Candidates;

enum { MOST_IN_GROUP = 256 };

/* What scorer.runs and the model set. */
typedef struct {
    int longest, max_group;
    float min_begin, exact[ROLES], least, cost[ROLES];
    double min_run, exact_double, exact_source, silent;
} Limits;

/* Fill `found` with the runs of a role in order, weighed against each other; 0, or -1 with an exception set. */
int candidates_find(const Tagging *tagging, int role, const Limits *limits, Candidates *found);

/* Tell the chances, given the powers of each label's scores: a row a label, the first one's too. */
void label_chances(Tagging *tagging, const float *powers);

/* Content as runs, in order, into `runs`; how many there are, or -1 with an exception set. */
Py_ssize_t pieces_of(Tagging *tagging, PyObject *quotations);

#endif
