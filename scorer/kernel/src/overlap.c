/* What a body takes up of its title: scorer.agreement.Agreement.overlap, written out.
 *
 * Weights of words (idf) are read from half precision, so that sums of them in doubles are exact in whatever order. */
#include "characters.h"
#include "stems.h"
#include <math.h>
#include <stddef.h>

enum { SHAPES = 16, STRONGEST = 4, MEASURES = 24, WEIGHED = 18, SMALL = 32 };

typedef struct {
    float idf;
    int32_t stem, token, count; /* how often the body has it */
    int32_t sentence;           /* the last one that has it, -1 for none */
    uint8_t in_lead, chained, begun, begun_early;
    PyObject *word; /* lower case, owned */
} Word;

typedef struct {
    const int32_t *words, *shapes, *body, *borders, *stems;
    Py_ssize_t title_count, body_count, border_count, stem_count, idf_count;
    const float *idf, *evidence;
    const uint8_t *is_word;
    PyObject *tokens, *lowered;
    int first_ending, lead_tokens, early_characters, max_sought;
    float unknown_idf;
    double unseen_numbers;
} Given;

typedef struct {
    Word *words;
    Py_ssize_t count;
    double covered, stretch; /* most that one sentence covers, and one together with the one before */
    double repeated;         /* squares of the body's own weights, added up */
} Found;

/* The stem of a word; -1 where it has none, or its stem no weight. */
static int32_t stem_of(const Given *g, int32_t word)
{
    int32_t stem = word >= 0 && word < g->stem_count ? g->stems[word] : -1;
    return stem < g->idf_count ? stem : -1;
}

static int refuse(void)
{
    PyErr_SetString(PyExc_ValueError, "words, stems and weights do not fit each other");
    return -1;
}

/* The content words of the title; 0, or -1 with an exception set. */
static int take_title(const Given *g, Found *f)
{
    for (Py_ssize_t i = 0; i < g->title_count; i++) {
        int32_t stem = stem_of(g, g->words[i]);
        if (stem < 0)
            return refuse();
        if (!g->is_word[g->shapes[i]] || (stem == 0 && g->words[i] < g->first_ending))
            continue;
        PyObject *lower = lowered(PyList_GET_ITEM(g->tokens, i));
        if (!lower)
            return -1;
        f->words[f->count++] = (Word){.idf = stem > 0 ? g->idf[stem] : g->unknown_idf, .stem = stem,
                                      .token = (int32_t)i, .sentence = -1, .word = lower};
        if (!PyUnicode_GET_LENGTH(lower)) {
            PyErr_SetString(PyExc_ValueError, "a word of the title is empty");
            return -1;
        }
    }
    return 0;
}

/* The body's tokens that have a stem: where they stand, and the stems; how many, or -1 with an exception set. */
static Py_ssize_t content_of(const Given *g, int32_t *where, int32_t *numbers)
{
    Py_ssize_t count = 0;
    int32_t all = 0; /* negative where one of them is */
    for (Py_ssize_t i = 0; i < g->body_count; i++) { /* about every other one has: no branch would foresee which */
        where[count] = (int32_t)i;
        numbers[count] = stem_of(g, g->body[i]);
        all |= numbers[count];
        count += numbers[count] != 0;
    }
    return all < 0 ? refuse() : count;
}

/* The body's stems one after the other: how often each is there, and of the title's, what sentences cover, what the
 * lead has, what stands in the title's own order. `order` gets the stems as the body first has them; how many, or -1. */
