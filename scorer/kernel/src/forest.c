/* Sums of small decision trees: scorer.forest.Forest.scores, written out. */
#include "kernel.h"

enum { ROWS = 8 }; /* asked together: a tree's nodes are fetched once for them, and they need not wait for each other */

/* Which child of each inner node a row goes to, level by level; `count` rows of at most ROWS. */
static void sum_rows(const float *values, Py_ssize_t count, Py_ssize_t width, const int32_t *feature, const float *limit,
                     const double *leaves, Py_ssize_t trees, Py_ssize_t inner, double *total)
{
    for (Py_ssize_t tree = 0; tree < trees; tree++, feature += inner, limit += inner, leaves += inner + 1) {
        Py_ssize_t node[ROWS] = {0};
        for (Py_ssize_t level = 0; level < inner; level = 2 * level + 1)
            for (Py_ssize_t row = 0; row < count; row++)
                node[row] = 2 * node[row] + 1 + (values[row * width + feature[node[row]]] > limit[node[row]]);
        for (Py_ssize_t row = 0; row < count; row++)
            total[row] += leaves[node[row] - inner]; /* exact: leaves are whole multiples of a power of two */
    }
}

static void sum(const float *values, Py_ssize_t n, Py_ssize_t width, const int32_t *feature, const float *limit,
                const double *leaves, Py_ssize_t trees, Py_ssize_t inner, double bias, float *scores)
{
    for (Py_ssize_t from = 0; from < n; from += ROWS) {
        double total[ROWS] = {0};
        Py_ssize_t count = n - from < ROWS ? n - from : ROWS;
        sum_rows(values + from * width, count, width, feature, limit, leaves, trees, inner, total);
        for (Py_ssize_t row = 0; row < count; row++)
            scores[from + row] = (float)(total[row] + bias);
    }
}

/* The largest of some numbers; a negative one is larger than any that is not. */
VECTOR static uint32_t largest(const uint32_t *numbers, Py_ssize_t count)
{
    uint32_t most = 0;
    for (Py_ssize_t i = 0; i < count; i++)
        most = numbers[i] > most ? numbers[i] : most;
    return most;
}

PyObject *kernel_forest(PyObject *self, PyObject *args)
{
    enum { VALUES, FEATURE, LIMIT, LEAVES, ARRAYS };
    static const char *const names[ARRAYS] = {"values", "feature", "limit", "value"};
    static const char formats[ARRAYS] = {'f', 'i', 'f', 'd'};
    PyObject *given[ARRAYS], *found = NULL;
    Array arrays[ARRAYS];
    Py_ssize_t width, inner;
    double bias;
    int taken = 0;
    if (!PyArg_ParseTuple(args, "OOOOnnd", &given[VALUES], &given[FEATURE], &given[LIMIT], &given[LEAVES], &width,
                          &inner, &bias))
        return NULL;
    while (taken < ARRAYS &&
           array_take(given[taken], &arrays[taken], formats[taken], formats[taken] == 'd' ? 8 : 4, names[taken]) == 0)
        taken++;
    if (taken == ARRAYS) {
        const int32_t *feature = arrays[FEATURE].view.buf;
        Py_ssize_t trees = inner > 0 ? arrays[FEATURE].count / inner : 0, n = width > 0 ? arrays[VALUES].count / width : 0;
        int fits = inner > 0 && width > 0 && !(inner & (inner + 1)) && arrays[FEATURE].count == trees * inner &&
                   arrays[LIMIT].count == trees * inner && arrays[LEAVES].count == trees * (inner + 1) &&
                   arrays[VALUES].count == n * width;
        fits = fits && width <= INT32_MAX && largest((const uint32_t *)feature, trees * inner) < (uint32_t)width;
        if (!fits)
            PyErr_SetString(PyExc_ValueError, "values and trees do not fit each other");
        else if ((found = PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float))))
            sum(arrays[VALUES].view.buf, n, width, feature, arrays[LIMIT].view.buf, arrays[LEAVES].view.buf, trees,
                inner, bias, (float *)PyBytes_AS_STRING(found));
    }
    while (taken)
        array_drop(&arrays[--taken]);
    return found;
}
