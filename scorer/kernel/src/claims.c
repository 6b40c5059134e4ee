/* Which number expressions are checkable quantities: scorer.figure_features and its weights, written out. */
#include "characters.h"
#include "figures.h"
#include <string.h>

enum { LETTERS = 128, SHAPES = 16, NO_SHAPE = 15, LONGEST_MIXED = 40 }; /* scorer.figure_features */
enum { SHORT = '1', THREE = '2', LONG = 'N', MIXED = 'X', MONTH = 'M' };

enum Form { /* scorer.figure_features.Form */
    ONE_DIGIT, TWO_DIGITS, THREE_DIGITS, YEAR, LONG_NUMBER, GROUPED, DECIMAL, MONEY, PERCENT, SCALED, INDEFINITE, RANGE,
    YEARS, SCORE, RATIO, CLOCK, SLASHES, ORDINAL, DECADE, AGE, HYPHENATED, CODE, SMALL_WORD, WORD_FORM, FRACTION, FORMS
};

enum { /* groups of weights, in the order of scorer.figure_features.BASES */
    OF_FORM, OF_LETTERS, OF_FORM_BEFORE = OF_LETTERS + 6, OF_FORM_AFTER, OF_SHAPE_BEFORE, OF_SHAPE_AFTER, OF_SIDES,
    OF_PLACE, OF_DATE, OF_PLURAL
};

typedef struct {
    const Passage *p;
    const ClaimWeights *weights;
    const uint8_t *letters;
} Words;

static int is_year(PyObject *token) /* (?:1[5-9]|20)\d\d */
{
    if (PyUnicode_GET_LENGTH(token) != 4)
        return 0;
    Characters t = characters_of(token);
    int old = at(t, 0) == '1' && at(t, 1) >= '5' && at(t, 1) <= '9', new = at(t, 0) == '2' && at(t, 1) == '0';
    return (old || new) && classes(at(t, 2)) & DIGIT && classes(at(t, 3)) & DIGIT;
}

static int form_of_long(PyObject *token)
{
    Characters t = characters_of(token);
    int digits = 1, comma = 0;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(token); i++) {
        digits &= is_digit(at(t, i));
        comma |= at(t, i) == ',';
    }
    if (digits)
        return is_year(token) ? YEAR : LONG_NUMBER;
    return comma ? GROUPED : DECIMAL;
}

/* Form of a single token; -1 on error */
static int form_of_token(const Words *w, uint8_t letter, PyObject *token)
{
    switch (letter) {
    case SHORT: return PyUnicode_GET_LENGTH(token) == 1 ? ONE_DIGIT : TWO_DIGITS;
    case THREE: return THREE_DIGITS;
    case LONG: return form_of_long(token);
    case 'w': return SMALL_WORD;
    case 'h': return INDEFINITE;
    case 'F': return FRACTION;
    case MIXED: break;
    default: return WORD_FORM;
    }
    PyObject *opening = PyUnicode_Substring(token, 0, LONGEST_MIXED);
    PyObject *answer = opening ? PyObject_CallOneArg(w->weights->form_of_mixed, opening) : NULL;
    long form = answer ? PyLong_AsLong(answer) : -1;
    Py_XDECREF(opening);
    Py_XDECREF(answer);
    if (form >= 0 && form < FORMS)
        return (int)form;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "no form of that number");
    return -1;
}

static int holds(const uint8_t *letters, Py_ssize_t count, const char *marks)
{
    for (Py_ssize_t i = 0; i < count; i++)
        if (letters[i] && strchr(marks, letters[i]))
            return 1;
    return 0;
}

/* scorer.figure_features.form_of for several tokens */
static int form_of_run(const uint8_t *letters, Py_ssize_t count, PyObject *token)
{
    static const struct { const char *marks; int form; } table[] = {
        {"cm", MONEY}, {"peP", PERCENT}, {":", CLOCK}, {"/", SLASHES}, {"iu", RATIO}, {"h", INDEFINITE},
        {"HF", FRACTION}, {"sav", SCALED}, {"r-&", RANGE},
    };
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        if (holds(letters, count, table[k].marks)) {
            int years = table[k].form == RANGE && count == 3 && letters[0] == LONG && letters[2] == LONG &&
                        (letters[1] == '-' || letters[1] == 'r') && is_year(token);
            return years ? YEARS : table[k].form;
        }
    return letters[0] == SHORT || letters[0] == THREE ? GROUPED : WORD_FORM;
}

