/* Token as written -> its string, word id and shape, remembered. */
#ifndef CREDENCE_WORDS_H
#define CREDENCE_WORDS_H

#include "characters.h"

enum {
    SHAPE_BITS = 4, /* scorer.lexicon.SHAPE_BITS */
    LONGEST = 64,   /* a longer token is asked for each time */
};

/* What a token is told by: its bytes (narrow.h), followed by zeros. One that has more of them than these, or a foreign
 * character, is known by a hash and, in its highest byte, `FOREIGN`: those are compared character by character. */
typedef struct {
    uint64_t low, high;
} Key;

/* Two of them in a line of the cache. */
typedef struct {
    Key key;
    PyObject *token; /* NULL where the place is free */
    uint32_t hash;
    int32_t packed;
} Word;

typedef struct {
    void *room; /* what `places` lies in */
    Word *places;
    Py_ssize_t size, used; /* a power of two; places taken */
    PyObject *ids;         /* dict: lower-case form or ending -> word id */
    PyObject *pack;        /* callable: token -> packed integer, for tokens whose lower case is Python's own affair */
    uint64_t seed;
} Words;

/* Look `count` tokens of a text up, [places[2i], places[2i + 1]) each; `narrow` is the text from `start` on. Puts their
 * strings into the new list `tokens`, word ids and shapes where they are wanted; 0, or -1 with an exception set. */
int words_find(Words *words, PyObject *text, Py_ssize_t start, const uint8_t *narrow, const int32_t *places,
               Py_ssize_t count, PyObject *tokens, int32_t *ids, int32_t *shapes);
void words_clear(Words *words);

/* Word id << SHAPE_BITS | shape of a token; -1 with an exception set. */
long lexicon_packed(PyObject *ids, PyObject *pack, PyObject *token);

#endif
