/* What words are by their shapes: names and numbers masked (scorer/classifier.py), how many are of which kind
 * (scorer/abstention.py). */
#include "kernel.h"

/* Whether a set of shapes, given as bits, holds this one. */
static int has(unsigned int set, int32_t shape) { return shape >= 0 && shape < 32 && (set >> shape & 1); }

/* masked(words, shapes, sentences, names, numbers, vocabulary) */
PyObject *kernel_masked(PyObject *self, PyObject *args)
{
    PyObject *words_given, *shapes_given, *borders_given, *found = NULL;
    Array words, shapes, borders;
    unsigned int names, numbers;
    int vocabulary;
    if (!PyArg_ParseTuple(args, "OOOIIi", &words_given, &shapes_given, &borders_given, &names, &numbers, &vocabulary) ||
        array_take(words_given, &words, 'i', 4, "words") < 0)
        return NULL;
    if (array_take(shapes_given, &shapes, 'i', 4, "shapes") < 0)
        goto no_shapes;
    if (array_take(borders_given, &borders, 'i', 4, "sentences") < 0)
        goto no_borders;
    if (shapes.count != words.count || !borders.count)
        PyErr_SetString(PyExc_ValueError, "words, shapes and sentences do not fit each other");
    else
        found = PyBytes_FromStringAndSize(NULL, words.count * (Py_ssize_t)sizeof(int32_t));
    if (found) {
        const int32_t *word = words.view.buf, *shape = shapes.view.buf, *first = borders.view.buf;
        const int32_t *end = first + borders.count - 1; /* the last border begins no sentence */
        int32_t *masked = (int32_t *)PyBytes_AS_STRING(found);
        for (Py_ssize_t i = 0; i < words.count; i++) {
            while (first < end && *first < i)
                first++;
            int begins = first < end && *first == i;
            int hidden = has(numbers, shape[i]) || (has(names, shape[i]) && !begins);
            masked[i] = hidden ? vocabulary + shape[i] : word[i];
        }
    }
    array_drop(&borders);
no_borders:
    array_drop(&shapes);
no_shapes:
    array_drop(&words);
    return found;
}

/* kinds(words, shapes, word shapes, number shapes, common, known) */
PyObject *kernel_kinds(PyObject *self, PyObject *args)
{
    PyObject *words_given, *shapes_given;
    Array words, shapes;
    unsigned int word_shapes, number_shapes;
    int common, known, good;
    if (!PyArg_ParseTuple(args, "OOIIii", &words_given, &shapes_given, &word_shapes, &number_shapes, &common, &known) ||
        array_take(words_given, &words, 'i', 4, "words") < 0)
        return NULL;
    if (array_take(shapes_given, &shapes, 'i', 4, "shapes") < 0) {
        array_drop(&words);
        return NULL;
    }
    Py_ssize_t counts[4] = {0};
    if ((good = shapes.count == words.count)) {
        const int32_t *word = words.view.buf, *shape = shapes.view.buf;
        for (Py_ssize_t i = 0; i < words.count; i++) {
            int is_word = has(word_shapes, shape[i]);
            counts[0] += is_word;
            counts[1] += is_word && word[i] <= common;
            counts[2] += is_word && word[i] < known;
            counts[3] += has(number_shapes, shape[i]);
        }
    } else {
        PyErr_SetString(PyExc_ValueError, "words and shapes do not fit each other");
    }
    array_drop(&shapes);
    array_drop(&words);
    return good ? Py_BuildValue("nnnn", counts[0], counts[1], counts[2], counts[3]) : NULL;
}
