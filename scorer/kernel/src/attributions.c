/* What is told of attributions: findings as they stand in the JSON, and what is counted (scorer/signals/attribution.py). */
#include "evidence.h"
#include <string.h>

enum { NOBODY = -1, LAST_WORD = 7, HYPHENATED = 13 };

/* The fields of a finding in their order, as strings that are made once; and a finding to copy, which has them all. */
enum { START, END, KIND, SOURCE, CUE, CONTENT, SOURCE_KIND, RESOLVED, CONFIDENCE, STANDING, WHY, FIELDS };
static const char *const field_names[FIELDS] = {"start",   "end",         "kind",     "source", "cue",
                                                "content", "source_kind", "resolved", "confidence", "standing", "why"};
/* scorer.signals.attribution.STANDINGS and STANDING_IN_WORDS; those of place 0 count. */
static const char *const standings[] = {"counted", "unclear", "writer"};
static const char *const standing_words[] = {"", "; unclear, not counted", "; the writer's own voice, not counted"};
static PyObject *fields[FIELDS], *attribution, *vague, *blank, *model;

static int names_init(void)
{
    if (model)
        return 0;
    PyObject *made = PyDict_New();
    for (int i = 0; made && i < FIELDS; i++)
        if (!(fields[i] = PyUnicode_InternFromString(field_names[i])) || PyDict_SetItem(made, fields[i], Py_None) < 0)
            Py_CLEAR(made);
    if (made && (attribution = PyUnicode_InternFromString("attribution")) &&
        (vague = PyUnicode_InternFromString("vague")) && (blank = PyUnicode_InternFromString(" ")))
        model = made;
    else
        Py_XDECREF(made);
    return model ? 0 : -1;
}

/* A text of n tokens and m sentences, and the names that every finding uses. */
typedef struct {
    Py_ssize_t n, m;
    PyObject *tokens, *described;
    const int32_t *starts, *ends, *borders;
    int32_t *touched;    /* (n + 1,) attributions with a source that begin at a token less those that end there */
    uint8_t *quoted;     /* (n,) whether a token stands in a quotation */
    PyObject *kinds;     /* the kinds of those that count, a list of strings */
    PyObject *keys;      /* their sources, a set */
    Py_ssize_t sourced, with_quotation;
} Told;

static void widen(Stretch *hull, const Stretch *run)
{
    if (hull->first == NOBODY || run->first < hull->first)
        hull->first = run->first;
    if (run->last > hull->last)
        hull->last = run->last;
}

/* [start, end] in the caller's text. */
static PyObject *stretch(const Told *told, const Stretch *run)
{
    PyObject *pair = PyList_New(2);
    if (!pair)
        return NULL;
    PyList_SET_ITEM(pair, 0, PyLong_FromLong(told->starts[run->first]));
    PyList_SET_ITEM(pair, 1, PyLong_FromLong(told->ends[run->last - 1]));
    if (!PyList_GET_ITEM(pair, 0) || !PyList_GET_ITEM(pair, 1))
        Py_CLEAR(pair);
    return pair;
}

/* The words of a run with a blank between each two. */
static PyObject *words_of(const Told *told, const Stretch *run)
{
    if (run->first == NOBODY)
        return PyUnicode_FromString("");
    PyObject *slice = PyList_GetSlice(told->tokens, run->first, run->last);
    PyObject *joined = slice ? PyUnicode_Join(blank, slice) : NULL; /* refuses what is no string */
    Py_XDECREF(slice);
    return joined;
}

/* Put a value that is owned, or NULL after a failure, into a field; 0 or -1. */
static int put(PyObject *finding, int field, PyObject *value)
{
    int status = value ? PyDict_SetItem(finding, fields[field], value) : -1;
    Py_XDECREF(value);
    return status;
}

static PyObject *place_of(const Told *told, const Stretch *run)
{
    return run->first == NOBODY ? Py_NewRef(Py_None) : stretch(told, run);
}

/* The pieces of an attribution's content; widens its hull, and tells whether one holds a word of a quotation. */
static PyObject *content_of(const Told *told, PyObject *pieces, Stretch *hull, int *quoted)
{
    Py_ssize_t count = PyList_GET_SIZE(pieces);
    PyObject *content = PyList_New(count);
    for (Py_ssize_t i = 0; content && i < count; i++) {
        Stretch run;
        int read = piece_read(PyList_GET_ITEM(pieces, i), told->n, &run);
        PyObject *pair = read == 0 ? stretch(told, &run) : NULL;
        if (!pair) {
            Py_CLEAR(content);
            break;
        }
        PyList_SET_ITEM(content, i, pair);
        widen(hull, &run);
        *quoted |= memchr(told->quoted + run.first, 1, run.last - run.first) != NULL;
    }
    return content;
}

