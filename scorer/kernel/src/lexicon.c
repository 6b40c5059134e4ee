/* A token's word id and shape: scorer.lexicon.Lexicon.packed, written out. */
#include "words.h"

enum { LOWER, TITLE, UPPER, MIXED, INITIAL, INTEGER, NUMBER, ALPHANUMERIC, PUNCTUATION, QUOTE_OPEN, QUOTE_CLOSE,
       QUOTE_STRAIGHT, CURRENCY, HYPHENATED }; /* scorer.lexicon.Shape */

static const Py_UCS4 OPENING[] = {0x201C, 0x201E, 0x201F, 0xAB, 0x2039, 0x2018, 0x201B, 0};
static const Py_UCS4 CLOSING[] = {0x201D, 0xBB, 0x203A, 0x2019, 0};
static const Py_UCS4 CURRENCIES[] = {'$', 0xA3, 0x20AC, 0xA5, 0x20B9, 0};

static int holds(const Py_UCS4 *set, Py_UCS4 character)
{
    while (*set && *set != character)
        set++;
    return *set != 0;
}

/* The shape of a token of one character; -1 where the rules for longer ones decide. */
static int shape_of_one(Py_UCS4 c)
{
    if (holds(OPENING, c))
        return QUOTE_OPEN;
    if (holds(CLOSING, c))
        return QUOTE_CLOSE;
    if (c == '"' || c == '\'')
        return QUOTE_STRAIGHT;
    if (holds(CURRENCIES, c))
        return CURRENCY;
    if (Py_UNICODE_ISALPHA(c))
        return Py_UNICODE_ISUPPER(c) ? INITIAL : LOWER;
    return -1;
}

static int shape_of(Characters t, Py_ssize_t length)
{
    int one = length == 1 ? shape_of_one(at(t, 0)) : -1;
    if (one >= 0)
        return one;
    Py_ssize_t letters = 0, capitals = 0, later_capitals = 0, digits = 0, either = 0, hyphens = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = at(t, i);
        int is_letter = Py_UNICODE_ISALPHA(c), is_capital = is_letter && Py_UNICODE_ISUPPER(c);
        later_capitals += is_capital && letters;
        letters += is_letter;
        capitals += is_capital;
        digits += Py_UNICODE_ISDIGIT(c) != 0;
        either += Py_UNICODE_ISALNUM(c) != 0;
        hyphens += c == '-';
    }
    if (!either)
        return PUNCTUATION;
    if (digits == length)
        return INTEGER;
    if (Py_UNICODE_ISDIGIT(at(t, 0)))
        return letters ? ALPHANUMERIC : NUMBER;
    if (digits)
        return ALPHANUMERIC;
    if (capitals == letters)
        return letters > 1 ? UPPER : INITIAL;
    if (hyphens)
        return HYPHENATED;
    if (Py_UNICODE_ISUPPER(at(t, 0)))
        return later_capitals ? MIXED : TITLE;
    return capitals ? MIXED : LOWER;
}

/* The number `ids` has for these characters; -1 where it has none, -2 with an exception set. */
static long number_of(PyObject *ids, const Py_UCS4 *characters, Py_ssize_t length)
{
    PyObject *key = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, characters, length);
    PyObject *number = key ? PyDict_GetItemWithError(ids, key) : NULL;
    Py_XDECREF(key);
    if (!number)
        return PyErr_Occurred() ? -2 : -1;
    long found = PyLong_AsLong(number);
    return found < 0 && PyErr_Occurred() ? -2 : found;
}

/* The number of a word, else of its longest known ending ("~ing"), else of "~". `key` has a free place before it. */
static long word_id(PyObject *ids, Py_UCS4 *key, Py_ssize_t length)
{
    long found = number_of(ids, key, length);
    for (Py_ssize_t ending = 3; found == -1 && ending; ending--)
        if (length > ending) {
            key[length - ending - 1] = '~';
            found = number_of(ids, key + length - ending - 1, ending + 1);
        }
    return found == -1 ? number_of(ids, (const Py_UCS4[]){'~'}, 1) : found;
}

long lexicon_packed(PyObject *ids, PyObject *pack, PyObject *token)
{
    Characters t = characters_of(token);
    Py_ssize_t length = PyUnicode_GET_LENGTH(token);
    Py_UCS4 room[LONGEST + 1], *key = room + 1;
    int simple = length <= LONGEST;
    for (Py_ssize_t i = 0; simple && i < length; i++) {
        Py_UCS4 c = at(t, i);
        simple = c != 0x130 && c != 0x3A3; /* the two letters whose lower case Python decides: lower.c */
        c = c < 128 ? c | (c >= 'A' && c <= 'Z') << 5 : Py_UNICODE_TOLOWER(c);
        key[i] = c == 0x2019 ? '\'' : Py_UNICODE_ISDIGIT(c) ? '0' : c;
    }
    if (simple) {
        long found = word_id(ids, key, length);
        if (found >= 0)
            return found << SHAPE_BITS | shape_of(t, length);
        if (found == -1)
            PyErr_SetString(PyExc_ValueError, "a lexicon needs the catch-all ending '~'");
        return -1;
    }
    PyObject *number = PyObject_CallOneArg(pack, token);
    long value = number ? PyLong_AsLong(number) : -1;
    Py_XDECREF(number);
    if (value < 0 && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "a word's number is not negative");
    return value;
}
