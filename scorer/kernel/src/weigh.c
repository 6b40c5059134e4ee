/* The terms of a text and what several tables say of each, looked up together: scorer/word_choice.py, written out. */
#include "characters.h"
#include "sums.h"
#include "terms.h"

enum { MAX_COLUMNS = 8, MAX_LIMITS = 4, AHEAD = 16 };

/* What stays the same for all texts: taken once. */
typedef struct {
    PyObject_HEAD
    Array table, sublinear, lost, counted; /* no `counted`: each word counts as itself */
    int columns, limit_count, is_made, is_masked;
    Py_ssize_t limits[MAX_LIMITS];
    uint32_t pair_offset, pair_mask;
    Mask mask;
} Weigher;

static void weigher_free(Weigher *self)
{
    Array *held[] = {&self->table, &self->sublinear, &self->lost, &self->counted};
    for (int i = 0; i < 4; i++)
        array_drop(held[i]);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Weigher(table, columns, sublinear, lost, limits, pair_offset or 0, pair_bits, None or (names, numbers, vocabulary),
 * None or counted) */
static int weigher_init(Weigher *self, PyObject *args, PyObject *named)
{
    PyObject *table, *sublinear, *lost, *limits, *mask, *counted;
    unsigned int pair_bits;
    if (self->table.view.obj) {
        PyErr_SetString(PyExc_RuntimeError, "a weigher is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "OiOOO!IIOO", &table, &self->columns, &sublinear, &lost, &PyTuple_Type, &limits,
                          &self->pair_offset, &pair_bits, &mask, &counted) ||
        array_take(table, &self->table, 'f', 4, "table") < 0 ||
        array_take(sublinear, &self->sublinear, 'd', 8, "sublinear") < 0 ||
        array_take(lost, &self->lost, 'd', 8, "lost") < 0 ||
        (counted != Py_None && array_take(counted, &self->counted, 'i', 4, "counted") < 0))
        return -1;
    self->is_masked = mask != Py_None;
    if (self->is_masked && (!PyTuple_Check(mask) || !PyArg_ParseTuple(mask, "IIi", &self->mask.names,
                                                                      &self->mask.numbers, &self->mask.vocabulary))) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "mask: None or (names, numbers, vocabulary)");
        return -1;
    }
    if (pair_bits > 31 || self->columns < 2 || self->columns > MAX_COLUMNS || self->table.count % self->columns ||
        PyTuple_GET_SIZE(limits) > MAX_LIMITS) {
        PyErr_SetString(PyExc_ValueError, "31 bits of pairs at most and a table of 2 to 8 columns are wanted");
        return -1;
    }
    self->pair_mask = (1u << pair_bits) - 1;
    self->limit_count = (int)PyTuple_GET_SIZE(limits);
    for (int i = 0; i < self->limit_count; i++)
        self->limits[i] = PyLong_AsSsize_t(PyTuple_GET_ITEM(limits, i));
    if (PyErr_Occurred())
        return -1;
    self->is_made = 1;
    return 0;
}

