/* What a text's style is told by: scorer/stylometry.py, written out. */
#include "sums.h"
#include <math.h>
#include <string.h>

enum { TITLE = 1, UPPER, INTEGER = 5, NUMBER, PUNCTUATION = 8, QUOTE_OPEN, QUOTE_CLOSE, QUOTE_STRAIGHT, CURRENCY };
enum { SHAPES = 14, MOST_CLASSES = 256, RATES = 6, SIZES = 4, LANES = 4 };

typedef struct {
    Py_ssize_t n, sentences, vocabulary, sets, classes;
    int64_t long_word, window;
    const int32_t *words, *shapes, *starts, *ends, *borders;
    const uint16_t *set_of;   /* of each word id */
    const uint8_t *members;   /* (sets, classes) */
} Given;

typedef struct {
    int32_t shapes[SHAPES], classes[MOST_CLASSES];
    int32_t names, capitals_in_a_row, scare_quotes, characters, long_words;
} Counts;

/* Distinct words of windows side by side, added up; what is left at the end belongs to none. `met` has a bit for each
 * word, all zeros before and after. */
static Py_ssize_t distinct(const int32_t *words, Py_ssize_t n, Py_ssize_t window, uint8_t *met)
{
    Py_ssize_t found = 0;
    for (Py_ssize_t begin = 0; begin + window <= n; begin += window) {
        for (Py_ssize_t i = begin; i < begin + window; i++) { /* no branch: none would foresee what was met */
            uint8_t bits = met[words[i] >> 3], bit = (uint8_t)(words[i] & 7);
            found += ~bits >> bit & 1;
            met[words[i] >> 3] = bits | (uint8_t)(1 << bit);
        }
        for (Py_ssize_t i = begin; i < begin + window; i++)
            met[words[i] >> 3] = 0;
    }
    return found;
}

VECTOR static void count_characters(const Given *given, Counts *counts)
{
    uint32_t characters = 0;
    int32_t long_words = 0, long_word = (int32_t)given->long_word;
    for (Py_ssize_t i = 0; i < given->n; i++) {
        int32_t length = (int32_t)((uint32_t)given->ends[i] - (uint32_t)given->starts[i]);
        int is_word = given->shapes[i] < PUNCTUATION;
        characters += is_word ? (uint32_t)length : 0;
        long_words += is_word & (length >= long_word);
    }
    counts->characters = (int32_t)characters;
    counts->long_words = long_words;
}

VECTOR static int32_t count_pairs(const int32_t *shapes, Py_ssize_t n, int32_t shape)
{
    int32_t pairs = 0;
    for (Py_ssize_t i = 1; i < n; i++)
        pairs += (shapes[i] == shape) & (shapes[i - 1] == shape);
    return pairs;
}

/* Quotation marks round one word or two, the first mark after a word; before the text's first mark stands its last
 * token. */
static int32_t count_scare_quotes(const int32_t *shapes, Py_ssize_t n)
{
    int32_t count = 0;
    Py_ssize_t mark = -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (shapes[i] < QUOTE_OPEN || shapes[i] > QUOTE_STRAIGHT)
            continue;
        if (mark >= 0 && (i - mark == 2 || i - mark == 3) && shapes[mark] != QUOTE_CLOSE)
            count += shapes[mark ? mark - 1 : n - 1] < PUNCTUATION;
        mark = i;
    }
    return count;
}

static void count_shapes(const Given *given, Counts *counts)
{
    const int32_t *shapes = given->shapes;
    Py_ssize_t n = given->n, i = 0;
    int32_t rows[LANES][SHAPES] = {0}; /* in turn: what is counted need not wait for the token before */
    for (; i + LANES <= n; i += LANES)
        for (int lane = 0; lane < LANES; lane++)
            rows[lane][shapes[i + lane]]++;
    for (; i < n; i++)
        rows[0][shapes[i]]++;
    for (int shape = 0; shape < SHAPES; shape++)
        for (int lane = 0; lane < LANES; lane++)
            counts->shapes[shape] += rows[lane][shape];
    counts->capitals_in_a_row = counts->shapes[UPPER] > 1 ? count_pairs(shapes, n, UPPER) : 0;
    if (counts->shapes[QUOTE_OPEN] + counts->shapes[QUOTE_CLOSE] + counts->shapes[QUOTE_STRAIGHT] > 1)
        counts->scare_quotes = count_scare_quotes(shapes, n);
    counts->names = counts->shapes[TITLE]; /* but for those that begin a sentence */
    for (Py_ssize_t s = 0; s < given->sentences; s++)
        counts->names -= given->borders[s] < given->borders[s + 1] && shapes[given->borders[s]] == TITLE;
}

