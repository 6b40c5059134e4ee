/* What speaks for an attribution and of its source's kind: scorer.certainty and scorer.source_kinds, written out. */
#include "kernel.h"
#include <math.h>

enum { LEVELS = 5, STEPS = 16, MOST = 128, MOST_BITS = 24, MOST_KINDS = 8, TITLE = 1, INITIAL = 4 };
enum { BEGINS_SOURCE = 1, IN_SOURCE, BEGINS_CUE, IN_CUE }; /* scorer.tagger.LABELS; 0 is none */
static const uint32_t PRIMES[] = {0x9E3779B1, 0x85EBCA77, 0x165667B1}, NOTHING = UINT32_MAX;
static const Py_ssize_t GAPS[] = {1, 2, 3, 4, 6, 9, 14, 22, 40, 80};

typedef struct {
    Py_ssize_t first, last;
} Run;

typedef struct {
    const int32_t *words, *borders;
    Py_ssize_t n, m;
} Tokens;

typedef struct {
    const int8_t *rows; /* (2 ** bits, columns) */
    int bits, columns;
    int64_t *sums; /* (columns,), what is added to */
} Sums;

/* Add the row of a feature: what it is, and its value (scorer.certainty.rows_of). */
static void add(const Sums *s, uint32_t what, uint32_t value)
{
    uint32_t key = ((what * PRIMES[0]) ^ (value * PRIMES[1])) * PRIMES[2];
    key = (key ^ (key >> 15)) * PRIMES[0];
    const int8_t *row = s->rows + (size_t)(key >> (32 - s->bits)) * s->columns;
    for (int c = 0; c < s->columns; c++)
        s->sums[c] += row[c];
}

/* The tokens of the sentence that a token is in. */
static Run sentence_of(const Tokens *t, Py_ssize_t token)
{
    Py_ssize_t low = 0, high = t->m;
    while (low + 1 < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (t->borders[middle] <= token)
            low = middle;
        else
            high = middle;
    }
    return (Run){t->borders[low], t->borders[low + 1]};
}

static uint32_t word_before(const Tokens *t, Py_ssize_t at, Run sentence)
{
    return at > sentence.first ? (uint32_t)t->words[at - 1] : NOTHING;
}

static uint32_t word_at(const Tokens *t, Py_ssize_t at, Run sentence)
{
    return at < sentence.last ? (uint32_t)t->words[at] : NOTHING;
}

static int tokens_sound(const Tokens *t)
{
    int good = t->m > 0 && t->borders[0] == 0 && t->borders[t->m] == t->n;
    for (Py_ssize_t s = 0; good && s < t->m; s++)
        good = t->borders[s] <= t->borders[s + 1];
    return good;
}

/* ---- how sure an attribution is ---- */

typedef struct {
    Tokens tokens;
    const float *scores; /* (n, width): the labels, then not content and content */
    int labels, width;
    const uint8_t *quoted; /* (n,) */
    Sums table;
} Certainty;

static int read_run(PyObject *given, Py_ssize_t n, Run *run)
{
    if (PyTuple_Check(given) && PyTuple_GET_SIZE(given) == 2) {
        run->first = PyLong_AsSsize_t(PyTuple_GET_ITEM(given, 0));
        run->last = PyLong_AsSsize_t(PyTuple_GET_ITEM(given, 1));
        if (PyErr_Occurred())
            return -1;
        if (run->first >= 0 && run->first < run->last && run->last <= n)
            return 0;
    }
    PyErr_SetString(PyExc_ValueError, "a run is no (first, last) inside the text");
    return -1;
}

static uint32_t step_of(Py_ssize_t count)
{
    uint32_t step = 0;
    while (step < sizeof GAPS / sizeof *GAPS && count >= GAPS[step])
        step++;
    return step;
}

static int64_t level_of(double score)
{
    double steps = floor(score * STEPS);
    return steps > MOST ? MOST : steps < -MOST ? -MOST : (int64_t)steps;
}

/* The sum over a run of the larger of two scores less a third. */
static double add_scores(const Certainty *c, double total, Run run, int one, int other, int against)
{
    for (Py_ssize_t i = run.first; i < run.last; i++) {
        const float *row = c->scores + i * c->width;
        total += (double)(row[one] > row[other] ? row[one] : row[other]) - (double)row[against];
    }
    return total;
}

static double mean_of(const Certainty *c, Run run, int one, int other)
{
    return add_scores(c, 0.0, run, one, other, 0) / (double)(run.last - run.first);
}

