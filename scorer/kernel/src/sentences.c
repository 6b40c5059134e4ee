#include "tokens.h"
#include <string.h>

#define MAX_CONTEXT 400
#define MOST_DECISIONS 100000

int numbers_add(Numbers *numbers, Py_ssize_t first, Py_ssize_t second)
{
    if (numbers->count + 2 > numbers->room) {
        Py_ssize_t room = numbers->room ? 2 * numbers->room : 256;
        int32_t *items = PyMem_Realloc(numbers->items, room * sizeof *items);
        if (!items) {
            PyErr_NoMemory();
            return -1;
        }
        numbers->items = items;
        numbers->room = room;
    }
    numbers->items[numbers->count++] = (int32_t)first;
    numbers->items[numbers->count++] = (int32_t)second;
    return 0;
}

static int is_one_of(Py_UCS4 character, const char *ascii, const Py_UCS4 *others)
{
    if (character < 128)
        return character && strchr(ascii, (int)character) != NULL;
    while (*others && *others != character)
        others++;
    return *others != 0;
}

static const Py_UCS4 QUOTES[] = {0x2018, 0x2019, 0x201C, 0x201D, 0xAB, 0xBB, 0};

static int is_non_word(Py_UCS4 character) { return is_one_of(character, ")\";}]*:@'({[?!", QUOTES); }

static int is_closing(Py_UCS4 character) { return is_one_of(character, "\"')]}", QUOTES); }

static int is_space(Characters text, Py_ssize_t i) { return classes(at(text, i)) & SPACE; }

/* A possible border: its place, the end of what stands around it, where the next word begins (or -1). */
typedef struct {
    Py_ssize_t at, context_start, context_end, next_word;
} Candidate;

/* "word." before a blank or a closing mark, the word being no special one, ends a sentence: 1; else 0; -1 on error. */
static int is_plain(Borders *borders, PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t i = start;
    while (i < end && (at(characters, i) | 32) >= 'a' && (at(characters, i) | 32) <= 'z')
        i++;
    if (i - start < 2)
        return 0;
    if (i < end && (at(characters, i) == '\'' || at(characters, i) == 0x2019)) {
        i++;
        while (i < end && at(characters, i) >= 'a' && at(characters, i) <= 'z')
            i++;
    }
    if (i + 1 >= end || at(characters, i) != '.')
        return 0;
    Py_UCS4 after = at(characters, i + 1);
    if (!(classes(after) & SPACE || after == '"' || after == 0x201D || after == ')' || after == 0x2019 ||
          after == '\''))
        return 0;
    PyObject *word = PyUnicode_Substring(text, start, i);
    PyObject *lowered = word ? PyObject_CallMethod(word, "lower", NULL) : NULL;
    int special = lowered ? PySet_Contains(borders->special, lowered) : -1;
    Py_XDECREF(word);
    Py_XDECREF(lowered);
    return special < 0 ? -1 : !special;
}

static int is_border(Borders *borders, PyObject *text, Characters characters, const Candidate *candidate)
{
    Py_ssize_t start = candidate->context_start, end = candidate->context_end;
    if (end - start > MAX_CONTEXT)
        return 1;
    int plain = is_plain(borders, text, characters, start, end);
    if (plain)
        return plain;
    PyObject *context = PyUnicode_Substring(text, start, end);
    if (!context)
        return -1;
    PyObject *known = PyDict_GetItemWithError(borders->decisions, context);
    int answer = -1;
    if (known) {
        answer = known == Py_True;
    } else if (!PyErr_Occurred()) {
        PyObject *decided = PyObject_CallOneArg(borders->is_border, context);
        answer = decided ? PyObject_IsTrue(decided) : -1;
        Py_XDECREF(decided);
        if (answer >= 0) {
            if (PyDict_GET_SIZE(borders->decisions) >= MOST_DECISIONS)
                PyDict_Clear(borders->decisions);
            if (PyDict_SetItem(borders->decisions, context, answer ? Py_True : Py_False) < 0)
                answer = -1;
        }
    }
    Py_DECREF(context);
    return answer;
}

