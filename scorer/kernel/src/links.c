/* Attributions as runs of tokens, those found by rule among them: scorer.attribution_links.Reading.tied, written
 * out. */
#include "links.h"
#include "evidence.h"
#include <stdlib.h>
#include <string.h>

enum { SUBJECT_REACH = 3 };

/* Which links have a run over a token: for each token a chain in the order in which they were added. */
typedef struct {
    int32_t *first, *last;  /* (n,) ends of each token's chain, -1 where it is empty */
    int32_t (*chain)[2];    /* link, next or -1 */
    Py_ssize_t count, room;
} Index;

/* Links while they are made: room for those of all cues and of all rules. */
typedef struct {
    Told *told;
    Link *links;
    Py_ssize_t count;
    int32_t *seen, *hits;   /* (room for links,) the visit that met each last; the links met in this one */
    int32_t visit;
} Making;

static int index_make(Index *index, Py_ssize_t n)
{
    memset(index, 0, sizeof *index);
    if (!(index->first = PyMem_Malloc((2 * n + 1) * sizeof *index->first))) {
        PyErr_NoMemory();
        return -1;
    }
    memset(index->first, 0xff, 2 * n * sizeof *index->first);
    index->last = index->first + n;
    return 0;
}

static void index_free(Index *index)
{
    PyMem_Free(index->first);
    PyMem_Free(index->chain);
}

static int index_add(Index *index, Run run, Py_ssize_t link)
{
    if (run.first < 0)
        return 0;
    if (index->count + run.last - run.first > index->room) {
        Py_ssize_t room = 2 * (index->room + run.last - run.first) + 256;
        void *more = room > INT32_MAX ? NULL : PyMem_Realloc(index->chain, room * sizeof *index->chain);
        if (!more) {
            PyErr_NoMemory();
            return -1;
        }
        index->chain = more;
        index->room = room;
    }
    for (int32_t t = run.first; t < run.last; t++) {
        int32_t place = (int32_t)index->count++;
        index->chain[place][0] = (int32_t)link;
        index->chain[place][1] = -1;
        if (index->first[t] < 0)
            index->first[t] = place;
        else
            index->chain[index->last[t]][1] = place;
        index->last[t] = place;
    }
    return 0;
}

/* Links met over these tokens, each once, in `hits`; how many. */
static Py_ssize_t index_at(const Index *index, Making *d, Run run)
{
    Py_ssize_t count = 0;
    d->visit++;
    for (int32_t t = run.first; t < run.last; t++)
        for (int32_t place = index->first[t]; place >= 0; place = index->chain[place][1]) {
            int32_t link = index->chain[place][0];
            if (d->seen[link] != d->visit)
                d->hits[count++] = link;
            d->seen[link] = d->visit;
        }
    return count;
}

static int overlap(Run one, Run other) { return one.first < other.last && other.first < one.last; }
static int same_run(Run one, Run other) { return one.first == other.first && one.last == other.last; }

/* Whether another source than the new one's stands where the new one's would. */
static int contradicted(const Index *by_source, Making *d, Run source)
{
    int near = 0;
    Py_ssize_t count = index_at(by_source, d, source);
    for (Py_ssize_t i = 0; i < count; i++) {
        Run other = d->links[d->hits[i]].source;
        if (other.first < 0 || !overlap(other, source))
            continue;
        if (same_run(other, source))
            return 0;
        near = 1;
    }
    return near;
}

static int join_one(Making *d, const Link *new, Index *by_source, Index *by_cue)
{
    Py_ssize_t count = index_at(by_source, d, new->cue);
    for (Py_ssize_t i = 0; i < count; i++) {
        Link *link = &d->links[d->hits[i]];
        if (link->source.first >= 0 && overlap(link->source, new->cue) && overlap(link->source, new->source)) {
            link->source = new->source;
            if (index_add(by_source, new->source, d->hits[i]) < 0)
                return -1;
        }
    }
    if (contradicted(by_source, d, new->source))
        return 0;
    count = index_at(by_cue, d, new->cue);
    for (Py_ssize_t i = 0; i < count; i++) {
        Link *link = &d->links[d->hits[i]];
        int nearer = new->source.last == new->cue.first || new->source.first > new->cue.first;
        int touches = nearer && new->cue.first > link->source.last;
        if (link->source.first >= 0 && !touches)
            continue;
        int32_t kept = 0;
        for (int32_t p = 0; p < link->count; p++)
            if (!overlap(link->content[p], new->source))
                link->content[kept++] = link->content[p];
        link->source = new->source;
        link->count = kept;
        if (!kept) {
            link->content = new->content;
            link->count = new->count;
        }
        if (index_add(by_source, new->source, d->hits[i]) < 0)
            return -1;
    }
    if (count)
        return 0;
    d->links[d->count] = *new;
    if (index_add(by_source, new->source, d->count) < 0 || index_add(by_cue, new->cue, d->count) < 0)
        return -1;
    d->count++;
    return 0;
}

