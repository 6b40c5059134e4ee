/* A normal text read in one pass: tokens, integers, positions, sentences (scorer/text.py). */
#include "tokens.h"
#include "words.h"

#define SHAPE_BITS 4

typedef struct {
    PyObject_HEAD
    Words words;
    Borders borders;
} Reader;

static void reader_free(Reader *self)
{
    PyObject_GC_UnTrack(self);
    words_clear(&self->words);
    Py_CLEAR(self->words.pack);
    Py_CLEAR(self->borders.is_border);
    Py_CLEAR(self->borders.special);
    Py_CLEAR(self->borders.decisions);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int reader_visit(Reader *self, visitproc visit, void *arg)
{
    Py_VISIT(self->words.pack);
    Py_VISIT(self->borders.is_border);
    return 0;
}

static int reader_forget(Reader *self)
{
    Py_CLEAR(self->words.pack);
    Py_CLEAR(self->borders.is_border);
    return 0;
}

static int reader_init(Reader *self, PyObject *args, PyObject *named)
{
    PyObject *pack, *is_border, *special;
    if (!PyArg_ParseTuple(args, "OOO", &pack, &is_border, &special))
        return -1;
    if (!PyAnySet_Check(special)) {
        PyErr_SetString(PyExc_TypeError, "Reader(pack, is_border, a set of words)");
        return -1;
    }
    Py_XSETREF(self->words.pack, Py_NewRef(pack));
    Py_XSETREF(self->borders.is_border, Py_NewRef(is_border));
    Py_XSETREF(self->borders.special, Py_NewRef(special));
    Py_XSETREF(self->borders.decisions, PyDict_New());
    /* no text can be made that fills one corner of the table: where things lie differs from process to process */
    PyObject *salt = PyUnicode_FromString("credence");
    Py_hash_t hash = salt ? PyObject_Hash(salt) : -1;
    Py_XDECREF(salt);
    self->words.seed = (uint64_t)hash;
    return self->borders.decisions && salt ? 0 : -1;
}

/* The packed integers and positions of the tokens, as four rows of `count` numbers. */
static PyObject *rows_of(const Numbers *places, const int32_t *packed, Py_ssize_t count)
{
    PyObject *rows = PyBytes_FromStringAndSize(NULL, 4 * count * (Py_ssize_t)sizeof(int32_t));
    if (!rows)
        return NULL;
    int32_t *starts = (int32_t *)PyBytes_AS_STRING(rows), *ends = starts + count, *words = ends + count,
            *shapes = words + count;
    for (Py_ssize_t i = 0; i < count; i++) {
        starts[i] = places->items[2 * i];
        ends[i] = places->items[2 * i + 1];
        words[i] = packed[i] >> SHAPE_BITS;
        shapes[i] = packed[i] & ((1 << SHAPE_BITS) - 1);
    }
    return rows;
}

/* For each sentence its first token, and the number of tokens behind the last. */
static PyObject *borders_of(const Numbers *sentences, const Numbers *places)
{
    Py_ssize_t m = sentences->count / 2, n = places->count / 2, token = 0;
    PyObject *borders = PyBytes_FromStringAndSize(NULL, (m + 1) * (Py_ssize_t)sizeof(int32_t));
    if (!borders)
        return NULL;
    int32_t *firsts = (int32_t *)PyBytes_AS_STRING(borders);
    for (Py_ssize_t s = 0; s < m; s++) {
        while (token < n && places->items[2 * token] < sentences->items[2 * s])
            token++;
        firsts[s] = (int32_t)token;
    }
    firsts[m] = (int32_t)n;
    return borders;
}

static int tokens_of(PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t stop, Numbers *places)
{
    for (Py_ssize_t i = start; i < stop;) {
        if (classes(at(characters, i)) & SPACE) {
            i++;
            continue;
        }
        Py_ssize_t end = token_end(characters, i, stop);
        if (numbers_add(places, i, end) < 0)
            return -1;
        i = end;
    }
    return 0;
}

static PyObject *reader_read(Reader *self, PyObject *const *args, Py_ssize_t arg_count)
{
    if (arg_count != 3 || !PyUnicode_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "read(text, start, stop)");
        return NULL;
    }
    PyObject *text = args[0];
    Py_ssize_t start = PyLong_AsSsize_t(args[1]), stop = PyLong_AsSsize_t(args[2]);
    if (PyErr_Occurred())
        return NULL;
    if (start < 0 || stop > PyUnicode_GET_LENGTH(text) || PyUnicode_GET_LENGTH(text) > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the part lies outside the text");
        return NULL;
    }
    Characters characters = characters_of(text);
    Numbers places = {0}, sentences = {0};
    PyObject *tokens = NULL, *rows = NULL, *spans = NULL, *borders = NULL, *found = NULL;
    int32_t *packed = NULL;
    if (tokens_of(text, characters, start, stop, &places) < 0)
        goto done;
    Py_ssize_t n = places.count / 2;
    tokens = PyList_New(n);
    packed = PyMem_Malloc((n ? n : 1) * sizeof *packed);
    if (!tokens || !packed)
        goto done;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *token = words_find(&self->words, text, characters, places.items[2 * i], places.items[2 * i + 1],
                                     &packed[i]);
        if (!token)
            goto done;
        PyList_SET_ITEM(tokens, i, token);
    }
    if (sentence_spans(&self->borders, text, characters, start, stop, &sentences) < 0)
        goto done;
    rows = rows_of(&places, packed, n);
    spans = PyBytes_FromStringAndSize((const char *)sentences.items, sentences.count * (Py_ssize_t)sizeof(int32_t));
    borders = borders_of(&sentences, &places);
    if (rows && spans && borders)
        found = PyTuple_Pack(4, tokens, rows, spans, borders);
done:
    if (!found && !PyErr_Occurred())
        PyErr_NoMemory();
    PyMem_Free(packed);
    PyMem_Free(places.items);
    PyMem_Free(sentences.items);
    Py_XDECREF(tokens);
    Py_XDECREF(rows);
    Py_XDECREF(spans);
    Py_XDECREF(borders);
    return found;
}

static PyMethodDef methods[] = {
    {"read", (PyCFunction)(void (*)(void))reader_read, METH_FASTCALL,
     "read(text, start, stop) -> (tokens, starts ends words shapes, sentences, first tokens of sentences)"},
    {NULL, NULL, 0, NULL},
};

PyTypeObject ReaderType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scorer.kernel.native.Reader",
    .tp_doc = "Reader(pack, is_border, special): reads normal text; scorer/text.py says with what",
    .tp_basicsize = sizeof(Reader),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)reader_init,
    .tp_dealloc = (destructor)reader_free,
    .tp_traverse = (traverseproc)reader_visit,
    .tp_clear = (inquiry)reader_forget,
    .tp_methods = methods,
};
