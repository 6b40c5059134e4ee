#include "tokens.h"
#include <string.h>

#define MAX_CONTEXT 400
#define MOST_DECISIONS 100000

int numbers_grow(Numbers *numbers)
{
    int32_t *items = items_grow(numbers->items, &numbers->room, 1024, sizeof *items);
    if (!items)
        return -1;
    numbers->items = items;
    return 0;
}

INLINE int is_one_of(Py_UCS4 character, const char *ascii, const Py_UCS4 *others)
{
    if (character < 128)
        return character && strchr(ascii, (int)character) != NULL;
    while (*others && *others != character)
        others++;
    return *others != 0;
}

static const Py_UCS4 QUOTES[] = {0x2018, 0x2019, 0x201C, 0x201D, 0xAB, 0xBB, 0};

INLINE int is_non_word(Py_UCS4 character) { return is_one_of(character, ")\";}]*:@'({[?!", QUOTES); }

INLINE int is_closing(Py_UCS4 character) { return is_one_of(character, "\"')]}", QUOTES); }

INLINE int is_space(Characters text, Py_ssize_t i) { return classes(at(text, i)) & SPACE; }

/* A possible border: its place, the end of what stands around it, where the next word begins (or -1). */
typedef struct {
    Py_ssize_t at, context_start, context_end, next_word;
} Candidate;

INLINE uint32_t mixed(uint32_t hash, Py_UCS4 character) { return (hash ^ character) * 0x9E3779B1u; }

int borders_init(Borders *borders, PyObject *is_border, PyObject *special)
{
    PyObject *words = PyAnySet_Check(special) ? PySequence_List(special) : NULL;
    if (!words) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "special: a set of words is wanted");
        return -1;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(words); i++) {
        PyObject *word = PyList_GET_ITEM(words, i);
        uint32_t hash = 0;
        for (Py_ssize_t k = 0; PyUnicode_Check(word) && k < PyUnicode_GET_LENGTH(word); k++)
            hash = mixed(hash, PyUnicode_READ_CHAR(word, k));
        hash = hash >> 16 & (SPECIAL_BITS - 1);
        borders->maybe_special[hash / 8] |= 1 << hash % 8;
    }
    Py_DECREF(words);
    Py_XSETREF(borders->is_border, Py_NewRef(is_border));
    Py_XSETREF(borders->special, Py_NewRef(special));
    Py_XSETREF(borders->decisions, PyDict_New());
    return borders->decisions ? 0 : -1;
}

/* Whether text[start:end], letters of ASCII and an apostrophe, is special in lower case; `hash` is that of it. */
static int is_special(Borders *borders, PyObject *text, Py_ssize_t start, Py_ssize_t end, uint32_t hash)
{
    hash = hash >> 16 & (SPECIAL_BITS - 1);
    if (!(borders->maybe_special[hash / 8] >> hash % 8 & 1))
        return 0;
    PyObject *word = PyUnicode_Substring(text, start, end), *lower = word ? lowered(word) : NULL;
    int special = lower ? PySet_Contains(borders->special, lower) : -1;
    Py_XDECREF(word);
    Py_XDECREF(lower);
    return special;
}

/* "word." before a blank or a closing mark, the word being no special one, ends a sentence: 1; else 0; -1 on error. */
INLINE int is_plain(Borders *borders, PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t i = start;
    uint32_t hash = 0;
    for (; i < end && (at(characters, i) | 32) >= 'a' && (at(characters, i) | 32) <= 'z'; i++)
        hash = mixed(hash, at(characters, i) | 32);
    if (i - start < 2)
        return 0;
    if (i < end && (at(characters, i) == '\'' || at(characters, i) == 0x2019))
        for (hash = mixed(hash, at(characters, i++)); i < end && at(characters, i) >= 'a' && at(characters, i) <= 'z';
             i++)
            hash = mixed(hash, at(characters, i));
    if (i + 1 >= end || at(characters, i) != '.')
        return 0;
    Py_UCS4 after = at(characters, i + 1);
    if (!(classes(after) & SPACE || after == '"' || after == 0x201D || after == ')' || after == 0x2019 ||
          after == '\''))
        return 0;
    int special = is_special(borders, text, start, i, hash);
    return special < 0 ? -1 : !special;
}

