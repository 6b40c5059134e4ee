/* Quantiles: scorer/logodds.py for one text, written out. */
#include "kernel.h"

enum { MOST_VALUES = 1024 };

/* The `room` smallest of all values + `added`, times `sign`, in order. */
static void smallest(const double *values, Py_ssize_t count, double added, double sign, Py_ssize_t room, double *kept)
{
    Py_ssize_t held = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        double value = sign * (values[i] + added);
        if (held == room && !(value < kept[held - 1]))
            continue;
        Py_ssize_t at = held < room ? held++ : held - 1;
        for (; at && kept[at - 1] > value; at--)
            kept[at] = kept[at - 1];
        kept[at] = value;
    }
}

/* With the branches of numpy, so that it rounds alike; of the values only those are put in order that stand on this
 * side. */
static double quantile(const double *values, Py_ssize_t count, double added, double share)
{
    double kept[MOST_VALUES], place = share * (double)(count - 1), low, high;
    Py_ssize_t first = (Py_ssize_t)place < count - 2 ? (Py_ssize_t)place : count - 2;
    double between = place - (double)first;
    if (first < count / 2) {
        smallest(values, count, added, 1.0, first + 2, kept);
        low = kept[first];
        high = kept[first + 1];
    } else {
        smallest(values, count, added, -1.0, count - first, kept);
        low = -kept[count - first - 1];
        high = -kept[count - first - 2];
    }
    return between >= 0.5 ? high - (high - low) * (1 - between) : low + (high - low) * between;
}

/* quantiles(values, added, (share, share)) */
PyObject *kernel_quantiles(PyObject *self, PyObject *args)
{
    PyObject *given;
    Array values;
    double added, low, high;
    if (!PyArg_ParseTuple(args, "Od(dd)", &given, &added, &low, &high) ||
        array_take(given, &values, 'd', 8, "values") < 0)
        return NULL;
    Py_ssize_t count = values.count;
    int fits = count >= 2 && count <= MOST_VALUES && low >= 0 && low <= 1 && high >= 0 && high <= 1;
    if (fits) {
        low = quantile(values.view.buf, count, added, low);
        high = quantile(values.view.buf, count, added, high);
    }
    array_drop(&values);
    if (fits)
        return Py_BuildValue("dd", low, high);
    return PyErr_Format(PyExc_ValueError, "2 to %d values and shares of 0 to 1 are wanted", MOST_VALUES);
}
