/* What a text's style is told by: scorer/stylometry.py, written out. */
#include "sums.h"
#include <math.h>
#include <string.h>

enum { TITLE = 1, UPPER, INTEGER = 5, NUMBER, PUNCTUATION = 8, QUOTE_OPEN, QUOTE_CLOSE, QUOTE_STRAIGHT, CURRENCY };
enum { SHAPES = 14, MOST_CLASSES = 256, SEEN = 1024, MOST_IN_WINDOW = 256, RATES = 6, SIZES = 4 };

typedef struct {
    Py_ssize_t n, sentences, sets, classes, window;
    const int32_t *words, *shapes, *starts, *ends, *borders;
    const int32_t *set_of;    /* of each word id */
    const uint8_t *members;   /* (sets, classes) */
    int32_t long_word;
} Given;

typedef struct {
    int32_t shapes[SHAPES], classes[MOST_CLASSES];
    int32_t names, capitals_in_a_row, scare_quotes, characters, long_words;
} Counts;

/* Distinct words of windows side by side, added up; what is left at the end belongs to none. */
static Py_ssize_t distinct(const int32_t *words, Py_ssize_t n, Py_ssize_t window)
{
    Py_ssize_t found = 0;
    for (Py_ssize_t begin = 0; begin + window <= n; begin += window) {
        int32_t seen[SEEN]; /* words + 1, 0 where free: a quarter full at the most */
        memset(seen, 0, sizeof seen);
        for (Py_ssize_t i = begin; i < begin + window; i++) {
            uint32_t slot = (uint32_t)words[i] * 2654435761u >> 22; /* 10 bits */
            while (seen[slot] && seen[slot] != words[i] + 1)
                slot = (slot + 1) % SEEN;
            found += !seen[slot];
            seen[slot] = words[i] + 1;
        }
    }
    return found;
}

VECTOR static void count_characters(const Given *given, Counts *counts)
{
    uint32_t characters = 0;
    int32_t long_words = 0;
    for (Py_ssize_t i = 0; i < given->n; i++) {
        int32_t length = (int32_t)((uint32_t)given->ends[i] - (uint32_t)given->starts[i]);
        int is_word = given->shapes[i] < PUNCTUATION;
        characters += is_word ? (uint32_t)length : 0;
        long_words += is_word & (length >= given->long_word);
    }
    counts->characters = (int32_t)characters;
    counts->long_words = long_words;
}

static void count_shapes(const Given *given, Counts *counts)
{
    const int32_t *shapes = given->shapes;
    Py_ssize_t n = given->n, mark = -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        int32_t shape = shapes[i];
        counts->shapes[shape]++;
        counts->capitals_in_a_row += i && shape == UPPER && shapes[i - 1] == UPPER;
        if (shape >= QUOTE_OPEN && shape <= QUOTE_STRAIGHT) {
            /* round one word or two, the first mark after a word; before the text's first mark stands its last token */
            if (mark >= 0 && (i - mark == 2 || i - mark == 3) && shapes[mark] != QUOTE_CLOSE)
                counts->scare_quotes += shapes[mark ? mark - 1 : n - 1] < PUNCTUATION;
            mark = i;
        }
    }
    counts->names = counts->shapes[TITLE]; /* but for those that begin a sentence */
    for (Py_ssize_t s = 0; s < given->sentences; s++)
        counts->names -= given->borders[s] < given->borders[s + 1] && shapes[given->borders[s]] == TITLE;
}

VECTOR static void add_members(const uint8_t *members, Py_ssize_t classes, int32_t times, int32_t *counts)
{
    for (Py_ssize_t c = 0; c < classes; c++)
        counts[c] += times * members[c];
}

/* Count words of each class; 0, or -1 with an exception set. */
static int count_classes(const Given *given, Counts *counts)
{
    int32_t *met = PyMem_Calloc(given->sets + 1, sizeof *met);
    Py_ssize_t i = 0;
    for (; met && i < given->n; i++) {
        int32_t set = given->set_of[given->words[i]];
        if (set < 0 || set >= given->sets)
            break;
        met[set]++;
    }
    int good = met && i == given->n;
    for (Py_ssize_t set = 0; good && set < given->sets; set++)
        if (met[set])
            add_members(given->members + set * given->classes, given->classes, met[set], counts->classes);
    if (!met)
        PyErr_NoMemory();
    else if (!good)
        PyErr_Format(PyExc_ValueError, "sets of classes from 0 to %zd are wanted", given->sets - 1);
    PyMem_Free(met);
    return good ? 0 : -1;
}

