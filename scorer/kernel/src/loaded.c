/* Loaded wording, token by token (scorer/loaded.py): sums of looked-up weights, then of the scores around each token.
 * What needs exponentials and logarithms stays with numpy, whose rounding is its own. */
#include "runs.h"
#include "sums.h"
#include <string.h>

enum { BEFORE, ITSELF, AFTER, IN_SENTENCE, IN_TEXT, TABLES };
enum { WINDOW = 4, OFFSETS = 2 * WINDOW + 1, ROWS = OFFSETS + 5 };
static const float LEAST_CHANCE = 1e-4f, MOST_CHANCE = 0.9f;

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
    if (!all_within(ids, n, 0, limit - 1)) {
        PyErr_Format(PyExc_ValueError, "%s: ids from 0 to %zd are wanted", name, limit - 1);
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

/* `room` holds 2 n numbers. */
static void first_scores(const int32_t *words, const int32_t *shapes, Py_ssize_t n, const int32_t *borders,
                         const float *tables, const float *by_shape, Py_ssize_t shape_count, double bias, float *room,
                         float *odds)
{
    const float *shape_before = by_shape, *shape_itself = by_shape + shape_count, *shape_after = shape_itself + shape_count;
    float *in_sentence = room, *in_text = room + n, before = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        const float *row = tables + (Py_ssize_t)words[i] * TABLES;
        in_sentence[i] = row[IN_SENTENCE];
        in_text[i] = row[IN_TEXT];
    }
    float constant = (float)(bias + (double)(sum_of_floats(in_text, n) / (float)n));
    for (Py_ssize_t i = 0; i < n; i++) {
        const float *row = tables + (Py_ssize_t)words[i] * TABLES;
        odds[i] = row[ITSELF] + shape_itself[shapes[i]] + constant;
        if (i) {
            odds[i] += before;
            odds[i - 1] += row[AFTER] + shape_after[shapes[i]];
        }
        before = row[BEFORE] + shape_before[shapes[i]];
    }
    for (Py_ssize_t s = 0; n && borders[s] < n; s++) {
        float mean = mean_of(in_sentence, borders[s], borders[s + 1]);
        for (Py_ssize_t i = borders[s]; i < borders[s + 1]; i++)
            odds[i] += mean;
    }
}

/* loaded_first(words, shapes, sentences, tables, by_shape, bias) */
PyObject *kernel_loaded_first(PyObject *self, PyObject *args)
{
    static const char *const names[] = {"words", "shapes", "sentences", "tables", "by_shape"};
    PyObject *given[5], *found = NULL;
    Array arrays[5];
    double bias;
    float *room = NULL;
    if (!PyArg_ParseTuple(args, "OOOOOd", &given[0], &given[1], &given[2], &given[3], &given[4], &bias) ||
        arrays_take(given, arrays, "iiiff", names) < 0)
        return NULL;
    Py_ssize_t n = arrays[0].count, shape_count = arrays[4].count / 3;
    const int32_t *words = arrays[0].view.buf, *shapes = arrays[1].view.buf, *borders = arrays[2].view.buf;
    if (arrays[1].count != n || arrays[3].count % TABLES || arrays[4].count % 3)
        PyErr_SetString(PyExc_ValueError, "words and shapes, or the tables, do not fit each other");
    else if (sound_borders(borders, arrays[2].count, n) && sound_ids(words, n, arrays[3].count / TABLES, "words") &&
             sound_ids(shapes, n, shape_count, "shapes")) {
        room = PyMem_Malloc((2 * n + 1) * sizeof *room);
        found = room ? PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float)) : PyErr_NoMemory();
    }
    if (found)
        first_scores(words, shapes, n, borders, arrays[3].view.buf, arrays[4].view.buf, shape_count, bias, room,
                     (float *)PyBytes_AS_STRING(found));
    PyMem_Free(room);
    arrays_drop(arrays, 5);
    return found;
}

VECTOR static void chances_of(const float *powers, Py_ssize_t n, float *chances)
{
    for (Py_ssize_t i = 0; i < n; i++)
        chances[i] = 1.0f / (1.0f + powers[i]);
}

/* How often for once that it is not, within bounds: what the logarithm is taken of. */
static float odds_of(float chance)
{
    chance = chance > LEAST_CHANCE ? chance : LEAST_CHANCE;
    chance = chance < MOST_CHANCE ? chance : MOST_CHANCE;
    return chance / (1.0f - chance);
}

