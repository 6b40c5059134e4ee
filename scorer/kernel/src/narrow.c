#include "narrow.h"

/* Of the difference to U+2010 nothing becomes typographic in a text whose characters have eight bits: they wrap around
 * to others than those without a byte of their own. */
#define NARROW(name, type)                                                                                             \
    VECTOR static void name(const type *restrict text, Py_ssize_t count, uint8_t *restrict narrow)                     \
    {                                                                                                                  \
        for (Py_ssize_t i = 0; i < count; i++) {                                                                       \
            type c = text[i], typographic = (type)(c - 0x2010);                                                        \
            type own = (type)((c < 0x80) | ((c >= 0xA0) & (c < 0xFF)));                                                \
            narrow[i] = own ? (uint8_t)c : typographic < 0x18 ? (uint8_t)(TYPOGRAPHIC + typographic) : FOREIGN;        \
        }                                                                                                              \
    }
NARROW(narrow_one, Py_UCS1)
NARROW(narrow_two, Py_UCS2)
NARROW(narrow_four, Py_UCS4)

void narrow_copy(Characters text, Py_ssize_t start, Py_ssize_t stop, uint8_t *narrow)
{
    const char *from = (const char *)text.data + start * text.kind;
    Py_ssize_t count = stop > start ? stop - start : 0;
    if (text.kind == PyUnicode_1BYTE_KIND)
        narrow_one((const Py_UCS1 *)from, count, narrow);
    else if (text.kind == PyUnicode_2BYTE_KIND)
        narrow_two((const Py_UCS2 *)from, count, narrow);
    else
        narrow_four((const Py_UCS4 *)from, count, narrow);
    memset(narrow + count, 0, PADDING);
}
