/* Hedges: which tokens are cues and which phrases they stand in; scorer.hedges.Hedger.find, written out. */
#include "hedges.h"
#include "kernel.h"
#include <string.h>

enum { LOWER = 0, LETTERS = 256 }; /* scorer.lexicon.Shape; a letter of the grammar is a byte */
enum { DOUBTS = 512, STEPS = 16 };       /* scorer.hedges */
enum { EFFECT = 1, COULD, NOBODY, NEVER }; /* scorer.hedges */
enum { AHEAD = 12 };                     /* tokens */

typedef struct {
    const int32_t *words, *shapes;
    const uint8_t *begins;  /* whether a sentence begins with this token */
    const uint8_t *letters; /* of the wider classes */
    Py_ssize_t n;
    int32_t cue_words, pairs, letter_count;
    const int8_t *weights;
    float unit; /* of the weights */
    const float *news; /* by letter, as `carries` */
    const uint8_t *carries;
    const uint8_t *effects; /* by word id: EFFECT, COULD or 0 */
    const double *doubts; /* (DOUBTS,) */
    float limit, could_be, faint;
    double doubt;
} Tokens;

/* Rows of the pairs of words: pairs[i] of words i - 1 and i, 0 standing beyond the text, as for i = n. */
VECTOR static void pair_up(const Tokens *t, uint32_t *pairs)
{
    uint32_t last_pair = (uint32_t)t->pairs - 1; /* a power of two less one: the remainder without a division */
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
    const int8_t *before_pairs = t->weights + t->cue_words, *after_pairs = before_pairs + t->pairs,
                 *classes = after_pairs + t->pairs, *class_before = classes + t->letter_count,
                 *class_after = class_before + t->letter_count * t->letter_count,
                 *sentence_begins = class_after + t->letter_count * t->letter_count;
    Py_ssize_t letter_count = t->letter_count, row = t->n ? t->letters[0] : 0; /* of a letter and the one before it */
    float of_weight[256]; /* by its byte */
    for (int byte = 0; byte < 256; byte++)
        of_weight[byte] = (float)(int8_t)byte * t->unit;
#define OF(weight) of_weight[(uint8_t)(weight)]
    for (Py_ssize_t i = 0; i < t->n; i++) {
        int32_t here = t->words[i];
        Py_ssize_t letter = t->letters[i], next = letter * letter_count + (i + 1 < t->n ? t->letters[i + 1] : 0);
#ifdef __GNUC__
        if (i + AHEAD < t->n) {
            int32_t word = t->words[i + AHEAD];
            __builtin_prefetch(before_pairs + pairs[i + AHEAD]);
            __builtin_prefetch(after_pairs + pairs[i + AHEAD]);
            __builtin_prefetch(t->weights + (word < t->cue_words ? word : 0));
        }
#endif
        float score = OF(t->weights[here < t->cue_words ? here : 0]);
        score += OF(before_pairs[pairs[i]]);
        score += OF(after_pairs[pairs[i + 1]]);
        score += OF(classes[letter]);
        score += OF(class_before[row]);
        score += OF(class_after[next]);
        score += OF(sentence_begins[t->begins[i] * letter_count + letter]);
        scores[i] = score;
        row = next;
    }
#undef OF
}

static int may_be_cue(const Tokens *t, Py_ssize_t i)
{
    int letter = t->letters[i], before = i > 0 ? t->letters[i - 1] : 0, second = i > 1 ? t->letters[i - 2] : 0;
    if (t->carries[letter] || t->effects[t->words[i]] == NEVER || (letter == 'M' && t->shapes[i] != LOWER)) /* "May announced" */
        return 0;
    return letter != 'B' || before == 'b' || (before == 'a' && second == 'b'); /* "they thought" tells, no hedge */
}

static int is_effect(const Tokens *t, Py_ssize_t i) { return i < t->n && t->effects[t->words[i]] == EFFECT; }

/* Whether a modal stands where it hardly tells an ability: "could be", "the storm could cause", not "he could". */
static int opens(const Tokens *t, Py_ssize_t i)
{
    int behind = i + 1 < t->n ? t->letters[i + 1] : 0;
    if (behind == 'b')
        return 1;
    if (t->effects[t->words[i]] != COULD || (i > 0 && (t->letters[i - 1] == 'O' || t->effects[t->words[i - 1]] == NOBODY)))
        return 0;
    return is_effect(t, i + 1) || (behind == 'a' && is_effect(t, i + 2));
}

