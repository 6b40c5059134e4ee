/* A part of a text in lower case, as str.lower gives it (most letters need no more than a table), and the same with
 * single blanks between its words. */
#include "prepared.h"
#include <string.h>

/* The two letters whose lower case is longer, or hangs on what stands around them: Python's own rules decide. */
static int is_special(Py_UCS4 character) { return character == 0x130 || character == 0x3A3; }

enum { BLOCK = 64 }; /* so many letters are looked at together for one that is not ASCII */

/* Letters of ASCII all at once, then the others but for typographic marks, which have no case. */
#define LOWER(name, type)                                                                                              \
    VECTOR static int name(const type *restrict from, Py_ssize_t length, type *restrict to)                            \
    {                                                                                                                  \
        const int is_wide = sizeof(type) > 1;                                                                          \
        for (Py_ssize_t i = 0; i < length; i++)                                                                        \
            to[i] = (type)(from[i] | (type)((type)(from[i] - 'A') < 26) << 5);                                         \
        for (Py_ssize_t i = 0, end; i < length; i = end) {                                                             \
            end = i + BLOCK < length ? i + BLOCK : length;                                                             \
            type any = end - i < BLOCK;                                                                                \
            if (!any)                                                                                                  \
                for (int k = 0; k < BLOCK; k++)                                                                        \
                    any |= (from[i + k] > 127) & !(is_wide & ((type)(from[i + k] - 0x2010) < 0x18));                   \
            for (Py_ssize_t k = i; any && k < end; k++) {                                                              \
                if (from[k] < 128 || is_typographic(from[k]))                                                          \
                    continue;                                                                                          \
                if (is_special(from[k]))                                                                               \
                    return 0;                                                                                          \
                to[k] = (type)Py_UNICODE_TOLOWER(from[k]);                                                             \
            }                                                                                                          \
        }                                                                                                              \
        return 1;                                                                                                      \
    }
LOWER(lower_one, Py_UCS1)
LOWER(lower_two, Py_UCS2)
LOWER(lower_four, Py_UCS4)

int lower_into(Characters t, Py_ssize_t start, Py_ssize_t length, void *to)
{
    const char *from = (const char *)t.data + start * t.kind;
    return t.kind == 1 ? lower_one((const Py_UCS1 *)from, length, to)
         : t.kind == 2 ? lower_two((const Py_UCS2 *)from, length, to)
                       : lower_four((const Py_UCS4 *)from, length, to);
}

static PyObject *lowered_by_python(PyObject *text, Py_ssize_t start, Py_ssize_t stop)
{
    static PyObject *name; /* made once: Python remembers names it looked up by where they lie, and keeps them */
    if (!name && !(name = PyUnicode_InternFromString("lower")))
        return NULL;
    PyObject *part = PyUnicode_Substring(text, start, stop);
    PyObject *found = part ? PyObject_CallMethodNoArgs(part, name) : NULL;
    Py_XDECREF(part);
    return found;
}

/* Whether text[start:stop] is one; 0 with an exception set. */
static int is_inside(PyObject *text, Py_ssize_t start, Py_ssize_t stop)
{
    if (start >= 0 && start <= stop && stop <= PyUnicode_GET_LENGTH(text))
        return 1;
    PyErr_SetString(PyExc_ValueError, "the part lies outside the text");
    return 0;
}

/* Take text, start and stop; 0, or -1 with an exception set. */
static int take_part(PyObject *args, PyObject **text, Py_ssize_t *start, Py_ssize_t *stop)
{
    return PyArg_ParseTuple(args, "Unn", text, start, stop) && is_inside(*text, *start, *stop) ? 0 : -1;
}

PyObject *lowered_part(PyObject *text, Py_ssize_t start, Py_ssize_t stop)
{
    Characters t = characters_of(text);
    if (PyUnicode_IS_ASCII(text)) {
        PyObject *found = PyUnicode_New(stop - start, 127);
        if (found)
            lower_into(t, start, stop - start, PyUnicode_DATA(found));
        return found;
    }
    void *to = PyMem_Malloc((stop - start + 1) * t.kind);
    if (!to)
        return PyErr_NoMemory();
    PyObject *found = lower_into(t, start, stop - start, to) ? PyUnicode_FromKindAndData(t.kind, to, stop - start)
                                                        : lowered_by_python(text, start, stop);
    PyMem_Free(to);
    return found;
}

PyObject *lowered(PyObject *text) { return lowered_part(text, 0, PyUnicode_GET_LENGTH(text)); }

