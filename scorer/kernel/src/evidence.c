/* What Python tells of a text's sources, read and checked. */
#include "evidence.h"

int stretch_read(PyObject *given, Py_ssize_t n, Stretch *stretch)
{
    stretch->first = stretch->last = -1;
    if (given == Py_None)
        return 0;
    if (PyTuple_Check(given) && PyTuple_GET_SIZE(given) == 2) {
        stretch->first = PyLong_AsSsize_t(PyTuple_GET_ITEM(given, 0));
        stretch->last = PyLong_AsSsize_t(PyTuple_GET_ITEM(given, 1));
        if (PyErr_Occurred())
            return -1;
        if (stretch->first >= 0 && stretch->first < stretch->last && stretch->last <= n)
            return 1;
    }
    PyErr_SetString(PyExc_ValueError, "a run is no (first, last) inside the text");
    return -1;
}

int piece_read(PyObject *given, Py_ssize_t n, Stretch *piece)
{
    int read = stretch_read(given, n, piece);
    if (!read)
        PyErr_SetString(PyExc_ValueError, "a piece of content is a run");
    return read > 0 ? 0 : -1;
}

int quotations_mark(PyObject *quotations, Py_ssize_t n, uint8_t *quoted)
{
    for (Py_ssize_t q = 0; q < PyList_GET_SIZE(quotations); q++) {
        Py_ssize_t first, last;
        PyObject *closed, *given = PyList_GET_ITEM(quotations, q);
        if (!PyTuple_Check(given)) {
            PyErr_SetString(PyExc_TypeError, "a quotation is a tuple");
            return -1;
        }
        if (!PyArg_ParseTuple(given, "nnO", &first, &last, &closed))
            return -1;
        if (first < 0 || last < first || last > n) {
            PyErr_SetString(PyExc_ValueError, "a quotation lies outside the text");
            return -1;
        }
        for (Py_ssize_t i = first; i < last; i++)
            quoted[i] = 1;
    }
    return 0;
}

int holds_lower(PyObject *set, PyObject *word)
{
    static PyObject *lower;
    if (!lower && !(lower = PyUnicode_InternFromString("lower")))
        return -1;
    PyObject *lowered = PyObject_CallMethodNoArgs(word, lower);
    int holds = lowered ? PySet_Contains(set, lowered) : -1;
    Py_XDECREF(lowered);
    return holds;
}

PyObject *described_of(PyObject *described, PyObject *source)
{
    PyObject *known = PyDict_GetItemWithError(described, source);
    if (known && PyTuple_Check(known) && PyTuple_GET_SIZE(known) == 3)
        return known;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "a source is not described");
    return NULL;
}

int link_parts(PyObject *link, PyObject *parts[3])
{
    static const char *const names[3] = {"source", "cue", "content"};
    static PyObject *fields[3];
    for (int part = 0; part < 3; part++)
        parts[part] = NULL;
    for (int part = 0; part < 3; part++)
        if ((!fields[part] && !(fields[part] = PyUnicode_InternFromString(names[part]))) ||
            !(parts[part] = PyObject_GetAttr(link, fields[part])))
            return -1;
    if (PyList_Check(parts[2]))
        return 0;
    PyErr_SetString(PyExc_TypeError, "the content of an attribution is a list");
    return -1;
}

void link_parts_drop(PyObject *parts[3])
{
    for (int part = 0; part < 3; part++)
        Py_CLEAR(parts[part]);
}

int tokens_sound(const Tokens *t)
{
    int good = t->m > 0 && t->borders[0] == 0 && t->borders[t->m] == t->n;
    for (Py_ssize_t s = 0; good && s < t->m; s++)
        good = t->borders[s] <= t->borders[s + 1];
    return good;
}

int written_sound(PyObject *written, const Tokens *t)
{
    int good = PyList_GET_SIZE(written) == t->n;
    for (Py_ssize_t i = 0; good && i < t->n; i++)
        good = PyUnicode_CheckExact(PyList_GET_ITEM(written, i)) && PyUnicode_GET_LENGTH(PyList_GET_ITEM(written, i));
    return good;
}

Stretch sentence_of(const Tokens *t, Py_ssize_t token)
{
    Py_ssize_t low = 0, high = t->m;
    while (low + 1 < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (t->borders[middle] <= token)
            low = middle;
        else
            high = middle;
    }
    return (Stretch){t->borders[low], t->borders[low + 1]};
}
