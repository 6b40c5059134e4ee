/* The terms that say most, none over a token of another: scorer.verdict.strongest, written out. */
#include "kernel.h"

typedef struct {
    double value;
    Py_ssize_t place;
} Strong;

enum { MOST_LOOKED_AT = 256 };

/* Keep the `room` largest values, the earlier of equal ones first; gives how many there are. */
static Py_ssize_t largest(const double *values, Py_ssize_t count, Strong *kept, Py_ssize_t room)
{
    Py_ssize_t held = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (held == room && !(values[i] > kept[held - 1].value))
            continue;
        Py_ssize_t at = held < room ? held++ : held - 1;
        for (; at && kept[at - 1].value < values[i]; at--)
            kept[at] = kept[at - 1];
        kept[at] = (Strong){values[i], i};
    }
    return held;
}

/* strongest(values, first, width, looked_at, wanted) */
PyObject *kernel_strongest(PyObject *self, PyObject *args)
{
    static const char *const names[] = {"values", "first", "width"};
    PyObject *given[3], *found = NULL;
    Array arrays[3];
    Py_ssize_t looked_at, wanted, taken = 0;
    if (!PyArg_ParseTuple(args, "OOOnn", &given[0], &given[1], &given[2], &looked_at, &wanted) ||
        arrays_take(given, arrays, "dqq", names) < 0)
        return NULL;
    Py_ssize_t count = arrays[0].count;
    if (arrays[1].count != count || arrays[2].count != count || looked_at < 1 || looked_at > MOST_LOOKED_AT)
        PyErr_Format(PyExc_ValueError, "values, first and width are of one length, at most %d are looked at",
                     MOST_LOOKED_AT);
    else
        found = PyList_New(0);
    if (found) {
        Strong kept[MOST_LOOKED_AT];
        Py_ssize_t places[MOST_LOOKED_AT], held = largest(arrays[0].view.buf, count, kept, looked_at);
        const int64_t *begins = arrays[1].view.buf, *wide = arrays[2].view.buf;
        for (Py_ssize_t i = 0; found && i < held && taken < wanted; i++) {
            int64_t begin = begins[kept[i].place], end = begin + wide[kept[i].place];
            int free = 1;
            for (Py_ssize_t j = 0; free && j < taken; j++)
                free = end <= begins[places[j]] || begins[places[j]] + wide[places[j]] <= begin;
            if (!free)
                continue;
            places[taken++] = kept[i].place;
            PyObject *number = PyLong_FromSsize_t(kept[i].place);
            if (!number || PyList_Append(found, number) < 0)
                Py_CLEAR(found);
            Py_XDECREF(number);
        }
    }
    arrays_drop(arrays, 3);
    return found;
}
