/* A normal text read in one pass: tokens, integers, positions, sentences (scorer/text.py). */
#include "tokens.h"
#include "words.h"

typedef struct {
    PyObject_HEAD
    Words words;
    Borders borders;
} Reader;

static void reader_free(Reader *self)
{
    PyObject_GC_UnTrack(self);
    words_clear(&self->words);
    Py_CLEAR(self->words.ids);
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
    PyObject *ids, *pack, *is_border, *special;
    if (self->words.ids) {
        PyErr_SetString(PyExc_RuntimeError, "a reader is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "O!OOO", &PyDict_Type, &ids, &pack, &is_border, &special))
        return -1;
    Py_XSETREF(self->words.ids, Py_NewRef(ids));
    Py_XSETREF(self->words.pack, Py_NewRef(pack));
    /* no text can be made that fills one corner of the table: where things lie differs from process to process */
    PyObject *salt = PyUnicode_FromString("credence");
    Py_hash_t hash = salt ? PyObject_Hash(salt) : -1;
    Py_XDECREF(salt);
    self->words.seed = (uint64_t)hash;
    return salt ? borders_init(&self->borders, is_border, special) : -1;
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
    if (!self->words.pack || !self->borders.is_border) {
        PyErr_SetString(PyExc_RuntimeError, "a reader that was never made");
        return NULL;
    }
    if (start < 0 || stop > PyUnicode_GET_LENGTH(text) || PyUnicode_GET_LENGTH(text) > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the part lies outside the text");
        return NULL;
    }
    Numbers places = {0}, sentences = {0};
    PyObject *tokens = NULL, *rows = NULL, *spans = NULL, *borders = NULL, *found = NULL;
    if (token_places(characters_of(text), start, stop, &places) < 0)
        goto done;
    Py_ssize_t n = places.count / 2;
    tokens = PyList_New(n);
    rows = PyBytes_FromStringAndSize(NULL, 4 * n * (Py_ssize_t)sizeof(int32_t));
    if (!tokens || !rows)
        goto done;
    int32_t *starts = (int32_t *)PyBytes_AS_STRING(rows), *ends = starts + n;
    for (Py_ssize_t i = 0; i < n; i++) {
        starts[i] = places.items[2 * i];
        ends[i] = places.items[2 * i + 1];
    }
    if (words_find(&self->words, text, places.items, n, tokens, ends + n, ends + 2 * n) < 0 ||
        sentence_spans(&self->borders, text, start, stop, &places, &sentences) < 0)
        goto done;
    spans = PyBytes_FromStringAndSize((const char *)sentences.items, sentences.count * (Py_ssize_t)sizeof(int32_t));
    borders = borders_of(&sentences, &places);
    if (spans && borders)
        found = PyTuple_Pack(4, tokens, rows, spans, borders);
done:
    if (!found && !PyErr_Occurred())
        PyErr_NoMemory();
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
    .tp_doc = "Reader(ids, pack, is_border, special): reads normal text; scorer/text.py says with what",
    .tp_basicsize = sizeof(Reader),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)reader_init,
    .tp_dealloc = (destructor)reader_free,
    .tp_traverse = (traverseproc)reader_visit,
    .tp_clear = (inquiry)reader_forget,
    .tp_methods = methods,
};
