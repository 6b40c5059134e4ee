/* Where addresses may begin in a text: scorer.signals.links looks at these places alone. */
#include "characters.h"

enum { BLOCK = 128, LENGTH = 4 /* of "http" and "www." */ };

/* Whether "ht" or "ww" stands at any of `count` characters, which one more follows. */
#define MAY_BEGIN(name, type)                                                                                          \
    VECTOR static int name(const type *t, Py_ssize_t count)                                                            \
    {                                                                                                                  \
        type any = 0;                                                                                                  \
        for (Py_ssize_t i = 0; i < count; i++) {                                                                       \
            type c = t[i] | 32, next = t[i + 1] | 32;                                                                  \
            any |= (type)(((c == 'h') & (next == 't')) | ((c == 'w') & (next == 'w')));                                \
        }                                                                                                              \
        return any != 0;                                                                                               \
    }
MAY_BEGIN(may_begin_in_one, Py_UCS1)
MAY_BEGIN(may_begin_in_two, Py_UCS2)
MAY_BEGIN(may_begin_in_four, Py_UCS4)

INLINE int may_begin(Characters t, Py_ssize_t from, Py_ssize_t count)
{
    const char *text = (const char *)t.data + from * t.kind;
    return t.kind == 1 ? may_begin_in_one((const Py_UCS1 *)text, count)
         : t.kind == 2 ? may_begin_in_two((const Py_UCS2 *)text, count)
                       : may_begin_in_four((const Py_UCS4 *)text, count);
}

INLINE int begins(Characters t, Py_ssize_t i)
{
    Py_UCS4 one = at(t, i) | 32, two = at(t, i + 1) | 32, three = at(t, i + 2) | 32, four = at(t, i + 3);
    return (one == 'h' && two == 't' && three == 't' && (four | 32) == 'p') ||
           (one == 'w' && two == 'w' && three == 'w' && four == '.');
}

/* 0, or -1 with an exception set. */
INLINE int find_addresses(Characters t, Py_ssize_t start, Py_ssize_t end, PyObject *found)
{
    for (Py_ssize_t from = start, stop = end - LENGTH + 1, count; from < stop; from += count) {
        count = stop - from < BLOCK ? stop - from : BLOCK;
        if (!may_begin(t, from, count))
            continue;
        for (Py_ssize_t i = from; i < from + count; i++) {
            if (!begins(t, i))
                continue;
            PyObject *place = PyLong_FromSsize_t(i);
            int added = place ? PyList_Append(found, place) : -1;
            Py_XDECREF(place);
            if (added < 0)
                return -1;
        }
    }
    return 0;
}

PyObject *kernel_addresses(PyObject *self, PyObject *args)
{
    PyObject *text, *found;
    Py_ssize_t start, end;
    int done = -1;
    if (!PyArg_ParseTuple(args, "Unn", &text, &start, &end))
        return NULL;
    if (start < 0 || start > end || end > PyUnicode_GET_LENGTH(text)) {
        PyErr_SetString(PyExc_ValueError, "the part lies outside the text");
        return NULL;
    }
    if (!(found = PyList_New(0)))
        return NULL;
    BY_WIDTH(done, characters_of(text), find_addresses(t, start, end, found));
    if (done < 0)
        Py_CLEAR(found);
    return found;
}
