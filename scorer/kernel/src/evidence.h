/* What Python tells of a text's sources, and tables that hashed features of them are looked up in: shared by the files
 * that judge attributions (scorer/certainty.py, scorer/source_kinds.py, scorer/signals/attribution.py). */
#ifndef CREDENCE_EVIDENCE_H
#define CREDENCE_EVIDENCE_H

#include "kernel.h"

/* Tokens first, ..., last - 1. */
typedef struct {
    Py_ssize_t first, last;
} Stretch;

/* Read (first, last) inside a text of n tokens; 1, or 0 where `given` is None (-1, -1), or -1 with an exception set. */
int stretch_read(PyObject *given, Py_ssize_t n, Stretch *stretch);
/* The same where there has to be one: 0, or -1 with an exception set. */
int piece_read(PyObject *given, Py_ssize_t n, Stretch *piece);
/* Set `quoted` (n,) to 1 at the tokens of each quotation of a list; 0, or -1 with an exception set. */
int quotations_mark(PyObject *quotations, Py_ssize_t n, uint8_t *quoted);
/* Set `quote_of` (n,) to the number of the last quotation that holds a token, -1 for none; 0, or -1 likewise. */
int quotations_number(PyObject *quotations, Py_ssize_t n, int32_t *quote_of);
/* Whether a set holds a word (of type str itself) in lower case; -1 with an exception set. */
int holds_lower(PyObject *set, PyObject *word);
/* Put an attribution's source, cue and content into `parts`, each owned or NULL; 0, or -1 with an exception set. */
int link_parts(PyObject *link, PyObject *parts[3]);
void link_parts_drop(PyObject *parts[3]);
/* An attribution of these parts, which stay the caller's; its type's __init__ would set the same. */
PyObject *link_of(PyTypeObject *type, PyObject *const parts[3]);

enum { MOST_BITS = 24 };
#define NOTHING UINT32_MAX /* stands for the word beyond a sentence's end */

static inline uint32_t word_before(const int32_t *words, Py_ssize_t at, Stretch sentence)
{
    return at > sentence.first ? (uint32_t)words[at - 1] : NOTHING;
}

static inline uint32_t word_at(const int32_t *words, Py_ssize_t at, Stretch sentence)
{
    return at < sentence.last ? (uint32_t)words[at] : NOTHING;
}

typedef struct {
    const int8_t *rows; /* (2 ** bits, columns) */
    int bits;
} Table;

/* Add the row of a feature, what it is and its value, to the sums of the columns (scorer.certainty.rows_of). */
static inline void table_add(const Table *table, int columns, uint32_t what, uint32_t value, int64_t *sums)
{
    uint32_t key = ((what * UINT32_C(0x9E3779B1)) ^ (value * UINT32_C(0x85EBCA77))) * UINT32_C(0x165667B1);
    key = (key ^ (key >> 15)) * UINT32_C(0x9E3779B1);
    const int8_t *row = table->rows + (size_t)(key >> (32 - table->bits)) * columns;
    for (int c = 0; c < columns; c++)
        sums[c] += row[c];
}

#endif
