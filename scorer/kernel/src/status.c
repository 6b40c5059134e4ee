/* What stands around each figure: scorer.figure_status.features and scorer.figure_cover, written out. */
#include "characters.h"
#include "cover.h"
#include "figures.h"
#include <string.h>

enum { LOWER = 0, QUOTE_FIRST = 9, QUOTE_LAST = 11 }; /* scorer.lexicon.Shape */
enum { OTHER = 'z', CUES = 23, HEDGES = 10, FAR = 60, MANY = 9, NOBODY = 9, APART = 999, BORDER_COSTS = 6, WOULD = 10 };
enum { /* columns, in the order of scorer.figure_status.NAMES */
    AHEAD, BEHIND = AHEAD + CUES, BORDERS_LEFT = BEHIND + CUES, BORDERS_RIGHT = BORDERS_LEFT + CUES,
    LEFT = BORDERS_RIGHT + CUES, /* hedge, borders, verbs, row, verb */
    RIGHT = LEFT + 5, HEDGE_COUNT = RIGHT + 5, KIND, CUE_APART = KIND + 3, CUES_HERE = CUE_APART + 3, QUOTED,
    QUOTED_BEFORE, MARK_LEFT, MARK_RIGHT, REPORTS, SOURCES, DOCUMENTS, OPENS, FORM, FROM_START, TO_END, NEXT_LEFT,
    NEXT_RIGHT, LENGTH_BEFORE, REACH, REACH_ROW
};

typedef struct {
    int32_t borders, verbs, hedges, reports, sources, documents; /* of the tokens before */
} Counts;

typedef struct {
    const Passage *p;
    const uint8_t *given; /* letters of hedging grammar */
    const LetterTables *tables;
    uint8_t *letters; /* with their scope */
    uint8_t *inside;  /* whether a token stands in a quotation */
    Counts *counts;   /* (n + 1,) */
} Text;

typedef struct {
    Py_ssize_t first, last, sentence, begin, end; /* tokens of the figure, its sentence and the sentence's tokens */
    int64_t form;
    float *values;
} Counted;

static int letter_at(const Text *t, Py_ssize_t i) { return i >= 0 && i < t->p->n ? t->given[i] : 0; }

/* scorer.figure_status.scope_letters */
static uint8_t scoped(const Text *t, Py_ssize_t i)
{
    int here = t->given[i], before = letter_at(t, i - 1), second = letter_at(t, i - 2), after = letter_at(t, i + 1);
    int passive = before == 'b' || (before == 'a' && second == 'b');
    switch (here) {
    case 'B': return passive ? 'E' : 'Y';
    case 'R': return passive && (after == 't' || after == 'c') ? 'E' : 'R';
    case 'M': return t->p->shapes[i] != LOWER ? OTHER : 'M';
    case 'K': return before == 'm' ? OTHER : 'U';
    case 'C': return before == 'N' || second == 'N' || letter_at(t, i - 3) == 'N' || before == 'I' ? 'E' : 'C';
    }
    return (uint8_t)here;
}

static int is_mark(const Text *t, Py_ssize_t i)
{
    return t->p->shapes[i] >= QUOTE_FIRST && t->p->shapes[i] <= QUOTE_LAST;
}

/* Scope and counts of the sentences that figures stand in, of those before them and of a figure's next neighbour:
 * nothing else is asked for. */
static void count(Text *t, const Counted *figures, Py_ssize_t count)
{
    Counts sum = {0};
    Py_ssize_t i = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        Py_ssize_t past = t->p->borders[figures[k].sentence > 0 ? figures[k].sentence - 1 : 0];
        Py_ssize_t reached = figures[k].end > figures[k].last ? figures[k].end : figures[k].last;
        for (i = i < past ? past : i; i <= reached && i < t->p->n; i++) {
            uint8_t letter = t->letters[i] = scoped(t, i);
            t->counts[i] = sum;
            sum.borders += letter == ',' || letter == 'l' || letter == 'c' || is_mark(t, i);
            sum.verbs += t->tables->is_verb[letter] != 0;
            sum.hedges += t->tables->row[letter] > 0 && t->tables->row[letter] <= HEDGES;
            sum.reports += letter == 'R' || letter == 'G';
            sum.sources += letter == 'S';
            sum.documents += letter == 'q';
        }
        t->counts[i] = sum;
    }
}

/* 1 for a double mark that opens, 2 for one that closes, 0 for any other token; scorer.figure_status._quoted */
static int side_of(const Text *t, Py_ssize_t i)
{
    if (!is_mark(t, i))
        return 0;
    /* code of the attributions, which are read before, may have changed the list */
    PyObject *token = i < PyList_GET_SIZE(t->p->tokens) ? PyList_GET_ITEM(t->p->tokens, i) : Py_None;
    if (!PyUnicode_Check(token) || PyUnicode_GET_LENGTH(token) != 1)
        return 0;
    switch (PyUnicode_READ_CHAR(token, 0)) {
    case 0x201C: case 0x201E: case 0xAB: return 1;
    case 0x201D: case 0xBB: return 2;
    case '"': return i && t->p->starts[i] == t->p->ends[i - 1] ? 2 : 1;
    }
    return 0;
}

