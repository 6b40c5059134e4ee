/* Features of signals in standard deviations, and what those that are fitted add: scorer.feature_row.StandardRow,
 * written out. */
#include "kernel.h"

enum { MOST_FEATURES = 510, MOST_SUMS = 32 };

typedef struct {
    PyObject_HEAD
    PyObject *groups;              /* ((signal, (name, ...)), ...): what is read, in this order */
    /* features that are read; numbers of the row; of them with a weight, the first ones */
    Py_ssize_t read, count, fitted;
    int32_t *which, *slots;        /* [count] what stands there; [fitted - 2] which sum it goes into */
    double *mean, *scale, *limit, *fit;
    int sums;
} Row;

static void row_free(Row *self)
{
    void *held[] = {self->which, self->slots, self->mean, self->scale, self->limit, self->fit};
    for (int i = 0; i < 6; i++)
        PyMem_Free(held[i]);
    Py_XDECREF(self->groups);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* How many features the groups name; -1 with an exception set. */
static Py_ssize_t named_by(PyObject *groups)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(groups); i++) {
        PyObject *signal, *names;
        if (!PyTuple_Check(PyTuple_GET_ITEM(groups, i)) ||
            !PyArg_ParseTuple(PyTuple_GET_ITEM(groups, i), "UO!", &signal, &PyTuple_Type, &names)) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_TypeError, "groups: tuples (signal, names) are wanted");
            return -1;
        }
        count += PyTuple_GET_SIZE(names);
    }
    return count;
}

/* Row(groups, which, mean, scale, limit, fit, slots, sums) */
static int row_init(Row *self, PyObject *args, PyObject *named)
{
    PyObject *groups, *which, *mean, *scale, *limit, *fit, *slots;
    Py_ssize_t counts[5];
    if (self->groups) {
        PyErr_SetString(PyExc_RuntimeError, "a row is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "O!OOOOOOi", &PyTuple_Type, &groups, &which, &mean, &scale, &limit, &fit, &slots,
                          &self->sums))
        return -1;
    self->groups = Py_NewRef(groups);
    if ((self->read = named_by(groups)) < 0 ||
        !(self->which = array_copy(which, 'i', 4, &self->count, "which")) ||
        !(self->mean = array_copy(mean, 'd', 8, &counts[0], "mean")) ||
        !(self->scale = array_copy(scale, 'd', 8, &counts[1], "scale")) ||
        !(self->limit = array_copy(limit, 'd', 8, &counts[2], "limit")) ||
        !(self->slots = array_copy(slots, 'i', 4, &counts[4], "slots")) ||
        !(self->fit = array_copy(fit, 'd', 8, &counts[3], "fit")))
        return -1;
    self->fitted = counts[3];
    if (self->read <= MOST_FEATURES && counts[0] == self->count && counts[1] == self->count &&
        counts[2] == self->count && self->fitted >= 2 && self->fitted <= self->count && counts[4] == self->fitted - 2 &&
        self->sums >= 0 && self->sums <= MOST_SUMS && all_within(self->which, self->count, 0, self->read + 1) &&
        all_within(self->slots, counts[4], 0, self->sums - 1))
        return 0;
    self->fitted = 0; /* not made */
    PyErr_SetString(PyExc_ValueError, "features, means, scales, limits and weights do not fit each other");
    return -1;
}