/* "9/11", "24/7" and their like: 1, 0, or -1 on error */
static int is_idiom(const Words *w, Py_ssize_t first, Py_ssize_t last)
{
    const uint8_t *l = w->letters + first;
    int may = last - first == 1
                  ? l[0] == MIXED
                  : last - first == 3 && l[0] == SHORT &&
                        ((l[1] == '/' && (l[2] == SHORT || l[2] == THREE)) || (l[1] == '-' && l[2] == SHORT));
    if (!may || w->p->ends[last - 1] - w->p->starts[first] > 8)
        return 0;
    PyObject *written = PyUnicode_Substring(w->p->normal, w->p->starts[first], w->p->ends[last - 1]);
    int found = written ? PySet_Contains(w->weights->idioms, written) : -1;
    Py_XDECREF(written);
    return found;
}

static int form_of(const Words *w, Py_ssize_t first, Py_ssize_t last)
{
    int idiom = is_idiom(w, first, last);
    if (idiom)
        return idiom < 0 ? -1 : CODE;
    PyObject *token = first < PyList_GET_SIZE(w->p->tokens) ? PyList_GET_ITEM(w->p->tokens, first) : Py_None;
    if (!PyUnicode_Check(token)) {
        PyErr_SetString(PyExc_ValueError, "tokens that fit expressions are strings");
        return -1;
    }
    return last - first == 1 ? form_of_token(w, w->letters[first], token)
                             : form_of_run(w->letters + first, last - first, token);
}

static int letter_at(const Words *w, Py_ssize_t i)
{
    int letter = i >= 0 && i < w->p->n ? w->letters[i] : 0;
    return letter < LETTERS ? letter : LETTERS - 1;
}

static int shape_at(const Words *w, Py_ssize_t i) { return i >= 0 && i < w->p->n ? w->p->shapes[i] : NO_SHAPE; }

/* 4 for the first token of a sentence, and how long the sentence is. */
static int place_of(const Words *w, Py_ssize_t first)
{
    const int32_t *borders = w->p->borders;
    Py_ssize_t border_count = w->p->m + 1, low = 0, high = border_count; /* the first border behind `first` */
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (borders[middle] <= first)
            low = middle + 1;
        else
            high = middle;
    }
    Py_ssize_t last = border_count > 1 ? border_count - 2 : 0, s = low > 0 ? low - 1 : 0;
    s = s < last ? s : last;
    Py_ssize_t next = s + 1 < border_count ? s + 1 : s;
    Py_ssize_t length = borders[next] - borders[s];
    return 4 * (borders[s] == first) + (length >= 4) + (length >= 10) + (length >= 40);
}

static int is_lower(Characters t, Py_ssize_t length)
{
    int cased = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        if (at(t, i) < 128) {
            if (at(t, i) >= 'A' && at(t, i) <= 'Z')
                return 0;
            cased |= at(t, i) >= 'a' && at(t, i) <= 'z';
            continue;
        }
        if (Py_UNICODE_ISUPPER(at(t, i)) || Py_UNICODE_ISTITLE(at(t, i)))
            return 0;
        cased |= Py_UNICODE_ISLOWER(at(t, i)) != 0;
    }
    return cased;
}

/* 1 where a lower-case word in -s follows, 2 where one follows that, else 0. */
static int plural_of(const Words *w, Py_ssize_t after)
{
    Py_ssize_t left = PyList_GET_SIZE(w->p->tokens) - after; /* form_of_mixed may have changed the list */
    for (int step = 1; step <= 2 && step <= left; step++) {
        PyObject *token = PyList_GET_ITEM(w->p->tokens, after + step - 1);
        if (!PyUnicode_Check(token))
            return 0;
        Py_ssize_t length = PyUnicode_GET_LENGTH(token);
        Characters t = characters_of(token);
        if (!is_lower(t, length))
            return 0;
        Py_UCS4 before = length > 3 ? at(t, length - 2) : 0;
        if (length > 3 && at(t, length - 1) == 's' && before != 's' && before != 'i' && before != 'u')
            return step;
    }
    return 0;
}

