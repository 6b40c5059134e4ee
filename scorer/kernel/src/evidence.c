/* What Python tells of a text's sources, read and checked. */
#include "evidence.h"
#include <string.h>

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

static int quotation_read(PyObject *given, Py_ssize_t n, Stretch *run)
{
    if (!PyTuple_Check(given) || PyTuple_GET_SIZE(given) != 3) {
        PyErr_SetString(PyExc_TypeError, "a quotation is a tuple (first, last, whether it is closed)");
        return -1;
    }
    run->first = PyLong_AsSsize_t(PyTuple_GET_ITEM(given, 0));
    run->last = PyLong_AsSsize_t(PyTuple_GET_ITEM(given, 1));
    if (PyErr_Occurred())
        return -1;
    if (run->first >= 0 && run->last >= run->first && run->last <= n)
        return 0;
    PyErr_SetString(PyExc_ValueError, "a quotation lies outside the text");
    return -1;
}

int quotations_mark(PyObject *quotations, Py_ssize_t n, uint8_t *quoted)
{
    for (Py_ssize_t q = 0; q < PyList_GET_SIZE(quotations); q++) {
        Stretch run;
        if (quotation_read(PyList_GET_ITEM(quotations, q), n, &run) < 0)
            return -1;
        for (Py_ssize_t i = run.first; i < run.last; i++)
            quoted[i] = 1;
    }
    return 0;
}

int quotations_number(PyObject *quotations, Py_ssize_t n, int32_t *quote_of)
{
    memset(quote_of, 0xff, n * sizeof *quote_of); /* -1 */
    for (Py_ssize_t q = 0; q < PyList_GET_SIZE(quotations); q++) {
        Stretch run;
        if (quotation_read(PyList_GET_ITEM(quotations, q), n, &run) < 0)
            return -1;
        for (Py_ssize_t i = run.first; i < run.last; i++)
            quote_of[i] = (int32_t)q;
    }
    return 0;
}

int holds_lower(PyObject *set, PyObject *word)
{
    PyObject *lower = lowered(word);
    int holds = lower ? PySet_Contains(set, lower) : -1;
    Py_XDECREF(lower);
    return holds;
}

/* Names of an attribution's parts, in their order; NULL with an exception set. */
static PyObject *const *part_names(void)
{
    static const char *const written[3] = {"source", "cue", "content"};
    static PyObject *names[3];
    for (int part = 0; part < 3; part++)
        if (!names[part] && !(names[part] = PyUnicode_InternFromString(written[part])))
            return NULL;
    return names;
}

int link_parts(PyObject *link, PyObject *parts[3])
{
    PyObject *const *names = part_names();
    for (int part = 0; part < 3; part++)
        parts[part] = NULL;
    for (int part = 0; part < 3; part++)
        if (!names || !(parts[part] = PyObject_GetAttr(link, names[part])))
            return -1;
    if (PyList_Check(parts[2]))
        return 0;
    PyErr_SetString(PyExc_TypeError, "the content of an attribution is a list");
    return -1;
}

PyObject *link_of(PyTypeObject *type, PyObject *const parts[3])
{
    static PyObject *nothing;
    PyObject *const *names = part_names();
    if (!names || (!nothing && !(nothing = PyTuple_New(0))))
        return NULL;
    if (!type->tp_new) {
        PyErr_Format(PyExc_TypeError, "%s makes no attributions", type->tp_name);
        return NULL;
    }
    PyObject *link = type->tp_new(type, nothing, NULL);
    for (int part = 0; link && part < 3; part++)
        if (PyObject_SetAttr(link, names[part], parts[part]) < 0)
            Py_CLEAR(link);
    return link;
}

void link_parts_drop(PyObject *parts[3])
{
    for (int part = 0; part < 3; part++)
        Py_CLEAR(parts[part]);
}
