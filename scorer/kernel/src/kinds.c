/* What words are by their shapes: names and numbers masked (scorer/classifier.py), how many are of which kind
 * (scorer/abstention.py). */
#include "terms.h"

/* Whether a set of shapes, given as bits, holds this one. */
static int has(unsigned int set, int32_t shape) { return shape >= 0 && shape < 32 && (set >> shape & 1); }

void mask_words(const int32_t *word, const int32_t *shape, Py_ssize_t count, const int32_t *first, Py_ssize_t borders,
                const Mask *mask, int32_t *masked)
{
    const int32_t *end = first + borders - 1; /* the last border begins no sentence */
    for (Py_ssize_t i = 0; i < count; i++) {
        while (first < end && *first < i)
            first++;
        int begins = first < end && *first == i;
        int hidden = has(mask->numbers, shape[i]) || (has(mask->names, shape[i]) && !begins);
        masked[i] = hidden ? mask->vocabulary + shape[i] : word[i];
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

/* kinds(words, shapes, word shapes, number shapes, common, known) */
PyObject *kernel_kinds(PyObject *self, PyObject *args)
{
    static const char *const called[] = {"words", "shapes"};
    PyObject *given[2];
    Array arrays[2];
    unsigned int word_shapes, number_shapes;
    int common, known, good;
    if (!PyArg_ParseTuple(args, "OOIIii", &given[0], &given[1], &word_shapes, &number_shapes, &common, &known) ||
        arrays_take(given, arrays, "ii", called) < 0)
        return NULL;
    Py_ssize_t counts[4] = {0};
    if ((good = arrays[1].count == arrays[0].count)) {
        const int32_t *word = arrays[0].view.buf, *shape = arrays[1].view.buf;
        for (Py_ssize_t i = 0; i < arrays[0].count; i++) {
            int is_word = has(word_shapes, shape[i]);
            counts[0] += is_word;
            counts[1] += is_word && word[i] <= common;
            counts[2] += is_word && word[i] < known;
            counts[3] += has(number_shapes, shape[i]);
        }
    } else {
        PyErr_SetString(PyExc_ValueError, "words and shapes do not fit each other");
    }
    arrays_drop(arrays, 2);
    return good ? Py_BuildValue("nnnn", counts[0], counts[1], counts[2], counts[3]) : NULL;
}
