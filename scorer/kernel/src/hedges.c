/* Hedges: which tokens are cues and which phrases they stand in; scorer.hedges.Hedger.find, written out. */
#include "figures.h"
#include "hedges.h"
#include <string.h>

enum { LOWER = 0, LETTERS = 256 }; /* scorer.lexicon.Shape; a letter of the grammar is a byte */
enum { STEPS = 16 };                     /* scorer.hedges */
enum { EFFECT = 1, COULD, NOBODY, NEVER }; /* scorer.hedges */
enum { AHEAD = 12 };                     /* tokens */

typedef struct {
    const HedgeWeights *w;
    const int32_t *words, *shapes;
    const uint8_t *begins;  /* whether a sentence begins with this token */
    const uint8_t *letters; /* of the wider classes */
    const uint8_t *effects; /* of each token: EFFECT, COULD, NOBODY, NEVER or 0 */
    Py_ssize_t n;
} Tokens;

/* Rows of the pairs of words: pairs[i] of words i - 1 and i, 0 standing beyond the text, as for i = n. */
VECTOR static void pair_up(const Tokens *t, uint32_t *pairs)
{
    uint32_t last_pair = (uint32_t)t->w->pairs - 1; /* a power of two less one: the remainder without a division */
    if (!t->n)
        return;
    pairs[0] = (uint32_t)t->words[0] * 7 & last_pair;
    for (Py_ssize_t i = 1; i < t->n; i++)
        pairs[i] = ((uint32_t)t->words[i - 1] * 31337 + (uint32_t)t->words[i] * 7) & last_pair;
    pairs[t->n] = (uint32_t)t->words[t->n - 1] * 31337 & last_pair;
}

/* What the features of each token add up to. The pairs lie anywhere in tables larger than the nearest cache: they are
 * asked for some tokens before they are added. */
VECTOR static void log_odds(const Tokens *t, const uint32_t *pairs, float *scores)
{
    const HedgeWeights *w = t->w;
    Py_ssize_t n = t->n, letter_count = w->letter_count,
               row = n ? t->letters[0] : 0; /* of a letter and the one before it */
    const int8_t *weights = w->weights, *before_pairs = weights + w->cue_words, *after_pairs = before_pairs + w->pairs,
                 *classes = after_pairs + w->pairs, *class_before = classes + letter_count,
                 *class_after = class_before + letter_count * letter_count,
                 *sentence_begins = class_after + letter_count * letter_count;
    const int32_t *words = t->words, cue_words = w->cue_words;
    const uint8_t *letters = t->letters, *begins = t->begins;
    float of_weight[256]; /* by its byte */
    for (int byte = 0; byte < 256; byte++)
        of_weight[byte] = (float)(int8_t)byte * w->unit;
#define OF(weight) of_weight[(uint8_t)(weight)]
    for (Py_ssize_t i = 0; i < n; i++) {
        int32_t here = words[i];
        Py_ssize_t letter = letters[i], next = letter * letter_count + (i + 1 < n ? letters[i + 1] : 0);
#ifdef __GNUC__
        if (i + AHEAD < n) {
            int32_t word = words[i + AHEAD];
            __builtin_prefetch(before_pairs + pairs[i + AHEAD]);
            __builtin_prefetch(after_pairs + pairs[i + AHEAD]);
            __builtin_prefetch(weights + (word < cue_words ? word : 0));
        }
#endif
        float score = OF(weights[here < cue_words ? here : 0]);
        score += OF(before_pairs[pairs[i]]);
        score += OF(after_pairs[pairs[i + 1]]);
        score += OF(classes[letter]);
        score += OF(class_before[row]);
        score += OF(class_after[next]);
        score += OF(sentence_begins[begins[i] * letter_count + letter]);
        scores[i] = score;
        row = next;
    }
#undef OF
}

/* "They thought" tells, "are thought to" hedges. */
static int is_passive(const uint8_t *letters, Py_ssize_t i)
{
    int before = i > 0 ? letters[i - 1] : 0, second = i > 1 ? letters[i - 2] : 0;
    return before == 'b' || (before == 'a' && second == 'b');
}