/* How many terms, which come in order, stand before `limit`. */
static Py_ssize_t before(const Term *terms, Py_ssize_t count, Py_ssize_t limit)
{
    Py_ssize_t low = 0;
    for (Py_ssize_t high = count; low < high;) {
        Py_ssize_t middle = (low + high) / 2;
        if ((Py_ssize_t)terms[middle].index < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A row for each column of the table, as doubles, the first times the sublinear count; behind them first tokens, widths
 * and counts. 0 where a count is beyond the table of sublinear counts. */
INLINE int fill(const Term *terms, Py_ssize_t count, const float *table, int columns, const Array *sublinear,
                double *row)
{
    int32_t *first = (int32_t *)(row + columns * count), *width = first + count, *times = width + count;
    const double *value = sublinear->view.buf;
    for (Py_ssize_t i = 0; i < count; i++) {
        const float *at = table + (Py_ssize_t)terms[i].index * columns;
#ifdef __GNUC__
        if (i + AHEAD < count)
            __builtin_prefetch(table + (Py_ssize_t)terms[i + AHEAD].index * columns);
#endif
        if (terms[i].count >= sublinear->count)
            return 0;
        row[i] = value[terms[i].count] * (double)at[0];
        for (int c = 1; c < columns; c++)
            row[c * count + i] = at[c];
        first[i] = terms[i].first;
        width[i] = terms[i].width;
        times[i] = terms[i].count;
    }
    return 1;
}

static Py_ssize_t bytes_of(const Weigher *self, Py_ssize_t count)
{
    return count * (self->columns * (Py_ssize_t)sizeof(double) + 3 * (Py_ssize_t)sizeof(int32_t));
}

/* (bytearray of rows, terms, terms before each limit), None where Python has to do it; NULL with an exception set. */
static PyObject *rows_of(const Weigher *self, const Term *terms, Py_ssize_t count)
{
    const float *table = self->table.view.buf;
    PyObject *rows = PyByteArray_FromStringAndSize(NULL, bytes_of(self, count));
    if (!rows)
        return NULL;
    double *row = (double *)PyByteArray_AS_STRING(rows);
    int is_filled = self->columns == 4   ? fill(terms, count, table, 4, &self->sublinear, row)
                    : self->columns == 3 ? fill(terms, count, table, 3, &self->sublinear, row)
                                         : fill(terms, count, table, self->columns, &self->sublinear, row);
    if (!is_filled) {
        Py_DECREF(rows);
        Py_RETURN_NONE;
    }
    PyObject *told = PyTuple_New(2 + self->limit_count);
    if (!told) {
        Py_DECREF(rows);
        return NULL;
    }
    PyTuple_SET_ITEM(told, 0, rows);
    for (int i = 0; i <= self->limit_count; i++) {
        PyObject *number = PyLong_FromSsize_t(i ? before(terms, count, self->limits[i - 1]) : count);
        if (!number) {
            Py_DECREF(told);
            return NULL;
        }
        PyTuple_SET_ITEM(told, i + 1, number);
    }
    return told;
}

/* The words as they count, names and numbers masked. To be freed; NULL with an exception set. */
static int32_t *masked_of(const Weigher *self, const Array *words, const Array *shapes, const Array *sentences)
{
    const int32_t *word = words->view.buf, *counted = self->counted.view.buf;
    int has_counted = self->counted.view.obj != NULL;
    if (shapes->count != words->count || !sentences->count ||
        (has_counted && !all_within(word, words->count, 0, self->counted.count - 1))) {
        PyErr_SetString(PyExc_ValueError, "words, shapes, sentences and tables do not fit each other");
        return NULL;
    }
    int32_t *masked = PyMem_Malloc((words->count + 1) * (1 + has_counted) * sizeof *masked);
    if (!masked) {
        PyErr_NoMemory();
        return NULL;
    }
    if (has_counted) {
        int32_t *as_counted = masked + words->count + 1;
        for (Py_ssize_t i = 0; i < words->count; i++)
            as_counted[i] = counted[word[i]];
        word = as_counted;
    }
    mask_words(word, shapes->view.buf, words->count, sentences->view.buf, sentences->count, &self->mask, masked);
    return masked;
}

/* weigh(words) where nothing is masked, weigh(words, shapes, sentences) elsewhere */
static PyObject *weigher_weigh(Weigher *self, PyObject *const *args, Py_ssize_t arg_count)
{
    enum { WORDS, SHAPES, SENTENCES, ARRAYS };
    static const char *const called[] = {"words", "shapes", "sentences"};
    Array arrays[ARRAYS];
    int32_t *masked = NULL;
    Term *block = NULL, *terms = NULL;
    PyObject *told = NULL;
    Py_ssize_t given = self->is_masked ? ARRAYS : 1;
    if (!self->is_made || arg_count != given)
        return PyErr_Format(PyExc_TypeError, "a weigher that was made and %zd arrays are wanted", given);
    if (arrays_take(args, arrays, self->is_masked ? "iii" : "i", called) < 0)
        return NULL;
    const Array *words = &arrays[WORDS];
    if (words->count > INT32_MAX / 2)
        PyErr_SetString(PyExc_ValueError, "fewer words are wanted");
    else if (!self->is_masked || (masked = masked_of(self, words, &arrays[SHAPES], &arrays[SENTENCES]))) {
        Py_ssize_t count = terms_count(masked ? masked : words->view.buf, words->count, self->pair_offset,
                                       self->pair_mask, &block, &terms);
        Py_ssize_t inside = before(terms, count, self->table.count / self->columns);
        if (self->pair_offset && inside < count)
            PyErr_SetString(PyExc_ValueError, "a term lies outside the table");
        else if (count >= 0)
            told = rows_of(self, terms, inside);
    }
    PyMem_Free(block);
    PyMem_Free(masked);
    arrays_drop(arrays, given);
    return told;
}

/* Take what `weigh` gave; how many terms it has, or -1 with an exception set. */
static Py_ssize_t take_rows(const Weigher *self, PyObject *given, Array *rows)
{
    if (!self->is_made || !PyByteArray_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "a weigher that was made and the bytearray it gave are wanted");
        return -1;
    }
    if (array_take(given, rows, 'B', 1, "rows") < 0)
        return -1;
    if (!(rows->count % bytes_of(self, 1)))
        return rows->count / bytes_of(self, 1);
    PyErr_SetString(PyExc_ValueError, "the rows do not fit the table");
    array_drop(rows);
    return -1;
}

/* amounts(rows, norm): the first row is divided by the norm, the second multiplied by it; gives the second's sum. */
static PyObject *weigher_amounts(Weigher *self, PyObject *const *args, Py_ssize_t arg_count)
{
    Array rows;
    double norm = arg_count == 2 ? PyFloat_AsDouble(args[1]) : 1.0;
    if (arg_count != 2)
        PyErr_SetString(PyExc_TypeError, "amounts(rows, norm)");
    Py_ssize_t count = PyErr_Occurred() ? -1 : take_rows(self, args[0], &rows);
    if (count < 0)
        return NULL;
    double *weighted = rows.view.buf, *amounts = weighted + count;
    for (Py_ssize_t i = 0; i < count; i++) {
        weighted[i] /= norm;
        amounts[i] *= weighted[i];
    }
    double sum = sum_of_doubles(amounts, count);
    array_drop(&rows);
    return PyFloat_FromDouble(sum);
}

/* top_terms(rows, share, is_positive, starts, ends, looked_at, wanted) */
static PyObject *weigher_top_terms(Weigher *self, PyObject *const *args, Py_ssize_t arg_count)
{
    Array rows;
    if (arg_count != 7)
        return PyErr_Format(PyExc_TypeError, "top_terms(rows, share, is_positive, starts, ends, looked_at, wanted)");
    Py_ssize_t count = take_rows(self, args[0], &rows);
    if (count < 0)
        return NULL;
    const double *row = rows.view.buf;
    const int32_t *first = (const int32_t *)(row + self->columns * count);
    Told told = {count, row + count, first, first + count, first + 2 * count};
    PyObject *findings = top_terms(&told, &self->lost, args + 1);
    array_drop(&rows);
    return findings;
}

static PyMethodDef methods[] = {
    {"weigh", (PyCFunction)(void (*)(void))weigher_weigh, METH_FASTCALL,
     "weigh(words) or weigh(words, shapes, sentences) -> None or (rows of doubles, a column of the table each, and "
     "then "
     "int32 first, width, count; terms; those before each limit)"},
    {"amounts", (PyCFunction)(void (*)(void))weigher_amounts, METH_FASTCALL,
     "amounts(rows, norm) -> the sum of the second row, each times what the first row has by the norm; both are kept"},
    {"top_terms", (PyCFunction)(void (*)(void))weigher_top_terms, METH_FASTCALL,
     "top_terms(rows, share, is_positive, starts, ends, looked_at, wanted) -> findings of the largest of the second "
     "row "
     "that do not overlap, in order of their start"},
    {NULL, NULL, 0, NULL},
};

PyTypeObject WeigherType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scorer.kernel.native.Weigher",
    .tp_doc = "Weigher(table, columns, sublinear, lost, limits, pair_offset or 0, pair_bits, None or (names, numbers, "
              "vocabulary), None or counted): weighs words; scorer/word_choice.py says with what",
    .tp_basicsize = sizeof(Weigher),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)weigher_init,
    .tp_dealloc = (destructor)weigher_free,
    .tp_methods = methods,
};
