#include "cover.h"
#include <stdlib.h>

/* Keys of an attribution, and kinds of sources, as strings that are made once. */
enum { CONTENT, SOURCE, SOURCE_KIND, CUE, ORGANISATION, SOURCELESS, NAMES };
static PyObject *names[NAMES];
enum { FEW = 64 }; /* so few are inserted one by one */

static int names_init(void)
{
    static const char *const written[NAMES] = {"content", "source", "source_kind", "cue", "organisation", "sourceless"};
    for (int i = 0; i < NAMES; i++)
        if (!names[i] && !(names[i] = PyUnicode_InternFromString(written[i])))
            return -1;
    return 0;
}

static int compare(const void *one, const void *other)
{
    const int64_t *a = one, *b = other; /* start, stop, owner */
    for (int k = 0; k < 3; k++)
        if (a[k] != b[k])
            return a[k] < b[k] ? -1 : 1;
    return 0;
}

/* In order; a signal's attributions nearly are. */
static void sort(Piece *pieces, Py_ssize_t count)
{
    if (count > FEW) {
        qsort(pieces, count, sizeof *pieces, compare);
        return;
    }
    for (Py_ssize_t i = 1; i < count; i++) {
        Piece piece = pieces[i];
        Py_ssize_t at = i;
        for (; at && compare(&pieces[at - 1], &piece) > 0; at--)
            pieces[at] = pieces[at - 1];
        pieces[at] = piece;
    }
}

/* A pair [start, stop] into a piece; 0, or -1 with an exception set. */
static int read_piece(PyObject *pair, int64_t owner, Piece *piece)
{
    if (PyList_CheckExact(pair) && PyList_GET_SIZE(pair) == 2 && PyLong_CheckExact(PyList_GET_ITEM(pair, 0)) &&
        PyLong_CheckExact(PyList_GET_ITEM(pair, 1))) { /* as the signal gives it: no code runs */
        *piece = (Piece){PyLong_AsLongLong(PyList_GET_ITEM(pair, 0)), PyLong_AsLongLong(PyList_GET_ITEM(pair, 1)),
                         owner};
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *both = PySequence_Tuple(pair); /* which stays as it is, whatever a number's code does */
    if (!both)
        return -1;
    if (PyTuple_GET_SIZE(both) != 2)
        PyErr_SetString(PyExc_ValueError, "a piece is a pair of places");
    else
        *piece = (Piece){PyLong_AsLongLong(PyTuple_GET_ITEM(both, 0)),
                         PyLong_AsLongLong(PyTuple_GET_ITEM(both, 1)), owner};
    Py_DECREF(both);
    return PyErr_Occurred() ? -1 : 0;
}

/* How many pieces of content an attribution has, which go into `content`; NULL only counts. -1 with an exception set.
 */
static Py_ssize_t read_content(PyObject *attribution, int64_t owner, Piece *content)
{
    PyObject *given = PyDict_GetItem(attribution, names[CONTENT]);
    if (!given || given == Py_None)
        return 0;
    if (!PyList_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "the content of an attribution is a list");
        return -1;
    }
    Py_ssize_t count = PyList_GET_SIZE(given), read = 0;
    if (!content)
        return count;
    Py_INCREF(given); /* a number's code may take it away, or what is in it */
    for (int status = 0; !status && read < count && read < PyList_GET_SIZE(given); read += !status) {
        PyObject *pair = Py_NewRef(PyList_GET_ITEM(given, read));
        status = read_piece(pair, owner, &content[read]);
        Py_DECREF(pair);
    }
    Py_DECREF(given);
    if (read < count && !PyErr_Occurred())
        PyErr_SetString(PyExc_RuntimeError, "attributions changed while they were read");
    return read < count ? -1 : count;
}