static float at_most(Py_ssize_t value, Py_ssize_t most) { return (float)(value < most ? value : most); }

/* The cues before a figure, given the last token of each class so far; the hedge's row, `hedge` its token or -1. */
static int look_left(const Text *t, const Counted *f, const Py_ssize_t *seen, Py_ssize_t *hedge)
{
    float *v = f->values, verb = FAR;
    int row = 0;
    *hedge = -1;
    for (int c = 0; c < CUES; c++) {
        Py_ssize_t left = seen[c] >= f->begin ? seen[c] : -1;
        v[AHEAD + c] = left >= 0 ? at_most(f->first - left, FAR) : FAR;
        v[BORDERS_LEFT + c] = left >= 0 ? (float)(t->counts[f->first].borders - t->counts[left + 1].borders) : MANY;
        if (left >= 0 && t->tables->is_verb[t->letters[left]] && v[AHEAD + c] < verb)
            verb = v[AHEAD + c];
        if (c < HEDGES && left > *hedge) {
            *hedge = left;
            row = c;
        }
    }
    v[LEFT] = v[AHEAD + row];
    v[LEFT + 1] = v[BORDERS_LEFT + row];
    v[LEFT + 2] = *hedge >= 0 ? (float)(t->counts[f->first].verbs - t->counts[*hedge + 1].verbs) : MANY;
    v[LEFT + 3] = *hedge >= 0 ? (float)row : FAR;
    v[LEFT + 4] = verb;
    return row;
}

/* The same behind it, given the next token of each class; `hedge` is n where there is none. */
static int look_right(const Text *t, const Counted *f, const Py_ssize_t *seen, Py_ssize_t *hedge)
{
    float *v = f->values, verb = FAR;
    int row = 0;
    *hedge = t->p->n;
    for (int c = 0; c < CUES; c++) {
        Py_ssize_t right = seen[c] < f->end ? seen[c] : t->p->n;
        int there = right < t->p->n;
        v[BEHIND + c] = there ? at_most(right - f->last + 1, FAR) : FAR;
        v[BORDERS_RIGHT + c] = there ? (float)(t->counts[right].borders - t->counts[f->last].borders) : MANY;
        if (there && t->tables->is_verb[t->letters[right]] && v[BEHIND + c] < verb)
            verb = v[BEHIND + c];
        if (c < HEDGES && right < *hedge) {
            *hedge = right;
            row = c;
        }
    }
    v[RIGHT] = v[BEHIND + row];
    v[RIGHT + 1] = v[BORDERS_RIGHT + row];
    v[RIGHT + 2] = *hedge < t->p->n ? (float)(t->counts[*hedge].verbs - t->counts[f->last].verbs) : MANY;
    v[RIGHT + 3] = *hedge < t->p->n ? (float)row : FAR;
    v[RIGHT + 4] = verb;
    return row;
}

/* Which hedge reaches the figure, and the cue to show: a hedge, or else a "would"; -1 for none. */
static int64_t reach(const Text *t, const Counted *f, int row_left, int row_right, Py_ssize_t hedge_left,
                     Py_ssize_t hedge_right, Py_ssize_t would_left, Py_ssize_t would_right)
{
    float *v = f->values, left = v[LEFT] + BORDER_COSTS * v[LEFT + 1], right = v[RIGHT] + BORDER_COSTS * v[RIGHT + 1];
    v[REACH] = left <= right ? left : right;
    v[REACH_ROW] = (float)(left <= right ? row_left : row_right);
    v[HEDGE_COUNT] = (float)(t->counts[f->end].hedges - t->counts[f->begin].hedges);
    if (hedge_left >= 0 && left <= right)
        return hedge_left;
    if (hedge_right < t->p->n)
        return hedge_right;
    return would_left >= f->begin ? would_left : would_right < f->end ? would_right : -1;
}

