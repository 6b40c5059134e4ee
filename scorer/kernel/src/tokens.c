#include "narrow.h"
#include "tokens.h"

INLINE int is(Characters text, Py_ssize_t i, Py_ssize_t stop, int wanted)
{
    return i < stop && classes(at(text, i)) & wanted;
}

INLINE int is_ascii_letter(Py_UCS4 character) { return (character | 32) >= 'a' && (character | 32) <= 'z'; }

INLINE int is_apostrophe(Py_UCS4 character) { return character == '\'' || character == 0x2019; }

/* Whether "s" or "S" stands here with no word going on behind it. */
INLINE int is_bare_s(Characters text, Py_ssize_t i, Py_ssize_t stop)
{
    return i < stop && (at(text, i) | 32) == 's' && !is(text, i + 1, stop, WORD);
}

INLINE Py_ssize_t past(Characters text, Py_ssize_t i, Py_ssize_t stop, int wanted)
{
    while (is(text, i, stop, wanted))
        i++;
    return i;
}

/* U.S., a.m.: at least twice a letter and a full stop; `start` where there is none. */
INLINE Py_ssize_t past_initials(Characters text, Py_ssize_t start, Py_ssize_t stop)
{
    Py_ssize_t i = start;
    while (i + 1 < stop && is_ascii_letter(at(text, i)) && at(text, i + 1) == '.')
        i += 2;
    return i - start >= 4 ? i : start;
}

/* 1,200  1.2m  10-year  12th */
INLINE Py_ssize_t past_number(Characters text, Py_ssize_t i, Py_ssize_t stop)
{
    i = past(text, i, stop, DIGIT);
    while (i + 1 < stop && (at(text, i) == '.' || at(text, i) == ',') && is(text, i + 1, stop, DIGIT))
        i = past(text, i + 1, stop, DIGIT);
    i = past(text, i, stop, LETTER);
    while (i + 1 < stop && at(text, i) == '-' && is(text, i + 1, stop, WORD))
        i = past(text, i + 1, stop, WORD);
    return i;
}

/* word  don't  well-known; plain words end at the first look */
INLINE Py_ssize_t past_word(Characters text, Py_ssize_t i, Py_ssize_t stop)
{
    i = past(text, i, stop, LETTER);
    if (i < stop && at(text, i) == ' ')
        return i;
    while (i + 1 < stop && is(text, i + 1, stop, WORD)) {
        Py_UCS4 joint = at(text, i);
        if (joint != '-' && !(is_apostrophe(joint) && !is_bare_s(text, i + 1, stop)))
            break;
        i = past(text, i + 1, stop, WORD);
    }
    return past(text, i, stop, WORD);
}

/* End of the token that begins at `start` (no blank stands there): scorer.text.TOKEN, written out. */
INLINE Py_ssize_t token_end(Characters text, Py_ssize_t start, Py_ssize_t stop)
{
    Py_UCS4 first = at(text, start);
    int kinds = classes(first);
    if (kinds & LETTER) {
        Py_ssize_t end = past_initials(text, start, stop);
        return end > start ? end : past_word(text, start, stop);
    }
    if (kinds & DIGIT)
        return past_number(text, start, stop);
    if (is_apostrophe(first) && is_bare_s(text, start + 1, stop))
        return start + 2;
    if (first == '.' || first == '-') {
        Py_ssize_t end = start + 1;
        while (end < stop && at(text, end) == first)
            end++;
        return end;
    }
    return start + 1;
}

/* Whether a word may go on behind its letters with this byte (narrow.h): what is of no class in ASCII ends it. */
INLINE int may_go_on(uint8_t byte)
{
    return byte < 128 ? ascii_classes[byte] & WORD || byte == '-' || byte == '\''
                      : byte == TYPOGRAPHIC + (0x2019 - 0x2010) || byte >= 0xA0;
}

INLINE int find(Characters text, Py_ssize_t start, Py_ssize_t stop, const uint8_t *narrow, Numbers *places,
                Numbers *stops)
{
    for (Py_ssize_t i = start; i < stop;) {
        const uint8_t *here = narrow + (i - start);
        Py_ssize_t letters = ascii_letters(here), end = i + letters;
        int is_plain = letters > 1 || (letters && here[1] != '.');
        if (!is_plain || may_go_on(here[letters])) {
            if (classes(at(text, i)) & SPACE) {
                i++;
                continue;
            }
            end = token_end(text, i, stop);
            Py_UCS4 last = at(text, end - 1);
            if (last < 128 && ascii_classes[last] & STOP && numbers_note(stops, places->count + 1) < 0)
                return -1;
        }
        if (numbers_add(places, i, end) < 0)
            return -1;
        i = end + (here[end - i] == ' ');
    }
    return 0;
}

int token_places(Characters text, Py_ssize_t start, Py_ssize_t stop, const uint8_t *narrow, Numbers *places,
                 Numbers *stops)
{
    int found;
    BY_WIDTH(found, text, find(t, start, stop, narrow, places, stops));
    return found;
}
