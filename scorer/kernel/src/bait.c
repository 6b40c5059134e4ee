/* How a teaser is worded, weighed: scorer.bait.bait_features and the sum of their weights, written out. */
#include "lure.h"
#include <string.h>

/* scorer.bait.LISTS, a bit each */
enum {
    BEFORE_NUMBER = 1, LISTED = 2, NOT_LISTED = 4, NUMERALS = 8, PERSONS = 16, POINTED_AT = 32, POINTING = 64,
    QUESTIONS = 128, SETS = 8, SETS_COUNT = 5
};
/* scorer.bait.TRAITS */
enum {
    BIAS, NUMBER, WORDS, LISTICLE = WORDS + 7, LISTED_TRAIT, NUMBER_OPENS, LISTED_INSIDE, OPENS_QUESTION, HOW_TO,
    HOW_OTHER,
    IN_SETS, UNNAMED_PERSON = IN_SETS + SETS_COUNT, POINTS_AHEAD, MARKS, SHOUTED = MARKS + 5, OPENS_QUOTING,
    ONLY_QUOTES,
    QUESTION_WORDS, NO_NAME = QUESTION_WORDS + 4, CUT, TRAITS
};
enum { WINDOW = 80, AFTER = 8, ALL_DIGITS = 1, DIGIT_FIRST = 2, CAPITAL = 4, SHOUTS = 8, PLURAL = 16, IS_HOW = 32,
       IS_TO = 64 };

typedef struct {
    int number, length, traits; /* -1 for a word that no table holds; characters in lower case */
} Word;

typedef struct {
    Characters t;
    PyObject *text, *numbers;
    const int32_t *members;
    const double *weights, *opens, *traits;
    Py_ssize_t length, known;
    int64_t max_words, listed_within;
} Teaser;

/* Whether a word's number was met, and that it is now; a bit each. */
static int meet(uint8_t *met, int number)
{
    int bit = 1 << (number & 7), before = met[number >> 3] & bit;
    met[number >> 3] |= (uint8_t)bit;
    return before;
}

static int is_apostrophe(Py_UCS4 c) { return c == '\'' || c == 0x2019; }
static int begins_word(Py_UCS4 c) { return c != '_' && (classes(c) & WORD); }
static int in_word(Py_UCS4 c) { return (classes(c) & WORD) || is_apostrophe(c) || c == '-'; }

/* The word at [start, end) in lower case; apostrophes are made plain only where `plain` is set. */
static PyObject *lower_case(const Teaser *b, Py_ssize_t start, Py_ssize_t end, int plain)
{
    char small[64];
    Py_ssize_t length = end - start, i = 0;
    for (; length <= (Py_ssize_t)sizeof small && i < length; i++) {
        Py_UCS4 c = at(b->t, start + i);
        if (c == 0x2019 && plain)
            c = '\'';
        if (c >= 128)
            break;
        small[i] = (char)(c | (Py_UCS4)(c >= 'A' && c <= 'Z') << 5);
    }
    if (i == length)
        return PyUnicode_FromKindAndData(1, small, length);
    PyObject *part = PyUnicode_Substring(b->text, start, end);
    PyObject *lower = part ? lowered(part) : NULL;
    Py_XDECREF(part);
    if (lower && plain)
        Py_SETREF(lower, replaced(lower, 0x2019, "'"));
    return lower;
}

