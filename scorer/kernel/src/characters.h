/* Characters of a Python string, and the classes that Python's regular expressions give them. */
#ifndef CREDENCE_CHARACTERS_H
#define CREDENCE_CHARACTERS_H

#include "kernel.h"

enum { SPACE = 1, DIGIT = 2, LETTER = 4, WORD = 8 }; /* \s, \d, [^\W\d_], \w */

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

extern uint8_t ascii_classes[128];
int classes_of_other(Py_UCS4 character);
void characters_init(void);

static inline int classes(Py_UCS4 character)
{
    return character < 128 ? ascii_classes[character] : classes_of_other(character);
}

#endif