/* Indices of the weights of an expression written in `form`: scorer.figure_features.features */
static void columns_of(const Words *w, Py_ssize_t first, Py_ssize_t last, int form, int64_t *column)
{
    int near[6], *ahead = near, *behind = near + 3;
    for (int k = 0; k < 3; k++) {
        ahead[k] = letter_at(w, first - 3 + k);
        behind[k] = letter_at(w, last + k);
    }
    int plain = form <= LONG_NUMBER || form == SMALL_WORD || form == WORD_FORM;
    int dated = 2 * (ahead[0] == MONTH || ahead[1] == MONTH || ahead[2] == MONTH) +
                (behind[0] == MONTH || behind[1] == MONTH);
    int before = shape_at(w, first - 1), after = shape_at(w, last);
    column[OF_FORM] = form;
    for (int k = 0; k < 6; k++)
        column[OF_LETTERS + k] = near[k] + plain * LETTERS;
    column[OF_FORM_BEFORE] = form * LETTERS + ahead[2];
    column[OF_FORM_AFTER] = form * LETTERS + behind[0];
    column[OF_SHAPE_BEFORE] = form * SHAPES + before;
    column[OF_SHAPE_AFTER] = form * SHAPES + after;
    column[OF_SIDES] = before * SHAPES + after;
    column[OF_PLACE] = place_of(w, first);
    column[OF_DATE] = form * 4 + dated;
    column[OF_PLURAL] = form * 4 + plural_of(w, last);
}

/* Log-odds that an expression is a claim into `score`; 0, or -1 with an exception set. */
static int weigh(const Words *w, Py_ssize_t first, Py_ssize_t last, int form, float *score)
{
    static const int offsets[CLAIM_OFFSETS] = {-2, -1, 0, 1};
    const ClaimWeights *weights = w->weights;
    int64_t column[CLAIM_COLUMNS];
    float sum = 0, around = 0;
    columns_of(w, first, last, form, column);
    for (int k = 0; k < CLAIM_COLUMNS; k++) {
        int64_t index = weights->bases[k] + column[k];
        if (index < 0 || index >= weights->claim_count) {
            PyErr_SetString(PyExc_ValueError, "the table of weights is too short");
            return -1;
        }
        sum += weights->claim[index];
    }
    for (int k = 0; k < CLAIM_OFFSETS; k++) {
        Py_ssize_t token = offsets[k] < 0 ? first + offsets[k] : last + offsets[k];
        int32_t word = token >= 0 && token < w->p->n ? w->p->words[token] : 0;
        around += weights->context[k * weights->context_words + (word < weights->context_words ? word : 0)];
    }
    sum += weights->bias;
    around *= weights->context_weight;
    *score = sum + around;
    return 0;
}

/* Whether a number word takes up what is known ("the two upset towns"): scorer.figure_rules.takes_up; -1 on error. */
static int takes_up(const Words *w, Py_ssize_t first)
{
    if (!first)
        return 0;
    PyObject *token = first <= PyList_GET_SIZE(w->p->tokens) ? PyList_GET_ITEM(w->p->tokens, first - 1) : Py_None;
    if (PyUnicode_CheckExact(token))
        return PySet_Contains(w->weights->the, token);
    PyErr_SetString(PyExc_ValueError, "tokens that fit expressions are strings");
    return -1;
}

int claims_fit(const ClaimWeights *w, Py_ssize_t context)
{
    int good = w->context_words > 0 && context == CLAIM_OFFSETS * w->context_words;
    for (int k = 0; good && k < CLAIM_COLUMNS; k++)
        good = w->bases[k] >= 0 && w->bases[k] < w->claim_count;
    return good;
}

Py_ssize_t claims_keep(const Passage *p, const ClaimWeights *weights, const uint8_t *letters, int64_t *first,
                       int64_t *last, int64_t *form, float *score, Py_ssize_t count)
{
    Words w = {p, weights, letters};
    Py_ssize_t kept = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        int written = form_of(&w, first[i], last[i]);
        if (written < 0 || weigh(&w, first[i], last[i], written, &score[kept]) < 0)
            return -1;
        int is_known = score[kept] > 0 && written == SMALL_WORD ? takes_up(&w, first[i]) : 0;
        if (is_known < 0)
            return -1;
        if (!(score[kept] > 0) || is_known)
            continue;
        first[kept] = first[i];
        last[kept] = last[i];
        form[kept++] = written;
    }
    return kept;
}
