/* Loaded wording, token by token (scorer/loaded.py): sums of looked-up weights, then of the scores around each token.
 * What needs exponentials and logarithms stays with numpy, whose rounding is its own. */
#include "kernel.h"
#include <string.h>

enum { BEFORE, ITSELF, AFTER, IN_SENTENCE, TABLES = 5 }; /* the fifth, of the text, comes as one number */
enum { WINDOW = 4, OFFSETS = 2 * WINDOW + 1, ROWS = OFFSETS + 5 };

/* Whether borders tell of sentences of at least one token each, which together hold n tokens. */
static int sound_borders(const int32_t *borders, Py_ssize_t count, Py_ssize_t n)
{
    int good = n ? count > 1 && borders[0] == 0 && borders[count - 1] == n : 1;
    for (Py_ssize_t s = 0; n && good && s + 1 < count; s++)
        good = borders[s] < borders[s + 1];
    if (!good)
        PyErr_SetString(PyExc_ValueError, "sentences do not hold the tokens");
    return good;
}

static int sound_ids(const int32_t *ids, Py_ssize_t n, Py_ssize_t limit, const char *name)
{
    for (Py_ssize_t i = 0; i < n; i++)
        if (ids[i] < 0 || ids[i] >= limit) {
            PyErr_Format(PyExc_ValueError, "%s: ids from 0 to %zd are wanted, got %d", name, limit - 1, ids[i]);
            return 0;
        }
    return 1;
}

/* Mean of a sentence's values: added up one after the other, as numpy's `bincount` does. */
static float mean_of(const float *values, Py_ssize_t first, Py_ssize_t last)
{
    double sum = 0;
    for (Py_ssize_t i = first; i < last; i++)
        sum += (double)values[i];
    return (float)(sum / (double)(last - first));
}

static void first_scores(const int32_t *words, const int32_t *shapes, Py_ssize_t n, const int32_t *borders,
                         const float *tables, const float *by_shape, Py_ssize_t shape_count, float constant,
                         float *in_sentence, float *odds)
{
    const float *shape_before = by_shape, *shape_itself = by_shape + shape_count, *shape_after = shape_itself + shape_count;
    for (Py_ssize_t i = 0; i < n; i++) {
        const float *row = tables + (Py_ssize_t)words[i] * TABLES;
        odds[i] = row[ITSELF] + shape_itself[shapes[i]] + constant;
        in_sentence[i] = row[IN_SENTENCE];
        if (i)
            odds[i] += tables[(Py_ssize_t)words[i - 1] * TABLES + BEFORE] + shape_before[shapes[i - 1]];
        if (i + 1 < n)
            odds[i] += tables[(Py_ssize_t)words[i + 1] * TABLES + AFTER] + shape_after[shapes[i + 1]];
    }
    for (Py_ssize_t s = 0; n && borders[s] < n; s++) {
        float mean = mean_of(in_sentence, borders[s], borders[s + 1]);
        for (Py_ssize_t i = borders[s]; i < borders[s + 1]; i++)
            odds[i] += mean;
    }
}

/* loaded_first(words, shapes, sentences, tables, by_shape, constant) */
PyObject *kernel_loaded_first(PyObject *self, PyObject *args)
{
    static const char *const names[] = {"words", "shapes", "sentences", "tables", "by_shape"};
    PyObject *given[5], *found = NULL;
    Array arrays[5];
    float constant, *room = NULL;
    if (!PyArg_ParseTuple(args, "OOOOOf", &given[0], &given[1], &given[2], &given[3], &given[4], &constant) ||
        arrays_take(given, arrays, "iiiff", names) < 0)
        return NULL;
    Py_ssize_t n = arrays[0].count, shape_count = arrays[4].count / 3;
    const int32_t *words = arrays[0].view.buf, *shapes = arrays[1].view.buf, *borders = arrays[2].view.buf;
    if (arrays[1].count != n || arrays[3].count % TABLES || arrays[4].count % 3)
        PyErr_SetString(PyExc_ValueError, "words and shapes, or the tables, do not fit each other");
    else if (sound_borders(borders, arrays[2].count, n) && sound_ids(words, n, arrays[3].count / TABLES, "words") &&
             sound_ids(shapes, n, shape_count, "shapes")) {
        room = PyMem_Malloc((n ? n : 1) * sizeof *room);
        found = room ? PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float)) : PyErr_NoMemory();
    }
    if (found)
        first_scores(words, shapes, n, borders, arrays[3].view.buf, arrays[4].view.buf, shape_count, constant, room,
                     (float *)PyBytes_AS_STRING(found));
    PyMem_Free(room);
    arrays_drop(arrays, 5);
    return found;
}

/* sentence_means(values, sentences) */
PyObject *kernel_sentence_means(PyObject *self, PyObject *args)
{
    PyObject *values_given, *borders_given, *found = NULL;
    Array values, borders;
    if (!PyArg_ParseTuple(args, "OO", &values_given, &borders_given) ||
        array_take(values_given, &values, 'f', 4, "values") < 0)
        return NULL;
    if (array_take(borders_given, &borders, 'i', 4, "sentences") == 0) {
        const int32_t *border = borders.view.buf;
        if (sound_borders(border, borders.count, values.count)) {
            Py_ssize_t count = values.count ? borders.count - 1 : 0;
            found = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(float));
            for (Py_ssize_t s = 0; found && s < count; s++)
                ((float *)PyBytes_AS_STRING(found))[s] = mean_of(values.view.buf, border[s], border[s + 1]);
        }
        array_drop(&borders);
    }
    array_drop(&values);
    return found;
}

