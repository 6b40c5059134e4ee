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

/* Four characters from i on, in 16 bits each: those past 16 bits run into each other. */
INLINE uint64_t four(Characters t, Py_ssize_t i)
{
#if PY_LITTLE_ENDIAN
    const char *from = (const char *)t.data + i * t.kind;
    if (t.kind == 2) {
        uint64_t found;
        memcpy(&found, from, sizeof found);
        return found;
    }
    if (t.kind == 1) {
        uint32_t narrow;
        memcpy(&narrow, from, sizeof narrow);
        uint64_t found = (narrow | (uint64_t)narrow << 16) & UINT64_C(0x0000FFFF0000FFFF);
        return (found | found << 8) & UINT64_C(0x00FF00FF00FF00FF);
    }
#endif
    return (uint64_t)at(t, i) | (uint64_t)at(t, i + 1) << 16 | (uint64_t)at(t, i + 2) << 32 | (uint64_t)at(t, i + 3) << 48;
}

/* The last four characters of [start, end), or what there is: one to three, none left out. */
INLINE uint64_t last_four(Characters t, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t length = end - start;
    return length >= 4 ? four(t, end - 4)
                       : at(t, start) | (uint64_t)at(t, start + length / 2) << 16 | (uint64_t)at(t, end - 1) << 32;
}

/* Whether `one` is text[start:start + length], neither with characters past 16 bits. */
INLINE int same_narrow(Characters one, Characters text, Py_ssize_t start, Py_ssize_t length)
{
    for (Py_ssize_t i = 0; i < length - 4; i += 4)
        if (four(one, i) != four(text, start + i))
            return 0;
    return last_four(one, 0, length) == last_four(text, start, start + length);
}

INLINE int same(PyObject *token, Characters text, Py_ssize_t start, Py_ssize_t length)
{
    if (PyUnicode_GET_LENGTH(token) != length)
        return 0;
    Characters other = characters_of(token);
    if (text.kind < 4 && other.kind == 1)
        return same_narrow((Characters){1, other.data}, text, start, length);
    if (text.kind < 4 && other.kind == 2)
        return same_narrow((Characters){2, other.data}, text, start, length);
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

INLINE uint64_t mixed(uint64_t hash, uint64_t with)
{
    hash = (hash ^ with) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/* The same for a token in texts of any width. */
INLINE uint32_t hash_of(Characters t, Py_ssize_t start, Py_ssize_t end, uint64_t seed)
{
    uint64_t hash = seed + (uint64_t)(end - start);
    for (Py_ssize_t i = start; t.kind == 4 && i < end; i++)
        if (at(t, i) > 0xFFFF) /* `four` does not hold them apart */
            hash = mixed(hash, at(t, i));
    for (Py_ssize_t i = start; i < end - 4; i += 4)
        hash = mixed(hash, four(t, i));
    return (uint32_t)mixed(mixed(hash, last_four(t, start, end)), seed);
}

INLINE void hash_all(Characters text, const int32_t *places, Py_ssize_t count, uint64_t seed, uint32_t *hashes)
{
    for (Py_ssize_t i = 0; i < count; i++)
        hashes[i] = hash_of(text, places[2 * i], places[2 * i + 1], seed);
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
