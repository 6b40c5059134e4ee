/* Number expressions: the letter of each token and the pattern over them; scorer.quantities, written out. */
#include "characters.h"
#include "figures.h"
#include <string.h>

enum { INTEGER = 5, NUMBER = 6, ALPHANUMERIC = 7, CURRENCY = 12 }; /* scorer.lexicon.Shape */
enum { OTHER = 'Z', SHORT = '1', THREE = '2', LONG = 'N', MIXED = 'X' };

typedef struct {
    const Passage *p;
    PyObject *rare;
    uint8_t *letters; /* behind the last one stands a 0, which no part of the pattern takes */
} Words;

/* The letter of a numeral by its digits; scorer.quantities.Finder.letters */
static uint8_t letter_of_number(PyObject *token, int shape)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(token);
    Characters text = characters_of(token);
    if (!length || !is_digit(at(text, 0)))
        return OTHER;
    if (shape == INTEGER)
        return length < 3 ? SHORT : length == 3 ? THREE : LONG;
    if (shape != NUMBER)
        return MIXED;
    for (Py_ssize_t i = 0; i < length; i++)
        if (at(text, i) == '-')
            return MIXED;
    return LONG;
}

static int is_lower_ascii(PyObject *token)
{
    if (!PyUnicode_CheckExact(token) || !PyUnicode_IS_ASCII(token))
        return 0;
    const char *letters = PyUnicode_DATA(token);
    while (*letters && (*letters < 'A' || *letters > 'Z'))
        letters++;
    return !*letters;
}

/* The letter of a word behind a numeral that the lexicon lacks into `letter`, which stays where there is none. */
static int take_rare(const Words *w, Py_ssize_t i, uint8_t *letter)
{
    PyObject *token = PyList_GET_ITEM(w->p->tokens, i);
    if (!PyUnicode_Check(token)) {
        PyErr_SetString(PyExc_ValueError, "words, tokens and letters do not fit each other");
        return -1;
    }
    PyObject *lower = is_lower_ascii(token) ? Py_NewRef(token) : lowered(token);
    PyObject *known = lower ? PyDict_GetItemWithError(w->rare, lower) : NULL;
    Py_XDECREF(lower);
    long value = known ? PyLong_AsLong(known) : 0;
    if (PyErr_Occurred())
        return -1;
    if (known)
        *letter = (uint8_t)value;
    return 0;
}

/* Letters by words are given: those of numerals, of what follows them and of currencies take their place. */
static int set_letters(const Words *w)
{
    const int32_t *shapes = w->p->shapes;
    Py_ssize_t n = w->p->n;
    uint8_t *letters = w->letters;
    for (Py_ssize_t i = 0; i < n; i++)
        letters[i] = shapes[i] == CURRENCY ? 'c' : letters[i];
    for (Py_ssize_t i = 0; i < n; i++) {
        if (shapes[i] < INTEGER || shapes[i] > ALPHANUMERIC)
            continue;
        PyObject *token = PyList_GET_ITEM(w->p->tokens, i);
        if (!PyUnicode_Check(token)) {
            PyErr_SetString(PyExc_ValueError, "words, tokens and letters do not fit each other");
            return -1;
        }
        letters[i] = letter_of_number(token, shapes[i]);
        if (letters[i] != OTHER && i + 1 < n && take_rare(w, i + 1, &letters[i + 1]) < 0)
            return -1;
    }
    return 0;
}

static int is_in(uint8_t letter, const char *set) { return letter && strchr(set, letter) != NULL; }

static Py_ssize_t past(const uint8_t *l, Py_ssize_t i, const char *set)
{
    while (is_in(l[i], set))
        i++;
    return i;
}

/* [two](?:[two]|s(?:&[two])?)*   number words */
static Py_ssize_t past_words(const uint8_t *l, Py_ssize_t i)
{
    if (!is_in(l[i], "two"))
        return i;
    for (i++; is_in(l[i], "twos"); i++)
        if (l[i] == 's' && l[i + 1] == '&' && is_in(l[i + 2], "two"))
            i += 2;
    return i;
}

