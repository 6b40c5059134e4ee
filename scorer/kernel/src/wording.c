/* What is read off word ids and shapes: masked words, how many are of which kind, the strongest terms
 * (scorer/classifier.py, scorer/abstention.py, scorer/verdict.py). */
#include "kernel.h"
#include <string.h>

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

typedef struct {
    double value;
    Py_ssize_t place;
} Strong;

enum { MOST_LOOKED_AT = 256 };

/* Keep the `room` largest values, the earlier of equal ones first; gives how many there are. */
static Py_ssize_t largest(const double *values, Py_ssize_t count, Strong *kept, Py_ssize_t room)
{
    Py_ssize_t held = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (held == room && !(values[i] > kept[held - 1].value))
            continue;
        Py_ssize_t at = held < room ? held++ : held - 1;
        for (; at && kept[at - 1].value < values[i]; at--)
            kept[at] = kept[at - 1];
        kept[at] = (Strong){values[i], i};
    }
    return held;
}

/* strongest(values, first, width, looked_at, wanted) */
PyObject *kernel_strongest(PyObject *self, PyObject *args)
{
    PyObject *values_given, *first_given, *width_given, *found = NULL;
    Array values, first, width;
    Py_ssize_t looked_at, wanted, taken = 0;
    if (!PyArg_ParseTuple(args, "OOOnn", &values_given, &first_given, &width_given, &looked_at, &wanted) ||
        array_take(values_given, &values, 'd', 8, "values") < 0)
        return NULL;
    if (array_take(first_given, &first, 'q', 8, "first") < 0)
        goto no_first;
    if (array_take(width_given, &width, 'q', 8, "width") < 0)
        goto no_width;
    if (first.count != values.count || width.count != values.count || looked_at < 1 || looked_at > MOST_LOOKED_AT)
        PyErr_Format(PyExc_ValueError, "values, first and width are of one length, at most %d are looked at",
                     MOST_LOOKED_AT);
    else
        found = PyList_New(0);
    if (found) {
        Strong kept[MOST_LOOKED_AT];
        Py_ssize_t places[MOST_LOOKED_AT], held = largest(values.view.buf, values.count, kept, looked_at);
        const int64_t *begins = first.view.buf, *wide = width.view.buf;
        for (Py_ssize_t i = 0; found && i < held && taken < wanted; i++) {
            int64_t begin = begins[kept[i].place], end = begin + wide[kept[i].place];
            int free = 1;
            for (Py_ssize_t j = 0; free && j < taken; j++)
                free = end <= begins[places[j]] || begins[places[j]] + wide[places[j]] <= begin;
            if (!free)
                continue;
            places[taken++] = kept[i].place;
            PyObject *number = PyLong_FromSsize_t(kept[i].place);
            if (!number || PyList_Append(found, number) < 0)
                Py_CLEAR(found);
            Py_XDECREF(number);
        }
    }
    array_drop(&width);
no_width:
    array_drop(&first);
no_first:
    array_drop(&values);
    return found;
}