static Py_ssize_t take_stems(const Given *g, Found *f, Stems *held, int32_t *order)
{
    int32_t *where = PyMem_Malloc((2 * g->body_count + 1) * sizeof *where), *numbers = where + g->body_count;
    Py_ssize_t sentence = 0, distinct = 0, last_k = -1, count = where ? content_of(g, where, numbers) : -1;
    int32_t last_place = 0;
    double here = 0, before = 0, shared = 0; /* what this sentence covers, the one before, and both */
    if (!where)
        PyErr_NoMemory();
    for (Py_ssize_t k = 0; k < count; k++) {
        Py_ssize_t i = where[k];
        Stem *stem = stem_at(held, numbers[k]);
        if (!stem->count++)
            order[distinct++] = (int32_t)(stem - held->stems);
        if (!stem->place)
            continue;
        while (sentence + 2 < g->border_count && g->borders[sentence + 1] <= i) {
            before = here;
            here = shared = 0;
            sentence++;
        }
        Word *word = &f->words[stem->place - 1];
        if (word->sentence != sentence) {
            shared += word->sentence == sentence - 1 && sentence ? word->idf : 0;
            here += word->idf;
            word->sentence = (int32_t)sentence;
        }
        f->covered = here > f->covered ? here : f->covered;
        f->stretch = before + here - shared > f->stretch ? before + here - shared : f->stretch;
        word->in_lead |= i < g->lead_tokens;
        word->chained |= last_place && k - last_k == 1 && stem->place - last_place == 1;
        last_place = stem->place;
        last_k = k;
    }
    PyMem_Free(where);
    return count < 0 ? -1 : distinct;
}

/* The body's stems, and what they weigh together: in the order in which the body first has them. */
static int take_body(const Given *g, Found *f)
{
    Py_ssize_t most = g->body_count + f->count, distinct = -1;
    Stems held;
    int32_t *order = PyMem_Malloc((g->body_count + 1) * sizeof *order);
    if (stems_init(&held, most < g->idf_count ? most : g->idf_count) < 0 || !order) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t k = f->count - 1; k >= 0; k--)
        if (f->words[k].stem)
            stem_at(&held, f->words[k].stem)->place = (int32_t)k + 1;
    distinct = take_stems(g, f, &held, order);
    double often[SMALL]; /* the logarithms of most counts */
    for (int count = 0; distinct > 0 && count < SMALL; count++)
        often[count] = log1p(count);
    for (Py_ssize_t k = 0; k < distinct; k++) {
        const Stem *stem = &held.stems[order[k]];
        double weight = (stem->count < SMALL ? often[stem->count] : log1p(stem->count)) * g->idf[stem->stem];
        f->repeated += weight * weight;
    }
    for (Py_ssize_t k = 0; distinct >= 0 && k < f->count; k++)
        f->words[k].count = f->words[k].stem ? stem_at(&held, f->words[k].stem)->count : 0;
done:
    stems_drop(&held);
    PyMem_Free(order);
    return distinct < 0 ? -1 : 0;
}

/* Words that the lexicon lacks, and the beginnings of all, sought letter by letter; 0, or -1 with an exception set. */
static int seek(const Given *g, Found *f, double *numbers)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(g->lowered), unknown = 0, in_digits = 0, taken_up = 0;
    for (Py_ssize_t k = 0; k < f->count; k++) {
        Word *word = &f->words[k];
        Py_ssize_t letters = PyUnicode_GET_LENGTH(word->word);
        if (word->stem == 0 && unknown++ < g->max_sought) {
            Py_ssize_t count = PyUnicode_Count(g->lowered, word->word, 0, length);
            if (count < 0)
                return -1;
            word->count = count < 3 ? (int32_t)count : 3;
        }
        word->begun = word->count > 0;
        if (k >= g->max_sought)
            continue;
        Py_ssize_t kept = letters - 3 > 4 ? letters - 3 : 4;
        PyObject *beginning = PyUnicode_Substring(word->word, 0, kept);
        Py_ssize_t at = beginning ? PyUnicode_Find(g->lowered, beginning, 0, length, 1) : -2;
        Py_ssize_t end = beginning ? at + PyUnicode_GET_LENGTH(beginning) : 0;
        Py_XDECREF(beginning);
        if (at < -1)
            return -1;
        word->begun = at >= 0;
        word->begun_early = at >= 0 && end <= g->early_characters;
        if (Py_UNICODE_ISDIGIT(PyUnicode_READ_CHAR(word->word, 0))) {
            at = PyUnicode_Find(g->lowered, word->word, 0, length, 1);
            if (at < -1)
                return -1;
            in_digits++;
            taken_up += at >= 0;
        }
    }
    *numbers = in_digits ? (double)taken_up / (double)in_digits : g->unseen_numbers;
    return 0;
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

