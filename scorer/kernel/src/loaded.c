/* Loaded wording, token by token (scorer/loaded.py): sums of looked-up weights, then of the scores around each token.
 * What needs exponentials and logarithms stays with numpy, whose rounding is its own. */
#include "sums.h"

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

enum { BASE, FROM_BEFORE, FROM_AFTER, OF_SENTENCE, OF_TEXT, ROOMS };

/* What is looked up of each token, a row of n numbers for each place it counts in. */
static void look_up(const int32_t *words, const int32_t *shapes, Py_ssize_t n, const float *tables,
                    const float *by_shape, Py_ssize_t shape_count, float *const *rooms)
{
    const float *shape_before = by_shape, *shape_itself = by_shape + shape_count,
                *shape_after = shape_itself + shape_count;
    float *base = rooms[BASE], *before = rooms[FROM_BEFORE], *after = rooms[FROM_AFTER];
    float *in_sentence = rooms[OF_SENTENCE], *in_text = rooms[OF_TEXT];
    for (Py_ssize_t i = 0; i < n; i++) {
        const float *row = tables + (Py_ssize_t)words[i] * TABLES;
        base[i] = row[ITSELF] + shape_itself[shapes[i]];
        before[i] = row[BEFORE] + shape_before[shapes[i]];
        after[i] = row[AFTER] + shape_after[shapes[i]];
        in_sentence[i] = row[IN_SENTENCE];
        in_text[i] = row[IN_TEXT];
    }
}

/* Itself, the token before, the token after: added in this order. */
VECTOR static void add_neighbours(const float *restrict base, const float *restrict before, const float *restrict after,
                                  Py_ssize_t n, float constant, float *restrict odds)
{
    for (Py_ssize_t i = 1; i + 1 < n; i++)
        odds[i] = base[i] + constant + before[i - 1] + after[i + 1];
    if (n > 1) {
        odds[0] = base[0] + constant + after[1];
        odds[n - 1] = base[n - 1] + constant + before[n - 2];
    } else if (n) {
        odds[0] = base[0] + constant;
    }
}

/* Add the mean of its sentence to each token, and turn the sums round: the log-odds against. */
VECTOR static void add_mean(float *odds, Py_ssize_t n, float mean)
{
    for (Py_ssize_t i = 0; i < n; i++)
        odds[i] = -(odds[i] + mean);
}

/* loaded_first(tables, words, shapes, sentences) */
PyObject *kernel_loaded_first(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    enum { BY_WORD, BY_SHAPE, BIAS, WORDS = 0, SHAPES, BORDERS, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "sentences"};
    const Array *table = given == 1 + ARRAYS ? tables_of(args[0], "ffd") : NULL;
    Array a[ARRAYS];
    PyObject *against = NULL, *found = NULL;
    if (given != 1 + ARRAYS)
        PyErr_SetString(PyExc_TypeError, "loaded_first(tables, words, shapes, sentences)");
    if (!table || arrays_take(args + 1, a, "iii", names) < 0)
        return NULL;
    Py_ssize_t n = a[WORDS].count, shape_count = table[BY_SHAPE].count / 3;
    const int32_t *words = a[WORDS].view.buf, *shapes = a[SHAPES].view.buf, *borders = a[BORDERS].view.buf;
    float *room = NULL;
    if (a[SHAPES].count != n || table[BY_WORD].count % TABLES || table[BY_SHAPE].count % 3 || table[BIAS].count != 1)
        PyErr_SetString(PyExc_ValueError, "words and shapes, or the tables, do not fit each other");
    else if (sound_borders(borders, a[BORDERS].count, n) &&
             sound_ids(words, n, table[BY_WORD].count / TABLES, "words") &&
             sound_ids(shapes, n, shape_count, "shapes")) {
        room = PyMem_Malloc((ROOMS * n + 1) * sizeof *room);
        against = room ? PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float)) : PyErr_NoMemory();
    }
    if (against) {
        float *rooms[ROOMS], *odds = (float *)PyBytes_AS_STRING(against);
        for (int k = 0; k < ROOMS; k++)
            rooms[k] = room + k * n;
        look_up(words, shapes, n, table[BY_WORD].view.buf, table[BY_SHAPE].view.buf, shape_count, rooms);
        float mean = sum_of_floats(rooms[OF_TEXT], n) / (float)n;
        add_neighbours(rooms[BASE], rooms[FROM_BEFORE], rooms[FROM_AFTER], n,
                       (float)(*(const double *)table[BIAS].view.buf + (double)mean), odds);
        for (Py_ssize_t s = 0; n && borders[s] < n; s++)
            add_mean(odds + borders[s], borders[s + 1] - borders[s],
                     mean_of(rooms[OF_SENTENCE], borders[s], borders[s + 1]));
        found = Py_BuildValue("(Nd)", against, -(double)(sum_of_floats(odds, n) / (float)n));
    }
    PyMem_Free(room);
    arrays_drop(a, ARRAYS);
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
PyObject *kernel_loaded_means(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    static const char *const names[] = {"powers", "sentences"};
    PyObject *found = NULL;
    Array arrays[2];
    float *chances = NULL;
    if (given != 2)
        PyErr_SetString(PyExc_TypeError, "loaded_means(powers, sentences)");
    if (given != 2 || arrays_take(args, arrays, "fi", names) < 0)
        return NULL;
    Py_ssize_t n = arrays[0].count, sentences = n ? arrays[1].count - 1 : 0;
    const int32_t *borders = arrays[1].view.buf;
    if (sound_borders(borders, arrays[1].count, n)) {
        chances = PyMem_Malloc((n + 1) * sizeof *chances);
        found = chances ? PyBytes_FromStringAndSize(NULL, (sentences + 1) * (Py_ssize_t)sizeof(float))
                        : PyErr_NoMemory();
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

/* The largest of some values: in four rows, which need not wait for each other. */
static float largest(const float *values, Py_ssize_t n)
{
    enum { LANES = 4 };
    float most[LANES] = {values[0], values[0], values[0], values[0]};
    Py_ssize_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int lane = 0; lane < LANES; lane++)
            most[lane] = values[i + lane] > most[lane] ? values[i + lane] : most[lane];
    for (; i < n; i++)
        most[0] = values[i] > most[0] ? values[i] : most[0];
    for (int lane = 1; lane < LANES; lane++)
        most[0] = most[lane] > most[0] ? most[lane] : most[0];
    return most[0];
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
        float most = largest(first + borders[s], borders[s + 1] - borders[s]);
        float of_mean = weights[OFFSETS + 2] * means[s], of_most = weights[OFFSETS + 3] * most;
        for (Py_ssize_t i = borders[s]; i < borders[s + 1]; i++) {
            float sum = odds[i] + of_mean + of_most + of_text;
            odds[i] = sum + (shift[shapes[i]] + slope[shapes[i]] * first[i] + bias);
        }
    }
}

