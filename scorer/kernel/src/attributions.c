/* What is told of attributions, findings as they stand in the JSON and counts: scorer/signals/attribution.py. */
#include "judged.h"
#include "linked.h"
#include <math.h>
#include <stdlib.h>

enum { LAST_WORD = 7, NOBODY = KINDS };

/* The fields of a finding in their order, as strings that are made once. */
enum { START, END, KIND, SOURCE, CUE, CONTENT, SOURCE_KIND, RESOLVED, CONFIDENCE, STANDING, WHY, FIELDS };
static const char *const field_names[FIELDS] = {"start",   "end",         "kind",     "source", "cue",
                                                "content", "source_kind", "resolved", "confidence", "standing", "why"};
/* scorer.signals.attribution.STANDINGS and STANDING_IN_WORDS. */
static const char *const standing_names[STANDINGS] = {"counted", "unclear", "writer"};
static const char *const standing_words[STANDINGS] = {"", "; unclear, not counted",
                                                      "; the writer's own voice, not counted"};
static PyObject *fields[FIELDS], *standings[STANDINGS], *blank, *before_cue;
static PyObject *models[KINDS][STANDINGS]; /* findings to copy: what stays None in them, is */
static PyObject *behind_cue[KINDS + 1][STANDINGS]; /* what is said of a source behind the words of its cue */

/* A finding of a kind of source and a standing, the rest of it None; NULL with an exception set. */
static PyObject *model_make(int source_kind, int standing)
{
    PyObject *kind = PyUnicode_InternFromString("attribution");
    PyObject *of = PyUnicode_InternFromString(kind_names[source_kind]), *made = kind && of ? PyDict_New() : NULL;
    for (int i = 0; made && i < FIELDS; i++) {
        PyObject *value = i == KIND          ? kind
                          : i == SOURCE_KIND ? of
                          : i == STANDING    ? standings[standing]
                                             : Py_None;
        if (PyDict_SetItem(made, fields[i], value) < 0)
            Py_CLEAR(made);
    }
    Py_XDECREF(kind);
    Py_XDECREF(of);
    return made;
}

/* Keep a string made of a C string in `place`, once; 0, or -1 with an exception set. */
static int intern(PyObject **place, const char *text)
{
    return *place || (*place = PyUnicode_InternFromString(text)) ? 0 : -1;
}

/* Make what all findings have; done once. 0, or -1 with an exception set. */
static int names_init(void)
{
    static int made;
    if (made)
        return 0;
    int status = intern(&blank, " ") < 0 || intern(&before_cue, "cue '") < 0 ? -1 : 0;
    for (int i = 0; !status && i < FIELDS; i++)
        status = intern(&fields[i], field_names[i]);
    for (int i = 0; !status && i < STANDINGS; i++) {
        status = intern(&standings[i], standing_names[i]);
        for (int told = 0; !status && told <= KINDS; told++) {
            PyObject *said = told == NOBODY
                                 ? PyUnicode_FromFormat("', nobody is named as its source%s", standing_words[i])
                                 : PyUnicode_FromFormat("', source read as %s%s", kind_names[told], standing_words[i]);
            Py_XSETREF(behind_cue[told][i], said);
            if (said && told < KINDS)
                Py_XSETREF(models[told][i], model_make(told, i));
            status = said && (told == NOBODY || models[told][i]) ? 0 : -1;
        }
    }
    made = !status;
    return status;
}

/* A text's attributions, their sources, and what is counted of them. */
typedef struct {
    Reading *r;
    const int32_t *starts, *ends; /* (n,) in the caller's text */
    Attribution *links;
    Source *sources;
    Stretch *content;
    Py_ssize_t n, count, source_count, piece_count, room;
    int32_t *touched;         /* (n + 1,) attributions with a source that begin at a token less those that end there */
    Py_ssize_t kinds[KINDS];  /* of those that count, those of nobody as vague */
    Py_ssize_t different, sourced, with_quotation; /* sources by their keys; with a source, and quoted ones of these */
} Told;

/* ---- reading ---- */