/* The measures in the order of scorer.agreement.FEATURES */
static void measure(const Given *g, const Found *f, double numbers, float *m)
{
    double total = 0, found = 0, lead = 0, begun = 0, early = 0, repeated = 0, cosine = 0, squares = 0;
    float missing = 0, not_begun = 0;
    Py_ssize_t found_count = 0, chained = 0, strongest[STRONGEST];
    for (Py_ssize_t k = 0; k < f->count; k++) {
        const Word *w = &f->words[k];
        float square = w->idf * w->idf;
        double often = log1p(w->count);
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

/* The measures, the words' tokens, and whether the body takes them up. */
static PyObject *told(const Found *f, const float *measures)
{
    PyObject *rows = PyBytes_FromStringAndSize(NULL, f->count * (Py_ssize_t)sizeof(int32_t));
    PyObject *found = PyBytes_FromStringAndSize(NULL, f->count), *answer = NULL;
    if (rows && found) {
        int32_t *tokens = (int32_t *)PyBytes_AS_STRING(rows);
        for (Py_ssize_t k = 0; k < f->count; k++) {
            tokens[k] = f->words[k].token;
            PyBytes_AS_STRING(found)[k] = f->words[k].count > 0;
        }
        answer = Py_BuildValue("(y#OO)", (const char *)measures, MEASURES * (Py_ssize_t)sizeof *measures, rows, found);
    }
    Py_XDECREF(rows);
    Py_XDECREF(found);
    return answer;
}

static PyObject *overlap(const Given *g)
{
    Found f = {0};
    PyObject *answer = NULL;
    float measures[MEASURES];
    double numbers;
    f.words = PyMem_Calloc(g->title_count + 1, sizeof *f.words);
    if (!f.words)
        return PyErr_NoMemory();
    if (take_title(g, &f) == 0) {
        if (!f.count) {
            answer = Py_NewRef(Py_None);
        } else if (take_body(g, &f) == 0 && seek(g, &f, &numbers) == 0) {
            measure(g, &f, numbers, measures);
            weigh(g, &f, measures + WEIGHED);
            answer = told(&f, measures);
        }
    }
    for (Py_ssize_t k = 0; k < f.count; k++)
        Py_XDECREF(f.words[k].word);
    PyMem_Free(f.words);
    return answer;
}

PyObject *kernel_overlap(PyObject *self, PyObject *args)
{
    enum { WORDS, SHAPES_OF, BODY, BORDERS, STEMS, IDF, EVIDENCE, IS_WORD, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "body", "borders", "stems", "idf", "evidence", "is_word"};
    PyObject *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    Given g = {0};
    if (!PyArg_ParseTuple(args, "OOO!OOUOOOO(iiii)fd", &given[WORDS], &given[SHAPES_OF], &PyList_Type, &g.tokens,
                          &given[BODY], &given[BORDERS], &g.lowered, &given[STEMS], &given[IDF], &given[EVIDENCE],
                          &given[IS_WORD], &g.first_ending, &g.lead_tokens, &g.early_characters, &g.max_sought,
                          &g.unknown_idf, &g.unseen_numbers) ||
        arrays_take(given, a, "iiiiiffB", names) < 0)
        return NULL;
    g.words = a[WORDS].view.buf;
    g.shapes = a[SHAPES_OF].view.buf;
    g.body = a[BODY].view.buf;
    g.borders = a[BORDERS].view.buf;
    g.stems = a[STEMS].view.buf;
    g.idf = a[IDF].view.buf;
    g.evidence = a[EVIDENCE].view.buf;
    g.is_word = a[IS_WORD].view.buf;
    g.title_count = a[WORDS].count;
    g.body_count = a[BODY].count;
    g.border_count = a[BORDERS].count;
    g.stem_count = a[STEMS].count;
    g.idf_count = a[IDF].count;
    int good = a[SHAPES_OF].count == g.title_count && PyList_GET_SIZE(g.tokens) == g.title_count && g.idf_count > 0 &&
               a[EVIDENCE].count == 2 * g.idf_count && a[IS_WORD].count == SHAPES && g.title_count < INT32_MAX / 4 &&
               g.body_count < INT32_MAX / 4;
    for (Py_ssize_t i = 0; good && i < g.title_count; i++)
        good = g.shapes[i] >= 0 && g.shapes[i] < SHAPES && PyUnicode_Check(PyList_GET_ITEM(g.tokens, i));
    if (good)
        found = overlap(&g);
    else
        refuse();
    arrays_drop(a, ARRAYS);
    return found;
}