PyObject *replaced(PyObject *text, Py_UCS4 character, const char *by)
{
    if (PyUnicode_FindChar(text, character, 0, PyUnicode_GET_LENGTH(text), 1) < 0)
        return Py_NewRef(text);
    PyObject *one = PyUnicode_FromOrdinal((int)character), *other = PyUnicode_FromString(by);
    PyObject *found = one && other ? PyUnicode_Replace(text, one, other, -1) : NULL;
    Py_XDECREF(one);
    Py_XDECREF(other);
    return found;
}

PyObject *kernel_lowered(PyObject *self, PyObject *args)
{
    PyObject *text;
    Py_ssize_t start, stop;
    return take_part(args, &text, &start, &stop) < 0 ? NULL : lowered_part(text, start, stop);
}

/* Whether no block of letters from text[0] on has blanks beside each other (text[-1] is read), or others than the
 * space. */
#define PLAIN(name, type)                                                                                              \
    VECTOR static int name(const type *text)                                                                           \
    {                                                                                                                  \
        type odd = 0;                                                                                                  \
        for (int k = 0; k < BLOCK; k++) {                                                                              \
            type one = text[k], before = text[k - 1];                                                                  \
            odd |= (type)((one < ' ') | (one > '~') | ((one == ' ') & (before == ' ')));                               \
        }                                                                                                              \
        return !odd;                                                                                                   \
    }
PLAIN(plain_one, Py_UCS1)
PLAIN(plain_two, Py_UCS2)
PLAIN(plain_four, Py_UCS4)

#define EVEN(name, type, is_plain)                                                                                     \
    static Py_ssize_t name(const type *text, Py_ssize_t length, type *to)                                              \
    {                                                                                                                  \
        Py_ssize_t made = 0;                                                                                           \
        int was_space = 1;                                                                                             \
        to[made++] = ' ';                                                                                              \
        for (Py_ssize_t i = 0; i < length;) {                                                                          \
            if (i && length - i >= BLOCK && !(was_space && text[i] == ' ') && is_plain(text + i)) {                    \
                memcpy(to + made, text + i, BLOCK * sizeof *text);                                                     \
                made += BLOCK;                                                                                         \
                i += BLOCK;                                                                                            \
                was_space = text[i - 1] == ' ';                                                                        \
                continue;                                                                                              \
            }                                                                                                          \
            Py_ssize_t end = i + BLOCK < length ? i + BLOCK : length;                                                  \
            for (; i < end; i++) {                                                                                     \
                int is_space = (classes(text[i]) & SPACE) != 0;                                                        \
                to[made] = is_space ? ' ' : text[i];                                                                   \
                made += !(is_space & was_space);                                                                       \
                was_space = is_space;                                                                                  \
            }                                                                                                          \
        }                                                                                                              \
        if (made == 1 || !was_space)                                                                                   \
            to[made++] = ' ';                                                                                          \
        return made;                                                                                                   \
    }
EVEN(even_one, Py_UCS1, plain_one)
EVEN(even_two, Py_UCS2, plain_two)
EVEN(even_four, Py_UCS4, plain_four)

Py_ssize_t even_into(Characters t, Py_ssize_t length, void *to)
{
    void *from = (void *)t.data;
    return t.kind == 1   ? even_one(from, length, to)
           : t.kind == 2 ? even_two(from, length, to)
                         : even_four(from, length, to);
}

int prepare(PyObject *text, Py_ssize_t start, Py_ssize_t stop, Prepared *prepared)
{
    if (!is_inside(text, start, stop))
        return -1;
    PyObject *part = NULL; /* by Python's rules */
    Characters t = characters_of(text);
    Py_ssize_t length = stop - start;
    void *small = PyMem_Malloc((length + 1) * t.kind), *to = NULL;
    if (!small) {
        PyErr_NoMemory();
    } else if (lower_into(t, start, length, small)) {
        t.data = small;
    } else if ((part = lowered_by_python(text, start, stop))) {
        t = characters_of(part);
        length = PyUnicode_GET_LENGTH(part);
    }
    if (!PyErr_Occurred() && !(to = PyMem_Malloc((length + 3) * t.kind)))
        PyErr_NoMemory();
    if (to)
        *prepared = (Prepared){{t.kind, to}, even_into(t, length, to), to};
    PyMem_Free(small);
    Py_XDECREF(part);
    return to ? 0 : -1;
}

PyObject *kernel_prepared(PyObject *self, PyObject *args)
{
    PyObject *text;
    Py_ssize_t start, stop;
    Prepared prepared;
    if (take_part(args, &text, &start, &stop) < 0 || prepare(text, start, stop, &prepared) < 0)
        return NULL;
    PyObject *found = PyUnicode_FromKindAndData(prepared.characters.kind, prepared.block, prepared.length);
    PyMem_Free(prepared.block);
    return found;
}