/* scorer.attribution_links._joined. */
static int join(Making *d, const Link *ruled, Py_ssize_t ruled_count)
{
    Index by_source = {0}, by_cue = {0};
    int status = ruled_count ? index_make(&by_source, d->told->n) : 0;
    if (!status && ruled_count)
        status = index_make(&by_cue, d->told->n);
    for (Py_ssize_t i = 0; !status && ruled_count && i < d->count; i++)
        if (index_add(&by_source, d->links[i].source, i) < 0 || index_add(&by_cue, d->links[i].cue, i) < 0)
            status = -1;
    for (Py_ssize_t i = 0; !status && i < ruled_count; i++)
        status = join_one(d, &ruled[i], &by_source, &by_cue);
    index_free(&by_source);
    index_free(&by_cue);
    return status;
}

/* Put claims in the passive, `passive` (count,), in the place of what says the same; those with content behind the
 * links, so that their order stays. */
static int join_passives(Making *d, const Run *passive, Py_ssize_t count, Run *pieces)
{
    Told *told = d->told;
    Index by_cue = {0};
    Py_ssize_t links = d->count;
    int status = count ? index_make(&by_cue, told->n) : 0;
    for (Py_ssize_t i = 0; !status && count && i < links; i++)
        status = index_add(&by_cue, d->links[i].cue, i);
    for (Py_ssize_t k = 0; !status && k < count; k++) {
        Run run = passive[k];
        Py_ssize_t same = index_at(&by_cue, d, run);
        int32_t begins = told->borders[told->sentence[run.first]], end = sentence_end(told, run.last - 1);
        int somebody = 0;
        for (Py_ssize_t i = 0; i < same; i++) {
            Run source = d->links[d->hits[i]].source;
            somebody |= source.first >= 0 && begins <= source.first && run.first - source.last > SUBJECT_REACH;
        }
        if (somebody)
            continue;
        if (end - run.last > 1 && is(told, end - 1, STOP))
            end--;
        int32_t whole = end;
        for (Py_ssize_t i = 0; i < same; i++) {
            Link *link = &d->links[d->hits[i]];
            link->dropped = 1;
            for (int32_t p = 0; p < link->count; p++)
                if (run.last < link->content[p].last && link->content[p].last <= whole && link->content[p].last < end)
                    end = link->content[p].last;
        }
        if (end <= run.last)
            continue;
        pieces[k] = (Run){run.last, end};
        d->links[d->count++] = (Link){{-1, -1}, run, &pieces[k], 1, 0};
    }
    index_free(&by_cue);
    return status;
}

static Placed place(const Link *link)
{
    Run hull = link->cue;
    for (int32_t i = link->source.first >= 0 ? -1 : 0; i < link->count; i++) {
        Run run = i < 0 ? link->source : link->content[i];
        hull.first = run.first < hull.first ? run.first : hull.first;
        hull.last = run.last > hull.last ? run.last : hull.last;
    }
    return (Placed){hull, link};
}

static int in_order(const void *a, const void *b)
{
    const Placed *one = a, *other = b;
    if (one->hull.first != other->hull.first)
        return one->hull.first < other->hull.first ? -1 : 1;
    if (one->hull.last != other->hull.last)
        return one->hull.last < other->hull.last ? -1 : 1;
    return one->link < other->link ? -1 : 1; /* as they were */
}

static int is_token(const Told *told, Py_ssize_t token, const char *written)
{
    return PyUnicode_CompareWithASCIIString(PyList_GET_ITEM(told->tokens, token), written) == 0;
}

/* Whether a "source" and its cue only join sentences: "That said, ..." */
static int only_connects(const Told *told, const Link *link)
{
    Run source = link->source, cue = link->cue;
    if (source.last - source.first > 1 || source.last != cue.first || !is_token(told, source.first, "That") ||
        told->borders[told->sentence[source.first]] != source.first)
        return 0;
    if (cue.last == told->n || !is_token(told, cue.last, ","))
        return 0;
    return cue.last + 1 == told->n || !is_quotation_mark(told->shapes[cue.last + 1]);
}

/* Put the links that are worth telling in order; `before` of them are not of the passive. 0, or -1 likewise. */
static int put_in_order(Making *d, Py_ssize_t before, const uint8_t *ruled_cue, Linked *found)
{
    found->items = PyMem_Malloc((d->count + 1) * sizeof *found->items);
    if (!found->items) {
        PyErr_NoMemory();
        return -1;
    }
    int ordered = 1;
    for (Py_ssize_t i = 0; i < d->count; i++) {
        const Link *link = &d->links[i];
        int wanted = i >= before;
        if (!wanted && link->source.first >= 0 && !link->dropped) {
            int32_t gap = link->cue.first - link->source.last;
            wanted = link->count > 0 || memchr(ruled_cue + link->cue.first, 1, link->cue.last - link->cue.first);
            wanted = wanted && (gap < 0 || gap > SUBJECT_REACH || !befalls(d->told, link->cue)) &&
                     !is_occasion(d->told, link->cue) && !only_connects(d->told, link);
        }
        if (!wanted)
            continue;
        Placed *one = &found->items[found->count++];
        *one = place(link);
        ordered = ordered && (one == found->items || in_order(one - 1, one) < 0);
    }
    if (!ordered)
        qsort(found->items, found->count, sizeof *found->items, in_order);
    return d->told->failed ? -1 : 0;
}