/* Cues on both sides of all figures in two sweeps over the tokens of their sentences: scorer.figure_status._Cues */
static int look_around(const Text *t, const Counted *figures, Py_ssize_t count, int64_t *related)
{
    Py_ssize_t seen[CUES], *hedges = PyMem_Malloc((3 * count + 1) * sizeof *hedges), next = 0;
    if (!hedges) {
        PyErr_NoMemory();
        return -1;
    }
    for (int c = 0; c < CUES; c++)
        seen[c] = -1;
    for (Py_ssize_t k = 0; k < count; k++) {
        for (next = next < figures[k].begin ? figures[k].begin : next; next < figures[k].first; next++)
            if (t->tables->row[t->letters[next]])
                seen[t->tables->row[t->letters[next]] - 1] = next;
        hedges[3 * k] = look_left(t, &figures[k], seen, &hedges[3 * k + 1]);
        hedges[3 * k + 2] = seen[WOULD];
    }
    for (int c = 0; c < CUES; c++)
        seen[c] = t->p->n;
    next = t->p->n;
    for (Py_ssize_t k = count - 1; k >= 0; k--) {
        Py_ssize_t hedge;
        for (next = next > figures[k].end ? figures[k].end : next; next > figures[k].last; next--)
            if (t->tables->row[t->letters[next - 1]])
                seen[t->tables->row[t->letters[next - 1]] - 1] = next - 1;
        int row = look_right(t, &figures[k], seen, &hedge);
        related[RELATED * k + SHOWN] = reach(t, &figures[k], (int)hedges[3 * k], row, hedges[3 * k + 1], hedge,
                                             hedges[3 * k + 2], seen[WOULD]);
    }
    PyMem_Free(hedges);
    return 0;
}

/* End of the first `stop` characters in the caller's text. */
static int64_t raw_end(const Text *t, int32_t stop)
{
    return t->p->raw_ends && stop > 0 ? t->p->raw_ends[stop - 1] : stop;
}

static int64_t raw_start(const Text *t, int32_t start) { return t->p->raw_starts ? t->p->raw_starts[start] : start; }

static int64_t within(int64_t value) { return value < -APART ? -APART : value > APART ? APART : value; }

/* scorer.figure_cover.cover and scorer.figure_status._ascribed; `related` holds RELATED numbers a figure */
static void ascribe(const Text *t, const Counted *f, const Cover *cover, int64_t *related)
{
    related[PAST] = t->p->borders[f->sentence > 0 ? f->sentence - 1 : 0];
    related[BEGIN] = f->begin;
    related[END] = f->end;
    related[HEDGED] = t->counts[f->end].hedges - t->counts[f->begin].hedges;
    const int32_t *span = t->p->spans + 2 * f->sentence;
    int64_t place = t->p->caller_starts[f->first];
    Py_ssize_t here = cover_cue_from(cover, raw_start(t, span[0])), behind = cover_cue_from(cover, raw_end(t, span[1]));
    related[0] = cover_holder(cover, place);
    related[1] = here < behind ? cover->cues[here].owner : -1;
    related[2] = f->sentence > 0 ? cover_holder(cover, raw_end(t, span[-1]) - 2) : -1;
    for (int k = 0; k < 3; k++) {
        int64_t which = related[k];
        f->values[KIND + k] = which >= 0 ? cover->kind[which] : NOBODY;
        f->values[CUE_APART + k] = which >= 0 ? (float)within(cover->cue_of[which] - place) : APART;
    }
    f->values[CUES_HERE] = (float)(behind - here);
}

static int64_t neighbour(const Text *t, int letter) { return t->tables->row[letter] + 30 * t->tables->rank[letter]; }

/* scorer.figure_status._around but for the quotation marks */
static void look_near(const Text *t, const Counted *f)
{
    float *v = f->values;
    Py_ssize_t past = t->p->borders[f->sentence > 0 ? f->sentence - 1 : 0], before = f->first > 0 ? f->first - 1 : 0,
               after = f->last < t->p->n ? f->last : t->p->n - 1;
    const Counts *here = &t->counts[f->begin], *then = &t->counts[past];
    v[QUOTED] = t->inside[f->first];
    v[QUOTED_BEFORE] = t->inside[f->begin > 2 ? f->begin - 2 : 0];
    v[REPORTS] = (float)(here->reports - then->reports);
    v[SOURCES] = (float)(here->sources - then->sources);
    v[DOCUMENTS] = (float)(here->documents - then->documents);
    v[OPENS] = (float)t->tables->rank[t->letters[f->begin]];
    v[FORM] = (float)f->form;
    v[FROM_START] = at_most(f->first - f->begin, FAR);
    v[TO_END] = at_most(f->end - f->last, FAR);
    v[NEXT_LEFT] = (float)neighbour(t, t->letters[before]);
    v[NEXT_RIGHT] = (float)neighbour(t, t->letters[after]);
    v[LENGTH_BEFORE] = (float)(f->begin - past);
}

