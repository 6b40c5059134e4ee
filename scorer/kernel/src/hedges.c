/* Hedges: which tokens are cues and which phrases they stand in; scorer.hedges.Hedger.find, written out. */
#include "kernel.h"

enum { LOWER = 0, LETTERS = 256 }; /* scorer.lexicon.Shape; a letter of the grammar is a byte */
enum { NEGATED = -1, CONDITIONAL = -2 }; /* kinds of phrases that their form alone tells */

typedef struct {
    const int32_t *words, *shapes;
    const uint8_t *begins;  /* whether a sentence begins with this token */
    const uint8_t *letters; /* of the wider classes */
    Py_ssize_t n;
    int32_t cue_words, pairs, letter_count;
    const float *weights, *news;
    const uint8_t *carries;
    float limit;
} Tokens;

static float log_odds(const Tokens *t, Py_ssize_t i)
{
    const float *before_pairs = t->weights + t->cue_words, *after_pairs = before_pairs + t->pairs,
                *classes = after_pairs + t->pairs, *class_before = classes + t->letter_count,
                *class_after = class_before + t->letter_count * t->letter_count,
                *sentence_begins = class_after + t->letter_count * t->letter_count;
    int64_t here = t->words[i], before = i ? t->words[i - 1] : 0, after = i + 1 < t->n ? t->words[i + 1] : 0;
    int letter = t->letters[i], left = i ? t->letters[i - 1] : 0, right = i + 1 < t->n ? t->letters[i + 1] : 0;
    float score = t->weights[here < t->cue_words ? here : 0];
    score += before_pairs[(before * 31337 + here * 7) % t->pairs];
    score += after_pairs[(here * 31337 + after * 7) % t->pairs];
    score += classes[letter];
    score += class_before[left * t->letter_count + letter];
    score += class_after[letter * t->letter_count + right];
    score += sentence_begins[t->begins[i] * t->letter_count + letter];
    return score;
}

static int is_cue(const Tokens *t, Py_ssize_t i)
{
    int letter = t->letters[i], before = i > 0 ? t->letters[i - 1] : 0, second = i > 1 ? t->letters[i - 2] : 0;
    if (t->carries[letter] || (letter == 'M' && t->shapes[i] != LOWER)) /* "May announced" */
        return 0;
    if (letter == 'B' && before != 'b' && !(before == 'a' && second == 'b')) /* "they thought" tells, no hedge */
        return 0;
    float score = log_odds(t, i);
    score += t->news[letter];
    return score > t->limit;
}

/* The letters with 'k' for every cue, closed by a 0 that no part of the pattern takes. */
static void recode(const Tokens *t, uint8_t *written)
{
    for (Py_ssize_t i = 0; i < t->n; i++)
        written[i] = is_cue(t, i) ? 'k' : t->letters[i];
    written[t->n] = 0;
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

/* End of the phrase that begins at `start`, or `start`; `kind` as `Phrase` has it. scorer.hedges._PHRASE */
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
    *kind = t->letters[i];
    while (written[i] == 'k') {
        Py_ssize_t next = past(written, ++i, 2, 'a', 'a');
        if (written[next] == 'k')
            i = next;
    }
    return past_tail(written, i);
}

static PyObject *phrases(const Tokens *t, const uint8_t *written)
{
    PyObject *found = PyList_New(0);
    for (Py_ssize_t i = 0; found && i < t->n;) {
        int kind = 0;
        Py_ssize_t end = phrase_end(t, written, i, &kind);
        if (end == i) {
            i++;
            continue;
        }
        PyObject *one = Py_BuildValue("(nni)", i, end, kind);
        if (!one || PyList_Append(found, one) < 0)
            Py_CLEAR(found);
        Py_XDECREF(one);
        i = end;
    }
    return found;
}

/* All of it, given sound arrays; `letters` are those of the table, `wide` says the wider class of each. */
static PyObject *find(Tokens *t, const uint8_t *table, const uint8_t *wide, const int32_t *firsts, Py_ssize_t sentences)
{
    uint8_t *begins = PyMem_Calloc(3 * t->n + 1, 1), *letters = begins + t->n, *written = letters + t->n;
    if (!begins)
        return PyErr_NoMemory();
    for (Py_ssize_t s = 0; s < sentences; s++)
        begins[firsts[s]] = 1;
    for (Py_ssize_t i = 0; i < t->n; i++)
        letters[i] = wide[table[t->words[i]]];
    t->begins = begins;
    t->letters = letters;
    recode(t, written);
    PyObject *found = phrases(t, written);
    PyMem_Free(begins);
    return found;
}

PyObject *kernel_hedges(PyObject *self, PyObject *args)
{
    enum { WORDS, SHAPES, BORDERS, TABLE, WIDE, CARRIES, NEWS, WEIGHTS, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "borders", "table", "wide", "carries", "news", "weights"};
    static const char formats[] = "iiiBBBff";
    PyObject *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    Tokens t = {0};
    if (!PyArg_ParseTuple(args, "OOOOOOOOf(iii)", &given[WORDS], &given[SHAPES], &given[BORDERS], &given[TABLE],
                          &given[WIDE], &given[CARRIES], &given[NEWS], &given[WEIGHTS], &t.limit, &t.cue_words,
                          &t.pairs, &t.letter_count) ||
        arrays_take(given, a, formats, names) < 0)
        return NULL;
    t.words = a[WORDS].view.buf;
    t.shapes = a[SHAPES].view.buf;
    t.carries = a[CARRIES].view.buf;
    t.news = a[NEWS].view.buf;
    t.weights = a[WEIGHTS].view.buf;
    t.n = a[WORDS].count;
    const int32_t *firsts = a[BORDERS].view.buf;
    Py_ssize_t wanted = (Py_ssize_t)t.cue_words + 2 * (Py_ssize_t)t.pairs +
                        (Py_ssize_t)t.letter_count * (3 + 2 * (Py_ssize_t)t.letter_count);
    int good = a[SHAPES].count == t.n && a[WIDE].count == LETTERS && a[CARRIES].count == LETTERS &&
               a[NEWS].count == LETTERS && t.cue_words > 0 && t.pairs > 0 && a[WEIGHTS].count == wanted &&
               a[BORDERS].count > 0;
    const uint8_t *table = a[TABLE].view.buf, *wide = a[WIDE].view.buf;
    for (Py_ssize_t i = 0; good && i < t.n; i++)
        good = t.words[i] >= 0 && t.words[i] < a[TABLE].count && wide[table[t.words[i]]] < t.letter_count;
    for (Py_ssize_t s = 0; good && s + 1 < a[BORDERS].count; s++)
        good = firsts[s] >= 0 && firsts[s] < t.n;
    if (good)
        found = find(&t, table, wide, firsts, a[BORDERS].count - 1);
    else
        PyErr_SetString(PyExc_ValueError, "words, letters and weights do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