/* Add what speaks of one link to the row `told`: the table's sum, then LEVELS; 0, or -1 with an exception set. */
static int weigh(Certainty *c, PyObject *link_source, PyObject *link_cue, PyObject *content, int32_t kind, int64_t *told)
{
    const Tokens *t = &c->tokens;
    const Sums *s = &c->table;
    Run source, cue;
    if (read_run(link_source, t->n, &source) < 0 || read_run(link_cue, t->n, &cue) < 0)
        return -1;
    if (!PyList_Check(content)) {
        PyErr_SetString(PyExc_TypeError, "the content of an attribution is a list");
        return -1;
    }
    Run sentence = sentence_of(t, cue.first), beside = sentence_of(t, source.first);
    Py_ssize_t held = 0, pieces = PyList_GET_SIZE(content);
    int in_quotation = 0, near = 0;
    double total = 0.0;
    for (Py_ssize_t p = 0; p < pieces; p++) {
        Run piece;
        if (read_run(PyList_GET_ITEM(content, p), t->n, &piece) < 0)
            return -1;
        held += piece.last - piece.first;
        near |= piece.first < sentence.last && sentence.first < piece.last;
        for (Py_ssize_t i = piece.first; i < piece.last; i++)
            in_quotation |= c->quoted[i];
        total = add_scores(c, total, piece, c->labels + 1, c->labels + 1, c->labels);
    }
    Py_ssize_t gap = cue.first - source.last > source.first - cue.last ? cue.first - source.last : source.first - cue.last;
    for (Py_ssize_t i = cue.first; i < cue.last; i++)
        add(s, 0, (uint32_t)t->words[i]);
    add(s, 1, (uint32_t)t->words[cue.first]);
    add(s, 2, (uint32_t)t->words[cue.last - 1]);
    add(s, 3, (uint32_t)t->words[source.first]);
    add(s, 4, (uint32_t)t->words[source.last - 1]);
    add(s, 5, word_before(t, cue.first, sentence));
    add(s, 6, word_at(t, cue.last, sentence));
    add(s, 7, word_before(t, source.first, beside));
    add(s, 8, word_at(t, source.last, beside));
    add(s, 9, (uint32_t)t->words[sentence.last - 1]);
    add(s, 10, (uint32_t)kind);
    add(s, 11, 2 * step_of(gap) + (source.first > cue.first));
    add(s, 12, step_of(held));
    add(s, 13, (uint32_t)(8 * (pieces < 2 ? pieces : 2) + 4 * c->quoted[cue.first] + 2 * in_quotation + near));
    add(s, 14, (uint32_t)(cue.last - cue.first < 5 ? cue.last - cue.first : 5));
    add(s, 15, (uint32_t)(source.last - source.first < 9 ? source.last - source.first : 9));
    add(s, 16, (uint32_t)((beside.first != sentence.first) + (beside.first > sentence.first)));
    const float *at_cue = c->scores + cue.first * c->width, *at_source = c->scores + source.first * c->width;
    told[1] = level_of(mean_of(c, cue, BEGINS_CUE, IN_CUE));
    told[2] = level_of((double)at_cue[BEGINS_CUE] - (double)at_cue[0]);
    told[3] = level_of(mean_of(c, source, BEGINS_SOURCE, IN_SOURCE));
    told[4] = level_of((double)at_source[BEGINS_SOURCE] - (double)at_source[0]);
    told[5] = level_of(held ? total / (double)held : 0.0);
    return 0;
}

static int mark_quoted(uint8_t *quoted, Py_ssize_t n, PyObject *quotations)
{
    for (Py_ssize_t q = 0; q < PyList_GET_SIZE(quotations); q++) {
        Py_ssize_t first, last;
        PyObject *closed, *given = PyList_GET_ITEM(quotations, q);
        if (!PyTuple_Check(given)) {
            PyErr_SetString(PyExc_TypeError, "a quotation is a tuple");
            return -1;
        }
        if (!PyArg_ParseTuple(given, "nnO", &first, &last, &closed))
            return -1;
        if (first < 0 || last > n) {
            PyErr_SetString(PyExc_ValueError, "a quotation lies outside the text");
            return -1;
        }
        for (Py_ssize_t i = first; i < last; i++)
            quoted[i] = 1;
    }
    return 0;
}

