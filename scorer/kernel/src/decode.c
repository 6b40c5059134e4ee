/* Scores -> runs of sources, cues and content: scorer.tagger.decode, written out. */
#include "kernel.h"
#include <string.h>

#define MAX_LABELS 16
#define MAX_STRETCH 32

typedef struct {
    const float *scores, *transitions; /* (n, columns), (labels, labels) */
    const int32_t *sentences;
    Py_ssize_t n, m;
    int labels, columns;
    float margin, content_bias;
    int max_filled, max_tail;
    int8_t *label;     /* (n,) */
    uint8_t *content;  /* (n,) */
    uint8_t *border;   /* (n + 1,) */
    int32_t *counted;  /* (n + 1,) tokens of content before each */
    int32_t *named;    /* (n + 1,) tokens of a source or cue before each */
    int32_t *part;     /* (n,) borders at or before each, the first token's aside */
} Decoding;

/* The best labels of tokens first, ..., last - 1 (Viterbi 1967); label 0 stands before them. */
static void viterbi(const Decoding *d, Py_ssize_t first, Py_ssize_t last)
{
    int8_t back[MAX_STRETCH][MAX_LABELS];
    float best[MAX_LABELS], next[MAX_LABELS];
    const float *scores = d->scores + first * d->columns;
    for (int j = 0; j < d->labels; j++)
        best[j] = scores[j] + d->transitions[j];
    for (Py_ssize_t step = 1; step < last - first; step++) {
        scores += d->columns;
        for (int j = 0; j < d->labels; j++) {
            float most = best[0] + d->transitions[j];
            int from = 0;
            for (int i = 1; i < d->labels; i++) {
                float path = best[i] + d->transitions[i * d->labels + j];
                if (path > most) {
                    most = path;
                    from = i;
                }
            }
            next[j] = most + scores[j];
            back[step][j] = (int8_t)from;
        }
        memcpy(best, next, sizeof best);
    }
    int label = 0;
    for (int j = 1; j < d->labels; j++)
        if (best[j] > best[label])
            label = j;
    for (Py_ssize_t step = last - first - 1; step >= 0; step--) {
        d->label[first + step] = (int8_t)label;
        label = step ? back[step][label] : 0;
    }
}

static int is_uncertain(const Decoding *d, Py_ssize_t t)
{
    const float *scores = d->scores + t * d->columns;
    float most = scores[1];
    for (int j = 2; j < d->labels; j++)
        most = scores[j] > most ? scores[j] : most;
    return scores[0] - most < d->margin;
}

static void label_tokens(Decoding *d)
{
    for (Py_ssize_t s = 0; s < d->m; s++)
        for (Py_ssize_t t = d->sentences[s]; t < d->sentences[s + 1];) {
            if (!is_uncertain(d, t)) {
                t++;
                continue;
            }
            Py_ssize_t first = t;
            while (t < d->sentences[s + 1] && t - first < MAX_STRETCH && is_uncertain(d, t))
                t++;
            viterbi(d, first, t);
        }
}

static int add_run(PyObject *list, Py_ssize_t first, Py_ssize_t last)
{
    PyObject *run = PyTuple_New(2), *a = PyLong_FromSsize_t(first), *b = PyLong_FromSsize_t(last);
    if (!run || !a || !b) {
        Py_XDECREF(run);
        Py_XDECREF(a);
        Py_XDECREF(b);
        return -1;
    }
    PyTuple_SET_ITEM(run, 0, a);
    PyTuple_SET_ITEM(run, 1, b);
    int status = PyList_Append(list, run);
    Py_DECREF(run);
    return status;
}

/* Runs of a role: each opens with `begin`, or with `begin` + 1 where nothing of the role stands before. */
static PyObject *runs_of(const Decoding *d, int begin)
{
    PyObject *runs = PyList_New(0);
    Py_ssize_t first = -1;
    for (Py_ssize_t t = 0; runs && t <= d->n; t++) {
        int label = t < d->n ? d->label[t] : -1;
        if (first >= 0 && label != begin + 1) {
            if (add_run(runs, first, t) < 0)
                Py_CLEAR(runs);
            first = -1;
        }
        if (label == begin || (label == begin + 1 && first < 0))
            first = t;
    }
    return runs;
}

static void count(Decoding *d)
{
    memset(d->border, 0, d->n + 1);
    for (Py_ssize_t s = 0; s <= d->m; s++)
        d->border[d->sentences[s]] = 1;
    d->counted[0] = d->named[0] = 0;
    for (Py_ssize_t t = 0; t < d->n; t++) {
        const float *scores = d->scores + t * d->columns + d->labels;
        d->content[t] = scores[1] - scores[0] > d->content_bias;
        d->counted[t + 1] = d->counted[t] + d->content[t];
        d->named[t + 1] = d->named[t] + (d->label[t] > 0);
    }
}