/* What is to be known of the word at [start, end); 0, or -1 with an exception set. */
static int read_word(const Teaser *b, Py_ssize_t start, Py_ssize_t end, int plain, Word *word)
{
    PyObject *key = lower_case(b, start, end, plain);
    PyObject *number = key ? PyDict_GetItemWithError(b->numbers, key) : NULL;
    word->number = number ? (int)PyLong_AsLong(number) : -1;
    if (!key || PyErr_Occurred()) {
        Py_XDECREF(key);
        return -1;
    }
    Characters k = characters_of(key);
    Py_ssize_t length = PyUnicode_GET_LENGTH(key);
    word->length = (int)length;
    word->traits = Py_UNICODE_ISDIGIT(at(k, 0)) ? ALL_DIGITS | DIGIT_FIRST : 0;
    for (Py_ssize_t i = 1; i < length && word->traits & ALL_DIGITS; i++)
        if (!Py_UNICODE_ISDIGIT(at(k, i)))
            word->traits &= ~ALL_DIGITS;
    if (at(k, length - 1) == 's')
        word->traits |= PLURAL;
    if (length == 3 && at(k, 0) == 'h' && at(k, 1) == 'o' && at(k, 2) == 'w')
        word->traits |= IS_HOW;
    if (length == 2 && at(k, 0) == 't' && at(k, 1) == 'o')
        word->traits |= IS_TO;
    Py_DECREF(key);
    int cased = 0, small = 0;
    for (Py_ssize_t i = start; i < end && !small; i++) {
        Py_UCS4 c = at(b->t, i);
        small = Py_UNICODE_ISLOWER(c) || Py_UNICODE_ISTITLE(c);
        cased = cased || Py_UNICODE_ISUPPER(c);
    }
    word->traits |= (Py_UNICODE_ISUPPER(at(b->t, start)) ? CAPITAL : 0) |
                    (cased && !small && end - start > 3 ? SHOUTS : 0);
    if (word->number < -1 || word->number >= b->known) {
        PyErr_SetString(PyExc_ValueError, "the numbers of words do not fit the tables");
        return -1;
    }
    return 0;
}

/* The words of [at, end), `most` at the most; how many, or -1 with an exception set. */
static Py_ssize_t read_words(const Teaser *b, Py_ssize_t i, Py_ssize_t end, Py_ssize_t most, int plain, Word *words)
{
    Py_ssize_t count = 0;
    while (i < end && count < most) {
        if (!begins_word(at(b->t, i))) {
            i++;
            continue;
        }
        Py_ssize_t start = i;
        while (i < end && in_word(at(b->t, i)))
            i++;
        if (read_word(b, start, i, plain, &words[count++]) < 0)
            return -1;
    }
    return count;
}

static int is(const Teaser *b, const Word *word, int list)
{
    return word->number >= 0 && (b->members[word->number] & list);
}

static int any_listed(const Teaser *b, const Word *words, Py_ssize_t from, Py_ssize_t to)
{
    while (from < to)
        if (is(b, &words[from++], LISTED))
            return 1;
    return 0;
}

static int reads(const Teaser *b, Py_ssize_t i, const char *small)
{
    for (; *small; small++, i++)
        if (i >= b->length ||
            (at(b->t, i) != (Py_UCS4)*small && at(b->t, i) != (Py_UCS4)(*small & ~(*small == ' ' ? 0 : 32))))
            return 0;
    return 1;
}

/* A number in front of what lists are made of (scorer.bait._LISTED); 0, or -1 with an exception set. */
static int add_opening_list(const Teaser *b, double *sum)
{
    Py_ssize_t i = 0, digits = 0, blanks = 0;
    while (reads(b, i, "the ") || reads(b, i, "top "))
        i += 4;
    if (i >= b->length || at(b->t, i) < '1' || at(b->t, i) > '9')
        return 0;
    for (i++; digits < 2 && i < b->length && Py_UNICODE_ISDECIMAL(at(b->t, i)); i++)
        digits++;
    for (; i < b->length && at(b->t, i) == ' '; i++)
        blanks++;
    if (!blanks)
        return 0;
    Py_ssize_t end = i;
    while (end < b->length && end - i < WINDOW && at(b->t, end) != '\n')
        end++;
    Word after[AFTER];
    Py_ssize_t count = read_words(b, i, end, AFTER, 0, after);
    int plural = 0;
    for (Py_ssize_t k = 0; k < count; k++)
        plural |= after[k].traits & PLURAL;
    if (count > 0 && plural && !is(b, &after[0], NOT_LISTED))
        *sum += b->traits[LISTICLE];
    if (count > 0 && any_listed(b, after, 0, count))
        *sum += b->traits[LISTED_TRAIT];
    return count < 0 ? -1 : 0;
}

