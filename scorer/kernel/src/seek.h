/* Where a word stands in a text. */
#ifndef CREDENCE_SEEK_H
#define CREDENCE_SEEK_H

#include "characters.h"

/* Where the first `letters` of a word, one at the least, begin in a text of `length` characters, not before `from`; -1
 * where they do not. */
Py_ssize_t place_in(Characters text, Py_ssize_t length, Py_ssize_t from, Characters word, Py_ssize_t letters);

#endif