static void widen(Stretch *hull, const Stretch *run)
{
    if (hull->first == NONE || run->first < hull->first)
        hull->first = run->first;
    if (run->last > hull->last)
        hull->last = run->last;
}

static int link_read(Told *told, PyObject *link, Attribution *a)
{
    PyObject *parts[3];
    Py_ssize_t n = told->n, first = told->piece_count;
    int status = link_parts(link, parts);
    if (!status && (stretch_read(parts[0], n, &a->source) < 0 || stretch_read(parts[1], n, &a->cue) < 0))
        status = -1;
    a->hull = (Stretch){NONE, NONE};
    if (!status && a->cue.first != NONE)
        widen(&a->hull, &a->cue);
    if (!status && a->source.first != NONE)
        widen(&a->hull, &a->source);
    for (Py_ssize_t i = 0; !status && i < PyList_GET_SIZE(parts[2]); i++) {
        if (told->piece_count == told->room) {
            Stretch *more = items_grow(told->content, &told->room, 64, sizeof *more);
            if (!more) {
                status = -1;
                break;
            }
            told->content = more;
        }
        Stretch *piece = &told->content[told->piece_count];
        status = piece_read(PyList_GET_ITEM(parts[2], i), n, piece);
        if (!status) {
            widen(&a->hull, piece);
            told->piece_count++;
        }
    }
    link_parts_drop(parts);
    if (!status && a->hull.first == NONE) {
        PyErr_SetString(PyExc_ValueError, "an attribution has a source, a cue or content inside the text");
        status = -1;
    }
    a->pieces = told->piece_count - first;
    return status;
}

static int by_source(const void *one, const void *other)
{
    const Stretch *a = &(*(Attribution *const *)one)->source, *b = &(*(Attribution *const *)other)->source;
    Py_ssize_t apart = a->first != b->first ? a->first - b->first : a->last - b->last;
    return (apart > 0) - (apart < 0);
}

