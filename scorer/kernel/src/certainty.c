/* How sure attributions are and how they stand: scorer.certainty and scorer.signals.attribution.standing, written out. */
#include "evidence.h"
#include <math.h>

enum { LEVELS = 5, STEPS = 16, MOST = 128 };
enum { BEGINS_SOURCE = 1, IN_SOURCE, BEGINS_CUE, IN_CUE }; /* scorer.tagger.LABELS; 0 is none */
enum { COUNTED, UNCLEAR, WRITER };                         /* scorer.signals.attribution */
static const Py_ssize_t GAPS[] = {1, 2, 3, 4, 6, 9, 14, 22, 40, 80};

typedef struct {
    Tokens tokens;
    PyObject *written;                           /* the tokens, a list of strings */
    const float *scores;                         /* (n, width): the labels, then not content and content */
    int labels, width;
    uint8_t *quoted;                             /* (n,) */
    Table table;
    double unit, bias, clear;
    const double *levels;                        /* (LEVELS,) */
    PyObject *kinds, *described, *first_person;  /* of each source its kind's place by rule, and what is known of it */
    PyObject *from, *claims;                     /* sets of words: scorer.agents.rules */
} Certainty;

static uint32_t step_of(Py_ssize_t count)
{
    uint32_t step = 0;
    while (step < sizeof GAPS / sizeof *GAPS && count >= GAPS[step])
        step++;
    return step;
}

static double level_of(double score)
{
    double steps = floor(score * STEPS);
    return steps > MOST ? MOST : steps < -MOST ? -MOST : steps;
}

/* The sum over a stretch of the larger of two scores less a third. */
static double add_scores(const Certainty *c, double total, Stretch run, int one, int other, int against)
{
    for (Py_ssize_t i = run.first; i < run.last; i++) {
        const float *row = c->scores + i * c->width;
        total += (double)(row[one] > row[other] ? row[one] : row[other]) - (double)row[against];
    }
    return total;
}

static double mean_of(const Certainty *c, Stretch run, int one, int other)
{
    return add_scores(c, 0.0, run, one, other, 0) / (double)(run.last - run.first);
}

static double chance_of(double odds) /* scorer.logodds.sigmoid */
{
    return odds >= 0 ? 1.0 / (1.0 + exp(-odds)) : exp(odds) / (1.0 + exp(odds));
}

/* The chance of a link; -1 with an exception set. */
static double chance(const Certainty *c, Stretch source, Stretch cue, PyObject *content, uint32_t kind)
{
    const Tokens *t = &c->tokens;
    const Table *table = &c->table;
    Stretch sentence = sentence_of(t, cue.first), beside = sentence_of(t, source.first);
    Py_ssize_t held = 0, pieces = PyList_GET_SIZE(content);
    int in_quotation = 0, near = 0;
    double total = 0.0;
    int64_t sum = 0;
    for (Py_ssize_t p = 0; p < pieces; p++) {
        Stretch piece;
        if (piece_read(PyList_GET_ITEM(content, p), t->n, &piece) < 0)
            return -1;
        held += piece.last - piece.first;
        near |= piece.first < sentence.last && sentence.first < piece.last;
        for (Py_ssize_t i = piece.first; i < piece.last; i++)
            in_quotation |= c->quoted[i];
        total = add_scores(c, total, piece, c->labels + 1, c->labels + 1, c->labels);
    }
    Py_ssize_t gap = cue.first - source.last > source.first - cue.last ? cue.first - source.last : source.first - cue.last;
    for (Py_ssize_t i = cue.first; i < cue.last; i++)
        table_add(table, 0, (uint32_t)t->words[i], &sum);
    table_add(table, 1, (uint32_t)t->words[cue.first], &sum);
    table_add(table, 2, (uint32_t)t->words[cue.last - 1], &sum);
    table_add(table, 3, (uint32_t)t->words[source.first], &sum);
    table_add(table, 4, (uint32_t)t->words[source.last - 1], &sum);
    table_add(table, 5, word_before(t, cue.first, sentence), &sum);
    table_add(table, 6, word_at(t, cue.last, sentence), &sum);
    table_add(table, 7, word_before(t, source.first, beside), &sum);
    table_add(table, 8, word_at(t, source.last, beside), &sum);
    table_add(table, 9, (uint32_t)t->words[sentence.last - 1], &sum);
    table_add(table, 10, kind, &sum);
    table_add(table, 11, 2 * step_of(gap) + (source.first > cue.first), &sum);
    table_add(table, 12, step_of(held), &sum);
    table_add(table, 13, (uint32_t)(8 * (pieces < 2 ? pieces : 2) + 4 * c->quoted[cue.first] + 2 * in_quotation + near),
              &sum);
    table_add(table, 14, (uint32_t)(cue.last - cue.first < 5 ? cue.last - cue.first : 5), &sum);
    table_add(table, 15, (uint32_t)(source.last - source.first < 9 ? source.last - source.first : 9), &sum);
    table_add(table, 16, (uint32_t)((beside.first != sentence.first) + (beside.first > sentence.first)), &sum);
    const float *at_cue = c->scores + cue.first * c->width, *at_source = c->scores + source.first * c->width;
    const double told[LEVELS] = {
        level_of(mean_of(c, cue, BEGINS_CUE, IN_CUE)),
        level_of((double)at_cue[BEGINS_CUE] - (double)at_cue[0]),
        level_of(mean_of(c, source, BEGINS_SOURCE, IN_SOURCE)),
        level_of((double)at_source[BEGINS_SOURCE] - (double)at_source[0]),
        level_of(held ? total / (double)held : 0.0),
    };
    double odds = (double)sum * c->unit + c->bias;
    for (int level = 0; level < LEVELS; level++)
        odds = odds + told[level] * c->levels[level];
    return chance_of(odds);
}