static int is_effect(const Tokens *t, Py_ssize_t i) { return i < t->n && t->effects[i] == EFFECT; }

/* Whether a modal stands where it hardly tells an ability: "could be", "the storm could cause", not "he could". */
static int opens(const Tokens *t, Py_ssize_t i)
{
    int behind = i + 1 < t->n ? t->letters[i + 1] : 0;
    if (behind == 'b')
        return 1;
    if (t->effects[i] != COULD || (i > 0 && (t->letters[i - 1] == 'O' || t->effects[i - 1] == NOBODY)))
        return 0;
    return is_effect(t, i + 1) || (behind == 'a' && is_effect(t, i + 2));
}

static double doubt_of(const Tokens *t, float score)
{
    float steps = score * STEPS;
    if (!(steps < DOUBTS / 2))
        return t->w->doubts[DOUBTS - 1];
    if (steps < -DOUBTS / 2)
        return t->w->doubts[0];
    int step = (int)
        steps; /* a step down where that went up: the floor, which a plain processor has no instruction for */
    return t->w->doubts[step - (step > steps) + DOUBTS / 2];
}

/* The doubt about the sentence of tokens begin, ..., end - 1. */
static double doubt_about(const Tokens *t, const float *scores, Py_ssize_t begin, Py_ssize_t end)
{
    double doubt = 0; /* exact: whole multiples of a power of two */
    for (Py_ssize_t i = begin; i < end; i++)
        doubt += doubt_of(t, scores[i]);
    return doubt;
}

/* The letters of one sentence with 'k' for every cue; for its likeliest where the sentence as a whole is in doubt. */
static void recode_sentence(const Tokens *t, const float *scores, Py_ssize_t begin, Py_ssize_t end, uint8_t *written)
{
    const uint8_t *letters = t->letters, *effects = t->effects, *carries = t->w->carries;
    const float *news = t->w->news, limit = t->w->limit; /* read once: a byte that is written might be any of them */
    Py_ssize_t likeliest = -1;
    float most = 0;
    memcpy(written + begin, letters + begin, end - begin);
    for (Py_ssize_t i = begin; i < end; i++) {
        int letter = letters[i];
        if (carries[letter] || effects[i] == NEVER || (letter == 'M' && t->shapes[i] != LOWER) || /* "May announced" */
            (letter == 'B' && !is_passive(letters, i)))
            continue;
        float score = scores[i] + news[letter];
        if (letter == 'M' && opens(t, i))
            score += t->w->could_be;
        if (score > limit)
            written[i] = 'k';
        if (likeliest < 0 || score > most) {
            likeliest = i;
            most = score;
        }
    }
    if (likeliest >= 0 && !(most > limit) && most > limit - t->w->faint &&
        doubt_about(t, scores, begin, end) > t->w->doubt)
        written[likeliest] = 'k';
}

/* End of at most `most` letters of two from `i` on. */
static Py_ssize_t past(const uint8_t *written, Py_ssize_t i, int most, uint8_t one, uint8_t other)
{
    while (most-- > 0 && (written[i] == one || written[i] == other))
        i++;
    return i;
}

/* (?:th?b{1,2}|h?b{1,2}|t(?!y))?  the small words behind the cues */
static Py_ssize_t past_tail(const uint8_t *written, Py_ssize_t i)
{
    Py_ssize_t at = i + (written[i] == 't');
    at += written[at] == 'h';
    if (written[at] == 'b')
        return past(written, at, 2, 'b', 'b');
    return written[i] == 't' && written[i + 1] != 'y' ? i + 1 : i;
}

