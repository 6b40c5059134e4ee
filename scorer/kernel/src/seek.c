/* Where a word stands in a text, as str.find tells it. Many letters are looked at together: most of them are not the
 * word's first with its second and its last where these would be. */
#include "seek.h"

enum { BLOCK = 64 };

#define SEEK(name, type)                                                                                               \
    VECTOR static Py_ssize_t name(const type *text, Py_ssize_t from, Py_ssize_t stop, Characters word,                 \
                                  Py_ssize_t letters)                                                                  \
    {                                                                                                                  \
        type first = (type)at(word, 0), second = (type)at(word, letters > 1), last = (type)at(word, letters - 1);      \
        const type *seconds = text + (letters > 1), *lasts = text + letters - 1;                                       \
        for (Py_ssize_t j = 0; j < letters; j++)                                                                       \
            if (at(word, j) != (type)at(word, j)) /* wider than any letter of the text */                              \
                return -1;                                                                                             \
        for (Py_ssize_t i = from, end; i < stop; i = end) {                                                            \
            end = i + BLOCK < stop ? i + BLOCK : stop;                                                                 \
            type any = end - i < BLOCK;                                                                                \
            if (!any)                                                                                                  \
                for (int k = 0; k < BLOCK; k++)                                                                        \
                    any |= (text[i + k] == first) & (seconds[i + k] == second) & (lasts[i + k] == last);               \
            for (Py_ssize_t k = i; any && k < end; k++) {                                                              \
                Py_ssize_t j = 0;                                                                                      \
                while (j < letters && text[k + j] == at(word, j))                                                      \
                    j++;                                                                                               \
                if (j == letters)                                                                                      \
                    return k;                                                                                          \
            }                                                                                                          \
        }                                                                                                              \
        return -1;                                                                                                     \
    }
SEEK(seek_one, Py_UCS1)
SEEK(seek_two, Py_UCS2)
SEEK(seek_four, Py_UCS4)

Py_ssize_t place_in(Characters text, Py_ssize_t length, Py_ssize_t from, Characters word, Py_ssize_t letters)
{
    Py_ssize_t stop = length - letters + 1;
    return letters < 1 ? -1
         : text.kind == 1 ? seek_one(text.data, from, stop, word, letters)
         : text.kind == 2 ? seek_two(text.data, from, stop, word, letters)
                          : seek_four(text.data, from, stop, word, letters);
}
