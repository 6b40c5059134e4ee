/* Features in standard deviations from their means, and quantiles: scorer/logodds.py for one text, written out. */
#include "kernel.h"

enum { MOST_VALUES = 1024 };

static double limited(double value, double limit)
{
    double least = -limit;
    if (value != value) /* not measured */
        return 0.0;
    return value > limit ? limit : value < least ? least : value;
}

/* standardised(row, mean, scale, limit) */
PyObject *kernel_standardised(PyObject *self, PyObject *args)
{
    enum { MEAN, SCALE, LIMIT, ARRAYS };
    static const char *const names[ARRAYS] = {"mean", "scale", "limit"};
    PyObject *row, *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    if (!PyArg_ParseTuple(args, "O!OOO", &PyList_Type, &row, &given[MEAN], &given[SCALE], &given[LIMIT]) ||
        arrays_take(given, a, "ddd", names) < 0)
        return NULL;
    Py_ssize_t count = a[MEAN].count;
    const double *mean = a[MEAN].view.buf, *scale = a[SCALE].view.buf, *limit = a[LIMIT].view.buf;
    if (PyList_GET_SIZE(row) != count || a[SCALE].count != count || a[LIMIT].count != count)
        PyErr_SetString(PyExc_ValueError, "features, means, scales and limits do not fit each other");
    else
        found = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(double));
    double *standard = found ? (double *)PyBytes_AS_STRING(found) : NULL;
    for (Py_ssize_t i = 0; found && i < count; i++) {
        PyObject *item = i < PyList_GET_SIZE(row) ? PyList_GET_ITEM(row, i) : Py_None; /* a number's code may change it */
        double raw = PyFloat_CheckExact(item) ? PyFloat_AS_DOUBLE(item) : PyFloat_AsDouble(item);
        if (raw == -1.0 && PyErr_Occurred())
            Py_CLEAR(found);
        else
            standard[i] = limited((raw - mean[i]) / scale[i], limit[i]);
    }
    arrays_drop(a, ARRAYS);
    return found;
}

/* Of values in order; with the branches of numpy, so that it rounds alike. */
static double quantile(const double *ordered, Py_ssize_t count, double share)
{
    double place = share * (double)(count - 1);
    Py_ssize_t first = (Py_ssize_t)place < count - 2 ? (Py_ssize_t)place : count - 2;
    double between = place - (double)first, low = ordered[first], high = ordered[first + 1];
    return between >= 0.5 ? high - (high - low) * (1 - between) : low + (high - low) * between;
}

/* quantiles(values, added, (share, share)) */
PyObject *kernel_quantiles(PyObject *self, PyObject *args)
{
    PyObject *given;
    Array values;
    double added, low, high, ordered[MOST_VALUES];
    if (!PyArg_ParseTuple(args, "Od(dd)", &given, &added, &low, &high) || array_take(given, &values, 'd', 8, "values") < 0)
        return NULL;
    Py_ssize_t count = values.count;
    int fits = count >= 2 && count <= MOST_VALUES && low >= 0 && low <= 1 && high >= 0 && high <= 1;
    for (Py_ssize_t i = 0; fits && i < count; i++) { /* a hundred values */
        double value = ((const double *)values.view.buf)[i] + added;
        Py_ssize_t at = i;
        for (; at && ordered[at - 1] > value; at--)
            ordered[at] = ordered[at - 1];
        ordered[at] = value;
    }
    array_drop(&values);
    if (fits)
        return Py_BuildValue("dd", quantile(ordered, count, low), quantile(ordered, count, high));
    return PyErr_Format(PyExc_ValueError, "2 to %d values and shares of 0 to 1 are wanted", MOST_VALUES);
}