/* End of the phrase that begins at `start`, or `start`; `kind` its class. scorer.hedges._PHRASE */
static Py_ssize_t phrase_end(const Tokens *t, const uint8_t *written, Py_ssize_t start, int *kind)
{
    Py_ssize_t i = start;
    if (written[start] == 'N' || written[start] == 'I') {
        int negated = written[start] == 'N', most = negated ? 4 : 3;
        for (i++; most-- > 0 && (written[i] == 'a' || written[i] == 'b' || written[i] == (negated ? 'h' : 'O'));)
            i++;
        if (written[i] != 'C')
            return start;
        *kind = negated ? NEGATED : CONDITIONAL;
        return i + 1 + (negated && written[i + 1] == 'y');
    }
    i = past(written, i, 2, 'b', 'h');
    i = past(written, i, 2, 'a', 'a');
    if (written[i] != 'k')
        return start;
    *kind = hedge_class(t->letters[i]);
    while (written[i] == 'k') {
        Py_ssize_t next = past(written, ++i, 2, 'a', 'a');
        if (written[next] == 'k')
            i = next;
    }
    return past_tail(written, i);
}

/* Letters that a phrase can begin with: most words are none of them. */
static const uint8_t may_begin[256] = {['N'] = 1, ['I'] = 1, ['a'] = 1, ['b'] = 1, ['h'] = 1, ['k'] = 1};

/* Phrases in order; how many. */
static Py_ssize_t phrases(const Tokens *t, const uint8_t *written, Hedge *found)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < t->n;) {
        int kind = 0;
        Py_ssize_t end = may_begin[written[i]] ? phrase_end(t, written, i, &kind) : i;
        if (end == i) {
            i++;
            continue;
        }
        found[count++] = (Hedge){i, end, kind};
        i = end;
    }
    return count;
}

Py_ssize_t hedges_find(const HedgeWeights *weights, const Passage *p, const uint8_t *letters, const uint8_t *effects,
                       Hedge *found)
{
    Py_ssize_t n = p->n;
    float *scores = PyMem_Malloc((n + 1) * (sizeof *scores + sizeof(uint32_t)) + 2 * n + 1);
    if (!scores) {
        PyErr_NoMemory();
        return -1;
    }
    uint32_t *pairs = (uint32_t *)(scores + n + 1);
    uint8_t *begins = (uint8_t *)(pairs + n + 1), *written = begins + n;
    memset(begins, 0, n);
    for (Py_ssize_t s = 0; s < p->m; s++)
        begins[p->borders[s]] = 1;
    Tokens t = {weights, p->words, p->shapes, begins, letters, effects, n};
    pair_up(&t, pairs);
    log_odds(&t, pairs, scores);
    for (Py_ssize_t s = 0; s < p->m; s++)
        recode_sentence(&t, scores, p->borders[s], p->borders[s + 1], written);
    written[n] = 0; /* no part of the pattern takes it */
    Py_ssize_t count = phrases(&t, written, found);
    PyMem_Free(scores);
    return count;
}

int hedges_fit(const HedgeWeights *w, Py_ssize_t weights)
{
    Py_ssize_t letters = w->letter_count;
    return w->cue_words > 0 && w->pairs > 0 && !(w->pairs & (w->pairs - 1)) && letters > 0 && letters <= LETTERS &&
           weights == w->cue_words + 2 * (Py_ssize_t)w->pairs + letters * (3 + 2 * letters);
}

/* Whether sentences hold all tokens, at least one each. */
int borders_fit(const Passage *p)
{
    int good = p->m >= 0 && p->borders[0] == 0 && p->borders[p->m] == p->n;
    for (Py_ssize_t s = 0; good && s < p->m; s++)
        good = p->borders[s] < p->borders[s + 1];
    return good;
}

