/* Set phrases of a text, found in one pass whatever their number: scorer.signals.transparency, written out. */
#include "characters.h"

enum { PAIR_BITS = 7, PAIRS = 1 << (2 * PAIR_BITS) };

/* A letter in lower case, a typographic apostrophe as the plain one. */
static inline Py_UCS4 plain(Py_UCS4 c)
{
    if (c < 128)
        return c | (Py_UCS4)(c >= 'A' && c <= 'Z') << 5;
    return c == 0x2019 ? '\'' : Py_UNICODE_TOLOWER(c);
}

static int stands_at(Characters t, Py_ssize_t i, Py_ssize_t end, PyObject *phrase)
{
    Characters p = characters_of(phrase);
    Py_ssize_t length = PyUnicode_GET_LENGTH(phrase);
    if (length > end - i)
        return 0;
    for (Py_ssize_t k = 0; k < length; k++)
        if (plain(at(t, i + k)) != at(p, k))
            return 0;
    return 1;
}

static PyObject *places_of(Characters t, Py_ssize_t start, Py_ssize_t end, PyObject *phrases, const int16_t *first_of,
                           const int16_t *next)
{
    PyObject *found = PyList_New(0);
    char *seen = PyMem_Calloc(PyTuple_GET_SIZE(phrases) + 1, 1);
    if (!seen)
        PyErr_NoMemory();
    Py_UCS4 one, two = start < end ? plain(at(t, start)) : 0;
    for (Py_ssize_t i = start; found && seen && i + 1 < end; i++) {
        one = two;
        two = plain(at(t, i + 1));
        for (int k = first_of[(one & 127) << PAIR_BITS | (two & 127)]; k >= 0; k = next[k]) {
            if (k >= PyTuple_GET_SIZE(phrases)) { /* looked at here: the table is longer than most texts */
                PyErr_SetString(PyExc_ValueError, "the phrases and their chains do not fit each other");
                Py_CLEAR(found);
                break;
            }
            if (seen[k] || !stands_at(t, i, end, PyTuple_GET_ITEM(phrases, k)))
                continue;
            seen[k] = 1;
            PyObject *place = Py_BuildValue("(in)", k, i);
            int added = place ? PyList_Append(found, place) : -1;
            Py_XDECREF(place);
            if (added < 0) {
                Py_CLEAR(found);
                break;
            }
        }
    }
    if (!seen)
        Py_CLEAR(found);
    PyMem_Free(seen);
    return found;
}

PyObject *kernel_phrases(PyObject *self, PyObject *args)
{
    enum { FIRST_OF, NEXT, ARRAYS };
    static const char *const names[ARRAYS] = {"first_of", "next"};
    PyObject *text, *phrases, *given[ARRAYS], *found = NULL;
    Py_ssize_t start, end;
    Array a[ARRAYS];
    if (!PyArg_ParseTuple(args, "UnnO!OO", &text, &start, &end, &PyTuple_Type, &phrases, &given[FIRST_OF], &given[NEXT]) ||
        arrays_take(given, a, "hh", names) < 0)
        return NULL;
    const int16_t *first_of = a[FIRST_OF].view.buf, *next = a[NEXT].view.buf;
    Py_ssize_t count = PyTuple_GET_SIZE(phrases);
    int good = start >= 0 && start <= end && end <= PyUnicode_GET_LENGTH(text) && a[FIRST_OF].count == PAIRS &&
               a[NEXT].count == count;
    for (Py_ssize_t k = 0; good && k < count; k++) /* a chain falls, so that it ends */
        good = PyUnicode_Check(PyTuple_GET_ITEM(phrases, k)) && next[k] >= -1 && next[k] < k;
    if (good)
        found = places_of(characters_of(text), start, end, phrases, first_of, next);
    else
        PyErr_SetString(PyExc_ValueError, "the part, the phrases and their chains do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
