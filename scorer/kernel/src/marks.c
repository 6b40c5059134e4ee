/* Which tokens stand in quotations, and the tagger's flags: scorer.quotes and scorer.tagger.inputs, written out. */
#include "characters.h"
#include <string.h>

enum { INTEGER = 5, NUMBER = 6, QUOTE_FIRST = 9, QUOTE_LAST = 11 }; /* scorer.lexicon.Shape */
enum { FLAGS = 17 };

typedef struct {
    PyObject *tokens, *normal;
    const int32_t *shapes, *starts, *ends, *sentences, *borders; /* sentences (m, 2), borders (m + 1,) */
    Py_ssize_t n, m;
} Words;

typedef struct {
    int32_t first, last, closed;
} Quotation;

typedef struct {
    Quotation *items;
    Py_ssize_t count;
} Quotations;

/* The mark a token is, 0 for longer tokens. */
static Py_UCS4 mark_at(const Words *w, Py_ssize_t i)
{
    PyObject *token = PyList_GET_ITEM(w->tokens, i);
    return PyUnicode_GET_LENGTH(token) == 1 ? PyUnicode_READ_CHAR(token, 0) : 0;
}

static int is_double(Py_UCS4 c)
{
    return c == 0x201C || c == 0x201D || c == 0x201E || c == 0x201F || c == 0xAB || c == 0xBB || c == '"';
}

static int closes(Py_UCS4 opener, Py_UCS4 c)
{
    switch (opener) {
    case 0x201E: return c == 0x201C || c == 0x201D || c == '"'; /* „…“ */
    case 0x201F: return c == 0x201D || c == 0x201C || c == '"';
    case 0xAB: return c == 0xBB;
    case 0xBB: return c == 0xAB;
    default: return c == 0x201D || c == '"'; /* “ " ” */
    }
}

static int opens_single(Py_UCS4 c) { return c == 0x2018 || c == 0x201B || c == '\'' || c == 0x2039; }

static int closes_single(Py_UCS4 c) { return c == 0x2019 || c == '\'' || c == 0x203A; }

static int ends_clause(Py_UCS4 c) { return c && c < 128 && strchr(".,!?;:", (int)c) != NULL; }

/* Whether a sentence begins a line, from the second one on. */
static int begins_line(const Words *w, Py_ssize_t sentence)
{
    Characters text = characters_of(w->normal);
    for (Py_ssize_t i = w->sentences[2 * sentence - 1]; i < w->sentences[2 * sentence]; i++)
        if (at(text, i) == '\n')
            return 1;
    return 0;
}

static int has_gap(const Words *w, Py_ssize_t i) /* before token i; also at both ends of the text */
{
    return i <= 0 || i >= w->n || w->starts[i] > w->ends[i - 1];
}

static void add(Quotations *found, Py_ssize_t first, Py_ssize_t last, int closed)
{
    found->items[found->count++] = (Quotation){(int32_t)first, (int32_t)last, closed};
}

/* Quotations; `line_of` (n,) numbers the line of each token, `line_end` (n,) says where its line ends. */
static void pair(const Words *w, const int32_t *line_of, const int32_t *line_end, Quotations *twice, Quotations *once)
{
    Py_ssize_t pending = -1, pending_single = -1, line = -1;
    Py_UCS4 opener = 0;
    for (Py_ssize_t i = 0; i < w->n; i++) {
        if (w->shapes[i] < QUOTE_FIRST || w->shapes[i] > QUOTE_LAST)
            continue;
        if (line_of[i] != line) {
            if (pending >= 0)
                add(twice, pending, line_end[pending], 0);
            pending = pending_single = -1;
            line = line_of[i];
        }
        Py_UCS4 mark = mark_at(w, i);
        int spaced = has_gap(w, i), spaced_after = has_gap(w, i + 1);
        if (is_double(mark)) {
            if (pending < 0) {
                int inches = spaced_after && !spaced && i &&
                             (w->shapes[i - 1] == INTEGER || w->shapes[i - 1] == NUMBER);
                if (!inches) {
                    pending = i;
                    opener = mark;
                }
            } else if (closes(opener, mark) && mark != 0x201E && mark != 0x201F) {
                add(twice, pending, i + 1, 1);
                pending = -1;
            } else if (mark != 0x201D && mark != 0xBB) {
                add(twice, pending, i, 0);
                pending = i;
                opener = mark;
            }
        } else if (pending_single >= 0 && closes_single(mark) && !(spaced && !spaced_after)) {
            if (spaced_after || ends_clause(mark_at(w, i - 1))) {
                add(once, pending_single, i + 1, 1);
                pending_single = -1;
            }
        } else if (opens_single(mark) && !spaced_after && (spaced || (i && is_double(mark_at(w, i - 1))))) {
            pending_single = i;
        }
    }
    if (pending >= 0)
        add(twice, pending, line_end[pending], 0);
}

