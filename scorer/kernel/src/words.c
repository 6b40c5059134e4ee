#include "words.h"
#include "narrow.h"

#define FIRST_SIZE (1 << 14)
#define MOST_WORDS 65536 /* past it the memory is dropped and refills (about 10 MB at the most) */
#define MOST_STEPS 24    /* a token that finds no place within so many is not remembered, whatever a text is made of */
#define LINE 64          /* bytes of the cache */
#define BLOCK 64         /* so many tokens are looked up together: what all of them need is asked for first */

void words_clear(Words *words)
{
    Word *places = words->places;
    void *room = words->room;
    Py_ssize_t size = words->size;
    words->places = NULL;
    words->room = NULL;
    words->size = words->used = 0;
    for (Py_ssize_t i = 0; i < size; i++)
        Py_XDECREF(places[i].token);
    PyMem_RawFree(room);
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
    void *room = PyMem_RawCalloc(size * sizeof(Word) + LINE, 1);
    Word *places = (Word *)(((uintptr_t)room + LINE - 1) & ~(uintptr_t)(LINE - 1));
    if (!room) {
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
    PyMem_RawFree(words->room);
    words->room = room;
    words->places = places;
    words->size = size;
    return 0;
}

INLINE uint64_t mixed(uint64_t hash, uint64_t with)
{
    hash = (hash ^ with) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

INLINE int is_exact(Key key) { return key.high >> 56 != FOREIGN; }

INLINE uint64_t first_bytes(const uint8_t *narrow, Py_ssize_t count)
{
    return eight(narrow) & ~UINT64_C(0) >> 8 * (8 - count);
}

/* Whether one of the bytes is `FOREIGN`. */
INLINE int has_foreign(uint64_t bytes) { return ((~bytes - EACH(1)) & bytes & EACH(0x80)) != 0; }

static Key key_of_any(Characters t, Py_ssize_t start, Py_ssize_t end, uint64_t seed)
{
    uint64_t hash = seed;
    for (Py_ssize_t i = start; i < end; i++)
        hash = mixed(hash, at(t, i));
    return (Key){hash, (uint64_t)FOREIGN << 56 | (uint64_t)(end - start)};
}

INLINE Key key_of(Characters t, Py_ssize_t start, Py_ssize_t end, const uint8_t *narrow, uint64_t seed)
{
    Py_ssize_t length = end - start;
    Key key = {first_bytes(narrow, length < 8 ? length : 8), 0};
    if (length > 8)
        key.high = first_bytes(narrow + 8, length < 16 ? length - 8 : 8);
    if (length > 16 || has_foreign(key.low) || has_foreign(key.high))
        return key_of_any(t, start, end, seed);
    return key;
}

INLINE uint32_t hash_of(Key key, uint64_t seed) { return (uint32_t)mixed(mixed(seed, key.low), key.high); }

/* Whether the token is text[start:end]. */
static int same(PyObject *token, Characters text, Py_ssize_t start, Py_ssize_t end)
{
    Characters other = characters_of(token);
    if (PyUnicode_GET_LENGTH(token) != end - start)
        return 0;
    for (Py_ssize_t i = start; i < end; i++)
        if (at(other, i - start) != at(text, i))
            return 0;
    return 1;
}

/* A new token: its string and numbers, remembered where there is room. A new reference. */
static PyObject *met_first(Words *words, PyObject *text, Py_ssize_t start, Py_ssize_t end, Key key, uint32_t hash,
                           long *packed)
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
        words->places[place] = (Word){key, Py_NewRef(token), hash, (int32_t)*packed};
        words->used++;
    }
    return token;
}

/* The word with this key; NULL where it is not remembered. */
INLINE const Word *known(const Words *words, Characters text, Py_ssize_t start, Py_ssize_t end, Key key, uint32_t hash)
{
    Py_ssize_t place = hash & (words->size - 1);
    for (int steps = 0; steps < MOST_STEPS; steps++, place = (place + 1) & (words->size - 1)) {
        const Word *word = &words->places[place];
        if (!word->token)
            return NULL;
        if (word->key.low == key.low && word->key.high == key.high &&
            (is_exact(key) || same(word->token, text, start, end)))
            return word;
    }
    return NULL;
}

/* The table and its strings lie anywhere in memory: what a block of tokens needs is asked for before it is read. */
INLINE void ask_ahead(const Words *words, const uint32_t *hashes, Py_ssize_t count)
{
#ifdef __GNUC__
    for (Py_ssize_t k = 0; k < count; k++)
        __builtin_prefetch(words->places[hashes[k] & (words->size - 1)].token, 1);
#endif
}

INLINE int find_block(Words *words, PyObject *text, Characters t, Py_ssize_t start, const uint8_t *narrow,
                      const int32_t *places, Py_ssize_t count, PyObject **tokens, int32_t *ids, int32_t *shapes)
{
    Key keys[BLOCK];
    uint32_t hashes[BLOCK];
    for (Py_ssize_t k = 0; k < count; k++) {
        keys[k] = key_of(t, places[2 * k], places[2 * k + 1], narrow + (places[2 * k] - start), words->seed);
        hashes[k] = hash_of(keys[k], words->seed);
#ifdef __GNUC__
        __builtin_prefetch(&words->places[hashes[k] & (words->size - 1)]);
#endif
    }
    ask_ahead(words, hashes, count);
    for (Py_ssize_t k = 0; k < count; k++) {
        Py_ssize_t first = places[2 * k], end = places[2 * k + 1];
        const Word *word = known(words, t, first, end, keys[k], hashes[k]);
        long packed = word ? word->packed : -1;
        tokens[k] = word ? Py_NewRef(word->token) : met_first(words, text, first, end, keys[k], hashes[k], &packed);
        if (!tokens[k])
            return -1;
        ids[k] = (int32_t)(packed >> SHAPE_BITS);
        shapes[k] = (int32_t)(packed & ((1 << SHAPE_BITS) - 1));
    }
    return 0;
}

int words_find(Words *words, PyObject *text, Py_ssize_t start, const uint8_t *narrow, const int32_t *places,
               Py_ssize_t count, PyObject *tokens, int32_t *ids, int32_t *shapes)
{
    Characters characters = characters_of(text);
    PyObject **items = PySequence_Fast_ITEMS(tokens);
    int found = words->size ? 0 : grow(words);
    for (Py_ssize_t i = 0; found >= 0 && i < count; i += BLOCK) {
        Py_ssize_t some = count - i < BLOCK ? count - i : BLOCK;
        found = find_block(words, text, characters, start, narrow, places + 2 * i, some, items + i, ids + i,
                           shapes + i);
    }
    return found;
}
