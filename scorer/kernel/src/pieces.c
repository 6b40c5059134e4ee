/* Content as runs of tokens: scorer.tagger._pieces, written out. */
#include "runs.h"
#include <string.h>

/* Whether bytes[first:last] are all zero. */
static int is_free(const uint8_t *bytes, Py_ssize_t first, Py_ssize_t last)
{
    for (; first < last; first++)
        if (bytes[first])
            return 0;
    return 1;
}

static Py_ssize_t count(const uint8_t *content, Py_ssize_t first, Py_ssize_t last)
{
    Py_ssize_t found = 0;
    for (; first < last; first++)
        found += content[first];
    return found;
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
        if (closed && is_free(d->label, first, last) && 2 * count(d->content, first, last) > last - first)
            memset(d->filled + first, 1, last - first);
    }
    return 0;
}

/* Where a piece of content that ends at `ended` ends in truth: one that stops just before a border goes on to it. */
static Py_ssize_t reach(const Tagging *d, Py_ssize_t ended)
{
    Py_ssize_t border = ended;
    while (border < d->n && border - ended <= d->max_tail && !d->border[border])
        border++;
    Py_ssize_t end = border - (d->shapes[border - 1] == d->punctuation); /* the full stop is the sentence's */
    int reaches = end - ended <= d->max_tail && end > ended && (border == d->n || d->border[border]);
    return reaches && is_free(d->label, ended, end) ? end : ended;
}

/* Small holes are filled, no piece reaches over a border. */
Py_ssize_t pieces_of(Tagging *d, PyObject *quotations)
{
    memcpy(d->filled, d->content, d->n);
    memset(d->border, 0, d->n + 1);
    for (Py_ssize_t s = 0; s <= d->m; s++)
        d->border[d->sentences[s]] = 1;
    if (join_quotations(d, quotations) < 0)
        return -1;
    Py_ssize_t found = 0;
    for (Py_ssize_t first = 0, last; first < d->n; first = last) {
        const uint8_t *next = memchr(d->filled + first, 1, d->n - first);
        if (!next)
            break;
        first = next - d->filled;
        for (last = first + 1; last < d->n && d->filled[last] && !d->border[last];)
            last++;
        Py_ssize_t ended = found ? d->runs[found - 1].last : -1;
        if (found && first - ended <= d->max_filled && is_free(d->border, ended, first + 1) &&
            is_free(d->label, ended, first))
            d->runs[found - 1].last = (int32_t)last;
        else
            d->runs[found++] = (Run){(int32_t)first, (int32_t)last};
    }
    for (Py_ssize_t i = 0; i < found; i++)
        d->runs[i].last = (int32_t)reach(d, d->runs[i].last);
    return found;
}