/* _NUMBER, its alternatives in their order; `i` where there is none */
static Py_ssize_t past_number(const uint8_t *l, Py_ssize_t i)
{
    Py_ssize_t end;
    switch (l[i]) {
    case SHORT: case THREE:
        return past(l, i + 1, "2"); /* [12]2+ and [12] */
    case LONG: case MIXED: case 'F':
        return i + 1;
    case 't': case 'w': case 'o':
        return past_words(l, i);
    case 'a': /* a(?:Ha)?s+ and aH */
        end = l[i + 1] == 'H' && l[i + 2] == 'a' && l[i + 3] == 's' ? i + 3 : i + 1;
        if (l[end] == 's')
            return past(l, end, "s");
        return l[i + 1] == 'H' ? i + 2 : i;
    case 'H': /* Ha?s+ and Hf */
        end = i + 1 + (l[i + 1] == 'a');
        if (l[end] == 's')
            return past(l, end, "s");
        return l[i + 1] == 'f' ? i + 2 : i;
    case 'v': /* vs+ */
        return l[i + 1] == 's' ? past(l, i + 1, "s") : i;
    case 'h': /* h(?:fh)* */
        for (i++; l[i] == 'f' && l[i + 1] == 'h';)
            i += 2;
        return i;
    }
    return i;
}

/* s*(?:P?p|eE|P+)?m?   what may follow a number */
static Py_ssize_t past_units(const uint8_t *l, Py_ssize_t i)
{
    i = past(l, i, "s");
    if (l[i] == 'p')
        i++;
    else if (l[i] == 'P')
        i = l[i + 1] == 'p' ? i + 2 : past(l, i, "P");
    else if (l[i] == 'e' && l[i + 1] == 'E')
        i += 2;
    return i + (l[i] == 'm');
}

/* _ONE, as far as it goes; `i` where there is none */
static Py_ssize_t past_one(const uint8_t *l, Py_ssize_t i)
{
    Py_ssize_t start = i + (l[i] == 'c'), end = past_number(l, start);
    return end > start ? past_units(l, end) : i;
}

/* The two numbers of "between 3,000 and 5,000"; `i` where they are not there. Of number words that hold an "and"
 * themselves the last one divides. */
static Py_ssize_t past_pair(const uint8_t *l, Py_ssize_t i)
{
    Py_ssize_t first = past_one(l, i), end = first > i && l[first] == '&' ? past_one(l, first + 1) : first + 1;
    if (first > i && end > first + 1)
        return end;
    Py_ssize_t start = i + (l[i] == 'c');
    for (Py_ssize_t at = past_words(l, start) - 1; at > start; at--)
        if (l[at] == '&')
            return past_one(l, at + 1);
    return i;
}

/* What may join a number behind it: a range, a score, a time, a share; `i` where nothing does */
static Py_ssize_t past_joined(const uint8_t *l, Py_ssize_t i)
{
    Py_ssize_t end = i + 1;
    switch (l[i]) {
    case 'r':
        end = past_one(l, i + 1);
        return end > i + 1 ? end : i;
    case '-':
        end += l[end] == 'c';
        return is_in(l[end], "12NX") ? past_units(l, end + 1) : i;
    case ':': case '/':
        end = i;
        for (int most = 3; most-- && (l[end] == ':' || l[end] == '/') && is_in(l[end + 1], "12NX");)
            end += 2;
        return end;
    case 'i':
        return is_in(l[end], "12t") ? i + 2 : i;
    case 'u':
        end = l[end] == 'f' ? past_number(l, i + 2) : i + 2;
        return end > i + 2 ? end : i;
    }
    return i;
}

/* scorer.quantities.PATTERN from `i` on; `i` where it finds nothing */
static Py_ssize_t past_expression(const uint8_t *l, Py_ssize_t i)
{
    if (i && l[i - 1] == 'T') {
        Py_ssize_t end = past_pair(l, i);
        if (end > i)
            return end;
    }
    Py_ssize_t end = past_one(l, i);
    return end > i ? past_joined(l, end) : i;
}

/* End of the expression with no line end in it; scorer.quantities._on_one_line */
static Py_ssize_t on_one_line(const Words *w, Characters normal, Py_ssize_t first, Py_ssize_t last)
{
    const Passage *p = w->p;
    for (Py_ssize_t i = p->starts[first]; i < p->ends[last - 1]; i++)
        if (at(normal, i) == '\n') {
            Py_ssize_t token = first + 1;
            while (token < p->n && p->starts[token] < i)
                token++;
            return token;
        }
    return last;
}

/* Whether two numerals are one in groups of three ("95 200"): \d{1,3}(?: \d{3})+ */
static int is_grouped(Characters normal, Py_ssize_t i, Py_ssize_t end)
{
    Py_ssize_t start = i;
    while (i < end && i < start + 3 && classes(at(normal, i)) & DIGIT)
        i++;
    if (i == start || i + 4 > end || at(normal, i) != ' ')
        return 0;
    for (int k = 1; k <= 3; k++)
        if (!(classes(at(normal, i + k)) & DIGIT))
            return 0;
    return 1;
}

