/* Claims in the passive that name nobody: scorer.passives, written out. */
#include "links.h"

enum { BY_REACH = 12, BEFORE = 7, LONG_I = 0x130 };

static int is_letter(const Told *told, Py_ssize_t token) { return Py_UNICODE_ISALPHA(first_letter(told, token)); }

static int participle_of(Told *told, Py_ssize_t token)
{
    return told->participle[word_row(told, token)] % MAX_PARTICIPLES;
}

static int is_adverb(Told *told, Py_ssize_t token)
{
    if (is(told, token, ADVERB))
        return 1;
    if (!ends_with(told, token, "ly"))
        return 0;
    PyObject *written = PyList_GET_ITEM(told->tokens, token);
    Py_ssize_t length = PyUnicode_GET_LENGTH(written), letters = length;
    for (Py_ssize_t i = 0; i < length && letters < 5; i++)
        letters += PyUnicode_READ_CHAR(written, i) == LONG_I; /* the one letter whose lower case is two */
    return letters > 4;
}

/* Tokens of the first tail in the list that stands from `after` on; -1 where none does. The list is that of a
 * participle without its "be", or for 0 that of all with one. */
static int32_t tail_of(Told *told, int participle, int32_t after, int32_t end)
{
    for (Py_ssize_t i = 0; i < told->tail_count; i++) {
        const uint8_t *tail = told->tails + i * (MAX_PARTICIPLES + MAX_TAIL_WORDS);
        if (!tail[participle])
            continue;
        int32_t count = 0;
        tail += MAX_PARTICIPLES;
        while (count < MAX_TAIL_WORDS && tail[count] && after + count < end &&
               told->tail_word[word_row(told, after + count)] == tail[count])
            count++;
        if (count == MAX_TAIL_WORDS || !tail[count])
            return count;
    }
    return -1;
}

/* A passive whose "be" is left out. */
static int bare(Told *told, int32_t at, int32_t low, int32_t after_end, Run *run)
{
    int participle = participle_of(told, at);
    if (at == low || !is_letter(told, at - 1) || is(told, at - 1, NOT_BEFALLEN) || is(told, at - 1, HAVE_MODAL))
        return 0;
    int32_t count = tail_of(told, participle, at + 1, after_end);
    if (count < 0)
        return 0;
    for (int32_t t = at + 1; t < after_end && !is(told, t, PERIOD); t++)
        if (is(told, t, BY))
            return 0;
    *run = (Run){at, at + 1 + count};
    return 1;
}

int passive_at(Told *told, int32_t at, int32_t start, int32_t end, Run *run)
{
    int32_t low = at - BEFORE > start ? at - BEFORE : start, first = at, after_end = least(end, at + BY_REACH);
    int be = 0, has_after = at + 1 < after_end;
    while (first > low) {
        if (is(told, first - 1, BE))
            be = 1;
        else if (!is_adverb(told, first - 1) && !(be && is(told, first - 1, HAVE_MODAL)))
            break;
        first--;
    }
    while (first < at && is_adverb(told, first))
        first++;
    if (!be)
        return bare(told, at, low, after_end, run);
    for (int32_t t = first > low ? first - 1 : low; t < at; t++)
        if (is(told, t, OWN_VOICE))
            return 0;
    if (first > low && is(told, first - 1, IT))
        first--;
    int participle = participle_of(told, at);
    if (told->needs[participle] && !is(told, first, IT_IS) &&
        (!has_after || !(told->follows[word_row(told, at + 1)] >> participle & 1)) &&
        (!is(told, at, JUDGING) || !has_after || is(told, at + 1, NOT_JUDGED) || !is_letter(told, at + 1)))
        return 0;
    if (at > low && is(told, at - 1, BEING) && is(told, at, UNDER_WAY))
        return 0;
    for (int32_t t = at + 1; t < after_end && !is(told, t, CLAUSE); t++)
        if (is(told, t, BY))
            return 0;
    int32_t count = tail_of(told, 0, at + 1, after_end);
    *run = (Run){first, at + 1 + (count > 0 ? count : 0)};
    return 1;
}

int befalls(Told *told, Run cue)
{
    if (cue.last - cue.first < 2 || !(told->classes[told->words[cue.last - 1]] >> BEFALLING & 1))
        return 0;
    for (int32_t t = cue.first; t < cue.last - 1; t++)
        if (is(told, t, BE) && !is_curly(told, t))
            return 1;
    return 0;
}

int is_occasion(Told *told, Run cue)
{
    if (!(told->classes[told->words[cue.first]] >> BEFALLING & 1))
        return 0;
    if (told->borders[told->sentence[cue.first]] == cue.first)
        return !cue.first || !is_quotation_mark(told->shapes[cue.first - 1]);
    return cue.last - cue.first == 1 && is(told, cue.first - 1, OCCASION) && !is_curly(told, cue.first - 1);
}