/* What the rules proper say of text[start:end]: 1, 0, or -1 on error. */
static int decided(Borders *borders, PyObject *text, Py_ssize_t start, Py_ssize_t end)
{
    PyObject *context = PyUnicode_Substring(text, start, end);
    if (!context)
        return -1;
    PyObject *known = PyDict_GetItemWithError(borders->decisions, context);
    int answer = -1;
    if (known) {
        answer = known == Py_True;
    } else if (!PyErr_Occurred()) {
        PyObject *told = PyObject_CallOneArg(borders->is_border, context);
        answer = told ? PyObject_IsTrue(told) : -1;
        Py_XDECREF(told);
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

INLINE int is_border(Borders *borders, PyObject *text, Characters characters, const Candidate *candidate)
{
    Py_ssize_t start = candidate->context_start, end = candidate->context_end;
    /* A question or exclamation mark is a token by itself, and that is a border; so is what is too long to be looked
     * at. */
    if (end - start > MAX_CONTEXT || at(characters, candidate->at) != '.')
        return 1;
    int plain = is_plain(borders, text, characters, start, end);
    return plain ? plain : decided(borders, text, start, end);
}

/* The sentences of one line in the making: slices between borders, each with the closing marks that follow it. */
typedef struct {
    Numbers *found;
    Py_ssize_t begun, stopped, realigned; /* the slice before; -1 as `stopped` where there is none */
} Line;

/* End of the closing marks at [start, end), blanks behind them included; `start` where they close nothing. */
INLINE Py_ssize_t past_closing(Characters text, Py_ssize_t start, Py_ssize_t end)
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

INLINE int line_flush(Line *line)
{
    if (line->stopped < 0 || line->begun + line->realigned >= line->stopped)
        return 0;
    return numbers_add(line->found, line->begun + line->realigned, line->stopped);
}

INLINE int line_slice(Line *line, Characters text, Py_ssize_t begun, Py_ssize_t stopped)
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

/* Of candidates within one word ("acting!!!") only the last counts: the one before is asked about when the next comes.
 */
INLINE int decide(Borders *borders, PyObject *text, Characters characters, const Candidate *held, Line *line,
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

/* The place behind the last blank in text[start:end]; -1 where there is none. */
INLINE Py_ssize_t behind_blank(Characters text, Py_ssize_t start, Py_ssize_t end)
{
    while (end > start && at(text, end - 1) != ' ')
        end--;
    return end > start ? end : -1;
}

/* Sentences of the line [start, end), whose first possible border is at `*stop`; moves that behind the line's last. A
 * mark that may be a border is always the last character of a token: one within it has a letter, a digit or a full stop
 * behind. */
INLINE int sentences_of_line(Borders *borders, PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t end,
                             const Numbers *places, const Numbers *stops, Py_ssize_t *stop, Numbers *found)
{
    Line line = {found, start, -1, 0};
    Candidate held = {-1, 0, 0, -1};
    Py_ssize_t begun = start, word_start = start, word_end = start;
    for (; *stop < stops->count && places->items[stops->items[*stop]] <= end; ++*stop) {
        Py_ssize_t i = places->items[stops->items[*stop]] - 1;
        if (i + 1 >= end)
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
        Py_ssize_t behind = behind_blank(characters, word_end + 1, i);
        if (behind >= 0)
            word_start = behind;
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

INLINE int spans(Borders *borders, PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t stop,
                 const Numbers *places, const Numbers *stops, Numbers *found)
{
    Py_ssize_t mark = 0;
    while (start < stop) {
        Py_ssize_t end = line_end(text, start, stop);
        while (start < end && is_space(characters, start))
            start++;
        if (start < end && sentences_of_line(borders, text, characters, start, end, places, stops, &mark, found) < 0)
            return -1;
        start = end + 1;
    }
    return 0;
}

int sentence_spans(Borders *borders, PyObject *text, Py_ssize_t start, Py_ssize_t stop, const Numbers *places,
                   const Numbers *stops, Numbers *found)
{
    Characters characters = characters_of(text);
    int done;
    BY_WIDTH(done, characters, spans(borders, text, t, start, stop, places, stops, found));
    return done;
}
