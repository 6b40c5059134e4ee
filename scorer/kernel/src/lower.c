/* A part of a text in lower case, as str.lower gives it; most letters need no more than a table. */
#include "characters.h"

/* The two letters whose lower case is longer, or hangs on what stands around them: Python's own rules decide. */
static int is_special(Py_UCS4 character) { return character == 0x130 || character == 0x3A3; }

#define LOWER(name, type)                                                                                              \
    static int name(const type *from, Py_ssize_t length, type *to)                                                     \
    {                                                                                                                  \
        for (Py_ssize_t i = 0; i < length; i++) {                                                                      \
            type c = from[i];                                                                                          \
            if (c < 128)                                                                                               \
                to[i] = (type)(c | (c >= 'A' && c <= 'Z') << 5);                                                       \
            else if (is_special(c))                                                                                    \
                return 0;                                                                                              \
            else                                                                                                       \
                to[i] = (type)Py_UNICODE_TOLOWER(c);                                                                   \
        }                                                                                                              \
        return 1;                                                                                                      \
    }
LOWER(lower_one, Py_UCS1)
LOWER(lower_two, Py_UCS2)
LOWER(lower_four, Py_UCS4)

PyObject *kernel_lowered(PyObject *self, PyObject *args)
{
    PyObject *text, *found = NULL;
    Py_ssize_t start, stop;
    if (!PyArg_ParseTuple(args, "Unn", &text, &start, &stop))
        return NULL;
    if (start < 0 || stop < start || stop > PyUnicode_GET_LENGTH(text)) {
        PyErr_SetString(PyExc_ValueError, "the part lies outside the text");
        return NULL;
    }
    Characters t = characters_of(text);
    Py_ssize_t length = stop - start;
    const char *from = (const char *)t.data + start * t.kind;
    void *to = PyMem_Malloc((length + 1) * t.kind);
    if (!to)
        return PyErr_NoMemory();
    int done = t.kind == 1 ? lower_one((const Py_UCS1 *)from, length, to)
             : t.kind == 2 ? lower_two((const Py_UCS2 *)from, length, to)
                           : lower_four((const Py_UCS4 *)from, length, to);
    if (done) {
        found = PyUnicode_FromKindAndData(t.kind, to, length);
    } else {
        PyObject *part = PyUnicode_Substring(text, start, stop);
        found = part ? PyObject_CallMethod(part, "lower", NULL) : NULL;
        Py_XDECREF(part);
    }
    PyMem_Free(to);
    return found;
}