static PyObject *finding_of(Told *told, PyObject *link_source, PyObject *link_cue, PyObject *pieces,
                            PyObject *confidence, uint8_t standing)
{
    Stretch source, cue, hull = {NOBODY, NOBODY};
    int has_source = stretch_read(link_source, told->n, &source), has_cue = stretch_read(link_cue, told->n, &cue);
    int quoted = 0;
    if (has_source < 0 || has_cue < 0)
        return NULL;
    if (has_cue)
        widen(&hull, &cue);
    if (has_source)
        widen(&hull, &source);
    PyObject *kind = NULL, *resolved = Py_None, *finding = NULL;
    PyObject *content = content_of(told, pieces, &hull, &quoted), *cue_words = content ? words_of(told, &cue) : NULL;
    if (!cue_words)
        goto done;
    if (hull.first == NOBODY) {
        PyErr_SetString(PyExc_ValueError, "an attribution has a source, a cue or content");
        goto done;
    }
    if (has_source) {
        PyObject *known = described_of(told->described, link_source);
        if (!known)
            goto done;
        if (!PyUnicode_Check(PyTuple_GET_ITEM(known, 0)) || !PyUnicode_CheckExact(PyTuple_GET_ITEM(known, 2))) {
            PyErr_SetString(PyExc_TypeError, "the kind of a source and its key are strings");
            goto done;
        }
        kind = Py_NewRef(PyTuple_GET_ITEM(known, 0));
        resolved = PyTuple_GET_ITEM(known, 1);
        if (!standing) {
            if (PySet_Add(told->keys, PyTuple_GET_ITEM(known, 2)) < 0)
                goto done;
            told->sourced++;
            told->with_quotation += quoted;
            told->touched[hull.first]++;
            told->touched[hull.last]--;
        }
    } else {
        kind = Py_NewRef(vague);
    }
    if (!standing && PyList_Append(told->kinds, kind) < 0)
        goto done;
    const char *words = standing_words[standing];
    PyObject *why = has_source ? PyUnicode_FromFormat("cue '%U', source read as %U%s", cue_words, kind, words)
                               : PyUnicode_FromFormat("cue '%U', nobody is named as its source%s", cue_words, words);
    finding = PyDict_Copy(model);
    if (!why || !finding || put(finding, START, PyLong_FromLong(told->starts[hull.first])) < 0 ||
        put(finding, END, PyLong_FromLong(told->ends[hull.last - 1])) < 0 ||
        put(finding, KIND, Py_NewRef(attribution)) < 0 || put(finding, SOURCE, place_of(told, &source)) < 0 ||
        put(finding, CUE, place_of(told, &cue)) < 0 || put(finding, CONTENT, Py_NewRef(content)) < 0 ||
        put(finding, SOURCE_KIND, Py_NewRef(kind)) < 0 || put(finding, RESOLVED, Py_NewRef(resolved)) < 0 ||
        put(finding, CONFIDENCE, Py_NewRef(confidence)) < 0 ||
        put(finding, STANDING, PyUnicode_FromString(standings[standing])) < 0 || put(finding, WHY, Py_NewRef(why)) < 0)
        Py_CLEAR(finding);
    Py_XDECREF(why);
done:
    Py_XDECREF(cue_words);
    Py_XDECREF(content);
    Py_XDECREF(kind);
    return finding;
}

static PyObject *findings_of(Told *told, PyObject *links, PyObject *confidence, const uint8_t *standing)
{
    PyObject *every = PyList_AsTuple(links); /* which stays as it is, whatever a link's attributes do */
    Py_ssize_t count = every ? PyTuple_GET_SIZE(every) : 0;
    PyObject *found = every ? PyList_New(count) : NULL;
    for (Py_ssize_t i = 0; found && i < count; i++) {
        PyObject *parts[3], *finding = NULL;
        if (link_parts(PyTuple_GET_ITEM(every, i), parts) == 0)
            finding = finding_of(told, parts[0], parts[1], parts[2], PyList_GET_ITEM(confidence, i), standing[i]);
        link_parts_drop(parts);
        if (finding)
            PyList_SET_ITEM(found, i, finding);
        else
            Py_CLEAR(found);
    }
    Py_XDECREF(every);
    return found;
}