static PyObject *listed(const Quotations *found)
{
    PyObject *list = PyList_New(found->count);
    for (Py_ssize_t i = 0; list && i < found->count; i++) {
        const Quotation *q = &found->items[i];
        PyObject *one = Py_BuildValue("(iiO)", q->first, q->last, q->closed ? Py_True : Py_False);
        if (one)
            PyList_SET_ITEM(list, i, one);
        else
            Py_CLEAR(list);
    }
    return list;
}

/* For each token of a sentence: whether a marked one stands before it and behind it. */
static void look_around(const Words *w, const uint8_t *marked, float *flags, int column)
{
    for (Py_ssize_t s = 0; s < w->m; s++) {
        int seen = 0;
        for (Py_ssize_t i = w->borders[s]; i < w->borders[s + 1]; i++) {
            flags[i * FLAGS + column] = (float)seen;
            seen |= marked[i];
        }
        seen = 0;
        for (Py_ssize_t i = w->borders[s + 1] - 1; i >= w->borders[s]; i--) {
            flags[i * FLAGS + column + 1] = (float)seen;
            seen |= marked[i];
        }
    }
}

static void flag(const Words *w, const int32_t *line_of, const Quotations *twice, const Quotations *once,
                 const int32_t *words, const uint8_t *cue_words, uint8_t *marked, float *flags)
{
    for (Py_ssize_t i = 0; i < w->n; i++) {
        float *own = flags + i * FLAGS;
        own[0] = 1;
        own[3] = (float)(i == 0 || line_of[i] != line_of[i - 1]);
        own[4] = (float)(i + 1 == w->n || line_of[i] != line_of[i + 1]);
        own[5] = (float)(i > 0 && w->starts[i] > w->ends[i - 1]);
        own[6] = (float)(line_of[i] == 0);
        own[16] = (float)(marked[i] = cue_words[words[i]] != 0);
    }
    for (Py_ssize_t s = 0; s < w->m; s++) {
        flags[w->borders[s] * FLAGS + 1] = 1;
        flags[(w->borders[s + 1] - 1) * FLAGS + 2] = 1;
    }
    look_around(w, marked, flags, 12);
    memset(marked, 0, w->n);
    for (Py_ssize_t q = 0; q < twice->count; q++) {
        const Quotation *one = &twice->items[q];
        for (Py_ssize_t i = one->first; i < one->last; i++) {
            flags[i * FLAGS + (one->closed ? 7 : 8)] = 1;
            marked[i] = 1;
        }
        flags[one->first * FLAGS + 9] = 1;
        if (one->closed)
            flags[(one->last - 1) * FLAGS + 10] = 1;
    }
    for (Py_ssize_t q = 0; q < once->count; q++)
        for (Py_ssize_t i = once->items[q].first; i < once->items[q].last; i++)
            flags[i * FLAGS + 11] = 1;
    look_around(w, marked, flags, 14);
}

static int sound(const Words *w)
{
    int good = w->m > 0 && w->borders[0] == 0 && w->borders[w->m] == w->n && PyList_GET_SIZE(w->tokens) == w->n;
    Py_ssize_t length = PyUnicode_GET_LENGTH(w->normal);
    for (Py_ssize_t s = 0; good && s < w->m; s++)
        good = w->borders[s] < w->borders[s + 1] && w->sentences[2 * s] >= 0 && w->sentences[2 * s + 1] <= length;
    for (Py_ssize_t i = 0; good && i < w->n; i++)
        good = PyUnicode_Check(PyList_GET_ITEM(w->tokens, i));
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tokens and sentences do not fit each other");
    return good;
}

