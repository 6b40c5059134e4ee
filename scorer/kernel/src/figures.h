/* Figures and hedges of a text: what the files that find and judge them share. figures.c calls them in turn. */
#ifndef CREDENCE_FIGURES_H
#define CREDENCE_FIGURES_H

#include "forest.h"
#include "places.h"
#include "settled.h"

/* A text as it was read (scorer/text.py): n tokens in m sentences. */
typedef struct {
    PyObject *tokens, *normal; /* a list, a string */
    const int32_t *words, *shapes, *starts, *ends;
    const int32_t *borders;                    /* (m + 1,), first tokens of the sentences */
    const int32_t *spans;                      /* (m, 2), where they stand */
    const int32_t *caller_starts, *caller_ends; /* of the tokens */
    const int32_t *raw_starts, *raw_ends;      /* of each character, or NULL where places are the caller's own */
    Py_ssize_t n, m, characters;               /* of the last two */
} Passage;

/* Whether sentences hold all tokens, at least one each. */
int borders_fit(const Passage *p);

/* ---- number expressions, numbers.c ---- */

/* str.isdigit for a character: a number to count with or a sign like it. */
static inline int is_digit(Py_UCS4 character)
{
    return character < 128 ? character - '0' < 10 : Py_UNICODE_ISDIGIT(character) != 0;
}

/* Given the letter of each token by its word, and room for one more, set those of numerals and what follows them;
 * bounds of all expressions into two rows of `room`. How many there are, or -1 with an exception set. */
Py_ssize_t numbers_find(const Passage *p, PyObject *rare, uint8_t *letters, int64_t *bounds, Py_ssize_t room);

/* ---- which of them are claims, claims.c ---- */

enum { CLAIM_COLUMNS = 15, CLAIM_OFFSETS = 4 };

typedef struct {
    const float *claim, *context; /* (claim_count,), (CLAIM_OFFSETS, context_words) */
    const int64_t *bases;         /* (CLAIM_COLUMNS,) */
    Py_ssize_t claim_count, context_words;
    float bias, context_weight;
    PyObject *idioms, *the, *form_of_mixed; /* sets; callable: token -> Form */
} ClaimWeights;

int claims_fit(const ClaimWeights *w, Py_ssize_t context);

/* Keep the expressions that are claims, at the beginning of their rows; their forms and log-odds, rows of `count` to
 * write to. How many, or -1 with an exception set. */
Py_ssize_t claims_keep(const Passage *p, const ClaimWeights *weights, const uint8_t *letters, int64_t *first,
                       int64_t *last, int64_t *form, float *score, Py_ssize_t count);

/* ---- what stands around them, status.c, tagged.c, figure_words.c ---- */

enum { STATUS_COLUMNS = 126, TAGGED_COLUMNS = 12, WORDS_COLUMNS = 2, TAGGER_SCORES = 7 };

typedef struct {
    const int64_t *row, *rank; /* of each letter: number of the cue or 0; place among the neighbours */
    const uint8_t *is_verb;
} LetterTables;

/* Whether no row lies outside the cues. */
int letter_tables_fit(const LetterTables *tables);

typedef struct {
    PyObject *attributions, *kinds, *twice, *once; /* a tuple, a dictionary, two lists of quotations */
} Said;

/* Whether every place that will be looked at lies within its array. */
int status_fits(const Passage *p);
/* STATUS_COLUMNS of each row of `width` values, and RELATED numbers a figure; 0, or -1 with an exception set. */
int status_look(const Passage *p, const LetterTables *tables, const uint8_t *given, const Said *said,
                const int64_t *first, const int64_t *last, const int64_t *form, Py_ssize_t count, float *values,
                Py_ssize_t width, int64_t *related);

/* TAGGED_COLUMNS of each row of `width` values; 0, or -1 with an exception set. */
int tagged_look(const float *scores, Py_ssize_t n, const Place *places, Py_ssize_t count, float *values,
                Py_ssize_t width);

typedef struct {
    const int8_t *rows; /* (2 ** bits, WORDS_COLUMNS) */
    int bits;
    const double *units, *biases; /* (WORDS_COLUMNS,) */
    const uint32_t *distances;    /* (reach,), steps that are told apart */
    Py_ssize_t reach;
} WordTable;

int word_table_fits(const WordTable *table, Py_ssize_t weights);
/* WORDS_COLUMNS of each row of `width` values. */
void words_look(const WordTable *table, const int32_t *words, const Place *places, Py_ssize_t count, float *values,
                Py_ssize_t width);

/* ---- hedges, hedges.c ---- */

enum { DOUBTS = 512 }; /* scorer.hedges */

typedef struct {
    int32_t cue_words, pairs, letter_count;
    const int8_t *weights;
    float unit;                   /* of the weights */
    const uint8_t *carries;       /* (256,) */
    const float *news;            /* (256,) */
    const double *doubts;         /* (DOUBTS,) */
    float limit, could_be, faint;
    double doubt;
} HedgeWeights;

int hedges_fit(const HedgeWeights *w, Py_ssize_t weights);
/* All hedges in order, none overlapping, given the wider class of each token's letter (less than `letter_count`) and
 * its effect; room for n of them. How many, or -1 with an exception set. */
Py_ssize_t hedges_find(const HedgeWeights *weights, const Passage *p, const uint8_t *letters, const uint8_t *effects,
                       Hedge *found);

#endif