/* Put the sources of the links in order, each once, and note which is whose; 0, or -1 with an exception set. */
static int number_sources(Told *told)
{
    Attribution **order = PyMem_Malloc((told->count + 1) * sizeof *order);
    told->sources = PyMem_Calloc(told->count + 1, sizeof *told->sources);
    if (!order || !told->sources) {
        PyMem_Free(order);
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t with_source = 0;
    for (Attribution *a = told->links; a < told->links + told->count; a++) {
        a->number = NONE;
        if (a->source.first != NONE)
            order[with_source++] = a;
    }
    int ordered = 1;
    for (Py_ssize_t i = 1; ordered && i < with_source; i++)
        ordered = by_source(&order[i - 1], &order[i]) <= 0;
    if (!ordered)
        qsort(order, with_source, sizeof *order, by_source);
    for (Py_ssize_t i = 0; i < with_source; i++) {
        if (!i || by_source(&order[i - 1], &order[i]))
            told->sources[told->source_count++].run = order[i]->source;
        order[i]->number = told->source_count - 1;
    }
    PyMem_Free(order);
    return 0;
}

static int by_place(const void *one, const void *other)
{
    const Attribution *a = one, *b = other;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static int hulls_place(Told *told)
{
    const Stretch *content = told->content;
    for (Py_ssize_t i = 0; i < told->count; i++) {
        Attribution *a = &told->links[i];
        a->order = i;
        a->start = told->starts[a->hull.first];
        a->end = told->ends[a->hull.last - 1];
        a->content = content;
        content += a->pieces;
    }
    return number_sources(told);
}

static int links_room(Told *told, Py_ssize_t count)
{
    told->count = count;
    told->links = PyMem_Calloc(count + 1, sizeof *told->links);
    if (!told->links)
        PyErr_NoMemory();
    return told->links ? 0 : -1;
}

/* Read links of Python's, with where they stand in the caller's text; 0, or -1 with an exception set. */
static int links_read(Told *told, PyObject *links)
{
    PyObject *every = PyList_AsTuple(links); /* which stays as it is, whatever a link's attributes do */
    int status = every ? links_room(told, PyTuple_GET_SIZE(every)) : -1;
    for (Py_ssize_t i = 0; !status && i < told->count; i++)
        status = link_read(told, PyTuple_GET_ITEM(every, i), &told->links[i]);
    Py_XDECREF(every);
    return status ? -1 : hulls_place(told);
}

static Stretch stretch_of(Run run) { return (Stretch){run.first, run.last}; }

/* The same of links that are found here, in the text that `given` holds (linked.h). */
static int links_find(Told *told, PyObject *given)
{
    Linked found;
    int status = linked_find(given, &found);
    if (!status)
        status = links_room(told, found.count);
    for (Py_ssize_t i = 0; !status && i < found.count; i++)
        told->room += found.items[i].link->count;
    if (!status && !(told->content = PyMem_Malloc((told->room + 1) * sizeof *told->content))) {
        PyErr_NoMemory();
        status = -1;
    }
    for (Py_ssize_t i = 0; !status && i < found.count; i++) {
        const Link *link = found.items[i].link;
        Attribution *a = &told->links[i];
        a->source = stretch_of(link->source);
        a->cue = stretch_of(link->cue);
        a->hull = stretch_of(found.items[i].hull);
        a->pieces = link->count;
        for (int32_t piece = 0; piece < link->count; piece++)
            told->content[told->piece_count++] = stretch_of(link->content[piece]);
        if (a->hull.last > told->n) { /* it holds all of them, and is inside the text that they were found in */
            PyErr_SetString(PyExc_ValueError, "attributions and positions do not fit each other");
            status = -1;
        }
    }
    linked_free(&found);
    return status ? -1 : hulls_place(told);
}

/* ---- findings ---- */

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

static PyObject *content_of(const Told *told, const Attribution *a)
{
    PyObject *content = PyList_New(a->pieces);
    for (Py_ssize_t i = 0; content && i < a->pieces; i++) {
        PyObject *pair = stretch(told, &a->content[i]);
        if (pair)
            PyList_SET_ITEM(content, i, pair);
        else
            Py_CLEAR(content);
    }
    return content;
}

/* The words of a run with a blank between each two. */
static PyObject *words_of(const Told *told, const Stretch *run)
{
    if (run->first == NONE)
        return PyUnicode_FromString("");
    if (run->last - run->first == 1)
        return Py_NewRef(PyList_GET_ITEM(told->r->tokens, run->first));
    PyObject *slice = PyList_GetSlice(told->r->tokens, run->first, run->last);
    PyObject *joined = slice ? PyUnicode_Join(blank, slice) : NULL;
    Py_XDECREF(slice);
    return joined;
}

static PyObject *why(const Told *told, const Attribution *a, int kind)
{
    PyObject *parts[3] = {before_cue, words_of(told, &a->cue), behind_cue[kind][a->standing]}, *found = NULL;
    if (parts[1]) {
        Py_ssize_t length = 0, done = 0;
        for (int i = 0; i < 3; i++)
            length += PyUnicode_GET_LENGTH(parts[i]);
        found = PyUnicode_New(length, PyUnicode_MAX_CHAR_VALUE(parts[1]));
        for (int i = 0; found && i < 3; done += PyUnicode_GET_LENGTH(parts[i++]))
            if (PyUnicode_CopyCharacters(found, done, parts[i], 0, PyUnicode_GET_LENGTH(parts[i])) < 0)
                Py_CLEAR(found);
    }
    Py_XDECREF(parts[1]);
    return found;
}

/* Put a value that is owned, or NULL after a failure, into a field; 0 or -1. */
static int put(PyObject *finding, int field, PyObject *value)
{
    int status = value ? PyDict_SetItem(finding, fields[field], value) : -1;
    Py_XDECREF(value);
    return status;
}

static PyObject *finding_of(const Told *told, const Attribution *a)
{
    const Source *source = a->number == NONE ? NULL : &told->sources[a->number];
    int kind = source ? source->kind : VAGUE;
    PyObject *finding = PyDict_Copy(models[kind][a->standing]);
    if (!finding || put(finding, START, PyLong_FromLong(a->start)) < 0 ||
        put(finding, END, PyLong_FromLong(a->end)) < 0 ||
        (source && put(finding, SOURCE, stretch(told, &a->source)) < 0) ||
        (a->cue.first != NONE && put(finding, CUE, stretch(told, &a->cue)) < 0) ||
        put(finding, CONTENT, content_of(told, a)) < 0 ||
        (source && source->resolved && put(finding, RESOLVED, Py_NewRef(source->resolved)) < 0) ||
        (!isnan(a->sure) && put(finding, CONFIDENCE, PyFloat_FromDouble(a->sure)) < 0) ||
        put(finding, WHY, why(told, a, source ? kind : NOBODY)) < 0)
        Py_CLEAR(finding);
    return finding;
}

/* ---- counts ---- */

static void count(Told *told, const Attribution *a)
{
    if (a->standing != COUNTED)
        return;
    told->kinds[a->number == NONE ? VAGUE : told->sources[a->number].kind]++;
    if (a->number == NONE)
        return;
    Known *key = &told->r->known[told->sources[a->number].number];
    told->different += key->source != NONE; /* met first: the kinds are settled, and who has which key is told */
    key->source = NONE;
    told->sourced++;
    told->touched[a->hull.first]++;
    told->touched[a->hull.last]--;
    int quoted = 0;
    for (const Stretch *piece = a->content; piece < a->content + a->pieces; piece++)
        for (Py_ssize_t i = piece->first; i < piece->last && !quoted; i++)
            quoted = told->r->quote_of[i] >= 0;
    told->with_quotation += quoted;
}

/* How many sentences an attribution with a source touches. */
static Py_ssize_t attributed(const Told *told)
{
    const Reading *r = told->r;
    Py_ssize_t sentences = 0;
    int32_t open = 0;
    for (Py_ssize_t s = 0; s < r->m; s++) {
        int any = 0;
        for (Py_ssize_t i = r->borders[s]; i < r->borders[s + 1]; i++)
            any |= (open += told->touched[i]) > 0;
        sentences += any;
    }
    return sentences;
}

static VECTOR int32_t words_in(const int32_t *shapes, int32_t n)
{
    int32_t words = 0;
    for (int32_t i = 0; i < n; i++)
        words += (shapes[i] <= LAST_WORD) | (shapes[i] == HYPHENATED);
    return words;
}

static PyObject *told_of(Told *told, const Certainty *certainty, const KindWeights *kinds)
{
    if (describe_sources(told->r, told->sources, told->source_count) < 0 ||
        settle_kinds(kinds, told->r, told->sources, told->source_count) < 0)
        return NULL;
    int ordered = 1;
    for (Py_ssize_t i = 1; ordered && i < told->count; i++)
        ordered = by_place(&told->links[i - 1], &told->links[i]) < 0;
    if (!ordered)
        qsort(told->links, told->count, sizeof *told->links, by_place);
    PyObject *found = PyList_New(told->count);
    for (Py_ssize_t i = 0; found && i < told->count; i++) {
        Attribution *a = &told->links[i];
        const Source *source = a->number == NONE ? NULL : &told->sources[a->number];
        PyObject *finding = judge(certainty, told->r, source, a) < 0 ? NULL : finding_of(told, a);
        if (finding) {
            PyList_SET_ITEM(found, i, finding);
            count(told, a);
        } else {
            Py_CLEAR(found);
        }
    }
    const Py_ssize_t *k = told->kinds;
    return found ? Py_BuildValue("N(nnnnn)nnnnn", found, k[NAMED], k[ORGANISATION], k[DOCUMENT], k[ANONYMOUS], k[VAGUE],
                                 told->different, attributed(told), words_in(told->r->shapes, (int32_t)told->r->n),
                                 told->sourced, told->with_quotation)
                 : NULL;
}

/* ---- what is given ---- */

enum { STARTS, ENDS, SCORED, SURE, LEVEL_WEIGHTS, KIND_TABLE, UNITS, BIASES, MASKS, ARRAYS };

/* Whether arrays have the lengths that the text and the weights want. */
static int sound(const Reading *r, const Array *a, const Certainty *certainty, const KindWeights *kinds)
{
    int bits = certainty->table.bits, kind_bits = kinds->table.bits;
    int good = a[STARTS].count == r->n && a[ENDS].count == r->n && a[SCORED].count == SCORES * r->n && bits >= 1 &&
               bits <= MOST_BITS && a[SURE].count == (Py_ssize_t)1 << bits && a[LEVEL_WEIGHTS].count == LEVELS &&
               kind_bits >= 1 && kind_bits <= MOST_BITS && a[KIND_TABLE].count == (Py_ssize_t)KINDS << kind_bits &&
               a[UNITS].count == KINDS && a[BIASES].count == KINDS && kinds->split > 0 &&
               !(kinds->split & (kinds->split - 1));
    Py_ssize_t outside = 0;
    for (Py_ssize_t i = 0; i < r->n; i++)
        outside += (uint32_t)r->words[i] >= (size_t)a[MASKS].count;
    if (!good || outside)
        PyErr_SetString(PyExc_ValueError, "words, positions, scores and weights do not fit each other");
    return good && !outside;
}

PyObject *kernel_attributions(PyObject *self, PyObject *args)
{
    static const char *const names[ARRAYS] = {"caller_starts", "caller_ends", "scores", "table", "levels",
                                              "kinds", "units", "biases", "masks"};
    PyObject *describer, *text, *quotations, *links, *rules, *sure, *kind, *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    Certainty certainty = {0};
    KindWeights kinds = {0};
    if (!PyArg_ParseTuple(args, "O!O!OOOO!OO!O!O!", &DescriberType, &describer, &PyTuple_Type, &text, &given[STARTS],
                          &given[ENDS], &given[SCORED], &PyList_Type, &quotations, &links, &PyTuple_Type, &rules,
                          &PyTuple_Type, &sure, &PyTuple_Type, &kind) ||
        !PyArg_ParseTuple(rules, "O!O!", &PyFrozenSet_Type, &certainty.from, &PyFrozenSet_Type, &certainty.claims) ||
        !PyArg_ParseTuple(sure, "OiddOd", &given[SURE], &certainty.table.bits, &certainty.unit, &certainty.bias,
                          &given[LEVEL_WEIGHTS], &certainty.clear) ||
        !PyArg_ParseTuple(kind, "OOOiOi", &given[KIND_TABLE], &given[UNITS], &given[BIASES], &kinds.table.bits,
                          &given[MASKS], &kinds.split) ||
        names_init() < 0)
        return NULL;
    if (!PyList_Check(links) && !PyTuple_Check(links)) {
        PyErr_SetString(PyExc_TypeError, "attributions are a list, or a tuple of what they are found by");
        return NULL;
    }
    if (arrays_take(given, a, "iifbdbddi", names) < 0)
        return NULL;
    certainty.scores = a[SCORED].view.buf;
    certainty.table.rows = a[SURE].view.buf;
    certainty.levels = a[LEVEL_WEIGHTS].view.buf;
    kinds.table.rows = a[KIND_TABLE].view.buf;
    kinds.units = a[UNITS].view.buf;
    kinds.biases = a[BIASES].view.buf;
    kinds.masks = a[MASKS].view.buf;
    Reading r = {0};
    Told told = {.r = &r, .starts = a[STARTS].view.buf, .ends = a[ENDS].view.buf, .n = a[STARTS].count};
    /* the text is looked through behind the links, whose attributes may be anything's that change it */
    if (a[ENDS].count == told.n && (PyTuple_Check(links) ? links_find : links_read)(&told, links) == 0 &&
        reading_open(&r, (Describer *)describer, text, quotations) == 0 && sound(&r, a, &certainty, &kinds)) {
        told.touched = PyMem_Calloc(r.n + 1, sizeof *told.touched);
        if (told.touched)
            found = told_of(&told, &certainty, &kinds);
        else
            PyErr_NoMemory();
    } else if (!PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, "positions in the caller's text do not fit each other");
    }
    if (told.sources)
        sources_drop(told.sources, told.source_count);
    PyMem_Free(told.links);
    PyMem_Free(told.content);
    PyMem_Free(told.touched);
    reading_close(&r);
    arrays_drop(a, ARRAYS);
    return found;
}
