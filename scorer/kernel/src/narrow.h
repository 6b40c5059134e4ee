/* A text in one byte a character, so that words are found and told apart eight characters at a time. */
#ifndef CREDENCE_NARROW_H
#define CREDENCE_NARROW_H

#include "characters.h"
#include <string.h>

enum {
    TYPOGRAPHIC = 0x80, /* U+2010 to U+2027 (characters.h) are written from here on: no controls are told apart here */
    FOREIGN = 0xFF,     /* any character that has no byte of its own */
    PADDING = 16,       /* zeros behind the text: so far may be read past any character of it */
};

/* Write text[start:stop] and the padding into `narrow`. */
void narrow_copy(Characters text, Py_ssize_t start, Py_ssize_t stop, uint8_t *narrow);

/* Eight bytes, the first in the lowest bits. */
INLINE uint64_t eight(const uint8_t *narrow)
{
    uint64_t found = 0;
#if PY_LITTLE_ENDIAN
    memcpy(&found, narrow, sizeof found);
#else
    for (int i = 0; i < 8; i++)
        found |= (uint64_t)narrow[i] << 8 * i;
#endif
    return found;
}

/* How many of these bytes stand before the lowest that has its highest bit set. */
INLINE int first_marked(uint64_t marks)
{
#ifdef __GNUC__
    return marks ? __builtin_ctzll(marks) / 8 : 8;
#else
    int i = 0;
    while (i < 8 && !(marks >> 8 * i & 0x80))
        i++;
    return i;
#endif
}

#define EACH(byte) ((uint64_t)(byte) * UINT64_C(0x0101010101010101))

/* How many letters of ASCII stand here. */
INLINE Py_ssize_t ascii_letters(const uint8_t *narrow)
{
    for (Py_ssize_t count = 0;; count += 8) {
        uint64_t bytes = eight(narrow + count), low = (bytes | EACH(0x20)) & EACH(0x7F);
        uint64_t letters = (low + EACH(0x80 - 'a')) & ~(low + EACH(0x7F - 'z')) & ~bytes;
        uint64_t others = ~letters & EACH(0x80);
        if (others)
            return count + first_marked(others);
    }
}

#endif