static PyObject *told_of(Certainty *c, PyObject *links, const int32_t *kinds)
{
    static PyObject *fields[3];
    static const char *const names[3] = {"source", "cue", "content"};
    for (int f = 0; f < 3; f++)
        if (!fields[f] && !(fields[f] = PyUnicode_InternFromString(names[f])))
            return NULL;
    Py_ssize_t count = PyList_GET_SIZE(links);
    PyObject *found = PyBytes_FromStringAndSize(NULL, count * (1 + LEVELS) * (Py_ssize_t)sizeof(int64_t));
    for (Py_ssize_t i = 0; found && i < count; i++) {
        int64_t *told = (int64_t *)PyBytes_AS_STRING(found) + i * (1 + LEVELS);
        PyObject *parts[3] = {NULL, NULL, NULL};
        int part = 0, status = -1;
        while (part < 3 && (parts[part] = PyObject_GetAttr(PyList_GET_ITEM(links, i), fields[part])))
            part++;
        told[0] = 0;
        c->table.sums = told;
        if (part == 3)
            status = weigh(c, parts[0], parts[1], parts[2], kinds[i], told);
        for (part = 0; part < 3; part++)
            Py_XDECREF(parts[part]);
        if (status < 0)
            Py_CLEAR(found);
    }
    return found;
}

PyObject *kernel_certainty(PyObject *self, PyObject *args)
{
    enum { WORDS, BORDERS, SCORES, KINDS, TABLE, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "sentences", "scores", "kinds", "table"};
    PyObject *given[ARRAYS], *quotations, *links, *found = NULL;
    Array a[ARRAYS];
    Certainty c = {0};
    if (!PyArg_ParseTuple(args, "OOOiO!O!OOi", &given[WORDS], &given[BORDERS], &given[SCORES], &c.labels, &PyList_Type,
                          &quotations, &PyList_Type, &links, &given[KINDS], &given[TABLE], &c.table.bits) ||
        arrays_take(given, a, "iifib", names) < 0)
        return NULL;
    c.tokens = (Tokens){a[WORDS].view.buf, a[BORDERS].view.buf, a[WORDS].count, a[BORDERS].count - 1};
    c.scores = a[SCORES].view.buf;
    c.width = c.labels + 2;
    c.table.rows = a[TABLE].view.buf;
    c.table.columns = 1;
    if (!tokens_sound(&c.tokens) || c.labels <= IN_CUE || a[SCORES].count != c.tokens.n * c.width ||
        a[KINDS].count != PyList_GET_SIZE(links) || c.table.bits < 1 || c.table.bits > MOST_BITS ||
        a[TABLE].count != (Py_ssize_t)1 << c.table.bits) {
        PyErr_SetString(PyExc_ValueError, "words, sentences, scores, links and weights do not fit each other");
    } else {
        uint8_t *quoted = PyMem_Calloc(c.tokens.n + 1, 1);
        c.quoted = quoted;
        if (!quoted)
            PyErr_NoMemory();
        else if (mark_quoted(quoted, c.tokens.n, quotations) == 0)
            found = told_of(&c, links, a[KINDS].view.buf);
        PyMem_Free(quoted);
    }
    arrays_drop(a, ARRAYS);
    return found;
}

/* ---- of what kind its source is ---- */

typedef struct {
    Tokens tokens;
    const int32_t *shapes, *masks;
    Py_ssize_t vocabulary;
    int32_t split; /* the bit of words that end a head; the lists have the bits below it */
    uint32_t kinds;
    Sums table;
} Kinds;

