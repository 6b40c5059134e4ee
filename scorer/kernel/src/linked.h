/* Attributions as runs of tokens, as links.c finds them: what Python is told of (scorer.assembly.Link), or judged. */
#ifndef CREDENCE_LINKED_H
#define CREDENCE_LINKED_H

#include "kernel.h"

/* Tokens first, ..., last - 1. */
typedef struct {
    int32_t first, last;
} Run;

/* An attribution; `source.first` is -1 where there is none. Content only ever shrinks in its place. */
typedef struct {
    Run source, cue, *content;
    int32_t count;
    int dropped;
} Link;

/* An attribution, and from its first token up to the one after its last. */
typedef struct {
    Run hull;
    const Link *link;
} Placed;

/* Attributions in order of their hulls. */
typedef struct {
    Placed *items;
    Py_ssize_t count;
    Link *links; /* what the items point into */
    Run *pieces;
} Linked;

/* Find the attributions of a text, (tokens, words, shapes, sentences, tables, rules, sources, cues, content,
 * quotations); 0, or -1 with an exception set. To be freed in either case. */
int linked_find(PyObject *given, Linked *found);
void linked_free(Linked *found);

#endif