static void add_words(const Teaser *b, const Word *words, Py_ssize_t count, uint8_t *met, double *sum)
{
    int numbered = 0;
    for (Py_ssize_t i = 0; i < count && i < b->max_words; i++) {
        const Word *word = &words[i];
        if (word->traits & DIGIT_FIRST) {
            *sum += numbered ? 0.0 : b->traits[NUMBER];
            numbered = 1;
        } else if (word->number >= 0 && !meet(met, word->number)) {
            *sum += b->weights[word->number];
        }
    }
    static const int borders[] = {4, 6, 9, 12, 16, 24};
    int length = 0;
    while (length < 6 && count >= borders[length])
        length++;
    *sum += b->traits[WORDS + length];
}

static void add_lists(const Teaser *b, const Word *words, Py_ssize_t count, double *sum)
{
    Py_ssize_t first = 0;
    while (first < count && first < 4 && is(b, &words[first], BEFORE_NUMBER))
        first++;
    if (first < count && first < 4 &&
        (is(b, &words[first], NUMERALS) || ((words[first].traits & ALL_DIGITS) && words[first].length <= 2)))
        *sum += b->traits[NUMBER_OPENS];
    for (Py_ssize_t i = 0; i < count && i < b->max_words; i++) {
        Py_ssize_t end = i + 1 + b->listed_within;
        if ((words[i].traits & ALL_DIGITS) && any_listed(b, words, i + 1, end < count ? end : count)) {
            *sum += b->traits[LISTED_INSIDE];
            break;
        }
    }
}

static void add_traits(const Teaser *b, const Word *words, Py_ssize_t count, uint8_t *met, double *sum)
{
    if (is(b, &words[0], QUESTIONS))
        *sum = *sum + b->traits[OPENS_QUESTION] + b->opens[words[0].number];
    if (words[0].traits & IS_HOW)
        *sum += b->traits[count > 1 && words[1].traits & IS_TO ? HOW_TO : HOW_OTHER];
    int held[SETS_COUNT] = {0};
    for (Py_ssize_t i = 0; i < count; i++) {
        int number = words[i].number;
        if (number < 0 || meet(met, number))
            continue;
        for (int k = 0; k < SETS_COUNT; k++)
            held[k] += b->members[number] >> (SETS + k) & 1;
    }
    for (int k = 0; k < SETS_COUNT; k++)
        if (held[k])
            *sum += (held[k] < 2 ? held[k] : 2) * b->traits[IN_SETS + k];
    if (is(b, &words[0], PERSONS))
        *sum += b->traits[UNNAMED_PERSON];
    for (Py_ssize_t i = 0; i + 1 < count; i++)
        if (is(b, &words[i], POINTING) && is(b, &words[i + 1], POINTED_AT)) {
            *sum += b->traits[POINTS_AHEAD];
            break;
        }
}

static int ends(const Teaser *b, const char *with)
{
    Py_ssize_t length = (Py_ssize_t)strlen(with);
    for (Py_ssize_t i = 0; i < length; i++)
        if (length > b->length || at(b->t, b->length - length + i) != (Py_UCS4)with[i])
            return 0;
    return 1;
}

