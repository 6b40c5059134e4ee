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

/* Sort by key, stable, a digit at a time from the lowest, to and fro; gives which of the two has the result. */
static Entry *sort(Entry *entries, Entry *spare, Py_ssize_t count, uint32_t largest)
{
    if (count <= FEW) {
        sort_few(entries, count);
        return entries;
    }
    for (int shift = 0; shift < 32 && largest >> shift; shift += DIGIT_BITS) {
        uint32_t starts[DIGITS] = {0}, sum = 0;
        for (Py_ssize_t i = 0; i < count; i++)
            starts[entries[i].key >> shift & (DIGITS - 1)]++;
        for (int digit = 0; digit < DIGITS; digit++) {
            uint32_t before = sum;
            sum += starts[digit];
            starts[digit] = before;
        }
        for (Py_ssize_t i = 0; i < count; i++)
            spare[starts[entries[i].key >> shift & (DIGITS - 1)]++] = entries[i];
        Entry *sorted = spare;
        spare = entries;
        entries = sorted;
    }
    return entries;
}

static uint32_t pair_of(uint32_t first, uint32_t second)
{
    uint64_t mixed = ((uint64_t)first * 1000003 + (uint64_t)second * 7919) & 0xFFFFFFFF;
    mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF;
    return (uint32_t)(mixed ^ (mixed >> 12));
}

Py_ssize_t terms_count(const int32_t *words, Py_ssize_t n, uint32_t pair_offset, uint32_t pair_mask, Term **found)
{
    Py_ssize_t pairs = pair_offset && n ? n - 1 : 0, every = n + pairs, at = -1;
    Entry *entries = PyMem_Malloc((every ? every : 1) * 2 * sizeof *entries);
    Term *terms = *found = entries ? PyMem_Malloc((every ? every : 1) * sizeof *terms) : NULL;
    if (!terms) {
        PyMem_Free(entries);
        PyErr_NoMemory();
        return -1;
    }
    uint32_t largest = 0;
    for (Py_ssize_t i = 0; i < n; i++)
        entries[i] = (Entry){(uint32_t)words[i], (uint32_t)i};
    for (Py_ssize_t i = 0; i < pairs; i++)
        entries[n + i] = (Entry){pair_offset + (pair_of(words[i], words[i + 1]) & pair_mask), (uint32_t)(n + i)};
    for (Py_ssize_t i = 0; i < every; i++)
        largest = entries[i].key > largest ? entries[i].key : largest;
    const Entry *sorted = sort(entries, entries + every, every, largest);
    for (Py_ssize_t i = 0; i < every; i++) {
        if (!i || sorted[i].key != sorted[i - 1].key) {
            int is_pair = sorted[i].place >= n;
            terms[++at] = (Term){sorted[i].key, (int32_t)(is_pair ? sorted[i].place - n : sorted[i].place), 1 + is_pair, 0};
        }
        terms[at].count++;
    }
    PyMem_Free(entries);
    return at + 1;
}

PyObject *kernel_terms(PyObject *self, PyObject *args)
{
    PyObject *words_given, *found = NULL;
    Array words;
    Term *terms = NULL;
    unsigned int pair_offset, pair_bits;
    if (!PyArg_ParseTuple(args, "OII", &words_given, &pair_offset, &pair_bits) ||
        array_take(words_given, &words, 'i', 4, "words") < 0)
        return NULL;
    Py_ssize_t distinct = -1;
    if (pair_bits > 31 || words.count > INT32_MAX / 2)
        PyErr_SetString(PyExc_ValueError, "too many words, or more than 31 bits of pairs");
    else
        distinct = terms_count(words.view.buf, words.count, pair_offset, (1u << pair_bits) - 1, &terms);
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
    PyMem_Free(terms);
    return found;
}
