/* Counts that a text's style is told by: scorer/stylometry.py, written out. */
#include "kernel.h"
#include <string.h>

enum { TITLE = 1, UPPER = 2, PUNCTUATION = 8, QUOTE_OPEN = 9, QUOTE_CLOSE = 10, QUOTE_STRAIGHT = 11, SHAPES = 14 };
enum { MOST_CLASSES = 256, SEEN = 1024, MOST_IN_WINDOW = 256 };

typedef struct {
    Py_ssize_t names, capitals_in_a_row, scare_quotes, characters, long_words, distinct;
    Py_ssize_t shapes[SHAPES], classes[MOST_CLASSES];
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

static void count(const int32_t *words, const int32_t *shapes, const int32_t *starts, const int32_t *ends, Py_ssize_t n,
                  const int32_t *borders, Py_ssize_t sentences, int32_t long_word, Counts *counts)
{
    Py_ssize_t sentence = 0, mark = -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        int32_t shape = shapes[i];
        counts->shapes[shape]++;
        while (sentence < sentences && borders[sentence] < i)
            sentence++;
        counts->names += shape == TITLE && !(sentence < sentences && borders[sentence] == i);
        counts->capitals_in_a_row += i && shape == UPPER && shapes[i - 1] == UPPER;
        if (shape < PUNCTUATION) {
            counts->characters += ends[i] - starts[i];
            counts->long_words += ends[i] - starts[i] >= long_word;
        }
        if (shape >= QUOTE_OPEN && shape <= QUOTE_STRAIGHT) {
            /* round one word or two, the first mark after a word; before the text's first mark stands its last token */
            if (mark >= 0 && (i - mark == 2 || i - mark == 3) && shapes[mark] != QUOTE_CLOSE)
                counts->scare_quotes += shapes[mark ? mark - 1 : n - 1] < PUNCTUATION;
            mark = i;
        }
    }
}

static PyObject *list_of(const Py_ssize_t *numbers, Py_ssize_t count)
{
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list && i < count; i++) {
        PyObject *number = PyLong_FromSsize_t(numbers[i]);
        if (number)
            PyList_SET_ITEM(list, i, number);
        else
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *told(Array *arrays, Py_ssize_t classes, int32_t long_word, Py_ssize_t window)
{
    Py_ssize_t n = arrays[0].count, sentences = arrays[4].count - 1, vocabulary = arrays[5].count;
    Py_ssize_t sets = classes > 0 ? arrays[6].count / classes : 0;
    const int32_t *words = arrays[0].view.buf, *shapes = arrays[1].view.buf, *sets_of = arrays[5].view.buf;
    const uint8_t *members = arrays[6].view.buf;
    int good = arrays[1].count == n && arrays[2].count == n && arrays[3].count == n && sentences >= 0 && classes > 0 &&
               classes <= MOST_CLASSES && arrays[6].count == sets * classes && window > 0 && window <= MOST_IN_WINDOW;
    for (Py_ssize_t i = 0; good && i < n; i++)
        good = words[i] >= 0 && words[i] < vocabulary && shapes[i] >= 0 && shapes[i] < SHAPES &&
               sets_of[words[i]] >= 0 && sets_of[words[i]] < sets;
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "words, shapes, positions or classes do not fit each other");
        return NULL;
    }
    Counts counts = {0};
    Py_ssize_t *met = PyMem_Calloc(sets ? sets : 1, sizeof *met);
    if (!met)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < n; i++)
        met[sets_of[words[i]]]++;
    for (Py_ssize_t set = 0; set < sets; set++)
        for (Py_ssize_t c = 0; met[set] && c < classes; c++)
            counts.classes[c] += met[set] * members[set * classes + c];
    PyMem_Free(met);
    count(words, shapes, arrays[2].view.buf, arrays[3].view.buf, n, arrays[4].view.buf, sentences, long_word, &counts);
    counts.distinct = distinct(words, n, window);
    PyObject *by_shape = list_of(counts.shapes, SHAPES), *by_class = list_of(counts.classes, classes);
    if (by_shape && by_class)
        return Py_BuildValue("NNnnnnnn", by_shape, by_class, counts.names, counts.capitals_in_a_row, counts.scare_quotes,
                             counts.characters, counts.long_words, counts.distinct);
    Py_XDECREF(by_shape);
    Py_XDECREF(by_class);
    return NULL;
}

/* style_counts(words, shapes, starts, ends, sentences, sets, members, classes, long_word, window) */
PyObject *kernel_style_counts(PyObject *self, PyObject *args)
{
    static const char *const names[] = {"words", "shapes", "starts", "ends", "sentences", "sets", "members"};
    PyObject *given[7], *found;
    Array arrays[7];
    int long_word;
    Py_ssize_t window, classes;
    if (!PyArg_ParseTuple(args, "OOOOOOOnin", &given[0], &given[1], &given[2], &given[3], &given[4], &given[5],
                          &given[6], &classes, &long_word, &window) ||
        arrays_take(given, arrays, "iiiiiiB", names) < 0)
        return NULL;
    found = told(arrays, classes, long_word, window);
    arrays_drop(arrays, 7);
    return found;
}
