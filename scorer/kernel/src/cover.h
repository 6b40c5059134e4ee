/* Which attribution covers a place of the caller's text: scorer.figure_cover. */
#ifndef CREDENCE_COVER_H
#define CREDENCE_COVER_H

#include "kernel.h"

typedef struct {
    int64_t start, stop, owner; /* once sorted, `stop` is the furthest stop so far and `owner` whose it is */
} Piece;

typedef struct {
    Piece *content, *cues; /* pieces of content, cues; both by where they start */
    Py_ssize_t content_count, cue_count;
    int64_t *cue_of; /* where the cue of each attribution stands, NO_CUE for none */
    uint8_t *kind;   /* of each attribution's source, by `kinds` */
    Py_ssize_t count;
} Cover;

#define NO_CUE (-1000000000)

/* Read attributions (a tuple of dictionaries) as the signal gives them; 0, or -1 with an exception set. In both cases
 * `cover_drop` is owed. */
int cover_take(Cover *cover, PyObject *attributions, PyObject *kinds);
void cover_drop(Cover *cover);

/* The attribution whose content holds the place, -1 for none. */
int64_t cover_holder(const Cover *cover, int64_t place);
/* The first cue that starts at or behind `place`, as an index of `cues`. */
Py_ssize_t cover_cue_from(const Cover *cover, int64_t place);

#endif
