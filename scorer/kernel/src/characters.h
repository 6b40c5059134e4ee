/* Characters of a Python string, and the classes that Python's regular expressions give them. */
#ifndef CREDENCE_CHARACTERS_H
#define CREDENCE_CHARACTERS_H

#include "kernel.h"

enum {
    SPACE = 1, DIGIT = 2, LETTER = 4, WORD = 8, /* \s, \d, [^\W\d_], \w */
    /* of ASCII alone: what may end a sentence, what scorer.normal looks at more closely */
    STOP = 16, SIGN = 32,
};

typedef struct {
    int kind;
    const void *data;
} Characters;

static inline Characters characters_of(PyObject *text)
{
    Characters characters = {PyUnicode_KIND(text), PyUnicode_DATA(text)};
    return characters;
}

static inline Py_UCS4 at(Characters text, Py_ssize_t i) { return PyUnicode_READ(text.kind, text.data, i); }

/* A loop over a text asks of every character how wide it is, unless the compiler knows: what is INLINE is compiled for
 * each of the three widths where it is called by way of BY_WIDTH(result, characters, call that uses `t`). */
#ifdef __GNUC__
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

#define BY_WIDTH(result, characters, call)                                                                             \
    do {                                                                                                               \
        if ((characters).kind == PyUnicode_1BYTE_KIND) {                                                               \
            Characters t = {PyUnicode_1BYTE_KIND, (characters).data};                                                  \
            result = call;                                                                                             \
        } else if ((characters).kind == PyUnicode_2BYTE_KIND) {                                                        \
            Characters t = {PyUnicode_2BYTE_KIND, (characters).data};                                                  \
            result = call;                                                                                             \
        } else {                                                                                                       \
            Characters t = {PyUnicode_4BYTE_KIND, (characters).data};                                                  \
            result = call;                                                                                             \
        }                                                                                                              \
    } while (0)

extern uint8_t ascii_classes[128];
int classes_of_other(Py_UCS4 character);
void characters_init(void);

/* Typographic dashes, quotation marks and dots, U+2010 to U+2027: most of what is not ASCII, and of no class. */
static inline int is_typographic(Py_UCS4 character) { return character - 0x2010 < 0x18; }

static inline int classes(Py_UCS4 character)
{
    return character < 128 ? ascii_classes[character] : is_typographic(character) ? 0 : classes_of_other(character);
}

/* Lower text[start:start + length] into `to`, which has room for as many characters of the same width (lower.c); 0
 * where Python's own rules have to. */
int lower_into(Characters text, Py_ssize_t start, Py_ssize_t length, void *to);
/* Write a text with one blank between its words and at both ends; `to` has room for two characters more. How many. */
Py_ssize_t even_into(Characters text, Py_ssize_t length, void *to);

/* Where the line ends that text[start:stop] begins with. */
static inline Py_ssize_t line_end(PyObject *text, Py_ssize_t start, Py_ssize_t stop)
{
    Py_ssize_t end = PyUnicode_FindChar(text, '\n', start, stop, 1);
    return end < 0 ? stop : end;
}

#endif
