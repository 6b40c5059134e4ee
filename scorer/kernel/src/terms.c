/* Words and hashed pairs of neighbouring words, counted: scorer.classifier.terms_of, written out. */
#include "terms.h"

#define DIGIT_BITS 10
#define DIGITS (1 << DIGIT_BITS)
#define FEW 48 /* so many are put in order one by one */

typedef struct {
    uint32_t key, place;
} Entry;

static void sort_few(Entry *entries, Py_ssize_t count)
{
    for (Py_ssize_t i = 1; i < count; i++) {
        Entry entry = entries[i];
        Py_ssize_t at = i;
        for (; at && entries[at - 1].key > entry.key; at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

/* By one digit, to where its values start. */
static void scatter(const Entry *restrict from, Py_ssize_t count, int shift, uint32_t *restrict start,
                    Entry *restrict to)
{
    uint32_t sum = 0;
    for (int value = 0; value < DIGITS; value++) {
        uint32_t before = sum;
        sum += start[value];
        start[value] = before;
    }
    for (Py_ssize_t i = 0; i < count; i++)
        to[start[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

/* Sort by key, stable, two digits at a time from the lowest, to the spare room and back. */
static void sort(Entry *entries, Entry *spare, Py_ssize_t count, uint32_t largest)
{
    if (count <= FEW) {
        sort_few(entries, count);
        return;
    }
    for (int shift = 0; shift < 32 && largest >> shift; shift += 2 * DIGIT_BITS) {
        uint32_t low[DIGITS] = {0}, high[DIGITS] = {0};
        int above = shift + DIGIT_BITS;
        for (Py_ssize_t i = 0; i < count; i++) {
            low[entries[i].key >> shift & (DIGITS - 1)]++;
            high[entries[i].key >> above & (DIGITS - 1)]++;
        }
        scatter(entries, count, shift, low, spare);
        scatter(spare, count, above, high, entries);
    }
}

static inline uint32_t pair_of(uint32_t first, uint32_t second)
{
    uint32_t mixed = first * UINT32_C(1000003) + second * UINT32_C(7919);
    mixed = (mixed ^ mixed >> 15) * UINT32_C(0x2C1B3C6D);
    return mixed ^ mixed >> 12;
}

/* Words and then pairs as entries; gives the largest key. */
VECTOR static uint32_t entries_of(const int32_t *words, Py_ssize_t n, Py_ssize_t pairs, uint32_t pair_offset,
                                  uint32_t pair_mask, Entry *restrict entries)
{
    uint32_t largest = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        uint32_t key = (uint32_t)words[i];
        entries[i] = (Entry){key, (uint32_t)i};
        largest = key > largest ? key : largest;
    }
    for (Py_ssize_t i = 0; i < pairs; i++) {
        uint32_t key = pair_offset + (pair_of((uint32_t)words[i], (uint32_t)words[i + 1]) & pair_mask);
        entries[n + i] = (Entry){key, (uint32_t)(n + i)};
        largest = key > largest ? key : largest;
    }
    return largest;
}

/* Entries in order become terms, the last ones of `room`, which has one for each entry; gives how many. */
static Py_ssize_t distinct(const Entry *sorted, Py_ssize_t every, Py_ssize_t n, Term *room)
{
    /* from behind, each entry writes over what those behind it of the same key have written: nothing to be guessed */
    Py_ssize_t at = every - 1;
    for (Py_ssize_t i = every - 1; i > 0; i--) {
        room[at] = (Term){sorted[i].key, (int32_t)sorted[i].place, 0, (int32_t)i};
        at -= sorted[i].key != sorted[i - 1].key;
    }
    if (every)
        room[at] = (Term){sorted[0].key, (int32_t)sorted[0].place, 0, 0};
    Term *terms = room + (every ? at : 0);
    Py_ssize_t count = every ? every - at : 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        int is_pair = terms[i].first >= n;
        int32_t next = i + 1 < count ? terms[i + 1].count : (int32_t)every;
        terms[i].first -= is_pair ? (int32_t)n : 0;
        terms[i].width = 1 + is_pair;
        terms[i].count = next - terms[i].count; /* `count` was where its entries begin */
    }
    return count;
}

Py_ssize_t terms_count(const int32_t *words, Py_ssize_t n, uint32_t pair_offset, uint32_t pair_mask, Term **block,
                       Term **found)
{
    Py_ssize_t pairs = pair_offset && n ? n - 1 : 0, every = n + pairs;
    Entry *entries = PyMem_Malloc((every ? every : 1) * 2 * sizeof *entries);
    *block = entries ? PyMem_Malloc((every ? every : 1) * sizeof **block) : NULL;
    if (!*block) {
        PyMem_Free(entries);
        PyErr_NoMemory();
        return -1;
    }
    sort(entries, entries + every, every, entries_of(words, n, pairs, pair_offset, pair_mask, entries));
    Py_ssize_t count = distinct(entries, every, n, *block);
    *found = *block + every - count;
    PyMem_Free(entries);
    return count;
}

PyObject *kernel_terms(PyObject *self, PyObject *args)
{
    PyObject *words_given, *found = NULL;
    Array words;
    Term *block = NULL, *terms;
    unsigned int pair_offset, pair_bits;
    if (!PyArg_ParseTuple(args, "OII", &words_given, &pair_offset, &pair_bits) ||
        array_take(words_given, &words, 'i', 4, "words") < 0)
        return NULL;
    Py_ssize_t distinct = -1;
    if (pair_bits > 31 || words.count > INT32_MAX / 2)
        PyErr_SetString(PyExc_ValueError, "too many words, or more than 31 bits of pairs");
    else
        distinct = terms_count(words.view.buf, words.count, pair_offset, (1u << pair_bits) - 1, &block, &terms);
    array_drop(&words);
    if (distinct >= 0)
        found = PyBytes_FromStringAndSize(NULL, 4 * distinct * (Py_ssize_t)sizeof(int64_t));
    if (found) {
        int64_t *index = (int64_t *)PyBytes_AS_STRING(found), *first = index + distinct, *width = first + distinct;
        int64_t *count = width + distinct;
        for (Py_ssize_t i = 0; i < distinct; i++) {
            index[i] = terms[i].index;
            first[i] = terms[i].first;
            width[i] = terms[i].width;
            count[i] = terms[i].count;
        }
    }
    PyMem_Free(block);
    return found;
}