/* Add what speaks of a source whose kind by rule is `kind`. */
static void tell_kind(const Kinds *k, Run source, uint32_t kind, uint32_t led_back)
{
    const Tokens *t = &k->tokens;
    const Sums *s = &k->table;
    Run sentence = sentence_of(t, source.first);
    Py_ssize_t head = source.first + 1;
    while (head < source.last && !(k->masks[t->words[head]] & k->split))
        head++;
    head--;
    uint32_t lists = (uint32_t)k->split - 1, before = 0, capitals = 0;
    for (Py_ssize_t i = source.first; i < head; i++)
        before |= (uint32_t)k->masks[t->words[i]] & lists;
    for (Py_ssize_t i = source.first; i < source.last; i++)
        capitals += k->shapes[i] >= TITLE && k->shapes[i] <= INITIAL;
    uint32_t at_head = (uint32_t)k->masks[t->words[head]] & lists;
    add(s, 0, kind);
    add(s, 1, (uint32_t)t->words[source.first]);
    add(s, 2, (uint32_t)t->words[source.last - 1]);
    add(s, 3, (uint32_t)t->words[head]);
    add(s, 4, 2 * kind + led_back);
    add(s, 5, word_before(t, source.first, sentence));
    add(s, 6, word_at(t, source.last, sentence));
    add(s, 7, 8 * kind + (capitals < 7 ? capitals : 7));
    add(s, 8, at_head);
    add(s, 9, (uint32_t)k->masks[t->words[source.last - 1]] & lists);
    add(s, 10, before);
    add(s, 11, (uint32_t)k->masks[t->words[source.first]] & lists);
    add(s, 12, at_head * k->kinds + kind);
    for (uint32_t bit = 0; before >> bit; bit++)
        if (before >> bit & 1)
            add(s, 13, bit * k->kinds + kind);
    for (Py_ssize_t i = source.first; i < source.last; i++)
        add(s, 14, (uint32_t)t->words[i]);
    if (source.last - source.first == 1)
        add(s, 15 + kind, (uint32_t)t->words[source.first]);
}

/* Whether words and tables fit each other. */
static int kinds_sound(const Kinds *k)
{
    int good = k->split > 0 && !(k->split & (k->split - 1));
    for (Py_ssize_t i = 0; good && i < k->tokens.n; i++)
        good = k->tokens.words[i] >= 0 && k->tokens.words[i] < k->vocabulary;
    return good;
}

/* `told`: for each source twice its kind by rule, and one more where it was led back to somebody. */
static PyObject *kinds_of(Kinds *k, PyObject *sources, PyObject *told)
{
    Py_ssize_t count = PyList_GET_SIZE(sources), columns = k->table.columns;
    PyObject *found = PyBytes_FromStringAndSize(NULL, count * columns * (Py_ssize_t)sizeof(int64_t));
    for (Py_ssize_t i = 0; found && i < count; i++) {
        uint8_t said = (uint8_t)PyBytes_AS_STRING(told)[i];
        Run source;
        k->table.sums = (int64_t *)PyBytes_AS_STRING(found) + i * columns;
        for (Py_ssize_t c = 0; c < columns; c++)
            k->table.sums[c] = 0;
        if (read_run(PyList_GET_ITEM(sources, i), k->tokens.n, &source) < 0) {
            Py_CLEAR(found);
        } else if (said / 2 >= columns) {
            PyErr_SetString(PyExc_ValueError, "a source is of no known kind");
            Py_CLEAR(found);
        } else {
            tell_kind(k, source, said / 2, said % 2);
        }
    }
    return found;
}

PyObject *kernel_source_kinds(PyObject *self, PyObject *args)
{
    enum { WORDS, SHAPES, BORDERS, MASKS, TABLE, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "sentences", "masks", "table"};
    PyObject *given[ARRAYS], *sources, *told, *found = NULL;
    Array a[ARRAYS];
    Kinds k = {0};
    if (!PyArg_ParseTuple(args, "OOOO!SOOiii", &given[WORDS], &given[SHAPES], &given[BORDERS], &PyList_Type, &sources,
                          &told, &given[MASKS], &given[TABLE], &k.table.bits, &k.table.columns, &k.split) ||
        arrays_take(given, a, "iiiib", names) < 0)
        return NULL;
    k.tokens = (Tokens){a[WORDS].view.buf, a[BORDERS].view.buf, a[WORDS].count, a[BORDERS].count - 1};
    k.shapes = a[SHAPES].view.buf;
    k.masks = a[MASKS].view.buf;
    k.vocabulary = a[MASKS].count;
    k.kinds = (uint32_t)k.table.columns;
    k.table.rows = a[TABLE].view.buf;
    if (!tokens_sound(&k.tokens) || a[SHAPES].count != k.tokens.n || PyBytes_GET_SIZE(told) != PyList_GET_SIZE(sources) ||
        k.table.bits < 1 || k.table.bits > MOST_BITS || k.table.columns < 1 || k.table.columns > MOST_KINDS ||
        a[TABLE].count != (Py_ssize_t)k.table.columns << k.table.bits || !kinds_sound(&k))
        PyErr_SetString(PyExc_ValueError, "words, sentences, sources and weights do not fit each other");
    else
        found = kinds_of(&k, sources, told);
    arrays_drop(a, ARRAYS);
    return found;
}