static PyObject *marks(const Words *w, const int32_t *words, const Array *cue_words)
{
    PyObject *found = NULL, *flags = NULL, *doubles = NULL, *singles = NULL;
    int32_t *lines = PyMem_Malloc(2 * w->n * sizeof *lines);
    uint8_t *marked = PyMem_Calloc(w->n, 1);
    Quotations twice = {PyMem_Malloc((w->n + 1) * sizeof(Quotation)), 0};
    Quotations once = {PyMem_Malloc((w->n + 1) * sizeof(Quotation)), 0};
    if (!lines || !marked || !twice.items || !once.items) {
        PyErr_NoMemory();
        goto done;
    }
    int32_t line = 0, *line_end = lines + w->n;
    for (Py_ssize_t s = 0; s < w->m; s++) {
        line += s && begins_line(w, s);
        for (Py_ssize_t i = w->borders[s]; i < w->borders[s + 1]; i++)
            lines[i] = line;
    }
    for (Py_ssize_t i = w->n - 1; i >= 0; i--)
        line_end[i] = i + 1 < w->n && lines[i] == lines[i + 1] ? line_end[i + 1] : (int32_t)(i + 1);
    pair(w, lines, line_end, &twice, &once);
    flags = PyBytes_FromStringAndSize(NULL, words ? w->n * FLAGS * (Py_ssize_t)sizeof(float) : 0);
    if (!flags)
        goto done;
    if (words) {
        float *out = (float *)PyBytes_AS_STRING(flags);
        memset(out, 0, w->n * FLAGS * sizeof *out);
        flag(w, lines, &twice, &once, words, cue_words->view.buf, marked, out);
    }
    doubles = listed(&twice);
    singles = listed(&once);
    if (doubles && singles)
        found = PyTuple_Pack(3, flags, doubles, singles);
done:
    Py_XDECREF(flags);
    Py_XDECREF(doubles);
    Py_XDECREF(singles);
    PyMem_Free(lines);
    PyMem_Free(marked);
    PyMem_Free(twice.items);
    PyMem_Free(once.items);
    return found;
}

PyObject *kernel_marks(PyObject *self, PyObject *args)
{
    enum { SHAPES, STARTS, ENDS, SENTENCES, BORDERS, WORDS, CUE_WORDS, ARRAYS };
    static const char *const names[ARRAYS] = {"shapes", "starts", "ends", "sentences", "borders", "words", "cue_words"};
    PyObject *given[ARRAYS], *found = NULL;
    Array arrays[ARRAYS];
    Words w = {0};
    int taken = 0;
    if (!PyArg_ParseTuple(args, "UO!OOOOOOO", &w.normal, &PyList_Type, &w.tokens, &given[SHAPES], &given[STARTS],
                          &given[ENDS], &given[SENTENCES], &given[BORDERS], &given[WORDS], &given[CUE_WORDS]))
        return NULL;
    int wanted = given[WORDS] == Py_None ? WORDS : ARRAYS; /* without words no flags are asked for */
    while (taken < wanted &&
           array_take(given[taken], &arrays[taken], taken == CUE_WORDS ? 'B' : 'i', taken == CUE_WORDS ? 1 : 4,
                      names[taken]) == 0)
        taken++;
    if (taken == wanted) {
        w.shapes = arrays[SHAPES].view.buf;
        w.starts = arrays[STARTS].view.buf;
        w.ends = arrays[ENDS].view.buf;
        w.sentences = arrays[SENTENCES].view.buf;
        w.borders = arrays[BORDERS].view.buf;
        w.n = arrays[SHAPES].count;
        w.m = arrays[BORDERS].count - 1;
        int fits = arrays[STARTS].count == w.n && arrays[ENDS].count == w.n && arrays[SENTENCES].count == 2 * w.m;
        const int32_t *words = wanted == ARRAYS ? arrays[WORDS].view.buf : NULL;
        if (words)
            for (Py_ssize_t i = 0; fits && i < w.n; i++)
                fits = arrays[WORDS].count == w.n && words[i] >= 0 && words[i] < arrays[CUE_WORDS].count;
        if (!fits)
            PyErr_SetString(PyExc_ValueError, "the arrays of a text do not fit each other");
        else if (sound(&w))
            found = marks(&w, words, &arrays[CUE_WORDS]);
    }
    while (taken)
        array_drop(&arrays[--taken]);
    return found;
}
