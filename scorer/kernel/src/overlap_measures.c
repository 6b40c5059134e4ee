/* What is measured of a body that takes up its title: scorer.agreement.FEATURES.
 *
 * Weights of words (idf) are read from half precision, so that sums of them in doubles are exact in whatever order. */
#include "overlap.h"
#include <math.h>
#include <stddef.h>

enum { STRONGEST = 4, WEIGHED = 18, SMALL = 32 };

double logarithm_of(int32_t count)
{
    static double known[SMALL];
    if (count >= SMALL)
        return log1p(count);
    if (count && !known[count])
        known[count] = log1p(count);
    return known[count];
}

/* The words of most weight, the first ones where weights are the same; how many there are. */
static int strongest_of(const Found *f, Py_ssize_t *strongest)
{
    int count = 0;
    for (; count < STRONGEST && count < f->count; count++) {
        Py_ssize_t best = -1;
        for (Py_ssize_t k = 0; k < f->count; k++) {
            int taken = 0;
            for (int j = 0; j < count; j++)
                taken |= strongest[j] == k;
            if (!taken && (best < 0 || f->words[k].idf > f->words[best].idf))
                best = k;
        }
        strongest[count] = best;
    }
    return count;
}

static double share_of(const Found *f, const Py_ssize_t *strongest, int count, size_t offset)
{
    double sum = 0;
    for (int j = 0; j < count; j++)
        sum += ((const uint8_t *)&f->words[strongest[j]])[offset] != 0;
    return sum / count;
}

/* The first of them: how much, how early, in what order. */
static void measure(const Given *g, const Found *f, double numbers, float *m)
{
    double total = 0, found = 0, lead = 0, begun = 0, early = 0, repeated = 0, cosine = 0, squares = 0;
    float missing = 0, not_begun = 0;
    Py_ssize_t found_count = 0, chained = 0, strongest[STRONGEST];
    for (Py_ssize_t k = 0; k < f->count; k++) {
        const Word *w = &f->words[k];
        float square = w->idf * w->idf;
        double often = logarithm_of(w->count);
        total += w->idf;
        found += w->count > 0 ? w->idf : 0;
        lead += w->in_lead ? w->idf : 0;
        begun += w->begun ? w->idf : 0;
        early += w->begun_early ? w->idf : 0;
        repeated += w->idf * often;
        cosine += square * often;
        squares += square;
        found_count += w->count > 0;
        chained += w->chained;
        missing = !w->count && w->idf > missing ? w->idf : missing;
        not_begun = !w->begun && w->idf > not_begun ? w->idf : not_begun;
    }
    int most = strongest_of(f, strongest), two = most < 2 ? most : 2;
    double norm = sqrt(f->repeated * (double)(float)squares), strongest_found = 0;
    for (int j = 0; j < two; j++)
        strongest_found += f->words[strongest[j]].count > 0;
    m[0] = (float)(found / total);
    m[1] = (float)((double)found_count / (double)f->count);
    m[2] = (float)(lead / total);
    m[3] = (float)(f->covered / total);
    m[4] = (float)((f->stretch > f->covered ? f->stretch : f->covered) / total);
    m[5] = (float)((double)chained / (double)(f->count > 2 ? f->count - 1 : 1));
    m[6] = (float)(strongest_found / two);
    m[7] = (float)((double)missing / 10.0);
    m[8] = (float)(repeated / total);
    m[9] = (float)(cosine / (norm > 1e-6 ? norm : 1e-6));
    m[10] = (float)(log1p((double)f->count) / 3.0);
    m[11] = (float)(log1p((double)g->body_count) / 8.0);
    m[12] = (float)(begun / total);
    m[13] = (float)(early / total);
    m[14] = (float)share_of(f, strongest, two, offsetof(Word, begun_early));
    m[15] = (float)share_of(f, strongest, most, offsetof(Word, begun));
    m[16] = (float)((double)not_begun / 10.0);
    m[17] = (float)numbers;
}

/* The measures behind them: what the words taken up and those missing say, by evidence of half precision, too. */
static void weigh(const Given *g, const Found *f, float *m)
{
    double gained = 0, lost = 0, at_risk = 0, worst = INFINITY;
    for (Py_ssize_t k = 0; k < f->count; k++) {
        const Word *w = &f->words[k];
        double missing = g->evidence[g->idf_count + w->stem], said = w->count ? g->evidence[w->stem] : missing;
        gained += w->count ? said : 0;
        lost += w->count ? 0 : said;
        at_risk += missing;
        worst = said < worst ? said : worst;
    }
    m[0] = (float)((gained + lost) / 20.0);
    m[1] = (float)(gained / 20.0);
    m[2] = (float)(lost / 5.0);
    m[3] = (float)((gained + lost) / (double)f->count);
    m[4] = (float)(worst / 5.0);
    m[5] = (float)(at_risk / 5.0);
}

void overlap_measures(const Given *given, const Found *found, double numbers, float *measures)
{
    measure(given, found, numbers, measures);
    weigh(given, found, measures + WEIGHED);
}
