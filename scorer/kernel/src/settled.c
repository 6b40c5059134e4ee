/* What the wording alone settles of figures: the rules of scorer/figure_rules.py are asked where they may matter. */
#include "settled.h"
#include "hedges.h"

enum { HELD_REACH = 8, CLAIM_REACH = 30, POLL_REACH = 60, OPENS = 1, SOURCES = 2 }; /* scorer.figure_rules */
static const double SAID_OPEN = 1, SETTLED = -1, SAID = 1; /* log-odds: scorer.figure_findings */

int hedges_read(Told *told, const int64_t *rows)
{
    for (Py_ssize_t i = 0; i < told->found; i++) {
        Hedge *hedge = &told->hedges[i];
        *hedge = (Hedge){rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]};
        if (hedge->first < (i ? hedge[-1].last : 0) || hedge->first >= hedge->last || hedge->last > told->n ||
            hedge->class < 0 || hedge->class >= HEDGE_CLASSES) {
            PyErr_SetString(PyExc_ValueError, "hedges do not fit the text");
            return -1;
        }
        int denies = 0;
        for (int64_t at = hedge->first; at < hedge->last; at++) {
            told->known[at] = 1;
            PyObject *token = PyList_GET_ITEM(told->tokens, at);
            if (hedge->class != NEGATED || denies)
                continue;
            denies = PyUnicode_CheckExact(token) ? PySet_Contains(told->shown_true, token) : -1;
            if (denies < 0) {
                if (!PyErr_Occurred())
                    PyErr_SetString(PyExc_TypeError, "tokens are strings");
                return -1;
            }
        }
        if (denies)
            told->denied[told->denied_count++] = hedge->first;
        if (hedge->class == NEGATED || hedge->class == CONDITIONAL)
            told->plain[told->plain_count++] = hedge->first;
    }
    return 0;
}

Py_ssize_t first_from(const int64_t *rising, Py_ssize_t count, int64_t least)
{
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (rising[middle] < least)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether a word with the sign may stand among tokens begin, ..., end - 1; -1 with an exception set. */
static int may_stand(const Told *told, int sign, int64_t begin, int64_t end)
{
    for (int64_t i = begin; i < end; i++) {
        int32_t word = told->words[i];
        if (word < 0 || word >= told->sign_count) {
            PyErr_SetString(PyExc_ValueError, "words and signs do not fit each other");
            return -1;
        }
        if (told->signs[word] & sign)
            return 1;
    }
    return 0;
}

static int truth(PyObject *answer)
{
    int is_so = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return is_so;
}

static int64_t smaller(int64_t one, int64_t other) { return one < other ? one : other; }

static int is_open(const Told *told, const Figure *f)
{
    const int64_t *r = f->related;
    Py_ssize_t at = first_from(told->denied, told->denied_count, r[BEGIN]);
    if (at < told->denied_count && told->denied[at] < r[END])
        return 1;
    int64_t start = f->first - CLAIM_REACH > r[BEGIN] ? f->first - CLAIM_REACH : r[BEGIN];
    int may = may_stand(told, OPENS, start, smaller(r[END], f->last + HELD_REACH));
    return may <= 0 ? may
                    : truth(PyObject_CallFunction(told->is_open, "OLLLL", told->tokens, (long long)r[BEGIN],
                                                  (long long)f->first, (long long)f->last, (long long)r[END]));
}

static int is_settled(const Told *told, const Figure *f)
{
    const int64_t *r = f->related;
    return f->unconfirmed > 0 && r[HEDGED]
               ? truth(PyObject_CallFunction(told->is_settled, "OLLLLL", told->tokens, (long long)r[BEGIN],
                                             (long long)f->first, (long long)f->last, (long long)r[END],
                                             (long long)r[HEDGED]))
               : 0;
}

static int is_sourced(const Told *told, const Figure *f)
{
    const int64_t *r = f->related;
    int is_so = may_stand(told, SOURCES, r[PAST], smaller(r[END], f->last + POLL_REACH));
    if (is_so > 0)
        is_so = truth(PyObject_CallFunction(told->is_sourced, "OLLLLLL", told->tokens, (long long)r[PAST],
                                            (long long)r[BEGIN], (long long)f->first, (long long)f->last,
                                            (long long)r[END], (long long)f->form));
    if (is_so || r[COVERING] < 0)
        return is_so;
    return truth(PyObject_CallFunction(told->is_told, "OOLL", told->text,
                                       PyTuple_GET_ITEM(told->attributions, r[COVERING]), (long long)r[BEGIN],
                                       (long long)f->first));
}

int figure_settle(const Told *told, Figure *f)
{
    int open = is_open(told, f), settled = open ? 0 : is_settled(told, f);
    if (open < 0 || settled < 0)
        return -1;
    if (open && f->unconfirmed < SAID_OPEN)
        f->unconfirmed = SAID_OPEN;
    if (settled)
        f->unconfirmed = SETTLED;
    int sourced = f->sourced <= 0 ? is_sourced(told, f) : 0;
    if (sourced > 0)
        f->sourced = SAID;
    return sourced < 0 ? -1 : 0;
}
