/* Attributions while they are judged: how sure they are, of what kinds their sources (scorer/signals/attribution.py).
 */
#ifndef CREDENCE_JUDGED_H
#define CREDENCE_JUDGED_H

#include "mentions.h"

enum { COUNTED, UNCLEAR, WRITER, STANDINGS }; /* scorer.signals.attribution */

/* An attribution as it is linked, and what becomes known of it. */
typedef struct {
    Stretch source, cue, hull; /* -1, -1 for none */
    const Stretch *content;
    Py_ssize_t pieces, order; /* how many, and which of the links it is */
    Py_ssize_t number;  /* of its source; NONE for nobody */
    int32_t start, end; /* of its hull, in the caller's text */
    double sure;        /* its chance, 0 to 1; NAN where it is not asked for */
    uint8_t standing;
} Attribution;

/* The weights of scorer.certainty.Certainty, and the words of scorer.signals.attribution.is_ruled. */
typedef struct {
    const float *scores; /* (n, SCORES): the labels, then not content and content */
    Table table;
    double unit, bias, clear;
    const double *levels;    /* (LEVELS,) */
    PyObject *from, *claims; /* sets of words */
} Certainty;

enum { LABELS = 5, SCORES = LABELS + 2, LEVELS = 5 }; /* scorer.tagger, scorer.certainty */

/* Set how sure an attribution is and how it stands; `source` is NULL for nobody. 0, or -1 with an exception set. */
int judge(const Certainty *c, const Reading *r, const Source *source, Attribution *a);

/* The weights of scorer.source_kinds.SourceKinds. */
typedef struct {
    const int32_t *masks; /* for each word the lists it is in, a bit each */
    int32_t split;        /* the bit of words that end a head; the lists have the bits below it */
    Table table;          /* a column for each of KINDS */
    const double *units, *biases; /* (KINDS,) */
} KindWeights;

/* Give sources that have been described the kinds that their words speak for; 0, or -1 with an exception set. */
int settle_kinds(const KindWeights *k, Reading *r, Source *sources, Py_ssize_t count);

#endif
