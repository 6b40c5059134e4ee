/* The terms of a text and what several tables say of each, looked up together: scorer/word_choice.py, written out. */
#include "terms.h"

enum { WORDS, TABLE, SUBLINEAR, ARRAYS, MAX_COLUMNS = 8 };

/* How many terms, which come in order, stand before `limit`. */
static Py_ssize_t before(const Term *terms, Py_ssize_t count, Py_ssize_t limit)
{
    Py_ssize_t low = 0;
    for (Py_ssize_t high = count; low < high;) {
        Py_ssize_t middle = (low + high) / 2;
        if ((Py_ssize_t)terms[middle].index < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A row for each column of the table, as doubles, the first times the sublinear count; behind them first tokens, widths
 * and counts. None where a count is beyond the table of sublinear counts. */
static PyObject *rows_of(const Term *terms, Py_ssize_t count, const Array *table, int columns, const Array *sublinear)
{
    for (Py_ssize_t i = 0; i < count; i++)
        if (terms[i].count >= sublinear->count)
            Py_RETURN_NONE;
    PyObject *rows = PyBytes_FromStringAndSize(
        NULL, count * (columns * (Py_ssize_t)sizeof(double) + 3 * (Py_ssize_t)sizeof(int32_t)));
    if (!rows)
        return NULL;
    double *row = (double *)PyBytes_AS_STRING(rows);
    int32_t *first = (int32_t *)(row + columns * count), *width = first + count, *times = width + count;
    const double *value = sublinear->view.buf;
    const float *looked_up = table->view.buf;
    for (Py_ssize_t i = 0; i < count; i++) {
        const float *at = looked_up + (Py_ssize_t)terms[i].index * columns;
#ifdef __GNUC__
        if (i + 16 < count)
            __builtin_prefetch(looked_up + (Py_ssize_t)terms[i + 16].index * columns);
#endif
        row[i] = value[terms[i].count] * (double)at[0];
        for (int c = 1; c < columns; c++)
            row[c * count + i] = at[c];
        first[i] = terms[i].first;
        width[i] = terms[i].width;
        times[i] = terms[i].count;
    }
    return rows;
}

/* As many numbers as the tuple has, of the terms before each of its limits. */
static PyObject *known_of(const Term *terms, Py_ssize_t count, PyObject *limits)
{
    PyObject *known = PyTuple_New(PyTuple_GET_SIZE(limits));
    for (Py_ssize_t i = 0; known && i < PyTuple_GET_SIZE(limits); i++) {
        Py_ssize_t limit = PyLong_AsSsize_t(PyTuple_GET_ITEM(limits, i));
        PyObject *number = PyErr_Occurred() ? NULL : PyLong_FromSsize_t(before(terms, count, limit));
        if (number)
            PyTuple_SET_ITEM(known, i, number);
        else
            Py_CLEAR(known);
    }
    return known;
}

/* The words masked, where there is something to mask them by: None, or (shapes, sentences, names, numbers, vocabulary).
 * To be freed; NULL with an exception set. */
static int32_t *masked_of(const Array *words, PyObject *by)
{
    static const char *const called[] = {"shapes", "sentences"};
    PyObject *given[2];
    Array arrays[2];
    Mask mask;
    int32_t *masked = NULL;
    if (!PyTuple_Check(by)) {
        PyErr_SetString(PyExc_TypeError, "masked by: None or (shapes, sentences, names, numbers, vocabulary)");
        return NULL;
    }
    if (!PyArg_ParseTuple(by, "OOIIi", &given[0], &given[1], &mask.names, &mask.numbers, &mask.vocabulary) ||
        arrays_take(given, arrays, "ii", called) < 0)
        return NULL;
    if (arrays[0].count != words->count || !arrays[1].count)
        PyErr_SetString(PyExc_ValueError, "words, shapes and sentences do not fit each other");
    else if (!(masked = PyMem_Malloc((words->count + 1) * sizeof *masked)))
        PyErr_NoMemory();
    else
        mask_words(words->view.buf, arrays[0].view.buf, words->count, arrays[1].view.buf, arrays[1].count, &mask, masked);
    arrays_drop(arrays, 2);
    return masked;
}

/* weigh(words, masked by, pair_offset, pair_bits, table, columns, sublinear, limits) */
PyObject *kernel_weigh(PyObject *self, PyObject *args)
{
    static const char *const called[] = {"words", "table", "sublinear"};
    PyObject *given[ARRAYS], *by, *limits, *rows = NULL, *known = NULL;
    Array arrays[ARRAYS];
    unsigned int pair_offset, pair_bits;
    int columns;
    int32_t *masked = NULL;
    Term *terms = NULL;
    if (!PyArg_ParseTuple(args, "OOIIOiOO!", &given[WORDS], &by, &pair_offset, &pair_bits, &given[TABLE], &columns,
                          &given[SUBLINEAR], &PyTuple_Type, &limits) ||
        arrays_take(given, arrays, "ifd", called) < 0)
        return NULL;
    const Array *words = &arrays[WORDS], *table = &arrays[TABLE];
    if (pair_bits > 31 || words->count > INT32_MAX / 2 || columns < 1 || columns > MAX_COLUMNS || table->count % columns) {
        PyErr_SetString(PyExc_ValueError, "fewer words, 31 bits of pairs at most and a table of 1 to 8 columns are wanted");
        goto done;
    }
    if (by != Py_None && !(masked = masked_of(words, by)))
        goto done;
    Py_ssize_t count = terms_count(masked ? masked : words->view.buf, words->count, pair_offset, (1u << pair_bits) - 1,
                                   &terms);
    if (count < 0)
        goto done;
    Py_ssize_t inside = before(terms, count, table->count / columns);
    if (pair_offset && inside < count) {
        PyErr_SetString(PyExc_ValueError, "a term lies outside the table");
        goto done;
    }
    rows = rows_of(terms, inside, table, columns, &arrays[SUBLINEAR]);
    known = rows ? known_of(terms, inside, limits) : NULL;
done:
    PyMem_Free(terms);
    PyMem_Free(masked);
    arrays_drop(arrays, ARRAYS);
    if (!known) {
        Py_XDECREF(rows);
        return NULL;
    }
    return Py_BuildValue("(NnN)", rows, inside, known);
}
