/* What is told of figures and hedges, findings as they stand in the JSON, in order: scorer/figure_findings.py. */
#include "hedges.h"
#include "settled.h"
#include <math.h>
#include <stdlib.h>

/* Fields as strings that are made once, those of a figure in order first; and findings to copy, which have all. */
enum { START, STOP, KIND, SOURCED, UNCONFIRMED, SOURCE, HEDGE, APPROXIMATOR, WHY, CLASS, CLAIM, STANDING, FIELDS };
static const char *const field_names[FIELDS] = {"start", "end", "kind", "sourced", "unconfirmed", "source",
                                                "hedge", "approximator", "why", "class", "claim", "standing"};
static const char *const class_names[HEDGE_CLASSES] = {"modal",       "evidential", "distancing",
                                                       "conditional", "negated",    "vague"};
static PyObject *fields[FIELDS], *classes_of_hedges[HEDGE_CLASSES], *figure_model, *hedge_model, *why_model;

/* A dictionary with these fields, None each, and a kind where one is given. */
static PyObject *model_of(const int *wanted, int count, const char *kind)
{
    PyObject *model = PyDict_New(), *name = kind ? PyUnicode_InternFromString(kind) : NULL;
    int status = model && (name || !kind) ? 0 : -1;
    for (int i = 0; !status && i < count; i++)
        status = PyDict_SetItem(model, fields[wanted[i]], wanted[i] == KIND ? name : Py_None);
    Py_XDECREF(name);
    if (status)
        Py_CLEAR(model);
    return model;
}

static int names_init(void)
{
    static const int of_figure[] = {START, STOP, KIND, SOURCED, UNCONFIRMED, SOURCE, HEDGE, APPROXIMATOR, WHY},
                     of_hedge[] = {START, STOP, KIND, CLASS}, of_why[] = {CLAIM, SOURCED, UNCONFIRMED};
    for (int i = 0; i < FIELDS; i++)
        if (!fields[i] && !(fields[i] = PyUnicode_InternFromString(field_names[i])))
            return -1;
    for (int i = 0; i < HEDGE_CLASSES; i++)
        if (!classes_of_hedges[i] && !(classes_of_hedges[i] = PyUnicode_InternFromString(class_names[i])))
            return -1;
    return (figure_model || (figure_model = model_of(of_figure, 9, "figure"))) &&
                   (hedge_model || (hedge_model = model_of(of_hedge, 4, "hedge"))) &&
                   (why_model || (why_model = model_of(of_why, 3, NULL)))
               ? 0
               : -1;
}

/* ---- findings ---- */

/* Put a value that is owned, or NULL after a failure, into a field; 0 or -1. */
static int put(PyObject *finding, int field, PyObject *value)
{
    int status = value ? PyDict_SetItem(finding, fields[field], value) : -1;
    Py_XDECREF(value);
    return status;
}

/* [start, end] of tokens first, ..., last - 1 in the caller's text. */
static PyObject *stretch(const Told *told, int64_t first, int64_t last)
{
    PyObject *pair = PyList_New(2);
    if (!pair)
        return NULL;
    PyList_SET_ITEM(pair, 0, PyLong_FromLong(told->starts[first]));
    PyList_SET_ITEM(pair, 1, PyLong_FromLong(told->ends[last - 1]));
    if (!PyList_GET_ITEM(pair, 0) || !PyList_GET_ITEM(pair, 1))
        Py_CLEAR(pair);
    return pair;
}

/* Log-odds with two decimals, as Python's round gives them: a float of 24 bits times 100 is exact. */
static PyObject *rounded(double log_odds) { return PyFloat_FromDouble(rint(log_odds * 100) / 100); }

static PyObject *why(const Figure *f)
{
    PyObject *made = PyDict_Copy(why_model);
    if (made && (put(made, CLAIM, rounded(f->claim)) < 0 || put(made, SOURCED, rounded(f->sourced)) < 0 ||
                 put(made, UNCONFIRMED, rounded(f->unconfirmed)) < 0))
        Py_CLEAR(made);
    return made;
}

/* Whom to show as a figure's source: of an attribution that does not count, nobody. */
static PyObject *source_of(const Told *told, const Figure *f)
{
    const int64_t *r = f->related;
    int64_t by = r[COVERING] >= 0 ? r[COVERING] : r[SAME] >= 0 ? r[SAME] : r[EARLIER];
    if (by < 0 || !(f->sourced > 0))
        return Py_NewRef(Py_None);
    PyObject *attribution = PyTuple_GET_ITEM(told->attributions, by);
    PyObject *standing = PyDict_GetItem(attribution, fields[STANDING]);
    if (standing && !(PyUnicode_Check(standing) && !PyUnicode_CompareWithASCIIString(standing, "counted")))
        return Py_NewRef(Py_None);
    PyObject *source = PyDict_GetItem(attribution, fields[SOURCE]);
    if (!source)
        PyErr_SetObject(PyExc_KeyError, fields[SOURCE]);
    return Py_XNewRef(source);
}

/* The hedge to show for a figure that is left open: what says most plainly that nothing is settled, or the nearest cue;
 * 0 where there is none. */
static int hedge_of(const Told *told, const Figure *f, Hedge *shown)
{
    int64_t token = f->related[SHOWN];
    if (token < 0 || !(f->unconfirmed > 0))
        return 0;
    Py_ssize_t at = first_from(told->plain, told->plain_count, f->related[BEGIN]);
    if (at < told->plain_count && told->plain[at] < f->related[END])
        token = told->plain[at];
    Py_ssize_t low = 0, high = told->found; /* the first hedge that ends behind the token */
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (told->hedges[middle].last <= token)
            low = middle + 1;
        else
            high = middle;
    }
    int inside = low < told->found && told->hedges[low].first <= token;
    *shown = inside ? told->hedges[low] : (Hedge){token, token + 1, VAGUE};
    return 1;
}

