/* The terms that say most, none over a token of another, as findings: scorer.word_choice.top_terms, written out. */
#include "kernel.h"

typedef struct {
    double value;
    Py_ssize_t place;
} Strong;

enum { MOST_LOOKED_AT = 256 };

/* Keep a value among the `room` largest, behind those as large; gives how many there are. */
static Py_ssize_t keep(Strong *kept, Py_ssize_t held, Py_ssize_t room, double value, Py_ssize_t place)
{
    if (held == room && !(value > kept[held - 1].value))
        return held;
    Py_ssize_t at = held < room ? held++ : held - 1;
    for (; at && kept[at - 1].value < value; at--)
        kept[at] = kept[at - 1];
    kept[at] = (Strong){value, place};
    return held;
}

typedef struct {
    int32_t start, end;
    double amount;
} Found;

/* In order of where they stand. */
static PyObject *findings_of(Found *found, Py_ssize_t count)
{
    for (Py_ssize_t i = 1; i < count; i++) {
        Found one = found[i];
        Py_ssize_t at = i;
        for (; at && (found[at - 1].start > one.start || (found[at - 1].start == one.start && found[at - 1].end > one.end));
             at--)
            found[at] = found[at - 1];
        found[at] = one;
    }
    PyObject *findings = PyList_New(count);
    for (Py_ssize_t i = 0; findings && i < count; i++) {
        PyObject *finding = Py_BuildValue("{s:i,s:i,s:d}", "start", (int)found[i].start, "end", (int)found[i].end,
                                          "contribution", found[i].amount);
        if (finding)
            PyList_SET_ITEM(findings, i, finding);
        else
            Py_CLEAR(findings);
    }
    return findings;
}

/* top_terms(amounts, share, is_positive, places, lost, starts, ends, looked_at, wanted) */
PyObject *kernel_top_terms(PyObject *self, PyObject *args)
{
    enum { AMOUNTS, PLACES, LOST, STARTS, ENDS, ARRAYS };
    static const char *const names[] = {"amounts", "places", "lost", "starts", "ends"};
    PyObject *given[ARRAYS], *findings = NULL;
    Array arrays[ARRAYS];
    Strong kept[MOST_LOOKED_AT];
    Found found[MOST_LOOKED_AT];
    int32_t begins[MOST_LOOKED_AT], stops[MOST_LOOKED_AT];
    Py_ssize_t looked_at, wanted, held = 0, taken = 0;
    double share;
    int is_positive;
    if (!PyArg_ParseTuple(args, "OdpOOOOnn", &given[AMOUNTS], &share, &is_positive, &given[PLACES], &given[LOST],
                          &given[STARTS], &given[ENDS], &looked_at, &wanted) ||
        arrays_take(given, arrays, "didii", names) < 0)
        return NULL;
    Py_ssize_t count = arrays[AMOUNTS].count, tokens = arrays[STARTS].count;
    const int32_t *first = arrays[PLACES].view.buf, *width = first + count, *times = width + count;
    const int32_t *starts = arrays[STARTS].view.buf, *ends = arrays[ENDS].view.buf;
    const double *amount = arrays[AMOUNTS].view.buf, *lost = arrays[LOST].view.buf;
    int fits = arrays[PLACES].count == 3 * count && arrays[ENDS].count == tokens && looked_at >= 1 &&
               looked_at <= MOST_LOOKED_AT;
    for (Py_ssize_t i = 0; fits && i < count; i++) {
        fits = first[i] >= 0 && width[i] >= 1 && width[i] <= tokens - first[i] && times[i] >= 1 &&
               times[i] <= arrays[LOST].count;
        if (fits) {
            double told = amount[i] * share;
            held = keep(kept, held, looked_at, (is_positive ? told : -told) * lost[times[i] - 1], i);
        }
    }
    for (Py_ssize_t i = 0; fits && i < held && taken < wanted; i++) {
        Py_ssize_t place = kept[i].place;
        int32_t begin = first[place], stop = begin + width[place];
        int is_free = 1;
        for (Py_ssize_t j = 0; is_free && j < taken; j++)
            is_free = stop <= begins[j] || stops[j] <= begin;
        if (!is_free)
            continue;
        begins[taken] = begin;
        stops[taken] = stop;
        found[taken++] = (Found){starts[begin], ends[stop - 1], amount[place] * share};
    }
    if (fits)
        findings = findings_of(found, taken);
    else
        PyErr_Format(PyExc_ValueError, "amounts, places and tokens do not fit each other, or more than %d are looked at",
                     MOST_LOOKED_AT);
    arrays_drop(arrays, ARRAYS);
    return findings;
}
