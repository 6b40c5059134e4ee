/* Set phrases of a text, found in one pass whatever their number: scorer.signals.transparency, written out. */
#include "characters.h"

enum { BITS = 14, PLACES = 1 << BITS, BEGINNING = 3, BLOCK = 256, NONE = 127 };

/* A letter in lower case, a typographic apostrophe as the plain one. */
static inline Py_UCS4 plain(Py_UCS4 c)
{
    if (c < 128)
        return c | (Py_UCS4)(c >= 'A' && c <= 'Z') << 5;
    return c == 0x2019 ? '\'' : Py_UNICODE_TOLOWER(c);
}

/* The same of what phrases begin with, which is ASCII; NONE for what is in no beginning. */
static inline uint8_t plain_ascii(Py_UCS4 c)
{
    c = c == 0x2019 ? '\'' : c;
    c = c == 0x212A ? 'K' : c;
    return (uint8_t)(c < 128 ? c | (Py_UCS4)(c - 'A' < 26) << 5 : NONE);
}

INLINE void places_in(Characters t, Py_ssize_t from, Py_ssize_t count, uint16_t *places)
{
    uint8_t small[BLOCK + BEGINNING - 1];
    for (Py_ssize_t i = 0; i < count + BEGINNING - 1; i++)
        small[i] = plain_ascii(at(t, from + i));
    for (Py_ssize_t i = 0; i < count; i++)
        places[i] = (uint32_t)(small[i] << 14 | small[i + 1] << 7 | small[i + 2]) * UINT32_C(2654435761) >> (32 - BITS);
}

/* Where phrases are looked up that begin at `from` and the `count` (BLOCK at most) characters there:
 * scorer.signals.transparency._place. */
VECTOR static int places_of(Characters text, Py_ssize_t from, Py_ssize_t count, uint16_t *places)
{
    int done;
    BY_WIDTH(done, text, (places_in(t, from, count, places), 1));
    return done;
}

INLINE int stands_at(Characters t, Py_ssize_t i, Py_ssize_t end, PyObject *phrase)
{
    Characters p = characters_of(phrase);
    Py_ssize_t length = PyUnicode_GET_LENGTH(phrase);
    if (length > end - i)
        return 0;
    for (Py_ssize_t k = length - 1; k >= 0; k--) /* the beginnings are alike: that is how the phrase was found */
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

/* Add the phrases that begin at i to `found`, but for those seen before; 0, or -1 with an exception set. */
static int note_those_at(Characters text, Py_ssize_t i, Py_ssize_t end, PyObject *phrases, int last,
                         const int16_t *next, char *seen, PyObject *found)
{
    if (last >= PyTuple_GET_SIZE(phrases)) { /* looked at here: the table is longer than most texts */
        PyErr_SetString(PyExc_ValueError, "the phrases and their chains do not fit each other");
        return -1;
    }
    for (int k = last; k >= 0; k = next[k]) {
        int stands = 0;
        if (!seen[k])
            BY_WIDTH(stands, text, stands_at(t, i, end, PyTuple_GET_ITEM(phrases, k)));
        if (!stands)
            continue;
        seen[k] = 1;
        if (note(found, k, i) < 0)
            return -1;
    }
    return 0;
}

/* Add the phrases of a part to `found`, each where it stands first; 0, or -1 with an exception set. */
static int find_all(Characters text, Py_ssize_t start, Py_ssize_t end, PyObject *phrases, const int16_t *first_of,
                    const int16_t *next, char *seen, PyObject *found)
{
    uint16_t places[BLOCK];
    Py_ssize_t stop = end - BEGINNING + 1, count;
    for (Py_ssize_t from = start; from < stop; from += count) {
        count = stop - from < BLOCK ? stop - from : BLOCK;
        places_of(text, from, count, places);
        for (Py_ssize_t i = 0; i < count; i++) {
            int last = first_of[places[i]];
            if (last >= 0 && note_those_at(text, from + i, end, phrases, last, next, seen, found) < 0)
                return -1;
        }
    }
    return 0;
}

static PyObject *phrases_of(Characters text, Py_ssize_t start, Py_ssize_t end, PyObject *phrases,
                            const int16_t *first_of, const int16_t *next)
{
    PyObject *found = PyList_New(0);
    char *seen = PyMem_Calloc(PyTuple_GET_SIZE(phrases) + 1, 1);
    int status = -1;
    if (found && seen)
        status = find_all(text, start, end, phrases, first_of, next, seen, found);
    else
        PyErr_NoMemory();
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
        found = phrases_of(characters_of(text), start, end, phrases, first_of, next);
    else
        PyErr_SetString(PyExc_ValueError, "the part, the phrases and their chains do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