/* How far the sentences' lengths spread, in tokens; -1 with an exception set. */
static double spread_of(const Given *given, double average)
{
    double *squares = PyMem_Malloc(given->sentences * sizeof *squares), sum = 0;
    if (!squares) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t s = 0; s < given->sentences; s++) {
        double apart = given->borders[s + 1] - given->borders[s] - average;
        squares[s] = apart * apart;
    }
    sum = sum_of_doubles(squares, given->sentences);
    PyMem_Free(squares);
    return sqrt(sum / (double)given->sentences);
}

static int is_sound(const Given *given, Py_ssize_t vocabulary)
{
    Py_ssize_t n = given->n, m = given->sentences;
    const int32_t *borders = given->borders;
    int good = n > 0 && m > 0 && given->window > 0 && given->window <= MOST_IN_WINDOW && borders[0] == 0 &&
               borders[m] == n && all_within(given->words, n, 0, vocabulary - 1) &&
               all_within(given->shapes, n, 0, SHAPES - 1);
    for (Py_ssize_t s = 0; good && s < m; s++)
        good = borders[s] <= borders[s + 1];
    return good;
}

/* Put each value under its name; NULL with an exception set. */
static PyObject *named(PyObject *names, const double *values)
{
    PyObject *found = PyDict_New();
    for (Py_ssize_t i = 0; found && i < PyTuple_GET_SIZE(names); i++) {
        PyObject *value = PyFloat_FromDouble(values[i]);
        if (!value || PyDict_SetItem(found, PyTuple_GET_ITEM(names, i), value) < 0)
            Py_CLEAR(found);
        Py_XDECREF(value);
    }
    return found;
}

/* (words and numbers, distinct words, measures by name) */
static PyObject *measures_of(const Given *given, PyObject *names)
{
    Counts counts = {0};
    double average = (double)given->n / (double)given->sentences, spread = spread_of(given, average);
    if (spread < 0 || count_classes(given, &counts) < 0)
        return NULL;
    count_shapes(given, &counts);
    count_characters(given, &counts);
    int32_t words = 0, others = counts.shapes[CURRENCY];
    for (int shape = 0; shape <= QUOTE_STRAIGHT; shape++)
        *(shape < PUNCTUATION ? &words : &others) += counts.shapes[shape];
    double per_100 = 100.0 / (given->n > others ? (double)(given->n - others) : 1), some = words ? words : 1;
    const int32_t more[RATES] = {counts.shapes[INTEGER] + counts.shapes[NUMBER], counts.shapes[CURRENCY], counts.names,
                                 counts.shapes[UPPER], counts.capitals_in_a_row, counts.scare_quotes};
    const double sizes[SIZES] = {counts.characters / some, counts.long_words / some, log1p(average), log1p(spread)};
    double values[MOST_CLASSES + RATES + SIZES], *value = values;
    for (Py_ssize_t c = 0; c < given->classes; c++)
        *value++ = sqrt(counts.classes[c] * per_100);
    for (int rate = 0; rate < RATES; rate++)
        *value++ = sqrt(more[rate] * per_100);
    memcpy(value, sizes, sizeof sizes);
    PyObject *measures = named(names, values);
    return measures ? Py_BuildValue("inN", words, distinct(given->words, given->n, given->window), measures) : NULL;
}

/* style_measures(words, shapes, starts, ends, sentences, sets, members, names, long_word, window) */
PyObject *kernel_style_measures(PyObject *self, PyObject *args)
{
    static const char *const arrays_named[] = {"words", "shapes", "starts", "ends", "sentences", "sets", "members"};
    PyObject *in[7], *names, *found = NULL;
    Array arrays[7];
    Given given;
    if (!PyArg_ParseTuple(args, "OOOOOOOO!in", &in[0], &in[1], &in[2], &in[3], &in[4], &in[5], &in[6], &PyTuple_Type,
                          &names, &given.long_word, &given.window) ||
        arrays_take(in, arrays, "iiiiiiB", arrays_named) < 0)
        return NULL;
    given.n = arrays[0].count;
    given.sentences = arrays[4].count - 1;
    given.classes = PyTuple_GET_SIZE(names) - RATES - SIZES;
    given.sets = given.classes > 0 ? arrays[6].count / given.classes : 0;
    given.words = arrays[0].view.buf;
    given.shapes = arrays[1].view.buf;
    given.starts = arrays[2].view.buf;
    given.ends = arrays[3].view.buf;
    given.borders = arrays[4].view.buf;
    given.set_of = arrays[5].view.buf;
    given.members = arrays[6].view.buf;
    if (arrays[1].count == given.n && arrays[2].count == given.n && arrays[3].count == given.n && given.classes > 0 &&
        given.classes <= MOST_CLASSES && arrays[6].count == given.sets * given.classes &&
        is_sound(&given, arrays[5].count))
        found = measures_of(&given, names);
    else
        PyErr_SetString(PyExc_ValueError, "words, shapes, positions, sentences or names do not fit each other");
    arrays_drop(arrays, 7);
    return found;
}
