/* What a body takes up of its title: scorer.agreement.Agreement.overlap, written out.
 *
 * Weights of words (idf) are read from half precision, so that sums of them in doubles are exact in whatever order. */
#include "forest.h"
#include "overlap.h"
#include "seek.h"
#include "stems.h"

enum { SHAPES = 16 };

static int refuse(void)
{
    PyErr_SetString(PyExc_ValueError, "words, stems and weights do not fit each other");
    return -1;
}

/* The content words of the title; 0, or -1 with an exception set. */
static int take_title(const Given *g, Found *f)
{
    for (Py_ssize_t i = 0; i < g->title_count; i++) {
        int32_t stem = g->stems[g->words[i]];
        if (stem >= g->idf_count)
            return refuse();
        if (!g->is_word[g->shapes[i]] || (stem == 0 && g->words[i] < g->first_ending))
            continue;
        PyObject *lower = lowered(PyList_GET_ITEM(g->tokens, i));
        if (!lower)
            return -1;
        f->words[f->count++] = (Word){.idf = stem > 0 ? g->idf[stem] : (float)g->unknown_idf, .stem = stem,
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
    const int32_t *body = g->body;
    const uint16_t *stems = g->stems;
    Py_ssize_t count = 0, n = g->body_count;
    int32_t most = 0;
    for (Py_ssize_t i = 0; i < n; i++) { /* about every other one has: no branch would foresee which */
        int32_t stem = stems[body[i]];
        where[count] = (int32_t)i;
        numbers[count] = stem;
        most = stem > most ? stem : most;
        count += stem != 0;
    }
    return most >= g->idf_count ? refuse() : count;
}

/* The body's stems one after the other: how often each is there, and of the title's, what sentences cover, what the
 * lead has, what stands in the title's own order. `order` gets the stems as the body first has them; how many, or -1.
 */
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
        if (!stem->count++) {
            order[distinct++] = (int32_t)(stem - held->stems);
            stem->weight = g->idf[numbers[k]]; /* by now: nothing waits for it */
        }
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
    for (Py_ssize_t k = 0; k < distinct; k++) {
        const Stem *stem = &held.stems[order[k]];
        double weight = logarithm_of(stem->count) * stem->weight;
        f->repeated += weight * weight;
    }
    for (Py_ssize_t k = 0; distinct >= 0 && k < f->count; k++)
        f->words[k].count = f->words[k].stem ? stem_at(&held, f->words[k].stem)->count : 0;
done:
    stems_drop(&held);
    PyMem_Free(order);
    return distinct < 0 ? -1 : 0;
}

/* How often a word stands in the body, three times at the most. */
static int32_t times(const Given *g, Characters word, Py_ssize_t letters)
{
    int32_t count = 0;
    for (Py_ssize_t at = 0; count < 3 && (at = place_in(g->lowered, g->length, at, word, letters)) >= 0; at += letters)
        count++;
    return count;
}

/* Words that the lexicon lacks, and the beginnings of all, sought letter by letter. */
static void seek(const Given *g, Found *f, double *numbers)
{
    Py_ssize_t unknown = 0, in_digits = 0, taken_up = 0;
    for (Py_ssize_t k = 0; k < f->count; k++) {
        Word *word = &f->words[k];
        Characters written = characters_of(word->word);
        Py_ssize_t letters = PyUnicode_GET_LENGTH(word->word), kept = letters - 3 > 4 ? letters - 3 : 4;
        kept = kept < letters ? kept : letters;
        if (word->stem == 0 && unknown++ < g->max_sought)
            word->count = times(g, written, letters);
        word->begun = word->count > 0;
        if (k >= g->max_sought)
            continue;
        Py_ssize_t at_first = place_in(g->lowered, g->length, 0, written, kept);
        word->begun = at_first >= 0;
        word->begun_early = at_first >= 0 && at_first + kept <= g->early_characters;
        if (Py_UNICODE_ISDIGIT(at(written, 0))) {
            in_digits++;
            taken_up += place_in(g->lowered, g->length, 0, written, letters) >= 0;
        }
    }
    *numbers = in_digits ? (double)taken_up / (double)in_digits : g->unseen_numbers;
}

/* (score or None, share of the title taken up, the tokens that are not, measures) */
static PyObject *told(const Found *f, const float *measures, const Forest *forest)
{
    PyObject *missing = PyList_New(0);
    for (Py_ssize_t k = 0; missing && k < f->count; k++) {
        PyObject *token = f->words[k].count > 0 ? NULL : PyLong_FromLong(f->words[k].token);
        if (f->words[k].count <= 0 && (!token || PyList_Append(missing, token) < 0))
            Py_CLEAR(missing);
        Py_XDECREF(token);
    }
    if (!missing)
        return NULL;
    PyObject *score = forest->trees ? PyFloat_FromDouble(forest_score(forest, measures)) : Py_NewRef(Py_None);
    return Py_BuildValue("(NdNy#)", score, (double)measures[0], missing, (const char *)measures,
                         MEASURES * (Py_ssize_t)sizeof *measures);
}

static PyObject *overlap(const Given *g, const Forest *forest)
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
        } else if (take_body(g, &f) == 0) {
            seek(g, &f, &numbers);
            overlap_measures(g, &f, numbers, measures);
            answer = told(&f, measures, forest);
        }
    }
    for (Py_ssize_t k = 0; k < f.count; k++)
        Py_XDECREF(f.words[k].word);
    PyMem_Free(f.words);
    return answer;
}

