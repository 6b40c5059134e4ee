/* Tokens and sentences of a normal text: where they begin and end. */
#ifndef CREDENCE_TOKENS_H
#define CREDENCE_TOKENS_H

#include "characters.h"

enum { SPECIAL_BITS = 1 << 14 };

typedef struct {
    PyObject *is_border;   /* callable: context -> bool, the rules proper */
    PyObject *special;     /* set of words before a full stop that need the rules */
    PyObject *decisions;   /* dict, what the rules said */
    uint8_t
        maybe_special[SPECIAL_BITS / 8]; /* a bit for each word of the set: where none is set, a word is not in it */
} Borders;

/* Take the set of special words in; 0, or -1 with an exception set. */
int borders_init(Borders *borders, PyObject *is_border, PyObject *special);

/* A growing list of integers. */
typedef struct {
    int32_t *items;
    Py_ssize_t count, room;
} Numbers;

int numbers_grow(Numbers *numbers);

/* Add two numbers; 0, or -1 with an exception set. */
static inline int numbers_add(Numbers *numbers, Py_ssize_t first, Py_ssize_t second)
{
    if (numbers->count + 2 > numbers->room && numbers_grow(numbers) < 0)
        return -1;
    numbers->items[numbers->count++] = (int32_t)first;
    numbers->items[numbers->count++] = (int32_t)second;
    return 0;
}

/* Add one number; 0, or -1 with an exception set. */
static inline int numbers_note(Numbers *numbers, Py_ssize_t number)
{
    if (numbers->count == numbers->room && numbers_grow(numbers) < 0)
        return -1;
    numbers->items[numbers->count++] = (int32_t)number;
    return 0;
}

/* Add [start, end) of each token of text[start:stop], which stands in `narrow` too: scorer.text.TOKEN, written out.
 * Those that end with what may end a sentence are noted in `stops`, by where their end stands in `places`. 0, or -1. */
int token_places(Characters text, Py_ssize_t start, Py_ssize_t stop, const uint8_t *narrow, Numbers *places,
                 Numbers *stops);

/* Add [start, end) of each sentence of text[start:stop], given what `token_places` found: scorer.sentences.Punkt,
 * written out. 0, or -1. */
int sentence_spans(Borders *borders, PyObject *text, Py_ssize_t start, Py_ssize_t stop, const Numbers *places,
                   const Numbers *stops, Numbers *found);

#endif
