/* What a text shows of disguises and lines at one look: scorer.normal and scorer.layout, written out. */
#include "characters.h"

static int is_letter(Py_UCS4 c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/* A sign that stands for a letter in leetspeak: scorer.normal._LEET_SIGN */
static int is_leet(Py_UCS4 c) { return c == '0' || c == '1' || c == '3' || c == '4' || c == '5' || c == '7' || c == '@' || c == '$'; }

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

/* Look at every character that is no letter and no mark of plain English; `leet` gets the places. 0, or -1. */
INLINE int look(Characters t, Py_ssize_t length, Characters kept, Py_ssize_t kept_count, int *altered, int *spaced,
                PyObject *leet)
{
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = at(t, i);
        if (c < 128 && !(ascii_classes[c] & SIGN))
            continue;
        if (c == ' ') {
            *spaced = *spaced || is_spaced(t, i, length);
        } else if (is_leet(c)) {
            if (i + 1 == length || !is_letter(at(t, i + 1)))
                continue;
            PyObject *place = PyLong_FromSsize_t(i);
            int added = place ? PyList_Append(leet, place) : -1;
            Py_XDECREF(place);
            if (added < 0)
                return -1;
        } else {
            *altered = *altered || !is_kept(kept, kept_count, c);
        }
    }
    return 0;
}

PyObject *kernel_signs(PyObject *self, PyObject *args)
{
    PyObject *text, *kept;
    if (!PyArg_ParseTuple(args, "UU", &text, &kept))
        return NULL;
    Characters characters = characters_of(text), k = characters_of(kept);
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), kept_count = PyUnicode_GET_LENGTH(kept);
    int altered = 0, spaced = 0, done = -1;
    PyObject *leet = PyList_New(0);
    if (leet)
        BY_WIDTH(done, characters, look(t, length, k, kept_count, &altered, &spaced, leet));
    if (done < 0) {
        Py_XDECREF(leet);
        return NULL;
    }
    return Py_BuildValue("(iNi)", altered, leet, spaced);
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

INLINE int find_lines(Characters t, Py_ssize_t length, Py_ssize_t long_enough, Py_ssize_t least, PyObject *lines,
                      PyObject *prose)
{
    for (Py_ssize_t start = 0, next; start < length; start = next) {
        Py_ssize_t end = start;
        while (end < length && at(t, end) != '\n')
            end++;
        next = end + 1;
        while (start < end && is_space(t, start))
            start++;
        while (end > start && is_space(t, end - 1))
            end--;
        if (start == end)
            continue;
        int reads = end - start >= long_enough || has_inner_end(t, start, end) ||
                    (end - start >= least && ends_sentence(t, start, end));
        PyObject *line = Py_BuildValue("(nn)", start, end);
        int added = line ? PyList_Append(lines, line) : -1;
        Py_XDECREF(line);
        if (added < 0 || PyList_Append(prose, reads ? Py_True : Py_False) < 0)
            return -1;
    }
    return 0;
}

/* [start, end) of each line that is not blank, and whether it reads like prose: scorer.layout._lines, is_prose */
PyObject *kernel_lines(PyObject *self, PyObject *args)
{
    PyObject *text, *lines = PyList_New(0), *prose = PyList_New(0), *found = NULL;
    Py_ssize_t long_enough, least;
    int done = -1;
    if (lines && prose && PyArg_ParseTuple(args, "Unn", &text, &long_enough, &least))
        BY_WIDTH(done, characters_of(text),
                 find_lines(t, PyUnicode_GET_LENGTH(text), long_enough, least, lines, prose));
    if (done >= 0)
        found = PyTuple_Pack(2, lines, prose);
    Py_XDECREF(lines);
    Py_XDECREF(prose);
    return found;
}