/* The same with text[start:end] in lower case for the body's letters. */
static PyObject *overlap_with(Given *g, PyObject *text, Py_ssize_t start, Py_ssize_t end, const Forest *forest)
{
    PyObject *found = NULL, *part = NULL; /* by Python's rules */
    Characters t = characters_of(text);
    void *letters = PyMem_Malloc((end - start + 1) * t.kind);
    if (!letters)
        return PyErr_NoMemory();
    g->lowered = (Characters){t.kind, letters};
    g->length = end - start;
    if (!lower_into(t, start, end - start, letters) && (part = lowered_part(text, start, end))) {
        g->lowered = characters_of(part);
        g->length = PyUnicode_GET_LENGTH(part);
    }
    if (!PyErr_Occurred())
        found = overlap(g, forest);
    Py_XDECREF(part);
    PyMem_Free(letters);
    return found;
}

/* Take the tables; 0, or -1 with an exception set. */
static int take_tables(PyObject *tables, PyObject *trees, Given *g, Forest *forest)
{
    enum { STEMS, IDF, EVIDENCE, IS_WORD, LIMITS, UNKNOWN };
    const Array *a = tables_of(tables, "HffBqd");
    if (!a || (trees != Py_None && forest_of(trees, MEASURES, forest) < 0))
        return -1;
    g->stems = a[STEMS].view.buf;
    g->idf = a[IDF].view.buf;
    g->evidence = a[EVIDENCE].view.buf;
    g->is_word = a[IS_WORD].view.buf;
    g->stem_count = a[STEMS].count;
    g->idf_count = a[IDF].count;
    const int64_t *limits = a[LIMITS].view.buf;
    const double *unknown = a[UNKNOWN].view.buf;
    if (!g->idf_count || a[EVIDENCE].count != 2 * g->idf_count || a[IS_WORD].count != SHAPES || a[LIMITS].count != 4 ||
        a[UNKNOWN].count != 2)
        return refuse();
    g->first_ending = limits[0];
    g->lead_tokens = limits[1];
    g->early_characters = limits[2];
    g->max_sought = limits[3];
    g->unknown_idf = unknown[0];
    g->unseen_numbers = unknown[1];
    return 0;
}

PyObject *kernel_overlap(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    enum { TABLES, TREES, WORDS, SHAPES_OF, TOKENS, BODY, BORDERS, TEXT, START, END, ARGS, ARRAYS = 4 };
    static const char *const names[ARRAYS] = {"words", "shapes", "body", "borders"};
    if (given != ARGS || !PyList_Check(args[TOKENS]) || !PyUnicode_Check(args[TEXT])) {
        PyErr_SetString(PyExc_TypeError,
                        "overlap(tables, trees, words, shapes, tokens, body, borders, text, start, end)");
        return NULL;
    }
    Py_ssize_t start = PyLong_AsSsize_t(args[START]), end = PyLong_AsSsize_t(args[END]);
    PyObject *const in[ARRAYS] = {args[WORDS], args[SHAPES_OF], args[BODY], args[BORDERS]}, *found = NULL;
    Array a[ARRAYS];
    Given g = {.tokens = args[TOKENS]};
    Forest forest = {0};
    if (PyErr_Occurred() || take_tables(args[TABLES], args[TREES], &g, &forest) < 0 ||
        arrays_take(in, a, "iiii", names) < 0)
        return NULL;
    g.words = a[0].view.buf;
    g.shapes = a[1].view.buf;
    g.body = a[2].view.buf;
    g.borders = a[3].view.buf;
    g.title_count = a[0].count;
    g.body_count = a[2].count;
    g.border_count = a[3].count;
    int good = a[1].count == g.title_count && PyList_GET_SIZE(g.tokens) == g.title_count &&
               g.title_count < INT32_MAX / 4 && g.body_count < INT32_MAX / 4 && start >= 0 && start <= end &&
               end <= PyUnicode_GET_LENGTH(args[TEXT]) && all_within(g.words, g.title_count, 0, g.stem_count - 1) &&
               all_within(g.body, g.body_count, 0, g.stem_count - 1);
    for (Py_ssize_t i = 0; good && i < g.title_count; i++)
        good = g.shapes[i] >= 0 && g.shapes[i] < SHAPES && PyUnicode_Check(PyList_GET_ITEM(g.tokens, i));
    if (good)
        found = overlap_with(&g, args[TEXT], start, end, &forest);
    else
        refuse();
    arrays_drop(a, ARRAYS);
    return found;
}
