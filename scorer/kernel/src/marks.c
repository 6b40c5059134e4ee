/* Which tokens stand in quotations, and the tagger's flags: scorer.quotes and scorer.tagger.inputs, written out. */
#include "characters.h"
#include <string.h>

enum { INTEGER = 5, NUMBER = 6, QUOTE_FIRST = 9, QUOTE_LAST = 11 }; /* scorer.lexicon.Shape */

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

static int is_mark(int32_t shape) { return shape >= QUOTE_FIRST && shape <= QUOTE_LAST; }

/* The mark a token is, 0 for longer tokens. */
static Py_UCS4 mark_at(const Words *w, Py_ssize_t i)
{
    PyObject *token = PyList_GET_ITEM(w->tokens, i);
    return PyUnicode_Check(token) && PyUnicode_GET_LENGTH(token) == 1 ? PyUnicode_READ_CHAR(token, 0) : 0;
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

/* Quotations; `lines` says where each line begins, in tokens, and behind the last of them where the text ends. */
static void pair(const Words *w, const int32_t *lines, Quotations *twice, Quotations *once)
{
    Py_ssize_t pending = -1, pending_single = -1;
    Py_UCS4 opener = 0;
    for (Py_ssize_t i = 0; i < w->n; i++) {
        if (!is_mark(w->shapes[i]))
            continue;
        if (i >= lines[1]) {
            if (pending >= 0)
                add(twice, pending, lines[1], 0);
            pending = pending_single = -1;
            while (i >= lines[1])
                lines++;
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
        add(twice, pending, lines[1], 0);
}

/* Put the quotations into a list from place `at` on; 0, or -1 with an exception set. */
static int list_all(const Quotations *found, PyObject *list, Py_ssize_t at)
{
    for (Py_ssize_t i = 0; i < found->count; i++) {
        const Quotation *q = &found->items[i];
        PyObject *one = PyTuple_New(3), *first = PyLong_FromLong(q->first), *last = PyLong_FromLong(q->last);
        if (!one || !first || !last) {
            Py_XDECREF(one);
            Py_XDECREF(first);
            Py_XDECREF(last);
            return -1;
        }
        PyTuple_SET_ITEM(one, 0, first);
        PyTuple_SET_ITEM(one, 1, last);
        PyTuple_SET_ITEM(one, 2, PyBool_FromLong(q->closed));
        PyList_SET_ITEM(list, at + i, one);
    }
    return 0;
}

enum { /* places of scorer.tagger.inputs' flags */
    ANY, SENTENCE_FIRST, SENTENCE_LAST, LINE_FIRST, LINE_LAST, GAP, FIRST_LINE, CLOSED, OPEN, MARK_FIRST, MARK_LAST,
    SINGLE, CUE_BEFORE, CUE_AFTER, QUOTED_BEFORE, QUOTED_AFTER, CUE
};

static void add_flag(int32_t *flags, Py_ssize_t first, Py_ssize_t last, int flag)
{
    for (Py_ssize_t i = first; i < last; i++)
        flags[i] |= 1 << flag;
}

/* Tell the tokens of a sentence whether something stands before or behind them: what is sought is met at the token
 * `first` of it first, at the token before `last` last. */
static void look_around(int32_t *flags, Py_ssize_t begin, Py_ssize_t first, Py_ssize_t last, Py_ssize_t end, int before,
                        int after)
{
    add_flag(flags, first + 1, end, before);
    add_flag(flags, begin, last - 1, after);
}

VECTOR static void flag_gaps(const Words *w, int32_t *flags)
{
    flags[0] = 1 << ANY;
    for (Py_ssize_t i = 1; i < w->n; i++)
        flags[i] = 1 << ANY | (w->starts[i] > w->ends[i - 1]) << GAP;
}

static void flag_cues(const Words *w, const int32_t *words, const uint8_t *cue_words, int32_t *flags)
{
    for (Py_ssize_t s = 0; s < w->m; s++) {
        Py_ssize_t begin = w->borders[s], end = w->borders[s + 1], first = end, last = end;
        for (Py_ssize_t i = begin; i < end; i++)
            if (cue_words[words[i]]) {
                flags[i] |= 1 << CUE;
                first = first < end ? first : i;
                last = i + 1;
            }
        if (first < end)
            look_around(flags, begin, first, last, end, CUE_BEFORE, CUE_AFTER);
    }
}

/* Sentences around double quotations, which come in order and apart from each other. */
static void flag_quoted(const Words *w, const Quotations *twice, int32_t *flags)
{
    const Quotation *next = twice->items, *stop = next + twice->count;
    for (Py_ssize_t s = 0; s < w->m && next < stop; s++) {
        Py_ssize_t begin = w->borders[s], end = w->borders[s + 1], last = end;
        if (next->first >= end)
            continue;
        Py_ssize_t first = next->first > begin ? next->first : begin;
        while (next < stop && next->first < end) {
            last = next->last < end ? next->last : end;
            if (next->last > end)
                break; /* it goes on in the next sentence */
            next++;
        }
        look_around(flags, begin, first, last, end, QUOTED_BEFORE, QUOTED_AFTER);
    }
}

static void flag(const Words *w, const int32_t *lines, const Quotations *twice, const Quotations *once,
                 const int32_t *words, const uint8_t *cue_words, int32_t *flags)
{
    flag_gaps(w, flags);
    flag_cues(w, words, cue_words, flags);
    flag_quoted(w, twice, flags);
    add_flag(flags, 0, lines[1], FIRST_LINE);
    for (; *lines < w->n; lines++) {
        flags[lines[0]] |= 1 << LINE_FIRST;
        flags[lines[1] - 1] |= 1 << LINE_LAST;
    }
    for (Py_ssize_t s = 0; s < w->m; s++) {
        flags[w->borders[s]] |= 1 << SENTENCE_FIRST;
        flags[w->borders[s + 1] - 1] |= 1 << SENTENCE_LAST;
    }
    for (Py_ssize_t q = 0; q < twice->count; q++) {
        const Quotation *one = &twice->items[q];
        add_flag(flags, one->first, one->last, one->closed ? CLOSED : OPEN);
        flags[one->first] |= 1 << MARK_FIRST;
        if (one->closed)
            flags[one->last - 1] |= 1 << MARK_LAST;
    }
    for (Py_ssize_t q = 0; q < once->count; q++)
        add_flag(flags, once->items[q].first, once->items[q].last, SINGLE);
}

static int sound(const Words *w)
{
    int good = w->m > 0 && w->borders[0] == 0 && w->borders[w->m] == w->n && PyList_GET_SIZE(w->tokens) == w->n;
    Py_ssize_t length = PyUnicode_GET_LENGTH(w->normal);
    for (Py_ssize_t s = 0; good && s < w->m; s++)
        good = w->borders[s] < w->borders[s + 1];
    good = good && all_within(w->sentences, 2 * w->m, 0, length); /* what stands between two of them is read */
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tokens and sentences do not fit each other");
    return good;
}

static PyObject *marks(const Words *w, const int32_t *words, const Array *cue_words)
{
    PyObject *found = NULL, *flags = NULL, *listed = NULL;
    Py_ssize_t signs = 0, line = 0;
    for (Py_ssize_t i = 0; i < w->n; i++)
        signs += is_mark(w->shapes[i]);
    Quotation *room = PyMem_Malloc((2 * signs + 1) * sizeof *room + (w->m + 1) * sizeof(int32_t));
    if (!room)
        return PyErr_NoMemory();
    Quotations twice = {room, 0}, once = {room + signs, 0}; /* each begins at a mark of its own */
    int32_t *lines = (int32_t *)(room + 2 * signs + 1);
    for (Py_ssize_t s = 0; s < w->m; s++)
        if (!s || begins_line(w, s))
            lines[line++] = w->borders[s];
    lines[line] = (int32_t)w->n;
    pair(w, lines, &twice, &once);
    flags = PyBytes_FromStringAndSize(NULL, words ? w->n * (Py_ssize_t)sizeof(int32_t) : 0);
    if (flags && words)
        flag(w, lines, &twice, &once, words, cue_words->view.buf, (int32_t *)PyBytes_AS_STRING(flags));
    listed = flags ? PyList_New(twice.count + once.count) : NULL;
    if (listed && list_all(&twice, listed, 0) == 0 && list_all(&once, listed, twice.count) == 0)
        found = Py_BuildValue("(OOn)", flags, listed, twice.count);
    Py_XDECREF(flags);
    Py_XDECREF(listed);
    PyMem_Free(room);
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
            fits = fits && arrays[WORDS].count == w.n && all_within(words, w.n, 0, arrays[CUE_WORDS].count - 1);
        if (!fits)
            PyErr_SetString(PyExc_ValueError, "the arrays of a text do not fit each other");
        else if (sound(&w))
            found = marks(&w, words, &arrays[CUE_WORDS]);
    }
    while (taken)
        array_drop(&arrays[--taken]);
    return found;
}