static void add_marks(const Teaser *b, const Word *words, Py_ssize_t count, double *sum)
{
    static const Py_UCS4 marks[] = {'?', '!', 0x2026, '$', 0x201C};
    int there[5] = {0}, shouted = 0, named = 0;
    for (Py_ssize_t i = 0; i < b->length; i++) {
        Py_UCS4 c = at(b->t, i);
        for (int k = 0; k < 5 && !begins_word(c); k++)
            there[k] |= c == marks[k];
    }
    for (int k = 0; k < 5; k++)
        if (there[k])
            *sum += b->traits[MARKS + k];
    for (Py_ssize_t i = 0; i < count; i++) {
        shouted += (words[i].traits & SHOUTS) != 0;
        named |= i && words[i].traits & CAPITAL;
    }
    if (shouted)
        *sum += (shouted < 3 ? shouted / 3.0 : 1.0) * b->traits[SHOUTED];
    Py_UCS4 first = at(b->t, 0), last = at(b->t, b->length - 1);
    if (first == '"' || first == 0x201C || first == 0x2018 || first == '\'') {
        *sum += b->traits[OPENS_QUOTING];
        if (last == '"' || last == 0x201D || is_apostrophe(last))
            *sum += b->traits[ONLY_QUOTES];
    }
    if (last == '?')
        *sum += b->traits[QUESTION_WORDS + (count >= 5) + (count >= 8) + (count >= 12)];
    if (!named)
        *sum += b->traits[NO_NAME];
    if (last == 0x2026 || ends(b, "...") || ends(b, "... "))
        *sum += b->traits[CUT];
}

/* Add up what is there; 0, or -1 with an exception set. */
static int weigh(const Teaser *b, double *sum)
{
    Py_ssize_t bytes = b->known / 8 + 1;
    Word *words = PyMem_Malloc((b->length / 2 + 1) * sizeof *words); /* a word and what parts it take two characters */
    uint8_t *met = PyMem_Calloc(2, bytes);
    Py_ssize_t count = words && met ? read_words(b, 0, b->length, b->length / 2 + 1, 1, words) : -1;
    if (!words || !met)
        PyErr_NoMemory();
    int failed = count < 0;
    *sum = b->traits[BIAS];
    if (count > 0) {
        add_words(b, words, count, met, sum);
        failed = add_opening_list(b, sum) < 0;
        add_lists(b, words, count, sum);
        add_traits(b, words, count, met + bytes, sum);
        add_marks(b, words, count, sum);
    }
    PyMem_Free(words);
    PyMem_Free(met);
    return failed ? -1 : 0;
}

int bait_of(PyObject *tables, PyObject *numbers, PyObject *text, double *odds)
{
    enum { MEMBERS, WEIGHTS, OPENS, WEIGHTS_OF_TRAITS, LIMITS };
    const Array *a = tables_of(tables, "idddq");
    if (!a)
        return -1;
    if (!PyDict_Check(numbers) || a[WEIGHTS].count != a[MEMBERS].count || a[OPENS].count != a[MEMBERS].count ||
        a[WEIGHTS_OF_TRAITS].count != TRAITS || a[LIMITS].count != 2) {
        PyErr_SetString(PyExc_ValueError, "the tables of words and traits do not fit each other");
        return -1;
    }
    const int64_t *limits = a[LIMITS].view.buf;
    Teaser b = {characters_of(text), text, numbers, a[MEMBERS].view.buf, a[WEIGHTS].view.buf, a[OPENS].view.buf,
                a[WEIGHTS_OF_TRAITS].view.buf, PyUnicode_GET_LENGTH(text), a[MEMBERS].count, limits[0], limits[1]};
    if (b.listed_within < 0 || b.listed_within > PY_SSIZE_T_MAX / 2) {
        PyErr_SetString(PyExc_ValueError, "a number of words does not fit");
        return -1;
    }
    return weigh(&b, odds);
}

/* bait(tables, number_of, text) */
PyObject *kernel_bait(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    double odds;
    if (given == 3 && PyUnicode_Check(args[2]))
        return bait_of(args[0], args[1], args[2], &odds) < 0 ? NULL : PyFloat_FromDouble(odds);
    PyErr_SetString(PyExc_TypeError, "bait(tables, number_of, text)");
    return NULL;
}
