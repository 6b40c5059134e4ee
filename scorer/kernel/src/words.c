#include "words.h"
#include <string.h>

#define FIRST_SIZE (1 << 14)
#define MOST_WORDS 65536 /* past it the memory is dropped and refills (about 8 MB at the most) */
#define MOST_STEPS 24     /* a token that finds no place within so many is not remembered, whatever a text is made of */
#define AHEAD 8           /* so many tokens before one is looked at, its place is asked for, then its string */

void words_clear(Words *words)
{
    Word *places = words->places;
    Py_ssize_t size = words->size;
    words->places = NULL;
    words->size = words->used = 0;
    for (Py_ssize_t i = 0; i < size; i++)
        Py_XDECREF(places[i].token);
    PyMem_RawFree(places);
}

/* The first free place for this hash; -1 where none is near enough. */
static Py_ssize_t free_place(const Word *places, Py_ssize_t size, uint32_t hash)
{
    Py_ssize_t place = hash & (size - 1);
    for (int steps = 0; steps < MOST_STEPS; steps++, place = (place + 1) & (size - 1))
        if (!places[place].token)
            return place;
    return -1;
}

static int grow(Words *words)
{
    Py_ssize_t size = words->size ? 2 * words->size : FIRST_SIZE;
    Word *places = PyMem_RawCalloc(size, sizeof *places);
    if (!places) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < words->size; i++)
        if (words->places[i].token) {
            Py_ssize_t place = free_place(places, size, words->places[i].hash);
            if (place >= 0) {
                places[place] = words->places[i];
            } else {
                Py_DECREF(words->places[i].token);
                words->used--;
            }
        }
    PyMem_RawFree(words->places);
    words->places = places;
    words->size = size;
    return 0;
}

INLINE int same(PyObject *token, Characters text, Py_ssize_t start, Py_ssize_t length)
{
    if (PyUnicode_GET_LENGTH(token) != length)
        return 0;
    Characters other = characters_of(token);
    if (other.kind == text.kind)
        return !memcmp(other.data, (const char *)text.data + start * text.kind, length * text.kind);
    for (Py_ssize_t i = 0; i < length; i++)
        if (at(other, i) != at(text, start + i))
            return 0;
    return 1;
}

/* A new token: its string and numbers, remembered where there is room. A new reference. */
static PyObject *met_first(Words *words, PyObject *text, Py_ssize_t start, Py_ssize_t end, uint32_t hash, long *packed)
{
    PyObject *token = PyUnicode_Substring(text, start, end);
    if (!token || (*packed = lexicon_packed(words->ids, words->pack, token)) < 0) {
        Py_XDECREF(token);
        return NULL;
    }
    if (end - start > LONGEST)
        return token;
    if (words->used >= MOST_WORDS)
        words_clear(words);
    if (2 * words->used >= words->size && grow(words) < 0) {
        Py_DECREF(token);
        return NULL;
    }
    Py_ssize_t place = free_place(words->places, words->size, hash);
    if (place >= 0) {
        words->places[place] = (Word){Py_NewRef(token), hash, (int32_t)*packed};
        words->used++;
    }
    return token;
}

INLINE void hash_all(Characters text, const int32_t *places, Py_ssize_t count, uint64_t seed, uint32_t *hashes)
{
    for (Py_ssize_t i = 0; i < count; i++) {
        uint64_t hash = seed;
        for (Py_ssize_t k = places[2 * i]; k < places[2 * i + 1]; k++)
            hash = (hash ^ at(text, k)) * UINT64_C(0x9E3779B97F4A7C15);
        hashes[i] = (uint32_t)(hash ^ hash >> 32);
    }
}

/* Tables and strings lie anywhere in memory: what will be looked at soon is asked for now. */
INLINE void ask_ahead(const Words *words, const uint32_t *hashes, Py_ssize_t i, Py_ssize_t count)
{
#ifdef __GNUC__
    if (!words->size)
        return;
    if (i + 2 * AHEAD < count)
        __builtin_prefetch(&words->places[hashes[i + 2 * AHEAD] & (words->size - 1)]);
    if (i + AHEAD < count)
        __builtin_prefetch(words->places[hashes[i + AHEAD] & (words->size - 1)].token, 1);
#endif
}

INLINE int find_all(Words *words, PyObject *text, Characters characters, const int32_t *places, Py_ssize_t count,
                    uint32_t *hashes, PyObject *tokens, int32_t *ids, int32_t *shapes)
{
    hash_all(characters, places, count, words->seed, hashes);
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_ssize_t start = places[2 * i], end = places[2 * i + 1];
        PyObject *token = NULL;
        long packed = -1;
        ask_ahead(words, hashes, i, count);
        if (words->size && end - start <= LONGEST) {
            Py_ssize_t place = hashes[i] & (words->size - 1);
            for (int steps = 0; steps < MOST_STEPS && words->places[place].token; steps++) {
                const Word *word = &words->places[place];
                if (word->hash == hashes[i] && same(word->token, characters, start, end - start)) {
                    token = Py_NewRef(word->token);
                    packed = word->packed;
                    break;
                }
                place = (place + 1) & (words->size - 1);
            }
        }
        if (!token && !(token = met_first(words, text, start, end, hashes[i], &packed)))
            return -1;
        PyList_SET_ITEM(tokens, i, token);
        ids[i] = (int32_t)(packed >> SHAPE_BITS);
        shapes[i] = (int32_t)(packed & ((1 << SHAPE_BITS) - 1));
    }
    return 0;
}

int words_find(Words *words, PyObject *text, const int32_t *places, Py_ssize_t count, PyObject *tokens, int32_t *ids,
               int32_t *shapes)
{
    Characters characters = characters_of(text);
    uint32_t *hashes = PyMem_Malloc((count ? count : 1) * sizeof *hashes);
    int found;
    if (!hashes) {
        PyErr_NoMemory();
        return -1;
    }
    BY_WIDTH(found, characters, find_all(words, text, t, places, count, hashes, tokens, ids, shapes));
    PyMem_Free(hashes);
    return found;
}