/* The features of one signal, nan where one was not measured; 0, or -1 with an exception set. */
static int read_signal(PyObject *signals, PyObject *group, double *raw)
{
    static PyObject *attribute; /* made once */
    PyObject *name = PyTuple_GET_ITEM(group, 0), *names = PyTuple_GET_ITEM(group, 1);
    PyObject *signal = PyDict_GetItemWithError(signals, name);
    if (!signal || (!attribute && !(attribute = PyUnicode_InternFromString("features")))) {
        if (!PyErr_Occurred())
            PyErr_SetObject(PyExc_KeyError, name);
        return -1;
    }
    Py_INCREF(signal); /* a signal's own code may take it away */
    PyObject *features = PyObject_GetAttr(signal, attribute);
    Py_DECREF(signal);
    int status = features && PyDict_Check(features) ? 0 : -1;
    if (features && status < 0)
        PyErr_SetString(PyExc_TypeError, "features: a dict is wanted");
    for (Py_ssize_t i = 0; !status && i < PyTuple_GET_SIZE(names); i++) {
        PyObject *value = PyDict_GetItemWithError(features, PyTuple_GET_ITEM(names, i));
        if (value && PyFloat_Check(value)) {
            raw[i] = PyFloat_AS_DOUBLE(value);
        } else if (value) {
            Py_INCREF(value); /* a number's own code may take it away */
            raw[i] = PyFloat_AsDouble(value);
            Py_DECREF(value);
        } else {
            raw[i] = Py_NAN;
        }
        status = (!value || raw[i] == -1.0) && PyErr_Occurred() ? -1 : 0;
    }
    Py_XDECREF(features);
    return status;
}

static double standard(double raw, double mean, double scale, double limit)
{
    double value = (raw - mean) / scale, least = -limit;
    if (value != value) /* not measured */
        return 0.0;
    return value > limit ? limit : value < least ? least : value;
}

/* The weighed row as (bytes, first number, last number, [sums of those between]). */
static PyObject *weighed(const Row *self, const double *raw)
{
    double sums[MOST_SUMS] = {0};
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, self->count * (Py_ssize_t)sizeof(double));
    PyObject *listed = PyList_New(self->sums);
    if (!bytes || !listed)
        goto failed;
    double *row = (double *)PyBytes_AS_STRING(bytes);
    for (Py_ssize_t i = 0; i < self->count; i++)
        row[i] = standard(raw[self->which[i]], self->mean[i], self->scale[i], self->limit[i]);
    Py_ssize_t last = self->fitted - 1;
    for (Py_ssize_t i = 1; i < last; i++)
        sums[self->slots[i - 1]] += self->fit[i] * row[i];
    for (int i = 0; i < self->sums; i++) {
        PyObject *sum = PyFloat_FromDouble(sums[i]);
        if (!sum)
            goto failed;
        PyList_SET_ITEM(listed, i, sum);
    }
    return Py_BuildValue("NddN", bytes, self->fit[0] * row[0], self->fit[last] * row[last], listed);
failed:
    Py_XDECREF(bytes);
    Py_XDECREF(listed);
    return NULL;
}

static PyObject *row_of(Row *self, PyObject *const *args, Py_ssize_t arg_count)
{
    double raw[MOST_FEATURES + 2];
    if (!self->fitted || arg_count != 2 || !PyDict_Check(args[0]))
        return PyErr_Format(PyExc_TypeError, "of(dict of signals, number) and a row that was made are wanted");
    Py_ssize_t at = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(self->groups); i++) {
        PyObject *group = PyTuple_GET_ITEM(self->groups, i);
        if (read_signal(args[0], group, raw + at) < 0)
            return NULL;
        at += PyTuple_GET_SIZE(PyTuple_GET_ITEM(group, 1));
    }
    raw[at] = 1.0;
    raw[at + 1] = PyFloat_AsDouble(args[1]);
    return PyErr_Occurred() ? NULL : weighed(self, raw);
}

static PyMethodDef methods[] = {
    {"of", (PyCFunction)(void (*)(void))row_of, METH_FASTCALL,
     "of(signals, number) -> (float64 numbers in standard deviations, what the first adds, what the last that is "
     "fitted "
     "adds, [sums of those between])"},
    {NULL, NULL, 0, NULL},
};

PyTypeObject StandardRowType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scorer.kernel.native.StandardRow",
    .tp_doc = "StandardRow(groups, which, mean, scale, limit, fit, slots, sums): scorer/feature_row.py says with what",
    .tp_basicsize = sizeof(Row),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)row_init,
    .tp_dealloc = (destructor)row_free,
    .tp_methods = methods,
};