/* Letters that an expression can begin with: few tokens are numbers. */
static const uint8_t may_begin[256] = {
    ['c'] = 1, [SHORT] = 1, [THREE] = 1, [LONG] = 1, [MIXED] = 1, ['t'] = 1, ['w'] = 1, ['o'] = 1, ['a'] = 1, ['H'] = 1,
    ['v'] = 1, ['h'] = 1, ['F'] = 1,
};

/* Bounds of all expressions into `bounds`, two rows of `room`; how many there are. scorer.quantities.Finder.find */
static Py_ssize_t find(const Words *w, int64_t *bounds, Py_ssize_t room)
{
    const uint8_t *l = w->letters;
    Characters normal = characters_of(w->p->normal);
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < w->p->n;) {
        Py_ssize_t end = may_begin[l[i]] ? past_expression(l, i) : i, last = end;
        if (end == i) {
            i++;
            continue;
        }
        int is_common = (last - i == 1 && l[i] == 'o') || (last - i == 2 && l[i] == 'a' && l[i + 1] == 'H');
        if (!is_common) {
            if (last - i > 1)
                last = on_one_line(w, normal, i, last);
            if (last - i > 1 && (l[i] == SHORT || l[i] == THREE) && l[i + 1] == THREE &&
                !is_grouped(normal, w->p->starts[i], w->p->ends[last - 1]))
                last = i + 1;
            bounds[count] = i;
            bounds[room + count++] = last;
        }
        i = end;
    }
    return count;
}

Py_ssize_t numbers_find(const Passage *p, PyObject *rare, uint8_t *letters, int64_t *bounds, Py_ssize_t room)
{
    Words w = {p, rare, letters};
    letters[p->n] = 0;
    return set_letters(&w) < 0 ? -1 : find(&w, bounds, room);
}

static PyObject *quantities(const Passage *p, const uint8_t *table, PyObject *rare)
{
    PyObject *letters = PyBytes_FromStringAndSize(NULL, p->n), *found = NULL;
    Py_ssize_t room = p->n + 1, wide = sizeof(int64_t);
    int64_t *bounds = PyMem_Malloc(2 * room * wide);
    if (letters && bounds) {
        uint8_t *written = (uint8_t *)PyBytes_AS_STRING(letters); /* bytes end in a 0 of their own */
        for (Py_ssize_t i = 0; i < p->n; i++)
            written[i] = table[p->words[i]];
        Py_ssize_t count = numbers_find(p, rare, written, bounds, room);
        if (count >= 0)
            found = Py_BuildValue("(Oy#y#)", letters, (char *)bounds, count * wide, (char *)(bounds + room),
                                  count * wide);
    } else {
        PyErr_NoMemory();
    }
    PyMem_Free(bounds);
    Py_XDECREF(letters);
    return found;
}

PyObject *kernel_quantities(PyObject *self, PyObject *args)
{
    enum { WORDS, SHAPES, STARTS, ENDS, TABLE, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "starts", "ends", "table"};
    PyObject *given[ARRAYS], *rare, *found = NULL;
    Array a[ARRAYS];
    Passage p = {0};
    if (!PyArg_ParseTuple(args, "OOOOOO!UO!", &given[WORDS], &given[SHAPES], &given[STARTS], &given[ENDS],
                          &given[TABLE], &PyList_Type, &p.tokens, &p.normal, &PyDict_Type, &rare) ||
        arrays_take(given, a, "iiiiB", names) < 0)
        return NULL;
    p.words = a[WORDS].view.buf;
    p.shapes = a[SHAPES].view.buf;
    p.starts = a[STARTS].view.buf;
    p.ends = a[ENDS].view.buf;
    p.n = a[WORDS].count;
    Py_ssize_t length = PyUnicode_GET_LENGTH(p.normal);
    int good = a[SHAPES].count == p.n && a[STARTS].count == p.n && a[ENDS].count == p.n &&
               PyList_GET_SIZE(p.tokens) == p.n && all_within(p.words, p.n, 0, a[TABLE].count - 1) &&
               all_within(p.starts, p.n, 0, length) && all_within(p.ends, p.n, 0, length);
    if (good)
        found = quantities(&p, a[TABLE].view.buf, rare);
    else
        PyErr_SetString(PyExc_ValueError, "words, tokens and letters do not fit each other");
    arrays_drop(a, ARRAYS);
    return found;
}
