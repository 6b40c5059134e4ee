/* How sure attributions are and how they stand: scorer.certainty, scorer.signals.attribution.standing, written out. */
#include "judged.h"
#include <math.h>

enum { STEPS = 16, MOST = 128 };
enum { BEGINS_SOURCE = 1, IN_SOURCE, BEGINS_CUE, IN_CUE }; /* scorer.tagger.LABELS; 0 is none */
static const Py_ssize_t GAPS[] = {1, 2, 3, 4, 6, 9, 14, 22, 40, 80};

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
        const float *row = c->scores + i * SCORES;
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

static double chance(const Certainty *c, const Reading *r, const Attribution *a, uint32_t kind)
{
    const int32_t *words = r->words;
    const Table *table = &c->table;
    Stretch cue = a->cue, source = a->source;
    Stretch sentence = sentence_of(r, cue.first), beside = sentence_of(r, source.first);
    Py_ssize_t held = 0, pieces = a->pieces;
    int in_quotation = 0, near = 0, is_quoted = r->quote_of[cue.first] >= 0;
    double total = 0.0;
    int64_t sum = 0;
    for (const Stretch *piece = a->content; piece < a->content + pieces; piece++) {
        held += piece->last - piece->first;
        near |= piece->first < sentence.last && sentence.first < piece->last;
        for (Py_ssize_t i = piece->first; i < piece->last; i++)
            in_quotation |= r->quote_of[i] >= 0;
        total = add_scores(c, total, *piece, LABELS + 1, LABELS + 1, LABELS);
    }
    Py_ssize_t gap = source.first < cue.first ? cue.first - source.last : source.first - cue.last;
    for (Py_ssize_t i = cue.first; i < cue.last; i++)
        table_add(table, 1, 0, (uint32_t)words[i], &sum);
    table_add(table, 1, 1, (uint32_t)words[cue.first], &sum);
    table_add(table, 1, 2, (uint32_t)words[cue.last - 1], &sum);
    table_add(table, 1, 3, (uint32_t)words[source.first], &sum);
    table_add(table, 1, 4, (uint32_t)words[source.last - 1], &sum);
    table_add(table, 1, 5, word_before(words, cue.first, sentence), &sum);
    table_add(table, 1, 6, word_at(words, cue.last, sentence), &sum);
    table_add(table, 1, 7, word_before(words, source.first, beside), &sum);
    table_add(table, 1, 8, word_at(words, source.last, beside), &sum);
    table_add(table, 1, 9, (uint32_t)words[sentence.last - 1], &sum);
    table_add(table, 1, 10, kind, &sum);
    table_add(table, 1, 11, 2 * step_of(gap) + (source.first > cue.first), &sum);
    table_add(table, 1, 12, step_of(held), &sum);
    table_add(table, 1, 13, (uint32_t)(8 * (pieces < 2 ? pieces : 2) + 4 * is_quoted + 2 * in_quotation + near),
              &sum);
    table_add(table, 1, 14, (uint32_t)(cue.last - cue.first < 5 ? cue.last - cue.first : 5), &sum);
    table_add(table, 1, 15, (uint32_t)(source.last - source.first < 9 ? source.last - source.first : 9), &sum);
    table_add(table, 1, 16, (uint32_t)((beside.first != sentence.first) + (beside.first > sentence.first)), &sum);
    const float *at_cue = c->scores + cue.first * SCORES, *at_source = c->scores + source.first * SCORES;
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

/* Round a chance to two decimal places as Python's round does; -1 with an exception set. */
static double rounded(double value)
{
    double hundredths = value * 100, whole = floor(hundredths), rest = hundredths - whole;
    if (fabs(rest - 0.5) > 1e-6)
        return (whole + (rest > 0.5)) / 100;
    char *written = PyOS_double_to_string(value, 'f', 2, 0, NULL); /* a tie, or so near that its digits decide */
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
static int is_ruled(const Certainty *c, const Reading *r, const Attribution *a)
{
    if (a->source.first == a->cue.last && is_dash(PyList_GET_ITEM(r->tokens, a->cue.first)))
        return 1;
    if (a->source.first - a->cue.last != 1)
        return 0;
    int from = holds_lower(c->from, PyList_GET_ITEM(r->tokens, a->cue.last));
    return from <= 0 ? from : holds_lower(c->claims, PyList_GET_ITEM(r->tokens, a->cue.last - 1));
}

/* Whether a source is the "Q" or "A" of an interview. */
static int is_letter(const Reading *r, Stretch source)
{
    PyObject *token = PyList_GET_ITEM(r->tokens, source.first);
    if (source.last - source.first > 1 || PyUnicode_GET_LENGTH(token) != 1)
        return 0;
    Py_UCS4 letter = PyUnicode_READ_CHAR(token, 0);
    return Py_UNICODE_ISALPHA(letter) && letter != 'I' && letter != 'i';
}

int judge(const Certainty *c, const Reading *r, const Source *source, Attribution *a)
{
    a->standing = COUNTED;
    a->sure = NAN;
    if (!source)
        return 0;
    int ruled = a->cue.first == NONE ? 1 : is_ruled(c, r, a);
    if (ruled < 0)
        return -1;
    if (!ruled) {
        double sure = chance(c, r, a, (uint32_t)source->by_rule);
        if (isnan(sure)) {
            PyErr_SetString(PyExc_ValueError, "scores inside the weights' reach are wanted");
            return -1;
        }
        if ((a->sure = rounded(sure)) < 0)
            return -1;
    }
    if (a->sure < c->clear || is_letter(r, a->source))
        a->standing = UNCLEAR;
    else if (r->quote_of[a->source.first] < 0 && is_text(source->key, FIRST_PERSON))
        a->standing = WRITER; /* "I" and "we" outside quotations */
    return 0;
}
