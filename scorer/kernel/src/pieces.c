/* Content as runs of tokens: scorer.tagger._pieces, written out. */
#include "runs.h"
#include <string.h>

int run_add(PyObject *list, Py_ssize_t first, Py_ssize_t last)
{
    PyObject *run = PyTuple_New(2), *a = PyLong_FromSsize_t(first), *b = PyLong_FromSsize_t(last);
    if (!run || !a || !b) {
        Py_XDECREF(run);
        Py_XDECREF(a);
        Py_XDECREF(b);
        return -1;
    }
    PyTuple_SET_ITEM(run, 0, a);
    PyTuple_SET_ITEM(run, 1, b);
    int status = PyList_Append(list, run);
    Py_DECREF(run);
    return status;
}

static void count(Tagging *d)
{
    memset(d->border, 0, d->n + 1);
    for (Py_ssize_t s = 0; s <= d->m; s++)
        d->border[d->sentences[s]] = 1;
    d->counted[0] = d->named[0] = 0;
    for (Py_ssize_t t = 0; t < d->n; t++) {
        d->counted[t + 1] = d->counted[t] + d->content[t];
        d->named[t + 1] = d->named[t] + (d->label[t] > 0);
    }
}

/* Quotations (first, last, closed) join what they hold; one that is mostly content is content as a whole. */
static int join_quotations(Tagging *d, PyObject *quotations)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(quotations); i++) {
        PyObject *quotation = PyList_GET_ITEM(quotations, i);
        if (!PyTuple_Check(quotation) || PyTuple_GET_SIZE(quotation) != 3) {
            PyErr_SetString(PyExc_TypeError, "quotations: tuples (first, last, closed) are wanted");
            return -1;
        }
        Py_ssize_t first = PyLong_AsSsize_t(PyTuple_GET_ITEM(quotation, 0));
        Py_ssize_t last = PyLong_AsSsize_t(PyTuple_GET_ITEM(quotation, 1));
        int closed = PyObject_IsTrue(PyTuple_GET_ITEM(quotation, 2));
        if (PyErr_Occurred())
            return -1;
        if (first < 0 || last < first || last > d->n) {
            PyErr_SetString(PyExc_ValueError, "quotations: one lies outside the text");
            return -1;
        }
        if (last > first + 1)
            memset(d->border + first + 1, 0, last - first - 1);
        if (closed && 2 * (d->counted[last] - d->counted[first]) > last - first && d->named[last] == d->named[first])
            memset(d->content + first, 1, last - first);
    }
    return 0;
}

/* Content as runs: small holes filled, none over a border; one that stops just before a border goes on to it. */
PyObject *pieces_of(Tagging *d, PyObject *quotations)
{
    count(d);
    if (join_quotations(d, quotations) < 0)
        return NULL;
    PyObject *pieces = PyList_New(0);
    Py_ssize_t begun = -1, ended = -1, border = 0;
    d->part[0] = 0;
    for (Py_ssize_t t = 1; t < d->n; t++)
        d->part[t] = d->part[t - 1] + d->border[t];
    for (Py_ssize_t t = 0; pieces && t <= d->n;) {
        Py_ssize_t first = t;
        while (first < d->n && !d->content[first])
            first++;
        Py_ssize_t last = first;
        while (last < d->n && d->content[last] && (last == first || !d->border[last]))
            last++;
        int joins = begun >= 0 && first < d->n && first - ended <= d->max_filled &&
                    d->part[first] == d->part[ended - 1] && d->named[first] == d->named[ended];
        if (begun >= 0 && !joins) {
            border = ended;
            while (border < d->n && border - ended <= d->max_tail && !d->border[border])
                border++;
            Py_ssize_t end = border - (d->shapes[border - 1] == d->punctuation); /* the full stop is the sentence's */
            int reaches = end - ended <= d->max_tail && end > ended && (border == d->n || d->border[border]) &&
                          d->named[end] == d->named[ended];
            if (run_add(pieces, begun, reaches ? end : ended) < 0)
                Py_CLEAR(pieces);
        }
        if (first >= d->n)
            break;
        begun = joins ? begun : first;
        ended = last;
        t = last;
    }
    return pieces;
}

