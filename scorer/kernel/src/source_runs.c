/* Sources made whole: scorer.source_runs, written out. */
#include "links.h"
#include <string.h>

enum { MAX_SOURCE = 40, MAX_NOUN = 5, MAX_APPOSITION = 20, MAX_ACCORDING = 12 };
enum { LOWER, TITLE, UPPER, MIXED, HYPHENATED = 13 };

/* Beside a text: which tokens a source or a cue takes, the cue that begins at each, and whose it is. */
typedef struct {
    Told *told;
    const int32_t *owner;
    uint8_t *taken;
    const Runs *cues;
    int32_t *cue_at;   /* (n,) number of the cue that begins here, or -1 */
    int32_t *ends_at;  /* (n + 1,) number of the source without a cue that ends here, or -1 */
} Mending;

static int is_capital(const Told *told, Py_ssize_t token) { return Py_UNICODE_ISUPPER(first_letter(told, token)); }

static int is_noun(Told *told, Py_ssize_t token)
{
    int shape = told->shapes[token];
    return ((shape >= LOWER && shape <= MIXED) || shape == HYPHENATED) && !is(told, token, NO_NOUN) &&
           !ends_with(told, token, "ly") && !ends_with(told, token, "ing") && !ends_with(told, token, "ed");
}

/* Where the first of the source's cues begins among the tokens after `from`, up to `reach` of them; `other` if none. */
static int32_t near_cue(const Mending *d, int32_t number, int32_t from, int32_t reach, int32_t other)
{
    for (int32_t at = from + 1; at <= from + reach && at < d->told->n; at++)
        if (d->cue_at[at] >= 0 && d->owner[d->cue_at[at]] == number)
            return at;
    return other;
}

static Run with_name(const Mending *d, const Runs *sources, Run source)
{
    Told *told = d->told;
    int32_t before = d->ends_at[source.first];
    if (source.last - source.first < 2 || before < 0 || !is(told, source.first, RELATIVE))
        return source;
    int32_t begun = sources->items[before].first;
    if (told->sentence[begun] == told->sentence[source.first])
        source.first = begun;
    return source;
}

/* A word of a list whose words are written small: "oF" is none, "&" is. */
static int is_small(Told *told, Py_ssize_t token, int class)
{
    return is(told, token, class) && told->shapes[token] != MIXED && !is_capital(told, token);
}

static int name_goes_on(Told *told, int32_t first, int32_t last)
{
    int32_t body = last - 1;
    if (!is_small(told, last, GOES_ON)) { /* then it may join a second half */
        if (!is_small(told, last, JOINS_HALVES) || !is_capital(told, body))
            return 0;
        for (; body > first && !is_small(told, body, GOES_ON); body--)
            if (!is_capital(told, body) && !is_small(told, body, WITHIN_NAME))
                return 0;
        body--;
    }
    return body >= first && is(told, body, BODY) && is_capital(told, body);
}

static int32_t name_end(const Mending *d, int32_t first, int32_t last, int32_t end)
{
    Told *told = d->told;
    if (last >= end || !name_goes_on(told, first, last))
        return last;
    for (int32_t at = last; at < least(end, first + MAX_SOURCE) && !d->taken[at]; at++) {
        if (is(told, at, DATE) && told->shapes[at] == TITLE)
            break;
        if (is_capital(told, at))
            last = at + 1;
        else if (!is_small(told, at, WITHIN_NAME))
            break;
    }
    return last;
}

static int32_t noun_end(const Mending *d, int32_t number, int32_t last, int32_t end)
{
    Told *told = d->told;
    int32_t near = near_cue(d, number, last, MAX_GAP, end), at = last;
    int wanting = is(told, last - 1, WANTS_NOUN);
    while (at < least(least(near, end), last + MAX_NOUN) && !d->taken[at] && is_noun(told, at))
        at++;
    return wanting || at == near ? at : last;
}

static int32_t apposed_end(const Mending *d, int32_t number, int32_t last, int32_t end)
{
    Told *told = d->told;
    int32_t comma = is(told, last - 1, COMMA) ? last - 1 : last;
    if (comma + 2 >= end || !is(told, comma, COMMA) || !is(told, comma + 1, APPOSITION_START))
        return last;
    int32_t near = near_cue(d, number, comma, MAX_APPOSITION, comma);
    if (near <= comma + 3 || !is(told, near - 1, COMMA))
        return last;
    for (int32_t at = comma + 1; at < near - 1; at++)
        if (is(told, at, BARRIER) || d->taken[at])
            return last;
    return near;
}