/* The sentences of one line in the making: slices between borders, each with the closing marks that follow it. */
typedef struct {
    Numbers *found;
    Py_ssize_t begun, stopped, realigned; /* the slice before; -1 as `stopped` where there is none */
} Line;

/* End of the closing marks at [start, end), blanks behind them included; `start` where they close nothing. */
static Py_ssize_t past_closing(Characters text, Py_ssize_t start, Py_ssize_t end)
{
    for (Py_ssize_t i = start; i < end && is_closing(at(text, i)); i++) {
        Py_ssize_t next = i + 1;
        if (next == end)
            return next;
        if (is_space(text, next)) {
            while (next < end && is_space(text, next))
                next++;
            return next;
        }
        if (next + 1 < end && at(text, next) == '-' && at(text, next + 1) == '-')
            return next;
    }
    return start;
}

static int line_flush(Line *line)
{
    if (line->stopped < 0 || line->begun + line->realigned >= line->stopped)
        return 0;
    return numbers_add(line->found, line->begun + line->realigned, line->stopped);
}

static int line_slice(Line *line, Characters text, Py_ssize_t begun, Py_ssize_t stopped)
{
    if (line->stopped >= 0) {
        Py_ssize_t closed = past_closing(text, begun, stopped);
        if (closed > begun) {
            Py_ssize_t end = closed;
            while (end > begun && is_space(text, end - 1))
                end--;
            if (numbers_add(line->found, line->begun + line->realigned, end) < 0)
                return -1;
            line->realigned = closed - begun;
        } else {
            if (line_flush(line) < 0)
                return -1;
            line->realigned = 0;
        }
    }
    line->begun = begun;
    line->stopped = stopped;
    return 0;
}

/* Of candidates within one word ("acting!!!") only the last counts: the one before is asked about when the next comes. */
static int decide(Borders *borders, PyObject *text, Characters characters, const Candidate *held, Line *line,
                  Py_ssize_t *begun)
{
    int border = is_border(borders, text, characters, held);
    if (border <= 0)
        return border;
    if (line_slice(line, characters, *begun, held->at + 1) < 0)
        return -1;
    *begun = held->next_word >= 0 ? held->next_word : held->at + 1;
    return 0;
}

static int sentences_of_line(Borders *borders, PyObject *text, Characters characters, Py_ssize_t start,
                             Py_ssize_t end, Numbers *found)
{
    Line line = {found, start, -1, 0};
    Candidate held = {-1, 0, 0, -1};
    Py_ssize_t begun = start, word_start = start, word_end = start, last_blank = -1;
    for (Py_ssize_t i = start; i < end; i++) {
        Py_UCS4 character = at(characters, i);
        if (character == ' ')
            last_blank = i;
        if ((character != '.' && character != '?' && character != '!') || i + 1 >= end)
            continue;
        Candidate candidate = {i, 0, i + 2, -1};
        if (!is_non_word(at(characters, i + 1))) {
            Py_ssize_t next = i + 1;
            while (next < end && is_space(characters, next))
                next++;
            if (next == i + 1 || next == end)
                continue;
            candidate.next_word = next;
            while (next < end && !is_space(characters, next))
                next++;
            candidate.context_end = next;
        }
        if (last_blank > word_end)
            word_start = last_blank + 1;
        if (held.at >= 0 && word_end <= word_start && decide(borders, text, characters, &held, &line, &begun) < 0)
            return -1;
        word_end = i;
        candidate.context_start = word_start;
        held = candidate;
    }
    if (held.at >= 0 && decide(borders, text, characters, &held, &line, &begun) < 0)
        return -1;
    while (end > begun && is_space(characters, end - 1))
        end--;
    if (line_slice(&line, characters, begun, end) < 0)
        return -1;
    return line_flush(&line);
}

int sentence_spans(Borders *borders, PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t stop,
                   Numbers *found)
{
    while (start < stop) {
        Py_ssize_t end = start;
        while (end < stop && at(characters, end) != '\n')
            end++;
        while (start < end && is_space(characters, start))
            start++;
        if (start < end && sentences_of_line(borders, text, characters, start, end, found) < 0)
            return -1;
        start = end + 1;
    }
    return 0;
}