/* Round to two decimal places as Python's round does; -1 with an exception set. */
static double rounded(double value)
{
    char *written = PyOS_double_to_string(value, 'f', 2, 0, NULL);
    double read = written ? PyOS_string_to_double(written, NULL, NULL) : -1;
    PyMem_Free(written);
    return read;
}

/* scorer.signatures.DASHES. */
static int is_dash(PyObject *token)
{
    if (PyUnicode_GET_LENGTH(token) != 1)
        return PyUnicode_CompareWithASCIIString(token, "--") == 0;
    Py_UCS4 mark = PyUnicode_READ_CHAR(token, 0);
    return mark == 0x2013 || mark == 0x2014 || mark == 0x2015;
}

/* Whether a source stands behind its cue as the rules want it, or signs; -1 with an exception set. */
static int is_ruled(const Certainty *c, Stretch source, Stretch cue)
{
    if (source.first == cue.last && is_dash(PyList_GET_ITEM(c->written, cue.first)))
        return 1;
    if (source.first - cue.last != 1)
        return 0;
    int from = holds_lower(c->from, PyList_GET_ITEM(c->written, cue.last));
    return from <= 0 ? from : holds_lower(c->claims, PyList_GET_ITEM(c->written, cue.last - 1));
}

/* Whether a source is the "Q" or "A" of an interview. */
static int is_letter(const Certainty *c, Stretch source)
{
    PyObject *token = PyList_GET_ITEM(c->written, source.first);
    if (source.last - source.first > 1 || PyUnicode_GET_LENGTH(token) != 1)
        return 0;
    Py_UCS4 letter = PyUnicode_READ_CHAR(token, 0);
    return Py_UNICODE_ISALPHA(letter) && letter != 'I' && letter != 'i';
}

/* Whether a source is the writer: "I" and "we" outside quotations; -1 with an exception set. */
static int is_writer(const Certainty *c, PyObject *given, Stretch source)
{
    PyObject *known = described_of(c->described, given);
    if (!known)
        return -1;
    int same = PyObject_RichCompareBool(PyTuple_GET_ITEM(known, 2), c->first_person, Py_EQ);
    return same > 0 ? !c->quoted[source.first] : same;
}

/* How sure a link is (a float or None, a new reference) and how it stands; NULL with an exception set. */
static PyObject *judge(const Certainty *c, PyObject *const *parts, uint8_t *standing)
{
    Stretch source, cue;
    int has_source = stretch_read(parts[0], c->tokens.n, &source), has_cue = stretch_read(parts[1], c->tokens.n, &cue);
    *standing = COUNTED;
    if (has_source < 0 || has_cue < 0)
        return NULL;
    if (!has_source)
        return Py_NewRef(Py_None);
    int writer = is_writer(c, parts[0], source), ruled = has_cue ? is_ruled(c, source, cue) : 1;
    if (writer < 0 || ruled < 0)
        return NULL;
    double sure = 0;
    if (!ruled) {
        PyObject *place = PyDict_GetItemWithError(c->kinds, parts[0]);
        long kind = place ? PyLong_AsLong(place) : -1;
        if (kind < 0) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "a source is of no known kind");
            return NULL;
        }
        sure = chance(c, source, cue, parts[2], (uint32_t)kind);
        if (isnan(sure))
            PyErr_SetString(PyExc_ValueError, "scores inside the weights' reach are wanted");
        if (!(sure >= 0) || (sure = rounded(sure)) < 0)
            return NULL;
    }
    *standing = (!ruled && sure < c->clear) || is_letter(c, source) ? UNCLEAR : writer ? WRITER : COUNTED;
    return ruled ? Py_NewRef(Py_None) : PyFloat_FromDouble(sure);
}

