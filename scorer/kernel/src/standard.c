/* Features in standard deviations from their means: scorer.logodds.standardise of one row, written out. */
#include "kernel.h"

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
