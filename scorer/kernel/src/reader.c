/* A normal text read in one pass: tokens, integers, positions, sentences (scorer/text.py). */
#include "narrow.h"
#include "tokens.h"
#include "words.h"

enum { LEAP = 16 /* tokens passed at once on the way to the next sentence */ };

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

/* Write the arrays of a text one behind the other: starts, ends of its n tokens (then there is room for their words and
 * shapes), [start, end) of its m sentences, the first token of each, and n behind the last. */
static void lay_out(const Numbers *places, const Numbers *sentences, int32_t *starts)
{
    Py_ssize_t n = places->count / 2, m = sentences->count / 2, token = 0;
    int32_t *ends = starts + n, *spans = starts + 4 * n, *firsts = spans + 2 * m;
    for (Py_ssize_t i = 0; i < n; i++) {
        starts[i] = places->items[2 * i];
        ends[i] = places->items[2 * i + 1];
    }
    for (Py_ssize_t s = 0; s < m; s++) {
        spans[2 * s] = sentences->items[2 * s];
        spans[2 * s + 1] = sentences->items[2 * s + 1];
        while (token + LEAP < n && starts[token + LEAP] < spans[2 * s])
            token += LEAP;
        while (token < n && starts[token] < spans[2 * s])
            token++;
        firsts[s] = (int32_t)token;
    }
    firsts[m] = (int32_t)n;
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
    Py_ssize_t whole = PyUnicode_GET_LENGTH(text);
    if (start < 0 || start > whole || stop > whole || whole > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the part lies outside the text");
        return NULL;
    }
    Py_ssize_t length = stop > start ? stop - start : 0;
    Numbers places = {NULL, 0, length / 2 + 16}; /* few texts have more tokens than that */
    Numbers stops = {0}, sentences = {0};
    PyObject *tokens = NULL, *numbers = NULL, *found = NULL;
    uint8_t *narrow = PyMem_Malloc(length + PADDING);
    places.items = PyMem_Malloc(places.room * sizeof *places.items);
    if (!narrow || !places.items)
        goto done;
    Characters characters = characters_of(text);
    narrow_copy(characters, start, stop, narrow);
    if (token_places(characters, start, stop, narrow, &places, &stops) < 0 ||
        sentence_spans(&self->borders, text, start, stop, &places, &stops, &sentences) < 0)
        goto done;
    Py_ssize_t n = places.count / 2;
    tokens = PyList_New(n);
    numbers = PyBytes_FromStringAndSize(NULL, (4 * n + 3 * (sentences.count / 2) + 1) * (Py_ssize_t)sizeof(int32_t));
    if (!tokens || !numbers)
        goto done;
    int32_t *rows = (int32_t *)PyBytes_AS_STRING(numbers);
    lay_out(&places, &sentences, rows);
    if (words_find(&self->words, text, start, narrow, places.items, n, tokens, rows + 2 * n, rows + 3 * n) == 0)
        found = PyTuple_Pack(2, tokens, numbers);
done:
    if (!found && !PyErr_Occurred())
        PyErr_NoMemory();
    PyMem_Free(narrow);
    PyMem_Free(places.items);
    PyMem_Free(stops.items);
    PyMem_Free(sentences.items);
    Py_XDECREF(tokens);
    Py_XDECREF(numbers);
    return found;
}

static PyMethodDef methods[] = {
    {"read", (PyCFunction)(void (*)(void))reader_read, METH_FASTCALL,
     "read(text, start, stop) -> (tokens, starts ends words shapes of them, sentences, first tokens of sentences)"},
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
