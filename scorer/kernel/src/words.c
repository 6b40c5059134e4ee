#include "words.h"
#include <string.h>

#define FIRST_SIZE (1 << 14)
#define MOST_WORDS 200000 /* past it the memory is dropped and refills (about 30 MB at the most) */
#define LONGEST 64        /* a longer token is asked for each time */
#define MOST_STEPS 24     /* a token that finds no place within so many is not remembered, whatever a text is made of */

void words_clear(Words *words)
{
    Word *places = words->places;
    Py_ssize_t size = words->size;
    words->places = NULL;
    words->size = words->used = 0;
    for (Py_ssize_t i = 0; i < size; i++)
        Py_XDECREF(places[i].token);
    PyMem_RawFree(places);
}

static int grow(Words *words)
{
    Py_ssize_t size = words->size ? 2 * words->size : FIRST_SIZE;
    Word *places = PyMem_RawCalloc(size, sizeof *places);
    if (!places) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < words->size; i++)
        if (words->places[i].token) {
            Py_ssize_t place = words->places[i].hash & (size - 1);
            int steps = 0;
            while (places[place].token && ++steps < MOST_STEPS)
                place = (place + 1) & (size - 1);
            if (places[place].token) {
                Py_DECREF(words->places[i].token);
                words->used--;
            } else {
                places[place] = words->places[i];
            }
        }
    PyMem_RawFree(words->places);
    words->places = places;
    words->size = size;
    return 0;
}

static int same(PyObject *token, Characters text, Py_ssize_t start, Py_ssize_t length)
{
    if (PyUnicode_GET_LENGTH(token) != length)
        return 0;
    Characters other = characters_of(token);
    if (other.kind == text.kind)
        return !memcmp(other.data, (const char *)text.data + start * text.kind, length * text.kind);
    for (Py_ssize_t i = 0; i < length; i++)
        if (at(other, i) != at(text, start + i))
            return 0;
    return 1;
}

PyObject *words_find(Words *words, PyObject *text, Characters characters, Py_ssize_t start, Py_ssize_t end,
                     int32_t *packed)
{
    uint64_t hash = words->seed;
    Py_ssize_t length = end - start;
    if (length <= LONGEST) {
        for (Py_ssize_t i = start; i < end; i++)
            hash = (hash ^ at(characters, i)) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
        if (words->size) {
            Py_ssize_t place = hash & (words->size - 1);
            for (int steps = 0; steps < MOST_STEPS && words->places[place].token; steps++) {
                const Word *word = &words->places[place];
                if (word->hash == hash && same(word->token, characters, start, length)) {
                    *packed = word->packed;
                    return Py_NewRef(word->token);
                }
                place = (place + 1) & (words->size - 1);
            }
        }
    }
    PyObject *token = PyUnicode_Substring(text, start, end);
    PyObject *number = token ? PyObject_CallOneArg(words->pack, token) : NULL;
    long value = number ? PyLong_AsLong(number) : -1;
    Py_XDECREF(number);
    if (value < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "a word's number is not negative");
        Py_XDECREF(token);
        return NULL;
    }
    *packed = (int32_t)value;
    if (length > LONGEST)
        return token;
    if (words->used >= MOST_WORDS)
        words_clear(words);
    if (2 * words->used >= words->size && grow(words) < 0) {
        Py_DECREF(token);
        return NULL;
    }
    Py_ssize_t place = hash & (words->size - 1);
    for (int steps = 0; steps < MOST_STEPS; steps++, place = (place + 1) & (words->size - 1))
        if (!words->places[place].token) {
            words->places[place] = (Word){hash, Py_NewRef(token), *packed};
            words->used++;
            break;
        }
    return token;
}
