/* The terms that say most, none over a token of another, as findings: scorer.word_choice.top_terms, written out. */
#include "terms.h"

typedef struct {
    double value;
    Py_ssize_t place;
} Strong;

enum { MOST_LOOKED_AT = 256, BLOCK = 256 };

/* Keep a value among the `room` largest, before those as large; gives how many there are. */
static Py_ssize_t keep(Strong *kept, Py_ssize_t held, Py_ssize_t room, double value, Py_ssize_t place)
{
    Py_ssize_t at = held < room ? held++ : held - 1;
    for (; at && kept[at - 1].value <= value; at--)
        kept[at] = kept[at - 1];
    kept[at] = (Strong){value, place};
    return held;
}

typedef struct {
    int32_t start, end;
    double amount;
} Found;

static PyObject *finding_of(const Found *found)
{
    enum { START, END, CONTRIBUTION, FIELDS };
    static const char *const called[] = {"start", "end", "contribution"};
    static PyObject *fields[FIELDS]; /* made once */
    for (int i = 0; i < FIELDS; i++)
        if (!fields[i] && !(fields[i] = PyUnicode_InternFromString(called[i])))
            return NULL;
    PyObject *finding = PyDict_New();
    PyObject *values[] = {PyLong_FromLong(found->start), PyLong_FromLong(found->end),
                          PyFloat_FromDouble(found->amount)};
    for (int i = 0; i < FIELDS; i++) {
        if (finding && (!values[i] || PyDict_SetItem(finding, fields[i], values[i]) < 0))
            Py_CLEAR(finding);
        Py_XDECREF(values[i]);
    }
    return finding;
}

/* In order of where they stand. */
static PyObject *findings_of(Found *found, Py_ssize_t count)
{
    for (Py_ssize_t i = 1; i < count; i++) {
        Found one = found[i];
        Py_ssize_t at = i;
        for (; at &&
               (found[at - 1].start > one.start || (found[at - 1].start == one.start && found[at - 1].end > one.end));
             at--)
            found[at] = found[at - 1];
        found[at] = one;
    }
    PyObject *findings = PyList_New(count);
    for (Py_ssize_t i = 0; findings && i < count; i++) {
        PyObject *finding = finding_of(&found[i]);
        if (finding)
            PyList_SET_ITEM(findings, i, finding);
        else
            Py_CLEAR(findings);
    }
    return findings;
}

/* What one occurrence of each of some terms says for the side that `share` has the sign of. */
VECTOR static void values_of(const double *restrict amounts, const int32_t *restrict times, Py_ssize_t count,
                             double share, const double *restrict lost_with_one, double *restrict values)
{
    for (Py_ssize_t i = 0; i < count; i++)
        values[i] = amounts[i] * share * lost_with_one[times[i] - 1];
}

/* The strongest `room` terms into `kept`, the strongest first; gives how many. Pairs stand behind words, and words in
 * the order of how rare they are: from behind, few have to make room for others. */
static Py_ssize_t strongest(const Told *told, const double *lost_with_one, double share, Py_ssize_t room, Strong *kept)
{
    double values[BLOCK], least = 0;
    Py_ssize_t held = 0;
    for (Py_ssize_t from = told->n, count; from > 0;) {
        count = from < BLOCK ? from : BLOCK;
        from -= count;
        values_of(told->amounts + from, told->times + from, count, share, lost_with_one, values);
        for (Py_ssize_t i = count - 1; i >= 0; i--)
            if (held < room || values[i] >= least) {
                held = keep(kept, held, room, values[i], from + i);
                least = kept[held - 1].value;
            }
    }
    return held;
}

/* Whether the terms stand in a text of so many tokens and are met as often as the table knows. */
static int is_within(const Told *told, Py_ssize_t tokens, Py_ssize_t most)
{
    return all_within(told->times, told->n, 1, most) && all_within(told->width, told->n, 1, 2) &&
           all_within(told->first, told->n, 0, tokens - 1);
}

PyObject *top_terms(const Told *told, const Array *lost, PyObject *const *args)
{
    enum { SHARE, IS_POSITIVE, STARTS, ENDS, LOOKED_AT, WANTED };
    static const char *const names[] = {"starts", "ends"};
    Array places[2];
    Strong kept[MOST_LOOKED_AT];
    Found found[MOST_LOOKED_AT];
    int32_t begins[MOST_LOOKED_AT], stops[MOST_LOOKED_AT];
    double share = PyFloat_AsDouble(args[SHARE]);
    int is_positive = PyObject_IsTrue(args[IS_POSITIVE]);
    Py_ssize_t looked_at = PyLong_AsSsize_t(args[LOOKED_AT]), wanted = PyLong_AsSsize_t(args[WANTED]), held = -1,
               taken = 0;
    if (PyErr_Occurred() || arrays_take(args + STARTS, places, "ii", names) < 0)
        return NULL;
    const int32_t *starts = places[0].view.buf, *ends = places[1].view.buf;
    if (places[1].count == places[0].count && looked_at >= 1 && looked_at <= MOST_LOOKED_AT &&
        is_within(told, places[0].count, lost->count))
        held = strongest(told, lost->view.buf, is_positive ? share : -share, looked_at, kept);
    for (Py_ssize_t i = 0; i < held && taken < wanted; i++) {
        Py_ssize_t place = kept[i].place, last = told->first[place] + (Py_ssize_t)told->width[place];
        if (last > places[0].count) { /* a pair past the end */
            held = -1;
            break;
        }
        int32_t begin = told->first[place], stop = (int32_t)last;
        int is_free = 1;
        for (Py_ssize_t j = 0; is_free && j < taken; j++)
            is_free = stop <= begins[j] || stops[j] <= begin;
        if (!is_free)
            continue;
        begins[taken] = begin;
        stops[taken] = stop;
        found[taken++] = (Found){starts[begin], ends[stop - 1], told->amounts[place] * share};
    }
    arrays_drop(places, 2);
    if (held >= 0)
        return findings_of(found, taken);
    return PyErr_Format(PyExc_ValueError, "terms and tokens do not fit each other, or more than %d are looked at",
                        MOST_LOOKED_AT);
}
