/* From the network's scores to chances of each label, but for the exponentials, which stay numpy's:
 * scorer.tagger.decode, written out. */
#include "runs.h"

/* out[label][t] = how far a label's score lies below the token's largest; whether the token reads like content. */
VECTOR static void soften(const float *scores, Py_ssize_t n, int columns, int labels, float odds, float *out,
                          uint8_t *content)
{
    for (Py_ssize_t t = 0; t < n; t++, scores += columns) {
        float most = scores[0];
        for (int label = 1; label < labels; label++)
            most = scores[label] > most ? scores[label] : most;
        for (int label = 0; label < labels; label++)
            out[label * n + t] = scores[label] - most;
        content[t] = scores[labels + 1] - scores[labels] > odds;
    }
}

/* Two objects of so many bytes, yet to be filled; NULL with an exception set. */
static PyObject *two_of(Py_ssize_t first, Py_ssize_t second)
{
    PyObject *one = PyBytes_FromStringAndSize(NULL, first), *two = PyBytes_FromStringAndSize(NULL, second);
    PyObject *both = one && two ? PyTuple_Pack(2, one, two) : NULL;
    Py_XDECREF(one);
    Py_XDECREF(two);
    return both;
}

static void *bytes_of(PyObject *both, Py_ssize_t which) { return PyBytes_AS_STRING(PyTuple_GET_ITEM(both, which)); }

PyObject *kernel_softened(PyObject *self, PyObject *args)
{
    PyObject *given, *found = NULL;
    int columns, labels;
    float odds;
    Array scores;
    if (!PyArg_ParseTuple(args, "Oiif", &given, &columns, &labels, &odds) ||
        array_take(given, &scores, 'f', 4, "scores") < 0)
        return NULL;
    if (labels < 1 || columns < labels + 2 || scores.count % columns) {
        PyErr_SetString(PyExc_ValueError, "scores and labels do not fit each other");
    } else {
        Py_ssize_t n = scores.count / columns;
        if ((found = two_of(n * labels * (Py_ssize_t)sizeof(float), n)))
            soften(scores.view.buf, n, columns, labels, odds, bytes_of(found, 0), bytes_of(found, 1));
    }
    array_drop(&scores);
    return found;
}

/* Each label's share of the powers of a token; both are rows of labels. */
VECTOR void shares_of(const float *restrict powers, Py_ssize_t n, int labels, float *restrict chances)
{
    for (Py_ssize_t t = 0; t < n; t++) {
        float total = powers[t];
        for (int label = 1; label < labels; label++)
            total += powers[label * n + t];
        for (int label = 0; label < labels; label++)
            chances[label * n + t] = powers[label * n + t] / total;
    }
}