VECTOR static void add_times(float *restrict sums, const float *restrict values, float weight, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        sums[i] += weight * values[i];
}

/* Each row of what stands around a token times its weight, one row after the other. `padded` has WINDOW faint scores
 * to either side of the first stage's. */
static void second_scores(const float *padded, const int32_t *shapes, Py_ssize_t n, const int32_t *borders,
                          Py_ssize_t sentences, const float *means, const float *weights, const float *by_shape,
                          Py_ssize_t shape_count, float bias, float *row, float *odds)
{
    const float *first = padded + WINDOW;
    memset(odds, 0, n * sizeof *odds);
    for (int offset = 0; offset < OFFSETS; offset++)
        add_times(odds, padded + offset, weights[offset], n);
    for (Py_ssize_t i = 0; i < n; i++)
        row[i] = first[i - 1] > first[i + 1] ? first[i - 1] : first[i + 1];
    add_times(odds, row, weights[OFFSETS], n);
    for (Py_ssize_t i = 0; i < n; i++)
        row[i] = first[i - 1] < first[i + 1] ? first[i - 1] : first[i + 1];
    add_times(odds, row, weights[OFFSETS + 1], n);
    for (Py_ssize_t s = 0; s < sentences; s++) {
        float most = first[borders[s]];
        for (Py_ssize_t i = borders[s]; i < borders[s + 1]; i++)
            most = first[i] > most ? first[i] : most;
        for (Py_ssize_t i = borders[s]; i < borders[s + 1]; i++) {
            odds[i] += weights[OFFSETS + 2] * means[s];
            odds[i] += weights[OFFSETS + 3] * most;
            odds[i] += weights[OFFSETS + 4] * means[sentences];
        }
    }
    for (Py_ssize_t i = 0; i < n; i++)
        odds[i] += by_shape[shapes[i]] + by_shape[shape_count + shapes[i]] * first[i] + bias;
}

/* loaded_second(first, shapes, sentences, means, weights, by_shape, bias, faint) */
PyObject *kernel_loaded_second(PyObject *self, PyObject *args)
{
    static const char *const names[] = {"first", "shapes", "sentences", "means", "weights", "by_shape"};
    PyObject *given[6], *found = NULL;
    Array arrays[6];
    float bias, faint, *room = NULL;
    if (!PyArg_ParseTuple(args, "OOOOOOff", &given[0], &given[1], &given[2], &given[3], &given[4], &given[5], &bias,
                          &faint) ||
        arrays_take(given, arrays, "fiifff", names) < 0)
        return NULL;
    Py_ssize_t n = arrays[0].count, sentences = arrays[2].count - 1, shape_count = arrays[5].count / 2;
    if (!n || arrays[1].count != n || arrays[3].count != sentences + 1 || arrays[4].count != ROWS || arrays[5].count % 2)
        PyErr_SetString(PyExc_ValueError, "scores, shapes, means or weights do not fit each other");
    else if (sound_borders(arrays[2].view.buf, arrays[2].count, n) &&
             sound_ids(arrays[1].view.buf, n, shape_count, "shapes")) {
        room = PyMem_Malloc((2 * n + 2 * WINDOW) * sizeof *room);
        found = room ? PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float)) : PyErr_NoMemory();
    }
    if (found) {
        for (int i = 0; i < WINDOW; i++)
            room[i] = room[WINDOW + n + i] = faint;
        memcpy(room + WINDOW, arrays[0].view.buf, n * sizeof *room);
        second_scores(room, arrays[1].view.buf, n, arrays[2].view.buf, sentences, arrays[3].view.buf,
                      arrays[4].view.buf, arrays[5].view.buf, shape_count, bias, room + 2 * WINDOW + n,
                      (float *)PyBytes_AS_STRING(found));
    }
    PyMem_Free(room);
    arrays_drop(arrays, 6);
    return found;
}

/* over(values, threshold): runs of values that are no smaller */
PyObject *kernel_over(PyObject *self, PyObject *args)
{
    PyObject *given, *found = NULL;
    Array array;
    float threshold;
    if (!PyArg_ParseTuple(args, "Of", &given, &threshold) || array_take(given, &array, 'f', 4, "values") < 0)
        return NULL;
    const float *values = array.view.buf;
    found = PyList_New(0);
    for (Py_ssize_t i = 0; found && i < array.count; i++) {
        Py_ssize_t first = i;
        while (i < array.count && values[i] >= threshold)
            i++;
        if (i == first)
            continue;
        PyObject *run = Py_BuildValue("nn", first, i);
        if (!run || PyList_Append(found, run) < 0)
            Py_CLEAR(found);
        Py_XDECREF(run);
    }
    array_drop(&array);
    return found;
}
