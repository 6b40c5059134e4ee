/* Sums of small decision trees: scorer.forest.Forest.scores, written out. */
#include "forest.h"

enum { ROWS = 4 }; /* walked together through a tree: they need not wait for each other */

/* Add what the leaves that ROWS rows end in say. */
static void walk(const float *const *rows, const uint8_t *feature, const float *limit, const int32_t *leaves,
                 Py_ssize_t inner, int64_t *totals)
{
    Py_ssize_t node[ROWS] = {0};
    for (Py_ssize_t level = 0; level < inner; level = 2 * level + 1)
        for (int row = 0; row < ROWS; row++)
            node[row] = 2 * node[row] + 1 + (rows[row][feature[node[row]]] > limit[node[row]]);
    for (int row = 0; row < ROWS; row++)
        totals[row] += leaves[node[row] - inner];
}

/* What the trees add up to for each row of `groups` groups. */
static void sum(const Forest *forest, const float *const *rows, Py_ssize_t groups, int64_t *totals)
{
    const uint8_t *feature = forest->feature;
    const float *limit = forest->limit;
    const int32_t *leaves = forest->leaves;
    Py_ssize_t inner = forest->inner;
    for (Py_ssize_t tree = 0; tree < forest->trees; tree++, feature += inner, limit += inner, leaves += inner + 1)
        for (Py_ssize_t group = 0; group < groups; group++)
            walk(rows + group * ROWS, feature, limit, leaves, inner, totals + group * ROWS);
}

static PyObject *scores_of(const Forest *forest, const float *values, Py_ssize_t n, Py_ssize_t width)
{
    Py_ssize_t groups = (n + ROWS - 1) / ROWS;
    PyObject *found = PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float));
    int64_t *totals = PyMem_Calloc(groups * ROWS + 1, sizeof *totals);
    const float **rows = PyMem_Malloc((groups * ROWS + 1) * sizeof *rows);
    if (found && totals && rows) {
        float *scores = (float *)PyBytes_AS_STRING(found);
        for (Py_ssize_t row = 0; row < groups * ROWS; row++) /* the last one again where a group is not full */
            rows[row] = values + (row < n ? row : n - 1) * width;
        sum(forest, rows, groups, totals);
        for (Py_ssize_t row = 0; row < n; row++)
            scores[row] = (float)((double)totals[row] * forest->unit + forest->bias);
    } else {
        Py_CLEAR(found);
        PyErr_NoMemory();
    }
    PyMem_Free(totals);
    PyMem_Free(rows);
    return found;
}

VECTOR static uint8_t largest(const uint8_t *numbers, Py_ssize_t count)
{
    uint8_t most = 0;
    for (Py_ssize_t i = 0; i < count; i++)
        most = numbers[i] > most ? numbers[i] : most;
    return most;
}

/* Whether arrays hold as many whole trees, each of which looks at one of so many columns. */
static int is_forest(const Forest *forest, Py_ssize_t features, Py_ssize_t limits, Py_ssize_t leaves, Py_ssize_t width)
{
    Py_ssize_t inner = forest->inner, trees = forest->trees;
    return inner > 0 && width > 0 && !(inner & (inner + 1)) && features == trees * inner && limits == features &&
           leaves == trees * (inner + 1) && (!trees || largest(forest->feature, features) < width);
}

int forest_of(PyObject *tables, Py_ssize_t width, Forest *forest)
{
    enum { FEATURE, LIMIT, LEAVES, SCALE };
    const Array *a = tables_of(tables, "Bfid");
    if (!a)
        return -1;
    Py_ssize_t trees = a[LEAVES].count - a[FEATURE].count;
    *forest = (Forest){a[FEATURE].view.buf, a[LIMIT].view.buf, a[LEAVES].view.buf, trees,
                       trees > 0 ? a[FEATURE].count / trees : 0, 0, 0};
    if (a[SCALE].count != 2 || !is_forest(forest, a[FEATURE].count, a[LIMIT].count, a[LEAVES].count, width)) {
        PyErr_SetString(PyExc_ValueError, "values and trees do not fit each other");
        return -1;
    }
    const double *scale = a[SCALE].view.buf;
    forest->unit = scale[0];
    forest->bias = scale[1];
    return 0;
}

float forest_score(const Forest *forest, const float *row)
{
    const uint8_t *feature = forest->feature;
    const float *limit = forest->limit;
    Py_ssize_t inner = forest->inner;
    int64_t total = 0;
    for (Py_ssize_t tree = 0; tree < forest->trees; tree++, feature += inner, limit += inner) {
        Py_ssize_t node = 0;
        for (Py_ssize_t level = 0; level < inner; level = 2 * level + 1)
            node = 2 * node + 1 + (row[feature[node]] > limit[node]);
        total += forest->leaves[tree * (inner + 1) + node - inner];
    }
    return (float)((double)total * forest->unit + forest->bias);
}

PyObject *kernel_forest(PyObject *self, PyObject *args)
{
    enum { VALUES, FEATURE, LIMIT, LEAVES, ARRAYS };
    static const char *const names[ARRAYS] = {"values", "feature", "limit", "leaves"};
    PyObject *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    Forest forest;
    Py_ssize_t width;
    if (!PyArg_ParseTuple(args, "OOOOnndd", &given[VALUES], &given[FEATURE], &given[LIMIT], &given[LEAVES], &width,
                          &forest.inner, &forest.unit, &forest.bias) ||
        arrays_take(given, a, "fBfi", names) < 0)
        return NULL;
    Py_ssize_t inner = forest.inner, trees = forest.trees = inner > 0 ? a[FEATURE].count / inner : 0,
               n = width > 0 ? a[VALUES].count / width : 0;
    forest.feature = a[FEATURE].view.buf;
    forest.limit = a[LIMIT].view.buf;
    forest.leaves = a[LEAVES].view.buf;
    int fits = is_forest(&forest, a[FEATURE].count, a[LIMIT].count, a[LEAVES].count, width) &&
               a[VALUES].count == n * width;
    if (fits)
        found = scores_of(&forest, a[VALUES].view.buf, n, width);
    else
        PyErr_SetString(PyExc_ValueError, "values and trees do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