/* Rows of first, last and class; `wide` says the wider class of each letter, `table` the effect of each word. */
static PyObject *rows_of(const HedgeWeights *weights, const Passage *p, const uint8_t *given, const uint8_t *wide,
                         const uint8_t *table)
{
    Hedge *rows = PyMem_Malloc((p->n + 1) * sizeof *rows);
    uint8_t *effects = PyMem_Malloc(2 * p->n + 1), *letters = effects + p->n, largest = 0;
    PyObject *found = NULL;
    for (Py_ssize_t i = 0; rows && effects && i < p->n; i++) {
        effects[i] = table[p->words[i]];
        letters[i] = wide[given[i]];
        largest = letters[i] > largest ? letters[i] : largest;
    }
    if (!rows || !effects) {
        PyErr_NoMemory();
    } else if (largest >= weights->letter_count) {
        PyErr_SetString(PyExc_ValueError, "words, letters and weights do not fit each other");
    } else {
        Py_ssize_t count = hedges_find(weights, p, letters, effects, rows);
        if (count >= 0)
            found = PyBytes_FromStringAndSize((char *)rows, count * (Py_ssize_t)sizeof *rows);
    }
    PyMem_Free(rows);
    PyMem_Free(effects);
    return found;
}

PyObject *kernel_hedges(PyObject *self, PyObject *args)
{
    enum { WORDS, SHAPES, BORDERS, LETTERS_OF, WIDE, CARRIES, NEWS, WEIGHTS_OF, DOUBTS_OF, EFFECTS, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes",  "borders", "letters", "wide",
                                              "carries", "news", "weights", "doubts", "effects"};
    static const char formats[] = "iiiBBBfbdB";
    PyObject *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    HedgeWeights w = {0};
    Passage p = {0};
    if (!PyArg_ParseTuple(args, "OOOOOOOOfO(fff)d(iii)O", &given[WORDS], &given[SHAPES], &given[BORDERS],
                          &given[LETTERS_OF], &given[WIDE], &given[CARRIES], &given[NEWS], &given[WEIGHTS_OF], &w.unit,
                          &given[DOUBTS_OF], &w.limit, &w.could_be, &w.faint, &w.doubt, &w.cue_words, &w.pairs,
                          &w.letter_count, &given[EFFECTS]) ||
        arrays_take(given, a, formats, names) < 0)
        return NULL;
    w.carries = a[CARRIES].view.buf;
    w.news = a[NEWS].view.buf;
    w.weights = a[WEIGHTS_OF].view.buf;
    w.doubts = a[DOUBTS_OF].view.buf;
    p.words = a[WORDS].view.buf;
    p.shapes = a[SHAPES].view.buf;
    p.borders = a[BORDERS].view.buf;
    p.n = a[WORDS].count;
    p.m = a[BORDERS].count - 1;
    int good = a[SHAPES].count == p.n && a[LETTERS_OF].count == p.n && a[WIDE].count == LETTERS &&
               a[CARRIES].count == LETTERS && a[NEWS].count == LETTERS && a[DOUBTS_OF].count == DOUBTS &&
               hedges_fit(&w, a[WEIGHTS_OF].count) && borders_fit(&p) &&
               all_within(p.words, p.n, 0, a[EFFECTS].count - 1);
    if (good)
        found = rows_of(&w, &p, a[LETTERS_OF].view.buf, a[WIDE].view.buf, a[EFFECTS].view.buf);
    else
        PyErr_SetString(PyExc_ValueError, "words, letters and weights do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}

PyObject *kernel_letters(PyObject *self, PyObject *args)
{
    enum { TABLE, WORDS, ARRAYS };
    static const char *const names[ARRAYS] = {"table", "words"};
    PyObject *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    if (!PyArg_ParseTuple(args, "OO", &given[TABLE], &given[WORDS]) || arrays_take(given, a, "Bi", names) < 0)
        return NULL;
    const uint8_t *table = a[TABLE].view.buf;
    const int32_t *words = a[WORDS].view.buf;
    if (!all_within(words, a[WORDS].count, 0, a[TABLE].count - 1))
        PyErr_SetString(PyExc_ValueError, "words and letters do not fit each other");
    else if ((found = PyBytes_FromStringAndSize(NULL, a[WORDS].count)))
        for (Py_ssize_t i = 0; i < a[WORDS].count; i++)
            PyBytes_AS_STRING(found)[i] = (char)table[words[i]];
    arrays_drop(a, ARRAYS);
    return found;
}
