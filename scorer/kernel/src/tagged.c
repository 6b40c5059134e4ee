/* What the tagger thinks of the tokens around each figure: scorer.figure_tagged.features, written out. */
#include "figures.h"
#include <math.h>

enum { LABELS = TAGGER_SCORES, STEPS = 256, MOST = 64, NONE = -MOST * STEPS };
enum { OUTSIDE, SOURCE_BEGINS, SOURCE, CUE_BEGINS, CUE, NO_CONTENT, CONTENT }; /* scores of a token */
enum { /* columns, in the order of scorer.figure_tagged.NAMES */
    HERE, LEFT, RIGHT, BEFORE, AFTER, MOST_HERE, OF_CUE, OF_SOURCE = OF_CUE + 3
};

typedef struct {
    int32_t *content, *cue, *source; /* log-odds of each token, in steps */
    int64_t *total;                  /* of content, of the tokens before */
} Odds;

static int32_t in_steps(float odds)
{
    odds = odds < -MOST ? -MOST : odds > MOST ? MOST : odds;
    return (int32_t)rintf(odds * STEPS);
}

static float larger(float one, float other) { return one > other ? one : other; }

/* scorer.figure_tagged.odds of the tokens first, ..., last - 1 */
VECTOR static void weigh(const float *scores, Py_ssize_t first, Py_ssize_t last, Odds *odds)
{
    scores += first * LABELS;
    for (Py_ssize_t i = first; i < last; i++, scores += LABELS) {
        odds->content[i] = in_steps(scores[CONTENT] - scores[NO_CONTENT]);
        odds->cue[i] = in_steps(larger(scores[CUE_BEGINS], scores[CUE]) - scores[OUTSIDE]);
        odds->source[i] = in_steps(larger(scores[SOURCE_BEGINS], scores[SOURCE]) - scores[OUTSIDE]);
        odds->total[i + 1] = odds->total[i] + odds->content[i];
    }
}

/* The odds of the sentences that figures stand in and of those around: nothing else is asked for. */
static void weigh_around(const float *scores, const Place *places, Py_ssize_t count, Odds *odds)
{
    Py_ssize_t next = 0;
    odds->total[0] = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        if (next < places[k].past) {
            next = places[k].past;
            odds->total[next] = 0;
        }
        Py_ssize_t reached = places[k].coming > places[k].last ? places[k].coming : places[k].last;
        if (next < reached) {
            weigh(scores, next, reached, odds);
            next = reached;
        }
    }
}

static float mean(const Odds *odds, Py_ssize_t start, Py_ssize_t stop)
{
    return stop > start ? (float)((double)(odds->total[stop] - odds->total[start]) / (double)((stop - start) * STEPS))
                        : -MOST;
}

static int32_t most(const int32_t *row, Py_ssize_t start, Py_ssize_t stop, int32_t found)
{
    for (; start < stop; start++)
        found = row[start] > found ? row[start] : found;
    return found;
}

/* The most on both sides of each figure in its sentence, and in the one before: sweeps, whatever a sentence holds. */
static void look(const int32_t *row, const Place *places, Py_ssize_t count, float *values, Py_ssize_t width)
{
    Py_ssize_t next = 0;
    int32_t found = NONE, before = NONE;
    for (Py_ssize_t k = 0; k < count; k++) {
        const Place *p = &places[k];
        if (!k || p->begin != p[-1].begin) {
            next = p->begin;
            found = NONE;
            before = most(row, p->past, p->begin, NONE);
        }
        found = most(row, next, p->first, found);
        next = p->first;
        values[k * width] = (float)found / STEPS;
        values[k * width + 2] = (float)before / STEPS;
    }
    for (Py_ssize_t k = count - 1; k >= 0; k--) {
        const Place *p = &places[k];
        if (k == count - 1 || p->begin != p[1].begin) {
            next = p->end;
            found = NONE;
        }
        found = most(row, p->last, next, found);
        next = p->last < next ? p->last : next;
        values[k * width + 1] = (float)found / STEPS;
    }
}

static void look_at_content(const Odds *odds, const Place *places, Py_ssize_t count, float *values, Py_ssize_t width)
{
    int32_t found = NONE;
    for (Py_ssize_t k = 0; k < count; k++, values += width) {
        const Place *p = &places[k];
        if (!k || p->begin != p[-1].begin)
            found = most(odds->content, p->begin, p->end, NONE);
        values[HERE] = mean(odds, p->first, p->last);
        values[LEFT] = mean(odds, p->begin, p->first);
        values[RIGHT] = mean(odds, p->last, p->end);
        values[BEFORE] = mean(odds, p->past, p->begin);
        values[AFTER] = mean(odds, p->end, p->coming);
        values[MOST_HERE] = (float)found / STEPS;
    }
}

int tagged_look(const float *scores, Py_ssize_t n, const Place *places, Py_ssize_t count, float *values,
                Py_ssize_t width)
{
    Odds odds = {.total = PyMem_Malloc((n + 1) * sizeof *odds.total + 3 * n * sizeof *odds.content)};
    if (!odds.total) {
        PyErr_NoMemory();
        return -1;
    }
    odds.content = (int32_t *)(odds.total + n + 1);
    odds.cue = odds.content + n;
    odds.source = odds.cue + n;
    weigh_around(scores, places, count, &odds);
    look_at_content(&odds, places, count, values, width);
    look(odds.cue, places, count, values + OF_CUE, width);
    look(odds.source, places, count, values + OF_SOURCE, width);
    PyMem_Free(odds.total);
    return 0;
}