static int read_kind(PyObject *attribution, PyObject *kinds, uint8_t *kind)
{
    PyObject *source = PyDict_GetItem(attribution, names[SOURCE]);
    int has_source = source && PyObject_IsTrue(source) > 0;
    PyObject *name = has_source ? PyDict_GetItem(attribution, names[SOURCE_KIND]) : NULL;
    PyObject *number = name ? PyDict_GetItemWithError(kinds, name) : NULL;
    if (!number && !PyErr_Occurred())
        number = PyDict_GetItem(kinds, names[has_source ? ORGANISATION : SOURCELESS]);
    long value = number ? PyLong_AsLong(number) : -1;
    if (value < 0 || value > UINT8_MAX) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "a kind of source is a small number");
        return -1;
    }
    *kind = (uint8_t)value;
    return 0;
}

/* One attribution into the lists, which are large enough for `room` pieces of content. */
static int read_one(Cover *cover, PyObject *attribution, PyObject *kinds, int64_t owner, Py_ssize_t room)
{
    if (read_kind(attribution, kinds, &cover->kind[owner]) < 0)
        return -1;
    PyObject *cue = Py_XNewRef(PyDict_GetItem(attribution, names[CUE]));
    int status = cue && PyObject_IsTrue(cue) > 0 ? read_piece(cue, owner, &cover->cues[cover->cue_count]) : 1;
    Py_XDECREF(cue);
    if (status < 0 || PyErr_Occurred())
        return -1;
    cover->cue_of[owner] = status ? NO_CUE : cover->cues[cover->cue_count++].start;
    Py_ssize_t count = read_content(attribution, owner, NULL);
    if (count < 0 || count > room - cover->content_count) {
        if (count >= 0)
            PyErr_SetString(PyExc_RuntimeError, "attributions changed while they were read");
        return -1;
    }
    if (read_content(attribution, owner, cover->content + cover->content_count) < 0)
        return -1;
    cover->content_count += count;
    return 0;
}

int cover_take(Cover *cover, PyObject *attributions, PyObject *kinds)
{
    Py_ssize_t room = 0;
    *cover = (Cover){.count = PyTuple_GET_SIZE(attributions)};
    if (names_init() < 0)
        return -1;
    for (Py_ssize_t i = 0; i < cover->count; i++) {
        PyObject *attribution = PyTuple_GET_ITEM(attributions, i);
        Py_ssize_t more = PyDict_Check(attribution) ? read_content(attribution, i, NULL) : -1;
        if (more < 0) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_TypeError, "an attribution is a dictionary");
            return -1;
        }
        room += more;
    }
    cover->content = PyMem_Calloc(room + 1, sizeof *cover->content);
    cover->cues = PyMem_Calloc(cover->count + 1, sizeof *cover->cues);
    cover->cue_of = PyMem_Calloc(cover->count + 1, sizeof *cover->cue_of);
    cover->kind = PyMem_Calloc(cover->count + 1, 1);
    if (!cover->content || !cover->cues || !cover->cue_of || !cover->kind) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < cover->count; i++)
        if (read_one(cover, PyTuple_GET_ITEM(attributions, i), kinds, i, room) < 0)
            return -1;
    sort(cover->content, cover->content_count);
    sort(cover->cues, cover->cue_count);
    int64_t far = -1, who = -1;
    for (Py_ssize_t i = 0; i < cover->content_count; i++) {
        Piece *piece = &cover->content[i];
        if (piece->stop > far) {
            far = piece->stop;
            who = piece->owner;
        }
        piece->stop = far;
        piece->owner = who;
    }
    return 0;
}

void cover_drop(Cover *cover)
{
    PyMem_Free(cover->content);
    PyMem_Free(cover->cues);
    PyMem_Free(cover->cue_of);
    PyMem_Free(cover->kind);
}

/* How many pieces start before `place`. */
static Py_ssize_t started(const Piece *pieces, Py_ssize_t count, int64_t place)
{
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (pieces[middle].start < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t cover_holder(const Cover *cover, int64_t place)
{
    Py_ssize_t i = started(cover->content, cover->content_count, place + 1) - 1;
    return i >= 0 && cover->content[i].stop > place ? cover->content[i].owner : -1;
}

Py_ssize_t cover_cue_from(const Cover *cover, int64_t place)
{
    return started(cover->cues, cover->cue_count, place);
}
