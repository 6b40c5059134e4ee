/* Tags of a page with more outside their quoted values than a parser should be given: scorer.page._giant_tags, written
 * out. */
#include "characters.h"

enum { NAME_CHARACTERS = 31 };

static inline int is_blank(Py_UCS4 c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline int is_letter(Py_UCS4 c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static inline int in_name(Py_UCS4 c) { return is_letter(c) || (c >= '0' && c <= ':') || c == '-'; }

/* Whether these small letters stand at i, in whatever case. */
INLINE int reads(Characters t, Py_ssize_t i, Py_ssize_t length, const char *small)
{
    for (; *small; small++, i++)
        if (i >= length || (at(t, i) | 32) != (Py_UCS4)*small)
            return 0;
    return 1;
}

/* Where the quoted value behind the "=" at i ends; 0 where none is closed there. */
INLINE Py_ssize_t quoted_end(Characters t, PyObject *html, Py_ssize_t i, Py_ssize_t length)
{
    for (i++; i < length && is_blank(at(t, i)); i++)
        ;
    if (i >= length || (at(t, i) != '"' && at(t, i) != '\''))
        return 0;
    return PyUnicode_FindChar(html, at(t, i), i + 1, length, 1) + 1;
}

/* Where the script or style sheet that begins at i ends; -1 where it does not. */
INLINE Py_ssize_t raw_end(Characters t, PyObject *html, Py_ssize_t i, Py_ssize_t length)
{
    for (; (i = PyUnicode_FindChar(html, '<', i, length, 1)) >= 0; i++)
        if (i + 1 < length && at(t, i + 1) == '/' &&
            (reads(t, i + 2, length, "script") || reads(t, i + 2, length, "style")))
            return i;
    return -1;
}

/* Add to `found` where the name of each giant tag ends, and where the tag does; 0, or -1 with an exception set. */
INLINE int find_all(Characters t, PyObject *html, Py_ssize_t length, Py_ssize_t limit, PyObject *found)
{
    Py_ssize_t i = 0;
    while (i >= 0 && (i = PyUnicode_FindChar(html, '<', i, length, 1)) >= 0) {
        Py_ssize_t first = ++i, quoted = 0;
        if (i >= length || !is_letter(at(t, i)))
            continue;
        while (i < length && i - first < NAME_CHARACTERS && in_name(at(t, i)))
            i++;
        Py_ssize_t name_end = i;
        while (i < length && at(t, i) != '>') {
            Py_ssize_t end = at(t, i) == '=' ? quoted_end(t, html, i, length) : 0;
            quoted += end ? end - i : 0;
            i = end ? end : i + 1;
        }
        if (i - first + 1 - quoted > limit) {
            PyObject *tag = Py_BuildValue("(nn)", name_end, i);
            int added = tag ? PyList_Append(found, tag) : -1;
            Py_XDECREF(tag);
            if (added < 0)
                return -1;
        }
        Py_ssize_t name = name_end - first;
        if ((name == 6 && reads(t, first, length, "script")) || (name == 5 && reads(t, first, length, "style")))
            i = raw_end(t, html, i, length);
    }
    return 0;
}

PyObject *kernel_giant_tags(PyObject *self, PyObject *args)
{
    PyObject *html, *found;
    Py_ssize_t limit;
    if (!PyArg_ParseTuple(args, "Un", &html, &limit) || !(found = PyList_New(0)))
        return NULL;
    int status;
    BY_WIDTH(status, characters_of(html), find_all(t, html, PyUnicode_GET_LENGTH(html), limit, found));
    if (status < 0)
        Py_CLEAR(found);
    return found;
}