static Py_ssize_t attributed(const Told *told)
{
    Py_ssize_t sentences = 0;
    int32_t open = 0;
    for (Py_ssize_t s = 0; s < told->m; s++) {
        int any = 0;
        for (Py_ssize_t i = told->borders[s]; i < told->borders[s + 1]; i++)
            any |= (open += told->touched[i]) > 0;
        sentences += any;
    }
    return sentences;
}

static PyObject *told_of(Told *told, const int32_t *shapes, PyObject *quotations, PyObject *links, PyObject *confidence,
                         const uint8_t *standing)
{
    Py_ssize_t words = 0;
    for (Py_ssize_t i = 0; i < told->n; i++)
        words += shapes[i] <= LAST_WORD || shapes[i] == HYPHENATED;
    if (quotations_mark(quotations, told->n, told->quoted) < 0)
        return NULL;
    PyObject *found = findings_of(told, links, confidence, standing);
    if (!found)
        return NULL;
    return Py_BuildValue("NOnnnnn", found, told->kinds, PySet_GET_SIZE(told->keys), attributed(told), words,
                         told->sourced, told->with_quotation);
}

static int sound(const Told *told, const Array *shapes, const Array *starts, const Array *ends)
{
    const Tokens tokens = {.borders = told->borders, .n = told->n, .m = told->m};
    int good = shapes->count == told->n && starts->count == told->n && ends->count == told->n && tokens_sound(&tokens);
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tokens, shapes, positions and sentences do not fit each other");
    return good;
}

/* Whether there is a confidence (a number or None) and a known standing for each link. */
static int stands(PyObject *links, PyObject *confidence, PyObject *standing)
{
    Py_ssize_t count = PyList_GET_SIZE(links);
    int good = PyList_GET_SIZE(confidence) == count && PyBytes_GET_SIZE(standing) == count;
    for (Py_ssize_t i = 0; good && i < count; i++)
        good = (uint8_t)PyBytes_AS_STRING(standing)[i] < sizeof standing_words / sizeof *standing_words;
    if (!good)
        PyErr_SetString(PyExc_ValueError, "links, their confidence and how they stand do not fit each other");
    return good;
}

PyObject *kernel_attributions(PyObject *self, PyObject *args)
{
    enum { SHAPES, STARTS, ENDS, BORDERS, ARRAYS };
    static const char *const names[ARRAYS] = {"shapes", "starts", "ends", "sentences"};
    PyObject *given[ARRAYS], *quotations, *links, *confidence, *standing, *found = NULL;
    Array a[ARRAYS];
    Told told = {0};
    if (!PyArg_ParseTuple(args, "O!OOOOO!O!O!O!S", &PyList_Type, &told.tokens, &given[SHAPES], &given[STARTS],
                          &given[ENDS], &given[BORDERS], &PyList_Type, &quotations, &PyList_Type, &links, &PyDict_Type,
                          &told.described, &PyList_Type, &confidence, &standing) ||
        names_init() < 0 || arrays_take(given, a, "iiii", names) < 0)
        return NULL;
    told.n = PyList_GET_SIZE(told.tokens);
    told.m = a[BORDERS].count - 1;
    told.starts = a[STARTS].view.buf;
    told.ends = a[ENDS].view.buf;
    told.borders = a[BORDERS].view.buf;
    if (sound(&told, &a[SHAPES], &a[STARTS], &a[ENDS]) && stands(links, confidence, standing)) {
        told.touched = PyMem_Calloc(told.n + 1, sizeof *told.touched);
        told.quoted = PyMem_Calloc(told.n + 1, 1);
        told.kinds = PyList_New(0);
        told.keys = PySet_New(NULL);
        if (!told.touched || !told.quoted)
            PyErr_NoMemory();
        else if (told.kinds && told.keys)
            found = told_of(&told, a[SHAPES].view.buf, quotations, links, confidence,
                            (const uint8_t *)PyBytes_AS_STRING(standing));
        PyMem_Free(told.touched);
        PyMem_Free(told.quoted);
        Py_XDECREF(told.kinds);
        Py_XDECREF(told.keys);
    }
    arrays_drop(a, ARRAYS);
    return found;
}
