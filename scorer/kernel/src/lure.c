/* What a headline's wording is weighed by, in one call: scorer.lure.Lure.log_odds but for its sums of floats, which
 * numpy adds up in an order of its own; and how loud it is. */
#include "lure.h"

/* scorer.lexicon.Shape */
enum { UPPER = 2, PUNCTUATION = 8, FOUR_LETTERS = 4 };

/* Whether what a page puts before a headline may stand here: told by the first two letters (scorer.bait._LEAD_IN). */
static int may_lead_in(PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    Py_UCS4 first = length ? PyUnicode_READ_CHAR(text, 0) : 0, second = length > 1 ? PyUnicode_READ_CHAR(text, 1) : 0;
    if (first == 'a' || first == 'n' || first == 'p')
        return second == 'd' || second == 'e' || second == 'r';
    return !Py_UNICODE_ISALPHA(first);
}

/* Log-odds of the traits of a title in lower case; 0, or -1 with an exception set. */
static int weigh_traits(PyObject *tables, PyObject *numbers, PyObject *without_lead_in, PyObject *title, double *odds)
{
    PyObject *text = may_lead_in(title) ? PyObject_CallOneArg(without_lead_in, title) : Py_NewRef(title);
    int failed = !text;
    if (text && !PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "a title without its lead-in is a string");
        failed = 1;
    }
    failed = failed || bait_of(tables, numbers, text, odds) < 0;
    Py_XDECREF(text);
    return failed ? -1 : 0;
}

/* Characters in a row of a title in lower case; 0, or -1 with an exception set. */
static int weigh_characters(PyObject *grams, PyObject *title, int64_t *levels, int64_t *squares)
{
    Characters t = characters_of(title);
    void *even = PyMem_Malloc((PyUnicode_GET_LENGTH(title) + 3) * t.kind);
    if (!even) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t length = even_into(t, PyUnicode_GET_LENGTH(title), even);
    int failed = grams_of(grams, (Characters){t.kind, even}, length, levels, squares) < 0;
    PyMem_Free(even);
    return failed ? -1 : 0;
}

/* lure(tables, keys, traits, numbers, without_lead_in, grams or None, words, shapes, tokens, text, start, end) */
PyObject *kernel_lure(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    enum { TABLES, KEYS, TRAITS, NUMBERS, LEAD_IN, GRAMS, WORDS, SHAPES, TOKENS, TEXT, START, END, ARGS };
    if (given != ARGS || !PyUnicode_Check(args[TEXT])) {
        PyErr_SetString(PyExc_TypeError, "lure(tables, keys, traits, numbers, without_lead_in, grams or None, words, "
                                         "shapes, tokens, text, start, end)");
        return NULL;
    }
    Py_ssize_t start = PyLong_AsSsize_t(args[START]), end = PyLong_AsSsize_t(args[END]);
    if (PyErr_Occurred())
        return NULL;
    if (start < 0 || start > end || end > PyUnicode_GET_LENGTH(args[TEXT])) {
        PyErr_SetString(PyExc_ValueError, "the part lies outside the text");
        return NULL;
    }
    double odds;
    int64_t levels = 0, squares = 0;
    PyObject *found = NULL, *wording = wording_of(args[TABLES], args[KEYS], args[WORDS], args[SHAPES], args[TOKENS], 1);
    PyObject *title = wording ? lowered_part(args[TEXT], start, end) : NULL;
    if (title && weigh_traits(args[TRAITS], args[NUMBERS], args[LEAD_IN], title, &odds) == 0 &&
        (args[GRAMS] == Py_None || weigh_characters(args[GRAMS], title, &levels, &squares) == 0))
        found = Py_BuildValue("OOdLL", PyTuple_GET_ITEM(wording, 0), PyTuple_GET_ITEM(wording, 1), odds,
                              (long long)levels, (long long)squares);
    Py_XDECREF(wording);
    Py_XDECREF(title);
    return found;
}

/* shouting(shapes, tokens): scorer.signals.headline.shouting */
PyObject *kernel_shouting(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    Array shapes;
    if (given != 2 || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "shouting(shapes, tokens)");
        return NULL;
    }
    if (array_take(args[0], &shapes, 'i', sizeof(int32_t), "shapes") < 0)
        return NULL;
    const int32_t *shape = shapes.view.buf;
    Py_ssize_t words = 0, long_words = 0, capitals = 0, marks = 0;
    int good = PyList_GET_SIZE(args[1]) == shapes.count;
    for (Py_ssize_t i = 0; good && i < shapes.count; i++) {
        PyObject *token = PyList_GET_ITEM(args[1], i);
        if (!(good = PyUnicode_Check(token)))
            break;
        int is_long = shape[i] < PUNCTUATION && PyUnicode_GET_LENGTH(token) >= FOUR_LETTERS;
        words += shape[i] < PUNCTUATION;
        long_words += is_long;
        capitals += is_long && shape[i] == UPPER;
        marks += PyUnicode_GET_LENGTH(token) == 1 && PyUnicode_READ_CHAR(token, 0) == '!';
    }
    array_drop(&shapes);
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "a shape for each of the tokens is wanted");
        return NULL;
    }
    double candidates = long_words ? (double)long_words : 1.0;
    double share = capitals == long_words && long_words > 2 ? 0.5 : (double)capitals / candidates;
    double loud = share + 0.25 * (double)marks;
    return PyFloat_FromDouble(!words ? 0.0 : loud < 1.0 ? loud : 1.0);
}