/* loaded_means(powers, sentences) */
PyObject *kernel_loaded_means(PyObject *self, PyObject *args)
{
    static const char *const names[] = {"powers", "sentences"};
    PyObject *given[2], *found = NULL;
    Array arrays[2];
    float *chances = NULL;
    if (!PyArg_ParseTuple(args, "OO", &given[0], &given[1]) || arrays_take(given, arrays, "fi", names) < 0)
        return NULL;
    Py_ssize_t n = arrays[0].count, sentences = n ? arrays[1].count - 1 : 0;
    const int32_t *borders = arrays[1].view.buf;
    if (sound_borders(borders, arrays[1].count, n)) {
        chances = PyMem_Malloc((n + 1) * sizeof *chances);
        found = chances ? PyBytes_FromStringAndSize(NULL, (sentences + 1) * (Py_ssize_t)sizeof(float)) : PyErr_NoMemory();
    }
    if (found) {
        float *odds = (float *)PyBytes_AS_STRING(found);
        chances_of(arrays[0].view.buf, n, chances);
        for (Py_ssize_t s = 0; s < sentences; s++)
            odds[s] = odds_of(mean_of(chances, borders[s], borders[s + 1]));
        odds[sentences] = odds_of(sum_of_floats(chances, n) / (float)n);
    }
    PyMem_Free(chances);
    arrays_drop(arrays, 2);
    return found;
}

/* What the window around each token adds up to, then the larger and the smaller of its neighbours. `padded` has WINDOW
 * faint scores to either side of the first stage's. */
VECTOR static void add_window(const float *restrict padded, Py_ssize_t n, const float *restrict weights,
                              float *restrict odds)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        const float *around = padded + i;
        float before = around[WINDOW - 1], after = around[WINDOW + 1], sum = 0;
        for (int offset = 0; offset < OFFSETS; offset++)
            sum += weights[offset] * around[offset];
        sum += weights[OFFSETS] * (before > after ? before : after);
        sum += weights[OFFSETS + 1] * (before < after ? before : after);
        odds[i] = sum;
    }
}

/* The terms of a token one after the other, as scorer/loaded.py adds them. */
static void second_scores(const float *padded, const int32_t *shapes, Py_ssize_t n, const int32_t *borders,
                          Py_ssize_t sentences, const float *means, const float *weights, const float *by_shape,
                          Py_ssize_t shape_count, float bias, float *odds)
{
    const float *first = padded + WINDOW, *shift = by_shape, *slope = by_shape + shape_count;
    float of_text = weights[OFFSETS + 4] * means[sentences];
    add_window(padded, n, weights, odds);
    for (Py_ssize_t s = 0; s < sentences; s++) {
        float most = first[borders[s]];
        for (Py_ssize_t i = borders[s]; i < borders[s + 1]; i++)
            most = first[i] > most ? first[i] : most;
        float of_mean = weights[OFFSETS + 2] * means[s], of_most = weights[OFFSETS + 3] * most;
        for (Py_ssize_t i = borders[s]; i < borders[s + 1]; i++) {
            float sum = odds[i] + of_mean + of_most + of_text;
            odds[i] = sum + (shift[shapes[i]] + slope[shapes[i]] * first[i] + bias);
        }
    }
}

/* Runs [first, last) of values that are no smaller than the threshold. */
static PyObject *runs_over(const float *values, Py_ssize_t n, float threshold)
{
    PyObject *found = PyList_New(0);
    for (Py_ssize_t i = 0; found && i < n; i++) {
        Py_ssize_t first = i;
        while (i < n && values[i] >= threshold)
            i++;
        if (i > first && run_add(found, first, i) < 0)
            Py_CLEAR(found);
    }
    return found;
}

/* loaded_runs(first, shapes, sentences, means, weights, by_shape, bias, faint, threshold) */
PyObject *kernel_loaded_runs(PyObject *self, PyObject *args)
{
    static const char *const names[] = {"first", "shapes", "sentences", "means", "weights", "by_shape"};
    PyObject *given[6], *found = NULL;
    Array arrays[6];
    float bias, faint, threshold;
    if (!PyArg_ParseTuple(args, "OOOOOOfff", &given[0], &given[1], &given[2], &given[3], &given[4], &given[5], &bias,
                          &faint, &threshold) ||
        arrays_take(given, arrays, "fiifff", names) < 0)
        return NULL;
    Py_ssize_t n = arrays[0].count, sentences = arrays[2].count - 1, shape_count = arrays[5].count / 2;
    if (!n || arrays[1].count != n || arrays[3].count != sentences + 1 || arrays[4].count != ROWS || arrays[5].count % 2)
        PyErr_SetString(PyExc_ValueError, "scores, shapes, means or weights do not fit each other");
    else if (sound_borders(arrays[2].view.buf, arrays[2].count, n) &&
             sound_ids(arrays[1].view.buf, n, shape_count, "shapes")) {
        float *padded = PyMem_Malloc((2 * n + 2 * WINDOW) * sizeof *padded), *odds = padded + 2 * WINDOW + n;
        if (padded) {
            for (int i = 0; i < WINDOW; i++)
                padded[i] = padded[WINDOW + n + i] = faint;
            memcpy(padded + WINDOW, arrays[0].view.buf, n * sizeof *padded);
            second_scores(padded, arrays[1].view.buf, n, arrays[2].view.buf, sentences, arrays[3].view.buf,
                          arrays[4].view.buf, arrays[5].view.buf, shape_count, bias, odds);
            found = runs_over(odds, n, threshold);
            PyMem_Free(padded);
        } else {
            PyErr_NoMemory();
        }
    }
    arrays_drop(arrays, 6);
    return found;
}