VECTOR static void add_members(const uint8_t *members, Py_ssize_t classes, int32_t times, int32_t *counts)
{
    for (Py_ssize_t c = 0; c < classes; c++)
        counts[c] += times * members[c];
}

/* Count words of each class, by `met`, which has LANES zeros for each set; 0, or -1 with an exception set. */
static int count_classes(const Given *given, int32_t *met, Counts *counts)
{
    uint32_t most = 0;
    Py_ssize_t sets = given->sets;
    for (Py_ssize_t i = 0; i < given->n; i++) {
        uint32_t set = given->set_of[given->words[i]];
        most = set > most ? set : most;
        met[LANES * (set < sets ? set : 0) + i % LANES]++;
    }
    if (most >= sets) {
        PyErr_Format(PyExc_ValueError, "sets of classes from 0 to %zd are wanted", sets - 1);
        return -1;
    }
    for (Py_ssize_t set = 0; set < sets; set++, met += LANES) {
        int32_t times = met[0] + met[1] + met[2] + met[3];
        if (times)
            add_members(given->members + set * given->classes, given->classes, times, counts->classes);
    }
    return 0;
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

static int is_sound(const Given *given)
{
    Py_ssize_t n = given->n, m = given->sentences;
    const int32_t *borders = given->borders;
    int good = n > 0 && m > 0 && given->window > 0 && borders[0] == 0 && borders[m] == n &&
               all_within(given->words, n, 0, given->vocabulary - 1) &&
               all_within(given->shapes, n, 0, SHAPES - 1);
    for (Py_ssize_t s = 0; good && s < m; s++)
        good = borders[s] <= borders[s + 1];
    return good;
}

/* Put each value under its name, in the order of `names`; NULL with an exception set. A copy has room for all. */
static PyObject *named(PyObject *names, const double *values)
{
    PyObject *found = PyDict_Copy(names), *name;
    for (Py_ssize_t at = 0; found && PyDict_Next(names, &at, &name, NULL); values++) {
        PyObject *value = PyFloat_FromDouble(*values);
        if (!value || PyDict_SetItem(found, name, value) < 0)
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
    size_t of_sets = LANES * given->sets * sizeof(int32_t);
    void *met = spread < 0 ? NULL : PyMem_Calloc(1, of_sets + given->vocabulary / 8 + 1);
    if (!met || count_classes(given, met, &counts) < 0) {
        PyMem_Free(met);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    Py_ssize_t different = distinct(given->words, given->n, given->window, (uint8_t *)met + of_sets);
    PyMem_Free(met);
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
    return measures ? Py_BuildValue("inN", words, different, measures) : NULL;
}

/* style_measures(tables, names, words, shapes, starts, ends, sentences) */
PyObject *kernel_style_measures(PyObject *self, PyObject *const *args, Py_ssize_t given_args)
{
    enum { SETS, MEMBERS, LIMITS, WORDS = 0, SHAPES_OF, STARTS, ENDS, BORDERS, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "starts", "ends", "sentences"};
    if (given_args != 2 + ARRAYS || !PyDict_CheckExact(args[1])) {
        PyErr_SetString(PyExc_TypeError, "style_measures(tables, names, words, shapes, starts, ends, sentences)");
        return NULL;
    }
    const Array *table = tables_of(args[0], "HBq");
    PyObject *found = NULL;
    Array a[ARRAYS];
    if (!table || arrays_take(args + 2, a, "iiiii", names) < 0)
        return NULL;
    Py_ssize_t n = a[WORDS].count, classes = PyDict_GET_SIZE(args[1]) - RATES - SIZES;
    const int64_t *limits = table[LIMITS].view.buf;
    int good = a[SHAPES_OF].count == n && a[STARTS].count == n && a[ENDS].count == n && classes > 0 &&
               classes <= MOST_CLASSES && table[LIMITS].count == 2 && table[MEMBERS].count >= classes &&
               table[MEMBERS].count % classes == 0;
    if (good) {
        Given given = {n, a[BORDERS].count - 1, table[SETS].count, table[MEMBERS].count / classes, classes, limits[0],
                       limits[1], a[WORDS].view.buf, a[SHAPES_OF].view.buf, a[STARTS].view.buf, a[ENDS].view.buf,
                       a[BORDERS].view.buf, table[SETS].view.buf, table[MEMBERS].view.buf};
        if ((good = is_sound(&given)))
            found = measures_of(&given, args[1]);
    }
    if (!good)
        PyErr_SetString(PyExc_ValueError, "words, shapes, positions, sentences or names do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