/* Quotations (first, last, closed) join what they hold; one that is mostly content is content as a whole. */
static int join_quotations(Decoding *d, PyObject *quotations)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(quotations); i++) {
        PyObject *quotation = PyList_GET_ITEM(quotations, i);
        if (!PyTuple_Check(quotation) || PyTuple_GET_SIZE(quotation) != 3) {
            PyErr_SetString(PyExc_TypeError, "quotations: tuples (first, last, closed) are wanted");
            return -1;
        }
        Py_ssize_t first = PyLong_AsSsize_t(PyTuple_GET_ITEM(quotation, 0));
        Py_ssize_t last = PyLong_AsSsize_t(PyTuple_GET_ITEM(quotation, 1));
        int closed = PyObject_IsTrue(PyTuple_GET_ITEM(quotation, 2));
        if (PyErr_Occurred())
            return -1;
        if (first < 0 || last < first || last > d->n) {
            PyErr_SetString(PyExc_ValueError, "quotations: one lies outside the text");
            return -1;
        }
        if (last > first + 1)
            memset(d->border + first + 1, 0, last - first - 1);
        if (closed && 2 * (d->counted[last] - d->counted[first]) > last - first && d->named[last] == d->named[first])
            memset(d->content + first, 1, last - first);
    }
    return 0;
}

/* Content as runs: small holes filled, none over a border; one that stops just before a border goes on to it. */
static PyObject *pieces_of(Decoding *d)
{
    PyObject *pieces = PyList_New(0);
    Py_ssize_t begun = -1, ended = -1, border = 0;
    d->part[0] = 0;
    for (Py_ssize_t t = 1; t < d->n; t++)
        d->part[t] = d->part[t - 1] + d->border[t];
    for (Py_ssize_t t = 0; pieces && t <= d->n;) {
        Py_ssize_t first = t;
        while (first < d->n && !d->content[first])
            first++;
        Py_ssize_t last = first;
        while (last < d->n && d->content[last] && (last == first || !d->border[last]))
            last++;
        int joins = begun >= 0 && first < d->n && first - ended <= d->max_filled &&
                    d->part[first] == d->part[ended - 1] && d->named[first] == d->named[ended];
        if (begun >= 0 && !joins) {
            border = ended;
            while (border < d->n && border - ended <= d->max_tail && !d->border[border])
                border++;
            int reaches = border - ended <= d->max_tail && border > ended && (border == d->n || d->border[border]) &&
                          d->named[border] == d->named[ended];
            if (add_run(pieces, begun, reaches ? border : ended) < 0)
                Py_CLEAR(pieces);
        }
        if (first >= d->n)
            break;
        begun = joins ? begun : first;
        ended = last;
        t = last;
    }
    return pieces;
}

static PyObject *decode(Decoding *d, PyObject *quotations)
{
    PyObject *sources = NULL, *cues = NULL, *pieces = NULL, *found = NULL;
    memset(d->label, 0, d->n);
    label_tokens(d);
    count(d);
    if (join_quotations(d, quotations) == 0) {
        sources = runs_of(d, 1);
        cues = runs_of(d, 3);
        pieces = pieces_of(d);
    }
    if (sources && cues && pieces)
        found = PyTuple_Pack(3, sources, cues, pieces);
    Py_XDECREF(sources);
    Py_XDECREF(cues);
    Py_XDECREF(pieces);
    return found;
}

static int sound(const Decoding *d)
{
    int good = d->n > 0 && d->m > 0 && d->sentences[0] == 0 && d->sentences[d->m] == d->n;
    for (Py_ssize_t s = 0; good && s < d->m; s++)
        good = d->sentences[s] < d->sentences[s + 1];
    if (!good)
        PyErr_SetString(PyExc_ValueError, "scores and sentences do not fit each other");
    return good;
}

PyObject *kernel_decode(PyObject *self, PyObject *args)
{
    PyObject *scores_given, *sentences_given, *quotations, *transitions_given, *found = NULL;
    Array scores, sentences, transitions;
    Decoding d = {0};
    if (!PyArg_ParseTuple(args, "OOO!Offii", &scores_given, &sentences_given, &PyList_Type, &quotations,
                          &transitions_given, &d.margin, &d.content_bias, &d.max_filled, &d.max_tail) ||
        array_take(transitions_given, &transitions, 'f', 4, "transitions") < 0)
        return NULL;
    while (d.labels * d.labels < transitions.count)
        d.labels++;
    if (d.labels * d.labels != transitions.count || d.labels < 5 || d.labels > MAX_LABELS) {
        PyErr_SetString(PyExc_ValueError, "transitions: a square of 5 to 16 labels is wanted");
        goto no_scores;
    }
    if (array_take(scores_given, &scores, 'f', 4, "scores") < 0)
        goto no_scores;
    if (array_take(sentences_given, &sentences, 'i', 4, "sentences") < 0)
        goto no_sentences;
    d.columns = d.labels + 2;
    d.n = scores.count / d.columns;
    d.m = sentences.count - 1;
    d.scores = scores.view.buf;
    d.transitions = transitions.view.buf;
    d.sentences = sentences.view.buf;
    if (sound(&d)) {
        size_t numbers = 3 * (size_t)(d.n + 1) * sizeof(int32_t);
        char *memory = PyMem_Malloc(numbers + 3 * (size_t)(d.n + 1));
        if (memory) {
            d.counted = (int32_t *)memory;
            d.named = d.counted + d.n + 1;
            d.part = d.named + d.n + 1;
            d.label = (int8_t *)(memory + numbers);
            d.content = (uint8_t *)d.label + d.n + 1;
            d.border = d.content + d.n + 1;
            found = decode(&d, quotations);
            PyMem_Free(memory);
        } else {
            PyErr_NoMemory();
        }
    }
    array_drop(&sentences);
no_sentences:
    array_drop(&scores);
no_scores:
    array_drop(&transitions);
    return found;
}
