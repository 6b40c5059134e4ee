/* What words are by their shapes: names and numbers masked (scorer/classifier.py), how many are of which kind
 * (scorer/abstention.py). */
#include "terms.h"

/* 1 where a set of shapes, given as bits, holds this one, else 0. */
static inline int32_t has(uint32_t set, int32_t shape) { return (uint32_t)shape < 32 ? set >> (shape & 31) & 1 : 0; }

VECTOR void mask_words(const int32_t *word, const int32_t *shape, Py_ssize_t count, const int32_t *first,
                       Py_ssize_t borders, const Mask *mask, int32_t *masked)
{
    uint32_t hidden = mask->names | mask->numbers, numbers = mask->numbers;
    int32_t vocabulary = mask->vocabulary;
    for (Py_ssize_t i = 0; i < count; i++)
        masked[i] = has(hidden, shape[i]) ? vocabulary + shape[i] : word[i];
    for (Py_ssize_t i = 0; i < borders - 1; i++) { /* the last border begins no sentence */
        int32_t at = first[i];
        if (at >= 0 && at < count && !has(numbers, shape[at]))
            masked[at] = word[at];
    }
}

/* masked(words, shapes, sentences, names, numbers, vocabulary) */
PyObject *kernel_masked(PyObject *self, PyObject *args)
{
    static const char *const called[] = {"words", "shapes", "sentences"};
    PyObject *given[3], *found = NULL;
    Array arrays[3];
    Mask mask;
    if (!PyArg_ParseTuple(args, "OOOIIi", &given[0], &given[1], &given[2], &mask.names, &mask.numbers,
                          &mask.vocabulary) ||
        arrays_take(given, arrays, "iii", called) < 0)
        return NULL;
    Py_ssize_t count = arrays[0].count, borders = arrays[2].count;
    if (arrays[1].count != count || !borders)
        PyErr_SetString(PyExc_ValueError, "words, shapes and sentences do not fit each other");
    else
        found = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(int32_t));
    if (found)
        mask_words(arrays[0].view.buf, arrays[1].view.buf, count, arrays[2].view.buf, borders, &mask,
                   (int32_t *)PyBytes_AS_STRING(found));
    arrays_drop(arrays, 3);
    return found;
}

enum { WORD, COMMON, KNOWN, NUMBER, CAPITAL, COUNTS };

typedef struct {
    uint32_t words, numbers, capitals;
    int32_t common, known;
} Kinds;

VECTOR static void count_kinds(const int32_t *word, const int32_t *shape, Py_ssize_t count, const Kinds *kinds,
                               int32_t *counts)
{
    Kinds k = *kinds;
    int32_t words = 0, common = 0, known = 0, numbers = 0, capitals = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        int32_t is_word = has(k.words, shape[i]);
        words += is_word;
        common += is_word & (word[i] <= k.common);
        known += is_word & (word[i] < k.known);
        numbers += has(k.numbers, shape[i]);
        capitals += has(k.capitals, shape[i]);
    }
    counts[WORD] = words;
    counts[COMMON] = common;
    counts[KNOWN] = known;
    counts[NUMBER] = numbers;
    counts[CAPITAL] = capitals;
}

/* kinds(words, shapes, (word shapes, number shapes, capital shapes), common, known) */
PyObject *kernel_kinds(PyObject *self, PyObject *const *args, Py_ssize_t arg_count)
{
    static const char *const called[] = {"words", "shapes"};
    Array arrays[2];
    Kinds kinds;
    int32_t counts[COUNTS];
    if (arg_count != 5 || !PyTuple_Check(args[2]))
        return PyErr_Format(PyExc_TypeError, "kinds(words, shapes, (shapes, shapes, shapes), common, known)");
    if (!PyArg_ParseTuple(args[2], "III", &kinds.words, &kinds.numbers, &kinds.capitals))
        return NULL;
    long common = PyLong_AsLong(args[3]), known = PyLong_AsLong(args[4]);
    if (PyErr_Occurred() || arrays_take(args, arrays, "ii", called) < 0)
        return NULL;
    int fits = arrays[1].count == arrays[0].count && arrays[0].count <= INT32_MAX && common == (int32_t)common &&
               known == (int32_t)known;
    kinds.common = (int32_t)common;
    kinds.known = (int32_t)known;
    if (fits)
        count_kinds(arrays[0].view.buf, arrays[1].view.buf, arrays[0].count, &kinds, counts);
    else
        PyErr_SetString(PyExc_ValueError, "words and shapes do not fit each other, or ids no table");
    arrays_drop(arrays, 2);
    PyObject *found = fits ? PyTuple_New(COUNTS) : NULL;
    for (int i = 0; found && i < COUNTS; i++) {
        PyObject *number = PyLong_FromLong(counts[i]);
        if (number)
            PyTuple_SET_ITEM(found, i, number);
        else
            Py_CLEAR(found);
    }
    return found;
}
