/* What the wording alone settles of figures: the rules of scorer/figure_rules.py are asked where they may matter. */
#include "settled.h"
#include "hedges.h"

/* scorer.figure_rules */
enum { HELD_REACH = 8, SUBJECT_REACH = 5, CLAIM_REACH = 30, ESTIMATE_REACH = 14, POLL_REACH = 60 };
enum { POLLS = 1, ESTIMATES = 2, TELLS = 4, SUGGESTS = 8, HOLDS = 16, OPENS = 32, CLAIMS = 64, IF_SO = 128,
       SETTLES = 256 };
enum { PERCENT = 8, RATIO = 14, FRACTION = 24 }; /* scorer.figure_features.Form */
static const double SAID_OPEN = 1, SETTLED = -1, SAID = 1; /* log-odds: scorer.figure_findings */

int hedges_read(Told *told)
{
    told->plain = told->denied + told->found;
    if (PyList_GET_SIZE(told->tokens) != told->n) { /* code of the attributions may have changed it */
        PyErr_SetString(PyExc_ValueError, "tokens and hedges do not fit each other");
        return -1;
    }
    for (Py_ssize_t i = 0; i < told->found; i++) {
        const Hedge *hedge = &told->hedges[i];
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

/* Whether a word with one of the signs may stand among tokens begin, ..., end - 1. */
static int may_stand(const Told *told, int signs, int64_t begin, int64_t end)
{
    for (int64_t i = begin; i < end; i++)
        if (told->signs[i] & signs)
            return 1;
    return 0;
}

static int truth(PyObject *answer)
{
    int is_so = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return is_so;
}

static int64_t smaller(int64_t one, int64_t other) { return one < other ? one : other; }

/* The first token of a figure's sentence, or of the `reach` before the figure. */
static int64_t from(const Figure *f, int64_t reach)
{
    return f->first - reach > f->related[BEGIN] ? f->first - reach : f->related[BEGIN];
}

/* scorer.figure_rules.may_be_open */
static int may_be_open(const Told *told, const Figure *f)
{
    int64_t begin = f->related[BEGIN], end = f->related[END];
    return may_stand(told, SUGGESTS | CLAIMS, from(f, CLAIM_REACH), f->first) ||
           may_stand(told, HOLDS, f->last, smaller(end, f->last + HELD_REACH)) ||
           may_stand(told, OPENS, f->last, smaller(end, f->last + SUBJECT_REACH + 1)) ||
           may_stand(told, IF_SO, begin, f->first);
}

/* scorer.figure_rules.may_be_sourced */
static int may_be_sourced(const Told *told, const Figure *f)
{
    int is_share = f->form == PERCENT || f->form == RATIO || f->form == FRACTION;
    return may_stand(told, ESTIMATES, from(f, ESTIMATE_REACH), f->first) ||
           (is_share && may_stand(told, POLLS, f->related[PAST], smaller(f->related[END], f->last + POLL_REACH)));
}

static int is_open(const Told *told, const Figure *f)
{
    const int64_t *r = f->related;
    Py_ssize_t at = first_from(told->denied, told->denied_count, r[BEGIN]);
    if (at < told->denied_count && told->denied[at] < r[END])
        return 1;
    return may_be_open(told, f)
               ? truth(PyObject_CallFunction(told->is_open, "OLLLL", told->tokens, (long long)r[BEGIN],
                                             (long long)f->first, (long long)f->last, (long long)r[END]))
               : 0;
}

static int is_settled(const Told *told, const Figure *f)
{
    const int64_t *r = f->related;
    return f->unconfirmed > 0 && r[HEDGED] &&
                   may_stand(told, SETTLES, from(f, CLAIM_REACH), smaller(r[END], f->last + CLAIM_REACH))
               ? truth(PyObject_CallFunction(told->is_settled, "OLLLLL", told->tokens, (long long)r[BEGIN],
                                             (long long)f->first, (long long)f->last, (long long)r[END],
                                             (long long)r[HEDGED]))
               : 0;
}

static int is_sourced(const Told *told, const Figure *f)
{
    const int64_t *r = f->related;
    int is_so = 0;
    if (may_be_sourced(told, f))
        is_so = truth(PyObject_CallFunction(told->is_sourced, "OLLLLLL", told->tokens, (long long)r[PAST],
                                            (long long)r[BEGIN], (long long)f->first, (long long)f->last,
                                            (long long)r[END], (long long)f->form));
    if (is_so || r[COVERING] < 0 || !may_stand(told, TELLS, from(f, CLAIM_REACH), f->first))
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
