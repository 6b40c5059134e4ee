/* What a body takes up of its title: what is given, what was found, and what is measured of it. */
#ifndef CREDENCE_OVERLAP_H
#define CREDENCE_OVERLAP_H

#include "characters.h"

enum { MEASURES = 24 };

typedef struct {
    float idf;
    int32_t stem, token, count; /* how often the body has it */
    int32_t sentence;           /* the last one that has it, -1 for none */
    uint8_t in_lead, chained, begun, begun_early;
    PyObject *word; /* lower case, owned */
} Word;

typedef struct {
    const int32_t *words, *shapes, *body, *borders;
    const uint16_t *stems;
    Py_ssize_t title_count, body_count, border_count, stem_count, idf_count;
    const float *idf, *evidence;
    const uint8_t *is_word;
    PyObject *tokens;
    Characters lowered; /* the body in lower case */
    Py_ssize_t length;
    int64_t first_ending, lead_tokens, early_characters, max_sought;
    double unknown_idf, unseen_numbers;
} Given;

typedef struct {
    Word *words;
    Py_ssize_t count;
    double covered, stretch; /* most that one sentence covers, and one together with the one before */
    double repeated;         /* squares of the body's own weights, added up */
} Found;

/* log1p of a count; of small ones it is remembered. */
double logarithm_of(int32_t count);
/* The measures in the order of scorer.agreement.FEATURES; `numbers` is the share of the title's numbers taken up. */
void overlap_measures(const Given *given, const Found *found, double numbers, float *measures);

#endif