static double doubt_of(const Tokens *t, float score)
{
    float steps = score * STEPS;
    if (!(steps < DOUBTS / 2))
        return t->doubts[DOUBTS - 1];
    if (steps < -DOUBTS / 2)
        return t->doubts[0];
    int step = (int)steps; /* a step down where that went up: the floor, which a plain processor has no instruction for */
    return t->doubts[step - (step > steps) + DOUBTS / 2];
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
    Py_ssize_t likeliest = -1;
    float most = 0;
    memcpy(written + begin, t->letters + begin, end - begin);
    for (Py_ssize_t i = begin; i < end; i++) {
        if (!may_be_cue(t, i))
            continue;
        float score = scores[i] + t->news[t->letters[i]];
        if (t->letters[i] == 'M' && opens(t, i))
            score += t->could_be;
        if (score > t->limit)
            written[i] = 'k';
        if (likeliest < 0 || score > most) {
            likeliest = i;
            most = score;
        }
    }
    if (likeliest >= 0 && !(most > t->limit) && most > t->limit - t->faint && doubt_about(t, scores, begin, end) > t->doubt)
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

/* Three numbers a phrase: first token, the one past its last, class. */
static PyObject *phrases(const Tokens *t, const uint8_t *written)
{
    int64_t *rows = PyMem_Malloc((3 * t->n + 1) * sizeof *rows), count = 0;
    if (!rows)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < t->n;) {
        int kind = 0;
        Py_ssize_t end = phrase_end(t, written, i, &kind);
        if (end == i) {
            i++;
            continue;
        }
        rows[count++] = i;
        rows[count++] = end;
        rows[count++] = kind;
        i = end;
    }
    PyObject *found = PyBytes_FromStringAndSize((char *)rows, count * (Py_ssize_t)sizeof *rows);
    PyMem_Free(rows);
    return found;
}

/* All of it, given sound arrays; `wide` says the wider class of each letter. */
static PyObject *find(Tokens *t, const uint8_t *given, const uint8_t *wide, const int32_t *firsts, Py_ssize_t sentences)
{
    float *scores = PyMem_Malloc((t->n + 1) * sizeof *scores);
    uint32_t *pairs = PyMem_Malloc((t->n + 1) * sizeof *pairs);
    uint8_t *begins = PyMem_Calloc(3 * t->n + 1, 1), *letters = begins + t->n, *written = letters + t->n;
    PyObject *found = NULL;
    if (scores && pairs && begins) {
        for (Py_ssize_t s = 0; s < sentences; s++)
            begins[firsts[s]] = 1;
        int largest = 0;
        for (Py_ssize_t i = 0; i < t->n; i++) {
            letters[i] = wide[given[i]];
            largest = letters[i] > largest ? letters[i] : largest;
        }
        if (largest >= t->letter_count) {
            PyErr_SetString(PyExc_ValueError, "words, letters and weights do not fit each other");
            goto done;
        }
        t->begins = begins;
        t->letters = letters;
        pair_up(t, pairs);
        log_odds(t, pairs, scores);
        for (Py_ssize_t s = 0; s < sentences; s++)
            recode_sentence(t, scores, firsts[s], firsts[s + 1], written);
        written[t->n] = 0; /* no part of the pattern takes it */
        found = phrases(t, written);
    } else {
        PyErr_NoMemory();
    }
done:
    PyMem_Free(scores);
    PyMem_Free(pairs);
    PyMem_Free(begins);
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
    Tokens t = {0};
    if (!PyArg_ParseTuple(args, "OOOOOOOOfO(fff)d(iii)O", &given[WORDS], &given[SHAPES], &given[BORDERS],
                          &given[LETTERS_OF], &given[WIDE], &given[CARRIES], &given[NEWS], &given[WEIGHTS_OF], &t.unit, &given[DOUBTS_OF], &t.limit,
                          &t.could_be, &t.faint, &t.doubt, &t.cue_words, &t.pairs, &t.letter_count,
                          &given[EFFECTS]) ||
        arrays_take(given, a, formats, names) < 0)
        return NULL;
    t.words = a[WORDS].view.buf;
    t.shapes = a[SHAPES].view.buf;
    t.carries = a[CARRIES].view.buf;
    t.news = a[NEWS].view.buf;
    t.weights = a[WEIGHTS_OF].view.buf;
    t.doubts = a[DOUBTS_OF].view.buf;
    t.effects = a[EFFECTS].view.buf;
    t.n = a[WORDS].count;
    const int32_t *firsts = a[BORDERS].view.buf;
    Py_ssize_t wanted = (Py_ssize_t)t.cue_words + 2 * (Py_ssize_t)t.pairs +
                        (Py_ssize_t)t.letter_count * (3 + 2 * (Py_ssize_t)t.letter_count);
    int good = a[SHAPES].count == t.n && a[LETTERS_OF].count == t.n && a[WIDE].count == LETTERS && a[CARRIES].count == LETTERS &&
               a[NEWS].count == LETTERS && t.cue_words > 0 && t.pairs > 0 && !(t.pairs & (t.pairs - 1)) &&
               a[WEIGHTS_OF].count == wanted && all_within(t.words, t.n, 0, a[EFFECTS].count - 1) &&
               a[DOUBTS_OF].count == DOUBTS && a[BORDERS].count > 0 && firsts[0] == 0 && firsts[a[BORDERS].count - 1] == t.n;
    for (Py_ssize_t s = 0; good && s + 1 < a[BORDERS].count; s++)
        good = firsts[s] < firsts[s + 1];
    if (good)
        found = find(&t, a[LETTERS_OF].view.buf, a[WIDE].view.buf, firsts, a[BORDERS].count - 1);
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
