/* The log-odds that each token is a hedge cue: scorer.hedges.token_features and its weights, summed up. */
#include "kernel.h"

typedef struct {
    const int32_t *words;
    const uint8_t *letters;
    Py_ssize_t n;
    int32_t cue_words, pairs, letter_count;
} Tokens;

static void sum(const Tokens *t, const uint8_t *begins, const float *weights, float *scores)
{
    const float *before_pairs = weights + t->cue_words, *after_pairs = before_pairs + t->pairs,
                *classes = after_pairs + t->pairs, *class_before = classes + t->letter_count,
                *class_after = class_before + t->letter_count * t->letter_count,
                *sentence_begins = class_after + t->letter_count * t->letter_count;
    for (Py_ssize_t i = 0; i < t->n; i++) {
        int64_t here = t->words[i], before = i ? t->words[i - 1] : 0, after = i + 1 < t->n ? t->words[i + 1] : 0;
        int letter = t->letters[i], left = i ? t->letters[i - 1] : 0, right = i + 1 < t->n ? t->letters[i + 1] : 0;
        float score = weights[here < t->cue_words ? here : 0];
        score += before_pairs[(before * 31337 + here * 7) % t->pairs];
        score += after_pairs[(here * 31337 + after * 7) % t->pairs];
        score += classes[letter];
        score += class_before[left * t->letter_count + letter];
        score += class_after[letter * t->letter_count + right];
        score += sentence_begins[begins[i] * t->letter_count + letter];
        scores[i] = score;
    }
}

PyObject *kernel_hedges(PyObject *self, PyObject *args)
{
    PyObject *words_given, *letters_given, *begins_given, *weights_given, *found = NULL;
    Array words, letters, begins, weights;
    Tokens t;
    if (!PyArg_ParseTuple(args, "OOOOiii", &words_given, &letters_given, &begins_given, &weights_given, &t.cue_words,
                          &t.pairs, &t.letter_count) ||
        array_take(words_given, &words, 'i', 4, "words") < 0)
        return NULL;
    if (array_take(letters_given, &letters, 'B', 1, "letters") < 0)
        goto no_letters;
    if (array_take(begins_given, &begins, 'B', 1, "begins") < 0)
        goto no_begins;
    if (array_take(weights_given, &weights, 'f', 4, "weights") < 0)
        goto no_weights;
    t.words = words.view.buf;
    t.letters = letters.view.buf;
    t.n = words.count;
    Py_ssize_t wanted = (Py_ssize_t)t.cue_words + 2 * (Py_ssize_t)t.pairs +
                        (Py_ssize_t)t.letter_count * (3 + 2 * (Py_ssize_t)t.letter_count);
    const uint8_t *begin = begins.view.buf;
    int good = letters.count == t.n && begins.count == t.n && weights.count == wanted && t.pairs > 0;
    for (Py_ssize_t i = 0; good && i < t.n; i++)
        good = t.words[i] >= 0 && t.letters[i] < t.letter_count && begin[i] < 2;
    if (good) {
        found = PyBytes_FromStringAndSize(NULL, t.n * (Py_ssize_t)sizeof(float));
        if (found)
            sum(&t, begin, weights.view.buf, (float *)PyBytes_AS_STRING(found));
    } else {
        PyErr_SetString(PyExc_ValueError, "words, letters and weights do not fit each other");
    }
    array_drop(&weights);
no_weights:
    array_drop(&begins);
no_begins:
    array_drop(&letters);
no_letters:
    array_drop(&words);
    return found;
}
