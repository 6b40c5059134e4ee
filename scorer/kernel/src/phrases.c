/* Set phrases of a text, found in one pass whatever their number: scorer.signals.transparency, written out. */
#include "characters.h"

enum { BITS = 14, PLACES = 1 << BITS };

/* Where phrases that begin with these three are looked up: scorer.signals.transparency._place. */
static inline uint32_t place_of(Py_UCS4 one, Py_UCS4 two, Py_UCS4 three)
{
    return ((one & 127) << 14 | (two & 127) << 7 | (three & 127)) * UINT32_C(2654435761) >> (32 - BITS);
}

/* A letter in lower case, a typographic apostrophe as the plain one. */
static inline Py_UCS4 plain(Py_UCS4 c)
{
    if (c < 128)
        return c | (Py_UCS4)(c >= 'A' && c <= 'Z') << 5;
    return c == 0x2019 ? '\'' : Py_UNICODE_TOLOWER(c);
}

INLINE int stands_at(Characters t, Py_ssize_t i, Py_ssize_t end, PyObject *phrase)
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

/* Note a phrase that stands at i; 0, or -1 with an exception set. */
static int note(PyObject *found, int number, Py_ssize_t i)
{
    PyObject *place = Py_BuildValue("(in)", number, i);
    int added = place ? PyList_Append(found, place) : -1;
    Py_XDECREF(place);
    return added;
}

/* Add the phrases of a part to `found`, each where it stands first; 0, or -1 with an exception set. */
INLINE int find_all(Characters t, Py_ssize_t start, Py_ssize_t end, PyObject *phrases, const int16_t *first_of,
                    const int16_t *next, char *seen, PyObject *found)
{
    Py_UCS4 one, two = start < end ? plain(at(t, start)) : 0, three = start + 1 < end ? plain(at(t, start + 1)) : 0;
    for (Py_ssize_t i = start; i + 2 < end; i++) {
        one = two;
        two = three;
        three = plain(at(t, i + 2));
        for (int k = first_of[place_of(one, two, three)]; k >= 0; k = next[k]) {
            if (k >= PyTuple_GET_SIZE(phrases)) { /* looked at here: the table is longer than most texts */
                PyErr_SetString(PyExc_ValueError, "the phrases and their chains do not fit each other");
                return -1;
            }
            if (seen[k] || !stands_at(t, i, end, PyTuple_GET_ITEM(phrases, k)))
                continue;
            seen[k] = 1;
            if (note(found, k, i) < 0)
                return -1;
        }
    }
    return 0;
}

static PyObject *places_of(Characters text, Py_ssize_t start, Py_ssize_t end, PyObject *phrases,
                           const int16_t *first_of, const int16_t *next)
{
    PyObject *found = PyList_New(0);
    char *seen = PyMem_Calloc(PyTuple_GET_SIZE(phrases) + 1, 1);
    int status = -1;
    if (found && seen) {
        BY_WIDTH(status, text, find_all(t, start, end, phrases, first_of, next, seen, found));
    } else {
        PyErr_NoMemory();
    }
    if (status < 0)
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
    int good = start >= 0 && start <= end && end <= PyUnicode_GET_LENGTH(text) && a[FIRST_OF].count == PLACES &&
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
