/* The runs of tokens most likely to be right: scorer.runs, written out. */
#include "runs.h"

static int candidate_add(const Tagging *d, Candidates *found, Py_ssize_t sentence, Py_ssize_t first, Py_ssize_t last,
                         double chance)
{
    if (found->count == found->room) {
        Candidate *more = NULL;
        if (found->room >= INT32_MAX / 2) /* they are numbered */
            PyErr_NoMemory();
        else
            more = items_grow(found->items, &found->room, 256, sizeof *more);
        if (!more)
            return -1;
        found->items = more;
    }
    found->items[found->count++] = (Candidate){(int32_t)first, (int32_t)last, d->starts[first], d->ends[last - 1],
                                               (int32_t)sentence, (float)chance, 0, 0, 0};
    return 0;
}

/* Runs that may be right, without their matches. */
static int find(const Tagging *d, int role, const Limits *limits, Candidates *found)
{
    const float *begin = d->begins[role], *goes_on = d->goes_on[role], min_begin = limits->min_begin;
    const double min_run = limits->min_run;
    for (Py_ssize_t s = 0; s < d->m; s++)
        for (Py_ssize_t t = d->sentences[s], end = d->sentences[s + 1]; t < end; t++) {
            if (!(begin[t] >= min_begin))
                continue;
            Py_ssize_t stop = end - t < limits->longest ? end : t + limits->longest;
            double reached = begin[t];
            for (Py_ssize_t next = t + 1; reached > min_run; next++) {
                double more = next < stop ? goes_on[next] : 0.0, chance = reached * (1.0 - more);
                if (chance > min_run && candidate_add(d, found, s, t, next, chance) < 0)
                    return -1;
                if (next >= stop)
                    break;
                reached *= more;
            }
        }
    return 0;
}

/* End of the group of candidates from `from` on that may overlap each other; `reach` is the end of what came before: a
 * chain of overlaps that is too long is parted, not forgotten. */
static Py_ssize_t group_end(const Candidates *found, Py_ssize_t from, int max_group, int32_t *reach)
{
    Py_ssize_t i = from;
    while (i < found->count && i - from < max_group && (i == from || found->items[i].first < *reach)) {
        *reach = found->items[i].last > *reach ? found->items[i].last : *reach;
        i++;
    }
    return i;
}

/* Whether two candidates share at least half of what they cover together. */
static int is_match(const Candidate *one, const Candidate *other)
{
    int64_t shared = (int64_t)(one->right < other->right ? one->right : other->right) -
                     (one->left > other->left ? one->left : other->left);
    int64_t together = (int64_t)(one->right > other->right ? one->right : other->right) -
                       (one->left < other->left ? one->left : other->left);
    return 2 * shared >= together;
}

static void match(Candidate *group, Py_ssize_t count)
{
    double sums[MOST_IN_GROUP]; /* exact, whatever their order */
    for (Py_ssize_t i = 0; i < count; i++) {
        sums[i] = is_match(&group[i], &group[i]) ? (double)group[i].chance : 0.0;
        for (Py_ssize_t j = 0; j < i; j++)
            if (is_match(&group[i], &group[j])) {
                sums[i] += group[j].chance;
                sums[j] += group[i].chance;
            }
    }
    for (Py_ssize_t i = 0; i < count; i++)
        group[i].matches = (float)sums[i];
}

/* The best of the group first, none that overlaps it, and so on while they are worth their cost. */
static void choose(Candidate *group, Py_ssize_t count, float exact, float cost)
{
    float worth[MOST_IN_GROUP];
    for (Py_ssize_t i = 0; i < count; i++)
        worth[i] = (group[i].matches + exact * group[i].chance) - cost;
    for (;;) {
        Py_ssize_t best = 0;
        for (Py_ssize_t i = 1; i < count; i++)
            if (worth[i] > worth[best])
                best = i;
        if (!(worth[best] > 0))
            return;
        group[best].is_chosen = 1;
        for (Py_ssize_t i = 0; i < count; i++)
            if (group[i].first < group[best].last && group[best].first < group[i].last)
                worth[i] = -1;
    }
}

int candidates_find(const Tagging *d, int role, const Limits *limits, Candidates *found)
{
    int32_t reach = 0;
    if (find(d, role, limits, found) < 0)
        return -1;
    for (Py_ssize_t from = 0, end; from < found->count; from = end) {
        end = group_end(found, from, limits->max_group, &reach);
        match(found->items + from, end - from);
        choose(found->items + from, end - from, limits->exact[role], limits->cost[role]);
    }
    return 0;
}