/* Links of the tagger's cues, with content in `pieces` (as many as owners): what is whose. */
static void share_out(Link *links, const Given *given, const int32_t *owner, const int32_t *owners, Run *pieces)
{
    const Runs *sources = &given->runs[0], *cues = &given->runs[1], *content = &given->runs[2];
    for (Py_ssize_t i = 0; i < cues->count; i++)
        links[i] = (Link){owner[i] >= 0 ? sources->items[owner[i]] : (Run){-1, -1}, cues->items[i], NULL, 0, 0};
    for (Py_ssize_t i = 0; i < SLOTS * content->count; i++)
        if (owners[i] >= 0)
            links[owners[i]].count++;
    for (Py_ssize_t i = 0; i < cues->count; i++) {
        links[i].content = pieces;
        pieces += links[i].count;
        links[i].count = 0;
    }
    for (Py_ssize_t i = 0; i < SLOTS * content->count; i++) {
        if (owners[i] < 0)
            continue;
        Link *link = &links[owners[i]];
        Run piece = content->items[i / SLOTS];
        if (piece.first <= link->cue.first && link->cue.first < piece.last)
            piece.first = link->cue.last; /* the cue stands inside: what follows it is its content */
        if (piece.first < piece.last)
            link->content[link->count++] = piece;
    }
}

/* Find what the rules find at the words that may be theirs: links into `ruled`, passives into `passive`. */
static void by_rule(Told *told, const int32_t *triggers, Py_ssize_t count, Link *ruled, Run *ruled_pieces,
                    Py_ssize_t *ruled_count, uint8_t *ruled_cue, Run *passive, Py_ssize_t *passive_count)
{
    Py_ssize_t found = 0, claims = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        int32_t t = triggers[i];
        int64_t classes = told->classes[told->words[t]];
        int32_t begin = told->borders[told->sentence[t]], end = sentence_end(told, t);
        if (classes >> TRIGGER & 1 && agent_at(told, t, begin, end, &ruled[found], &ruled_pieces[found])) {
            memset(ruled_cue + ruled[found].cue.first, 1, ruled[found].cue.last - ruled[found].cue.first);
            found++;
        }
        if (classes >> PARTICIPLE & 1 && passive_at(told, t, begin, end, &passive[claims]) &&
            (!claims || passive[claims].first >= passive[claims - 1].last))
            claims++;
    }
    *ruled_count = found;
    *passive_count = claims;
}

int links_make(Told *told, Given *given, Linked *found)
{
    Py_ssize_t n = told->n, cues = given->runs[1].count, content = given->runs[2].count;
    int32_t *triggers = PyMem_Malloc((n + 1) * sizeof *triggers);
    uint8_t *ruled_cue = PyMem_Calloc(3 * (n + 1), 1), *quoted = ruled_cue + n + 1, *classes = quoted + n + 1;
    Py_ssize_t trigger_count = 0, room = cues;
    if (triggers && ruled_cue) {
        trigger_count = classify(told, given->ties.word_classes, classes, triggers);
        room = cues + 2 * trigger_count;
    }
    found->links = PyMem_Malloc((room + trigger_count + 1) * sizeof *found->links);
    found->pieces = PyMem_Malloc((SLOTS * content + 3 * trigger_count + 1) * sizeof *found->pieces);
    int32_t *numbers = PyMem_Calloc(2 * room + cues + SLOTS * content + 1, sizeof *numbers);
    int status = triggers && ruled_cue && found->links && found->pieces && numbers ? 0 : -1;
    if (!status) {
        Link *links = found->links, *ruled = links + room;
        Run *ruled_pieces = found->pieces + SLOTS * content, *passive = ruled_pieces + trigger_count;
        int32_t *owner = numbers + 2 * room, *owners = owner + cues;
        Making d = {told, links, cues, numbers, numbers + room, 0};
        Py_ssize_t ruled_count, passive_count, before = 0;
        Runs *runs = given->runs;
        trim(told, classes, &runs[0], &runs[1], &runs[2]);
        status = quotations_mark(given->quotations, n, quoted);
        if (!status)
            status = tie_sources(told, &given->ties, &runs[0], &runs[1], &runs[2], owner);
        if (!status)
            status = tie_content(told, &given->ties, &runs[0], &runs[1], &runs[2], quoted, classes, owners);
        if (!status) {
            share_out(links, given, owner, owners, found->pieces);
            status = mend(told, links, owner, &runs[0], &runs[1]);
        }
        if (!status) {
            by_rule(told, triggers, trigger_count, ruled, ruled_pieces, &ruled_count, ruled_cue, passive,
                    &passive_count);
            status = told->failed ? -1 : join(&d, ruled, ruled_count);
        }
        if (!status) {
            before = d.count;
            status = join_passives(&d, passive, passive_count, passive + trigger_count);
        }
        if (!status)
            status = put_in_order(&d, before, ruled_cue, found);
    } else {
        PyErr_NoMemory();
    }
    PyMem_Free(triggers);
    PyMem_Free(numbers);
    PyMem_Free(ruled_cue);
    return status;
}