/* The cue of this number's source that ends where the source begins and reads "according", or NULL. */
static const Run *according(const Mending *d, int32_t number, int32_t first)
{
    for (Py_ssize_t low = 0, high = d->cues->count; low < high;) {
        Py_ssize_t middle = (low + high) / 2;
        const Run *cue = &d->cues->items[middle];
        if (cue->last == first)
            return d->owner[middle] == number && is(d->told, cue->first, ACCORDING) ? cue : NULL;
        if (cue->last < first)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int32_t according_end(const Mending *d, int32_t number, int32_t first, int32_t last)
{
    Told *told = d->told;
    const Run *cue = according(d, number, first);
    if (!cue)
        return last;
    int32_t begin = told->borders[told->sentence[first]], end = sentence_end(told, first), at = last;
    while (at < least(end, last + MAX_ACCORDING) && !d->taken[at] && !is(told, at, PHRASE_END))
        at++;
    int at_end = at == end || (at == end - 1 && is(told, at, STOP));
    return (at < end && is(told, at, COMMA)) || (at_end && begin < cue->first) ? at : last;
}

static Run whole(const Mending *d, int32_t number, Run source, int32_t end)
{
    Told *told = d->told;
    int32_t first = source.first, last = source.last;
    PyObject *closing = PyList_GET_ITEM(told->tokens, last - 1);
    Py_ssize_t length = PyUnicode_GET_LENGTH(closing);
    if ((last - first > 1 && is(told, last - 1, JOINS)) ||
        (length > 1 && PyUnicode_READ_CHAR(closing, length - 1) == '.'))
        while (last < least(end, first + MAX_SOURCE) && is_capital(told, last) && !d->taken[last])
            last++;
    last = name_end(d, first, last, end);
    last = apposed_end(d, number, noun_end(d, number, last, end), end);
    last = according_end(d, number, first, last);
    while (last > first && is(told, last - 1, FRAYED_END))
        last--;
    while (first < last && is(told, first, FRAYED_START))
        first++;
    return first < last ? (Run){first, last} : (Run){-1, -1};
}

/* Content that begins after the source it began in, without splinters. */
static void stand_beside(Told *told, Link *link)
{
    Run source = link->source;
    int32_t kept = 0, longer = 0;
    for (int32_t i = 0; i < link->count; i++) {
        Run piece = link->content[i];
        if (source.first <= piece.first && piece.first < source.last)
            piece.first = source.last;
        if (piece.first < piece.last && is(told, piece.first, COMMA))
            piece.first++;
        if (piece.first < piece.last) {
            link->content[kept++] = piece;
            longer += piece.last - piece.first > 1;
        }
    }
    link->count = kept;
    if (kept < 2 || !longer)
        return;
    kept = 0;
    for (int32_t i = 0; i < link->count; i++)
        if (link->content[i].last - link->content[i].first > 1)
            link->content[kept++] = link->content[i];
    link->count = kept;
}

int mend(Told *told, Link *links, const int32_t *owner, const Runs *sources, const Runs *cues)
{
    Py_ssize_t n = told->n;
    uint8_t *taken = PyMem_Calloc(n + sources->count + 1, 1);
    int32_t *cue_at = PyMem_Malloc((2 * n + 1) * sizeof *cue_at);
    Run *made = PyMem_Malloc((sources->count + 1) * sizeof *made);
    if (taken && cue_at && made) {
        uint8_t *has_cue = taken + n;
        Mending d = {told, owner, taken, cues, cue_at, cue_at + n};
        memset(cue_at, 0xff, (2 * n + 1) * sizeof *cue_at);
        for (Py_ssize_t i = 0; i < cues->count; i++) {
            memset(taken + cues->items[i].first, 1, cues->items[i].last - cues->items[i].first);
            cue_at[cues->items[i].first] = (int32_t)i;
            if (owner[i] >= 0)
                has_cue[owner[i]] = 1;
        }
        for (Py_ssize_t i = 0; i < sources->count; i++) {
            memset(taken + sources->items[i].first, 1, sources->items[i].last - sources->items[i].first);
            if (!has_cue[i])
                d.ends_at[sources->items[i].last] = (int32_t)i;
        }
        for (Py_ssize_t i = 0; i < sources->count; i++)
            if (has_cue[i]) {
                Run source = sources->items[i];
                made[i] = whole(&d, (int32_t)i, with_name(&d, sources, source), sentence_end(told, source.last - 1));
            }
        for (Py_ssize_t i = 0; i < cues->count; i++)
            if (owner[i] >= 0) {
                links[i].source = made[owner[i]];
                if (links[i].source.first >= 0)
                    stand_beside(told, &links[i]);
            }
    } else {
        PyErr_NoMemory();
        told->failed = 1;
    }
    PyMem_Free(taken);
    PyMem_Free(cue_at);
    PyMem_Free(made);
    return told->failed ? -1 : 0;
}