/* The nearest double marks on both sides, within the sentence before and the one behind. */
static void look_for_marks(const Text *t, const Counted *figures, Py_ssize_t count)
{
    Py_ssize_t next = 0, mark = -1;
    for (Py_ssize_t k = 0; k < count; k++) {
        const Counted *f = &figures[k];
        Py_ssize_t past = t->p->borders[f->sentence > 0 ? f->sentence - 1 : 0];
        for (next = next < past ? past : next; next < f->first; next++)
            mark = side_of(t, next) ? next : mark;
        f->values[MARK_LEFT] = mark >= past ? (float)side_of(t, mark) : 0;
    }
    mark = next = t->p->n;
    for (Py_ssize_t k = count - 1; k >= 0; k--) {
        const Counted *f = &figures[k];
        Py_ssize_t coming = t->p->borders[f->sentence + 2 < t->p->m ? f->sentence + 2 : t->p->m];
        for (next = next > coming ? coming : next; next > f->last; next--)
            mark = side_of(t, next - 1) ? next - 1 : mark;
        f->values[MARK_RIGHT] = mark < coming ? (float)side_of(t, mark) : 0;
    }
}

/* Mark the tokens that closed quotations hold; `quotations` is a list of (first, last, closed). */
static int mark_quoted(const Text *t, PyObject *quotations, int32_t *level)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(quotations); i++) {
        int first, last, closed;
        PyObject *one = Py_NewRef(PyList_GET_ITEM(quotations, i)); /* a number's code may take it out */
        int read = PyTuple_Check(one) && PyArg_ParseTuple(one, "iip", &first, &last, &closed);
        Py_DECREF(one);
        if (!read) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_TypeError, "a quotation is a tuple (first, last, whether it is closed)");
            return -1;
        }
        if (first < 0 || last < first || last > t->p->n) {
            PyErr_SetString(PyExc_ValueError, "a quotation lies outside the text");
            return -1;
        }
        if (closed) {
            level[first]++;
            level[last]--;
        }
    }
    return 0;
}

static int set_inside(const Text *t, PyObject *twice, PyObject *once)
{
    int32_t *level = PyMem_Calloc(t->p->n + 1, sizeof *level), sum = 0;
    int done = -1;
    if (!level)
        PyErr_NoMemory();
    else
        done = mark_quoted(t, twice, level) < 0 || mark_quoted(t, once, level) < 0 ? -1 : 0;
    for (Py_ssize_t i = 0; done == 0 && i < t->p->n; i++)
        t->inside[i] = (sum += level[i]) > 0;
    PyMem_Free(level);
    return done;
}

/* Where each figure stands: its sentence is the last that begins at or before its first token. */
static void place(const Text *t, const int64_t *first, const int64_t *last, const int64_t *form, float *values,
                  Py_ssize_t width, Counted *figures, Py_ssize_t count)
{
    Py_ssize_t s = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        while (s + 1 < t->p->m && t->p->borders[s + 1] <= first[k])
            s++;
        figures[k] = (Counted){first[k], last[k],           s, t->p->borders[s], t->p->borders[s + 1],
                               form[k],  values + k * width};
    }
}

int letter_tables_fit(const LetterTables *tables)
{
    int good = 1;
    for (int letter = 0; good && letter < 256; letter++)
        good = tables->row[letter] >= 0 && tables->row[letter] <= CUES;
    return good;
}

int status_fits(const Passage *p)
{
    int good = p->m > 0 && p->n > 0;
    for (Py_ssize_t s = 0; good && s < p->m; s++)
        good = p->spans[2 * s] >= 0 && p->spans[2 * s] < p->spans[2 * s + 1] &&
               (!p->raw_ends || p->spans[2 * s + 1] <= p->characters);
    return good;
}

int status_look(const Passage *p, const LetterTables *tables, const uint8_t *given, const Said *said,
                const int64_t *first, const int64_t *last, const int64_t *form, Py_ssize_t n, float *values,
                Py_ssize_t width, int64_t *related)
{
    Counted *figures = PyMem_Malloc((n + 1) * sizeof *figures);
    Text t = {.p = p, .given = given, .tables = tables};
    Cover cover = {0};
    int done = -1;
    t.counts = PyMem_Malloc((p->n + 1) * sizeof *t.counts);
    t.letters = PyMem_Malloc(2 * p->n + 1);
    if (!figures || !t.counts || !t.letters) {
        PyErr_NoMemory();
        goto done;
    }
    t.inside = t.letters + p->n;
    place(&t, first, last, form, values, width, figures, n);
    count(&t, figures, n);
    if (set_inside(&t, said->twice, said->once) < 0 || cover_take(&cover, said->attributions, said->kinds) < 0 ||
        look_around(&t, figures, n, related) < 0)
        goto done;
    for (Py_ssize_t k = 0; k < n; k++) {
        ascribe(&t, &figures[k], &cover, related + RELATED * k);
        look_near(&t, &figures[k]);
    }
    look_for_marks(&t, figures, n);
    done = 0;
done:
    cover_drop(&cover);
    PyMem_Free(figures);
    PyMem_Free(t.counts);
    PyMem_Free(t.letters);
    return done;
}
