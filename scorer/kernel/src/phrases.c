/* Set phrases of a text, found in one pass whatever their number: scorer.signals.transparency, written out. */
#include "characters.h"

enum { BITS = 14, PLACES = 1 << BITS, ANCHOR = 3 /* characters a phrase is told by */, BLOCK = 256, NONE = 127 };

/* A letter in lower case, a typographic apostrophe as the plain one. */
static inline Py_UCS4 plain(Py_UCS4 c)
{
    if (c < 128)
        return c | (Py_UCS4)(c >= 'A' && c <= 'Z') << 5;
    return c == 0x2019 ? '\'' : Py_UNICODE_TOLOWER(c);
}

/* The same of what phrases are told by, which is ASCII; NONE for what tells none. */
static inline uint8_t plain_ascii(Py_UCS4 c)
{
    c = c == 0x2019 ? '\'' : c;
    c = c == 0x212A ? 'K' : c;
    return (uint8_t)(c < 128 ? c | (Py_UCS4)(c - 'A' < 26) << 5 : NONE);
}

INLINE void places_in(Characters t, Py_ssize_t from, Py_ssize_t count, uint16_t *places)
{
    uint8_t small[BLOCK + ANCHOR - 1];
    for (Py_ssize_t i = 0; i < count + ANCHOR - 1; i++)
        small[i] = plain_ascii(at(t, from + i));
    for (Py_ssize_t i = 0; i < count; i++)
        places[i] = (uint16_t)(small[i] * 40503 + small[i + 1] * 30103 + small[i + 2] * 9973) >> (16 - BITS);
}

/* Where phrases are looked up that are told by what stands at `from` and the `count` (BLOCK at most) characters there:
 * scorer.signals.transparency._place. */
VECTOR static int places_of(Characters text, Py_ssize_t from, Py_ssize_t count, uint16_t *places)
{
    int done;
    BY_WIDTH(done, text, (places_in(t, from, count, places), 1));
    return done;
}

INLINE int stands_at(Characters t, Py_ssize_t i, Py_ssize_t start, Py_ssize_t end, PyObject *phrase)
{
    Characters p = characters_of(phrase);
    Py_ssize_t length = PyUnicode_GET_LENGTH(phrase);
    if (i < start || length > end - i)
        return 0;
    for (Py_ssize_t k = length - 1; k >= 0; k--)
        if (plain(at(t, i + k)) != at(p, k))
            return 0;
    return 1;
}

/* The phrases and how they are looked up: for each place the last phrase whose anchor leads there, for each phrase the
 * one before it that does so, too, and where in the phrase its anchor stands. */
typedef struct {
    PyObject *phrases;
    const int16_t *first_of, *next, *anchor;
    char *seen;
} Phrases;

/* Note a phrase that stands at i; 0, or -1 with an exception set. */
static int note(PyObject *found, int number, Py_ssize_t i)
{
    PyObject *place = Py_BuildValue("(in)", number, i);
    int added = place ? PyList_Append(found, place) : -1;
    Py_XDECREF(place);
    return added;
}

/* Add the phrases whose anchor stands at i to `found`, but for those seen before; 0, or -1 with an exception set. */
static int note_those_at(Characters text, Py_ssize_t i, Py_ssize_t start, Py_ssize_t end, const Phrases *p, int last,
                         PyObject *found)
{
    if (last >= PyTuple_GET_SIZE(p->phrases)) { /* looked at here: the table is longer than most texts */
        PyErr_SetString(PyExc_ValueError, "the phrases and their chains do not fit each other");
        return -1;
    }
    for (int k = last; k >= 0; k = p->next[k]) {
        int stands = 0;
        Py_ssize_t from = i - p->anchor[k];
        if (!p->seen[k])
            BY_WIDTH(stands, text, stands_at(t, from, start, end, PyTuple_GET_ITEM(p->phrases, k)));
        if (!stands)
            continue;
        p->seen[k] = 1;
        if (note(found, k, from) < 0)
            return -1;
    }
    return 0;
}

/* Add the phrases of a part to `found`, each where it stands first; 0, or -1 with an exception set. */
static int find_all(Characters text, Py_ssize_t start, Py_ssize_t end, const Phrases *p, PyObject *found)
{
    uint16_t places[BLOCK];
    Py_ssize_t stop = end - ANCHOR + 1, count;
    for (Py_ssize_t from = start; from < stop; from += count) {
        count = stop - from < BLOCK ? stop - from : BLOCK;
        places_of(text, from, count, places);
        for (Py_ssize_t i = 0; i < count; i++) {
            int last = p->first_of[places[i]];
            if (last >= 0 && note_those_at(text, from + i, start, end, p, last, found) < 0)
                return -1;
        }
    }
    return 0;
}

static PyObject *phrases_of(Characters text, Py_ssize_t start, Py_ssize_t end, Phrases *p)
{
    PyObject *found = PyList_New(0);
    int status = -1;
    p->seen = PyMem_Calloc(PyTuple_GET_SIZE(p->phrases) + 1, 1);
    if (found && p->seen)
        status = find_all(text, start, end, p, found);
    else
        PyErr_NoMemory();
    if (status < 0)
        Py_CLEAR(found);
    PyMem_Free(p->seen);
    return found;
}

PyObject *kernel_phrases(PyObject *self, PyObject *args)
{
    enum { FIRST_OF, NEXT, AT, ARRAYS };
    static const char *const names[ARRAYS] = {"first_of", "next", "anchors"};
    PyObject *text, *phrases, *given[ARRAYS], *found = NULL;
    Py_ssize_t start, end;
    Array a[ARRAYS];
    if (!PyArg_ParseTuple(args, "UnnO!OOO", &text, &start, &end, &PyTuple_Type, &phrases, &given[FIRST_OF],
                          &given[NEXT], &given[AT]) ||
        arrays_take(given, a, "hhh", names) < 0)
        return NULL;
    Phrases p = {phrases, a[FIRST_OF].view.buf, a[NEXT].view.buf, a[AT].view.buf, NULL};
    Py_ssize_t count = PyTuple_GET_SIZE(phrases);
    int good = start >= 0 && start <= end && end <= PyUnicode_GET_LENGTH(text) && a[FIRST_OF].count == PLACES &&
               a[NEXT].count == count && a[AT].count == count;
    for (Py_ssize_t k = 0; good && k < count; k++) /* a chain falls, so that it ends */
        good = PyUnicode_Check(PyTuple_GET_ITEM(phrases, k)) && p.next[k] >= -1 && p.next[k] < k && p.anchor[k] >= 0;
    if (good)
        found = phrases_of(characters_of(text), start, end, &p);
    else
        PyErr_SetString(PyExc_ValueError, "the part, the phrases and their chains do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
