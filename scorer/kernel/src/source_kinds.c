/* Of what kinds sources are: scorer.source_kinds.SourceKinds.named, written out. */
#include "judged.h"

/* A source's log-odds, and the kinds [first, end) that it may be of. */
typedef struct {
    double odds[KINDS];
    int first, end;
    Py_ssize_t next; /* the next source with its key, or NONE */
} Speaks;

/* Add what speaks of a source. */
static void tell_kind(const KindWeights *k, const Reading *r, const Source *s, int64_t *sums)
{
    const int32_t *words = r->words;
    const Table *table = &k->table;
    Stretch run = s->run, sentence = sentence_of(r, run.first);
    Py_ssize_t head = run.first + 1;
    while (head < run.last && !(k->masks[words[head]] & k->split))
        head++;
    head--;
    uint32_t lists = (uint32_t)k->split - 1, before = 0, capitals = 0;
    uint32_t kind = (uint32_t)s->by_rule, kinds = KINDS;
    for (Py_ssize_t i = run.first; i < head; i++)
        before |= (uint32_t)k->masks[words[i]] & lists;
    for (Py_ssize_t i = run.first; i < run.last; i++)
        capitals += (uint32_t)is_capital_shape(r->shapes[i]);
    uint32_t at_head = (uint32_t)k->masks[words[head]] & lists;
    table_add(table, KINDS, 0, kind, sums);
    table_add(table, KINDS, 1, (uint32_t)words[run.first], sums);
    table_add(table, KINDS, 2, (uint32_t)words[run.last - 1], sums);
    table_add(table, KINDS, 3, (uint32_t)words[head], sums);
    table_add(table, KINDS, 4, 2 * kind + (s->resolved != NULL), sums);
    table_add(table, KINDS, 5, word_before(words, run.first, sentence), sums);
    table_add(table, KINDS, 6, word_at(words, run.last, sentence), sums);
    table_add(table, KINDS, 7, 8 * kind + (capitals < 7 ? capitals : 7), sums);
    table_add(table, KINDS, 8, at_head, sums);
    table_add(table, KINDS, 9, (uint32_t)k->masks[words[run.last - 1]] & lists, sums);
    table_add(table, KINDS, 10, before, sums);
    table_add(table, KINDS, 11, (uint32_t)k->masks[words[run.first]] & lists, sums);
    table_add(table, KINDS, 12, at_head * kinds + kind, sums);
    for (uint32_t bit = 0; before >> bit; bit++)
        if (before >> bit & 1)
            table_add(table, KINDS, 13, bit * kinds + kind, sums);
    for (Py_ssize_t i = run.first; i < run.last; i++)
        table_add(table, KINDS, 14, (uint32_t)words[i], sums);
    if (run.last - run.first == 1)
        table_add(table, KINDS, 15 + kind, (uint32_t)words[run.first], sums);
}

/* Whether a word of a name is capitalised and no function word; -1 with an exception set. */
static int holds_name(const Reading *r, PyObject *name)
{
    Characters t = characters_of(name);
    Py_ssize_t length = PyUnicode_GET_LENGTH(name), last;
    for (Py_ssize_t first = 0; first < length; first = last + 1) {
        for (last = first; last < length && !Py_UNICODE_ISSPACE(at(t, last));)
            last++;
        if (last == first || !Py_UNICODE_ISUPPER(at(t, first)))
            continue;
        uint64_t lists = 0;
        PyObject *word = PyUnicode_Substring(name, first, last), *lower = word ? lowered(word) : NULL;
        int status = lower ? lists_of(r->self, lower, &lists) : -1;
        Py_XDECREF(word);
        Py_XDECREF(lower);
        if (status < 0 || !(lists & IN(function_words)))
            return status < 0 ? -1 : 1;
    }
    return 0;
}

/* Set the kinds that a source may be of: what stands for a name is of one before ANONYMOUS, what shows no name is not
 * NAMED. 0, or -1 with an exception set. */
static int limit_kinds(const Reading *r, const Source *s, Speaks *speaks)
{
    int named = s->resolved ? holds_name(r, s->resolved) : 0, shown = s->run.last - s->run.first == 1;
    for (Py_ssize_t i = s->run.first; i < s->run.last && !shown; i++)
        shown = SPELT(i)->starts_upper && !LISTED(i, IN(function_words));
    speaks->first = named || shown ? NAMED : NAMED + 1;
    speaks->end = named ? ANONYMOUS : KINDS;
    return named < 0 ? -1 : 0;
}

static int is_led_back(const Source *s) { return s->resolved && s->run.last - s->run.first == 1; }

/* Give the sources of one key, from `head` on, the kind that their log-odds added up speak for. */
static void settle(const Speaks *speaks, Source *sources, Py_ssize_t head)
{
    int any = 0;
    double summed[KINDS];
    for (Py_ssize_t i = head; i != NONE; i = speaks[i].next) {
        if (is_led_back(&sources[i]))
            continue;
        for (int kind = 0; kind < KINDS; kind++)
            summed[kind] = any ? summed[kind] + speaks[i].odds[kind] : speaks[i].odds[kind];
        any = 1;
    }
    for (Py_ssize_t i = any ? head : NONE; i != NONE; i = speaks[i].next) {
        int best = speaks[i].first;
        for (int kind = best + 1; kind < speaks[i].end; kind++)
            if (summed[kind] > summed[best])
                best = kind;
        sources[i].kind = best;
    }
}

int settle_kinds(const KindWeights *k, Reading *r, Source *sources, Py_ssize_t count)
{
    Speaks *speaks = PyMem_Malloc((count + 1) * sizeof *speaks);
    int status = speaks ? 0 : -1;
    if (!speaks)
        PyErr_NoMemory();
    for (Py_ssize_t i = count; !status && i-- > 0;) { /* backwards, so that each finds the one after it */
        int64_t sums[KINDS] = {0};
        status = limit_kinds(r, &sources[i], &speaks[i]);
        tell_kind(k, r, &sources[i], sums);
        for (int kind = 0; kind < KINDS; kind++)
            speaks[i].odds[kind] = (double)sums[kind] * k->units[kind] + k->biases[kind];
        Known *key = &r->known[sources[i].number];
        speaks[i].next = key->source;
        key->source = (int32_t)i;
    }
    for (Py_ssize_t i = 0; !status && i < count; i++)
        if (r->known[sources[i].number].source == i)
            settle(speaks, sources, i);
    PyMem_Free(speaks);
    return status;
}