/* List a word that leaves a figure open and is no hedge found by itself. */
static void list_other(Told *told, int64_t token)
{
    while (token > 0 && told->starts[token - 1] == told->starts[token])
        token--; /* the first that stands in this place */
    int class = hedge_class(told->letters[token]);
    if (class == VAGUE || told->known[token])
        return;
    told->known[token] = 1;
    told->hedges[told->listed++] = (Hedge){token, token + 1, class};
}

/* A finding that is owned, or NULL after a failure, among the items; 0 or -1. */
static int keep(Told *told, int64_t first, int64_t last, PyObject *finding)
{
    if (finding)
        told->items[told->item_count] =
            (Item){told->starts[first], told->ends[last - 1], told->item_count, finding};
    told->item_count += finding != NULL;
    return finding ? 0 : -1;
}

static PyObject *finding_of_figure(Told *told, const Figure *f)
{
    Hedge shown;
    PyObject *finding = PyDict_Copy(figure_model); /* what stays None there, is */
    int has_hedge = hedge_of(told, f, &shown), letter = f->first > f->related[BEGIN] ? told->letters[f->first - 1] : 0;
    if (has_hedge)
        list_other(told, shown.first);
    if (!finding || put(finding, START, PyLong_FromLong(told->starts[f->first])) < 0 ||
        put(finding, STOP, PyLong_FromLong(told->ends[f->last - 1])) < 0 ||
        put(finding, SOURCED, PyBool_FromLong(f->sourced > 0)) < 0 ||
        put(finding, UNCONFIRMED, PyBool_FromLong(f->unconfirmed > 0)) < 0 ||
        put(finding, SOURCE, source_of(told, f)) < 0 ||
        (has_hedge && put(finding, HEDGE, stretch(told, shown.first, shown.last)) < 0) ||
        ((letter == 'A' || letter == 'V') && /* a letter that only rounds: "about 500" */
         put(finding, APPROXIMATOR, stretch(told, f->first - 1, f->first)) < 0) ||
        put(finding, WHY, why(f)) < 0)
        Py_CLEAR(finding);
    return finding;
}

static PyObject *finding_of_hedge(const Told *told, const Hedge *hedge)
{
    PyObject *finding = PyDict_Copy(hedge_model);
    if (finding && (put(finding, START, PyLong_FromLong(told->starts[hedge->first])) < 0 ||
                    put(finding, STOP, PyLong_FromLong(told->ends[hedge->last - 1])) < 0 ||
                    put(finding, CLASS, Py_NewRef(classes_of_hedges[hedge->class])) < 0))
        Py_CLEAR(finding);
    return finding;
}

static int by_place(const void *one, const void *other)
{
    const Item *a = one, *b = other;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return a->order < b->order ? -1 : 1; /* figures first */
}

static PyObject *told_of(Told *told)
{
    Py_ssize_t sourced = 0, unconfirmed = 0, weak = 0, of[HEDGE_CLASSES] = {0};
    for (Figure *f = told->figures; f < told->figures + told->count; f++)
        if (figure_settle(told, f) < 0)
            return NULL;
    for (const Figure *f = told->figures; f < told->figures + told->count; f++) {
        if (keep(told, f->first, f->last, finding_of_figure(told, f)) < 0)
            return NULL;
        sourced += f->sourced > 0;
        unconfirmed += f->unconfirmed > 0;
        weak += f->unconfirmed > 0 || !(f->sourced > 0);
    }
    for (const Hedge *hedge = told->hedges; hedge < told->hedges + told->listed; hedge++)
        if (keep(told, hedge->first, hedge->last, finding_of_hedge(told, hedge)) < 0)
            return NULL;
    for (Py_ssize_t i = 0; i < told->found; i++)
        of[told->hedges[i].class]++;
    PyObject *findings = PyList_New(told->item_count);
    if (!findings)
        return NULL;
    if (told->item_count) /* C leaves a sort of nothing open where there is no place for it */
        qsort(told->items, told->item_count, sizeof *told->items, by_place);
    for (Py_ssize_t i = 0; i < told->item_count; i++)
        PyList_SET_ITEM(findings, i, Py_NewRef(told->items[i].finding));
    return Py_BuildValue("Nnnnn(nnnnnn)n", findings, sourced, unconfirmed, weak, told->listed, of[MODAL],
                         of[EVIDENTIAL], of[DISTANCING], of[CONDITIONAL], of[NEGATED], of[VAGUE], told->words);
}

PyObject *figures_tell(Told *told)
{
    PyObject *found = NULL;
    told->listed = told->found;
    told->denied = PyMem_Malloc((2 * told->found + 1) * sizeof *told->denied);
    told->items = PyMem_Malloc((told->found + 2 * told->count + 1) * sizeof *told->items);
    told->known = PyMem_Calloc(told->n + 1, 1);
    if (!told->denied || !told->items || !told->known)
        PyErr_NoMemory();
    else if (names_init() == 0 && hedges_read(told) == 0)
        found = told_of(told);
    for (Py_ssize_t i = 0; i < told->item_count; i++)
        Py_DECREF(told->items[i].finding);
    PyMem_Free(told->denied);
    PyMem_Free(told->items);
    PyMem_Free(told->known);
    return found;
}