/* {"start": ..., "end": ..., "kind": "loaded"} */
static PyObject *finding(long start, long end)
{
    static PyObject *names[3], *kind;
    if (!kind) {
        names[0] = PyUnicode_InternFromString("start");
        names[1] = PyUnicode_InternFromString("end");
        names[2] = PyUnicode_InternFromString("kind");
        kind = PyUnicode_InternFromString("loaded");
    }
    PyObject *made = PyDict_New(), *values[] = {PyLong_FromLong(start), PyLong_FromLong(end), Py_XNewRef(kind)};
    for (int i = 0; i < 3; i++) {
        if (made && (!names[i] || !values[i] || PyDict_SetItem(made, names[i], values[i]) < 0))
            Py_CLEAR(made);
        Py_XDECREF(values[i]);
    }
    return made;
}

/* Runs of values that are no smaller than the threshold, as findings, and how many tokens they hold. */
static PyObject *runs_over(const float *values, Py_ssize_t n, float threshold, const int32_t *starts,
                           const int32_t *ends)
{
    PyObject *found = PyList_New(0);
    Py_ssize_t held = 0;
    for (Py_ssize_t i = 0; found && i < n; i++) {
        Py_ssize_t first = i;
        while (i < n && values[i] >= threshold)
            i++;
        if (i == first)
            continue;
        PyObject *run = finding(starts[first], ends[i - 1]);
        if (!run || PyList_Append(found, run) < 0)
            Py_CLEAR(found);
        Py_XDECREF(run);
        held += i - first;
    }
    return found ? Py_BuildValue("(Nn)", found, held) : NULL;
}

/* loaded_runs(tables, against, shapes, sentences, means, starts, ends) */
PyObject *kernel_loaded_runs(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    enum { WEIGHTS, BY_SHAPE, RULES, AGAINST = 0, SHAPES, BORDERS, MEANS, STARTS, ENDS, ARRAYS };
    static const char *const names[ARRAYS] = {"against", "shapes", "sentences", "means", "starts", "ends"};
    const Array *table = given == 1 + ARRAYS ? tables_of(args[0], "ffd") : NULL;
    Array a[ARRAYS];
    PyObject *found = NULL;
    if (given != 1 + ARRAYS)
        PyErr_SetString(PyExc_TypeError, "loaded_runs(tables, against, shapes, sentences, means, starts, ends)");
    if (!table || arrays_take(args + 1, a, "fiifii", names) < 0)
        return NULL;
    Py_ssize_t n = a[AGAINST].count, sentences = a[BORDERS].count - 1, shape_count = table[BY_SHAPE].count / 2;
    if (!n || a[SHAPES].count != n || a[MEANS].count != sentences + 1 || a[STARTS].count != n || a[ENDS].count != n ||
        table[WEIGHTS].count != ROWS || table[BY_SHAPE].count % 2 || table[RULES].count != 3)
        PyErr_SetString(PyExc_ValueError, "scores, shapes, means, positions or weights do not fit each other");
    else if (sound_borders(a[BORDERS].view.buf, a[BORDERS].count, n) &&
             sound_ids(a[SHAPES].view.buf, n, shape_count, "shapes")) {
        const float *against = a[AGAINST].view.buf;
        const double *rules = table[RULES].view.buf;
        float *padded = PyMem_Malloc((2 * n + 2 * WINDOW) * sizeof *padded), *odds = padded + 2 * WINDOW + n;
        if (padded) {
            for (int i = 0; i < WINDOW; i++)
                padded[i] = padded[WINDOW + n + i] = (float)rules[1];
            for (Py_ssize_t i = 0; i < n; i++)
                padded[WINDOW + i] = -against[i];
            second_scores(padded, a[SHAPES].view.buf, n, a[BORDERS].view.buf, sentences, a[MEANS].view.buf,
                          table[WEIGHTS].view.buf, table[BY_SHAPE].view.buf, shape_count, (float)rules[0], odds);
            found = runs_over(odds, n, (float)rules[2], a[STARTS].view.buf, a[ENDS].view.buf);
            PyMem_Free(padded);
        } else {
            PyErr_NoMemory();
        }
    }
    arrays_drop(a, ARRAYS);
    return found;
}
