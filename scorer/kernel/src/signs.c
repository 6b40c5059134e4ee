/* What a text shows of disguises and lines at one look: scorer.normal and scorer.layout, written out. */
#include "tokens.h"
#include <string.h>

enum {
    BLOCK = 128, REACH = 6, /* characters behind one that say whether it is a sign */
    OPENING = 4,            /* scorer.lines.OPENING */
};

INLINE int is_letter(Py_UCS4 c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/* A sign that stands for a letter in leetspeak: scorer.normal._LEET_SIGN */
static int is_leet(Py_UCS4 c)
{
    return c == '0' || c == '1' || c == '3' || c == '4' || c == '5' || c == '7' || c == '@' || c == '$';
}

/* " a b c ": scorer.normal._MAYBE_SPACED */
INLINE int is_spaced(Characters t, Py_ssize_t i, Py_ssize_t length)
{
    if (i + 7 > length)
        return 0;
    for (int k = 0; k < 7; k++)
        if (k & 1 ? !is_letter(at(t, i + k)) : at(t, i + k) != ' ')
            return 0;
    return 1;
}

INLINE int is_kept(Characters kept, Py_ssize_t count, Py_UCS4 c)
{
    for (Py_ssize_t i = 0; i < count; i++)
        if (at(kept, i) == c)
            return 1;
    return 0;
}

/* Whether each of `count` characters may be a sign, told without a branch: all that are, and a few more. Looks REACH
 * characters beyond. */
#define MARK(name, type)                                                                                               \
    VECTOR static void name(const type *restrict t, Py_ssize_t count, uint8_t *restrict marks)                         \
    {                                                                                                                  \
        for (Py_ssize_t i = 0; i < count; i++) {                                                                       \
            int other = ((t[i] < ' ') & (t[i] != '\n')) | (t[i] > '~');                                                \
            int sign = ((t[i] & ~(type)7) == '0') | (t[i] == '@') | (t[i] == '$');                                     \
            int letter = (type)((t[i + 1] | 32) - 'a') < 26;                                                           \
            int blanks = (t[i] == ' ') & (t[i + 2] == ' ') & (t[i + 4] == ' ') & (t[i + 6] == ' ');                    \
            marks[i] = (uint8_t)(other | (sign & letter) | blanks);                                                    \
        }                                                                                                              \
    }
MARK(mark_one, Py_UCS1)
MARK(mark_two, Py_UCS2)
MARK(mark_four, Py_UCS4)

static void mark(Characters t, Py_ssize_t start, Py_ssize_t count, uint8_t *marks)
{
    const char *from = (const char *)t.data + start * t.kind;
    if (t.kind == 1)
        mark_one((const Py_UCS1 *)from, count, marks);
    else if (t.kind == 2)
        mark_two((const Py_UCS2 *)from, count, marks);
    else
        mark_four((const Py_UCS4 *)from, count, marks);
}

typedef struct {
    Numbers altered, leet;
    int spaced;
} Signs;

/* Look at one character: 0, or -1 with an exception set. */
INLINE int look_at(Characters t, Py_ssize_t i, Py_ssize_t length, Characters kept, Py_ssize_t kept_count, Signs *signs)
{
    Py_UCS4 c = at(t, i);
    if (c < 128 && !(ascii_classes[c] & SIGN))
        return 0;
    if (c == ' ') {
        signs->spaced = signs->spaced || is_spaced(t, i, length);
        return 0;
    }
    if (is_leet(c))
        return i + 1 < length && is_letter(at(t, i + 1)) ? numbers_note(&signs->leet, i) : 0;
    return is_kept(kept, kept_count, c) ? 0 : numbers_note(&signs->altered, i);
}

INLINE int look(Characters t, Py_ssize_t length, Characters kept, Py_ssize_t kept_count, Signs *signs)
{
    uint8_t marks[BLOCK] = {0};
    Py_ssize_t start = 0;
    for (Py_ssize_t count; start + REACH < length; start += count) {
        count = length - REACH - start < BLOCK ? length - REACH - start : BLOCK;
        mark(t, start, count, marks);
        for (Py_ssize_t i = 0; i < count; i += 8) {
            uint64_t eight;
            memcpy(&eight, marks + i, sizeof eight);
            for (Py_ssize_t k = i; eight && k < i + 8 && k < count; k++)
                if (marks[k] && look_at(t, start + k, length, kept, kept_count, signs) < 0)
                    return -1;
        }
    }
    for (; start < length; start++)
        if (look_at(t, start, length, kept, kept_count, signs) < 0)
            return -1;
    return 0;
}

static PyObject *bytes_of(const Numbers *numbers)
{
    return PyBytes_FromStringAndSize((const char *)numbers->items, numbers->count * (Py_ssize_t)sizeof(int32_t));
}

PyObject *kernel_signs(PyObject *self, PyObject *args)
{
    PyObject *text, *kept, *found = NULL;
    if (!PyArg_ParseTuple(args, "UU", &text, &kept))
        return NULL;
    Characters characters = characters_of(text), k = characters_of(kept);
    Signs signs = {0};
    int done = -1;
    if (PyUnicode_GET_LENGTH(text) > INT32_MAX)
        PyErr_SetString(PyExc_ValueError, "the text is too long");
    else
        BY_WIDTH(done, characters, look(t, PyUnicode_GET_LENGTH(text), k, PyUnicode_GET_LENGTH(kept), &signs));
    if (done >= 0)
        found = Py_BuildValue("(NNN)", bytes_of(&signs.altered), bytes_of(&signs.leet), PyBool_FromLong(signs.spaced));
    PyMem_Free(signs.altered.items);
    PyMem_Free(signs.leet.items);
    return found;
}

static int is_end(Py_UCS4 c) { return c == '.' || c == '!' || c == '?'; }

static int closes(Py_UCS4 c) { return c == '"' || c == '\'' || c == 0x201D || c == 0x2019 || c == ')'; }

/* Whether a sentence ends within the line: scorer.layout._INNER_END */
INLINE int has_inner_end(Characters t, Py_ssize_t start, Py_ssize_t end)
{
    for (Py_ssize_t i = start + 1; i < end; i++) {
        Py_UCS4 before = at(t, i - 1);
        if (!is_end(at(t, i)) || !((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9') ||
                                   (closes(before) && before != '\'')))
            continue;
        Py_ssize_t next = i + 1;
        while (next < end && closes(at(t, next)))
            next++;
        Py_ssize_t blank = next;
        while (next < end && at(t, next) == ' ')
            next++;
        if (next == blank || next == end)
            continue;
        Py_UCS4 c = at(t, next);
        if ((closes(c) && c != 0x201D && c != 0x2019 && c != ')') || c == 0x201C || c == 0x2018 || c == '(')
            c = ++next < end ? at(t, next) : 0;
        if (c >= 'A' && c <= 'Z')
            return 1;
    }
    return 0;
}

/* Whether the line ends like a sentence: scorer.layout._SENTENCE_END */
INLINE int ends_sentence(Characters t, Py_ssize_t start, Py_ssize_t end)
{
    while (end > start && (closes(at(t, end - 1)) || at(t, end - 1) == ']'))
        end--;
    return end > start && (is_end(at(t, end - 1)) || at(t, end - 1) == 0x2026);
}

INLINE int is_space(Characters t, Py_ssize_t i) { return classes(at(t, i)) & SPACE; }

/* What announces something: the characters around a line that do not count, and how such lines begin. */
typedef struct {
    Characters edge;
    Py_ssize_t edge_count, count;
    const int32_t *openings; /* OPENING small letters or blanks, a byte each, the first one lowest */
} Announced;

/* Whether a line may announce something: scorer.lines.label_of says no more than no to the others. */
INLINE int may_announce(Characters t, Py_ssize_t start, Py_ssize_t end, const Announced *known)
{
    while (start < end && is_kept(known->edge, known->edge_count, at(t, start)))
        start++;
    while (end > start && is_kept(known->edge, known->edge_count, at(t, end - 1)))
        end--;
    int32_t opening = 0;
    for (int k = 0; k < OPENING && start + k < end; k++) {
        Py_UCS4 c = at(t, start + k);
        if (!is_letter(c) && c != ' ')
            return 1;
        opening |= (int32_t)(c | 32) << 8 * k; /* a blank stays one */
    }
    int found = start == end;
    for (Py_ssize_t i = 0; i < known->count; i++)
        found |= known->openings[i] == opening;
    return found;
}

/* Append a new reference, which may be NULL, and let go of it; 0, or -1 with an exception set. */
static int append(PyObject *list, PyObject *item)
{
    int status = item ? PyList_Append(list, item) : -1;
    Py_XDECREF(item);
    return status;
}

static PyObject *pair(Py_ssize_t first, Py_ssize_t second)
{
    PyObject *one = PyLong_FromSsize_t(first), *other = PyLong_FromSsize_t(second);
    PyObject *both = one && other ? PyTuple_Pack(2, one, other) : NULL;
    Py_XDECREF(one);
    Py_XDECREF(other);
    return both;
}

INLINE int find_lines(PyObject *text, Characters t, Py_ssize_t long_enough, Py_ssize_t least, const Announced *known,
                      PyObject *lines, PyObject *prose, PyObject *suspects)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    for (Py_ssize_t start = 0, next; start < length; start = next) {
        Py_ssize_t end = line_end(text, start, length);
        next = end + 1;
        while (start < end && is_space(t, start))
            start++;
        while (end > start && is_space(t, end - 1))
            end--;
        if (start == end)
            continue;
        int is_long = end - start >= long_enough;
        int reads = is_long || has_inner_end(t, start, end) || (end - start >= least && ends_sentence(t, start, end));
        if (!is_long && may_announce(t, start, end, known) &&
            append(suspects, PyLong_FromSsize_t(PyList_GET_SIZE(lines))) < 0)
            return -1;
        if (append(lines, pair(start, end)) < 0 || append(prose, PyLong_FromSsize_t(reads ? end - start : 0)) < 0)
            return -1;
    }
    return 0;
}

/* [start, end) of each line that is not blank, its characters of prose, and which lines may announce something:
 * scorer.layout._lines */
PyObject *kernel_lines(PyObject *self, PyObject *args)
{
    PyObject *text, *edge, *given, *found = NULL;
    Py_ssize_t long_enough, least;
    Array openings;
    if (!PyArg_ParseTuple(args, "UnnUO", &text, &long_enough, &least, &edge, &given) ||
        array_take(given, &openings, 'i', 4, "openings") < 0)
        return NULL;
    PyObject *lines = PyList_New(0), *prose = PyList_New(0), *suspects = PyList_New(0);
    Announced known = {characters_of(edge), PyUnicode_GET_LENGTH(edge), openings.count, openings.view.buf};
    int done = -1;
    if (lines && prose && suspects)
        BY_WIDTH(done, characters_of(text), find_lines(text, t, long_enough, least, &known, lines, prose, suspects));
    if (done >= 0)
        found = PyTuple_Pack(3, lines, prose, suspects);
    Py_XDECREF(lines);
    Py_XDECREF(prose);
    Py_XDECREF(suspects);
    array_drop(&openings);
    return found;
}