static PyObject *judged(const Certainty *c, PyObject *given)
{
    PyObject *links = PyList_AsTuple(given); /* which stays as it is, whatever a link's attributes do */
    Py_ssize_t count = links ? PyTuple_GET_SIZE(links) : 0;
    PyObject *confidence = PyList_New(count), *standing = PyBytes_FromStringAndSize(NULL, count);
    int status = links && confidence && standing ? 0 : -1;
    for (Py_ssize_t i = 0; !status && i < count; i++) {
        PyObject *parts[3], *sure = NULL;
        if (link_parts(PyTuple_GET_ITEM(links, i), parts) == 0)
            sure = judge(c, parts, (uint8_t *)PyBytes_AS_STRING(standing) + i);
        link_parts_drop(parts);
        if (sure)
            PyList_SET_ITEM(confidence, i, sure);
        else
            status = -1;
    }
    Py_XDECREF(links);
    if (!status)
        return Py_BuildValue("NN", confidence, standing);
    Py_XDECREF(confidence);
    Py_XDECREF(standing);
    return NULL;
}

static int sound(const Certainty *c, const Array *scores, const Array *table, const Array *levels)
{
    int good = tokens_sound(&c->tokens) && written_sound(c->written, &c->tokens) && c->labels > IN_CUE &&
               scores->count == c->tokens.n * c->width && c->table.bits >= 1 && c->table.bits <= MOST_BITS &&
               table->count == (Py_ssize_t)1 << c->table.bits && levels->count == LEVELS;
    if (!good)
        PyErr_SetString(PyExc_ValueError, "words, sentences, scores and weights do not fit each other");
    return good;
}

PyObject *kernel_certainty(PyObject *self, PyObject *args)
{
    enum { WORDS, BORDERS, SCORES, TABLE, WEIGHTS, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "sentences", "scores", "table", "levels"};
    PyObject *given[ARRAYS], *quotations, *links, *rules, *weights, *found = NULL;
    Array a[ARRAYS];
    Certainty c = {0};
    if (!PyArg_ParseTuple(args, "O!OOOiO!O!O!O!UO!O!", &PyList_Type, &c.written, &given[WORDS],
                          &given[BORDERS], &given[SCORES], &c.labels, &PyList_Type, &quotations, &PyList_Type, &links,
                          &PyDict_Type, &c.kinds, &PyDict_Type, &c.described, &c.first_person, &PyTuple_Type, &rules,
                          &PyTuple_Type, &weights) ||
        !PyArg_ParseTuple(rules, "O!O!", &PyFrozenSet_Type, &c.from, &PyFrozenSet_Type, &c.claims) ||
        !PyArg_ParseTuple(weights, "OiddOd", &given[TABLE], &c.table.bits, &c.unit, &c.bias, &given[WEIGHTS],
                          &c.clear) ||
        arrays_take(given, a, "iifbd", names) < 0)
        return NULL;
    c.tokens = (Tokens){a[WORDS].view.buf, a[BORDERS].view.buf, a[WORDS].count, a[BORDERS].count - 1};
    c.scores = a[SCORES].view.buf;
    c.width = c.labels + 2;
    c.table.rows = a[TABLE].view.buf;
    c.table.columns = 1;
    c.levels = a[WEIGHTS].view.buf;
    if (sound(&c, &a[SCORES], &a[TABLE], &a[WEIGHTS])) {
        c.quoted = PyMem_Calloc(c.tokens.n + 1, 1);
        if (!c.quoted)
            PyErr_NoMemory();
        else if (quotations_mark(quotations, c.tokens.n, c.quoted) == 0)
            found = judged(&c, links);
        PyMem_Free(c.quoted);
    }
    arrays_drop(a, ARRAYS);
    return found;
}
