/* Arrays from Python: numpy's or anything else with a buffer. */
#include "kernel.h"
#include <string.h>

int array_take(PyObject *given, Array *array, char format, Py_ssize_t size, const char *name)
{
    array->view.obj = NULL;
    if (PyObject_GetBuffer(given, &array->view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0)
        return -1;
    const char *letter = array->view.format ? array->view.format : "B";
    if (*letter == (PY_LITTLE_ENDIAN ? '<' : '>') || *letter == '=' || *letter == '@')
        letter++;
    /* 'i' and 'l' are the same where both have 4 bytes; the size tells */
    int fits = array->view.itemsize == size &&
               (*letter == format || (strchr("il", format) && strchr("il", *letter)) ||
                (strchr("lq", format) && strchr("lq", *letter)) || (format == 'I' && *letter == 'L'));
    if (!fits) {
        PyErr_Format(PyExc_TypeError, "%s: an array of '%c' with %zd bytes each is wanted, got '%s' with %zd", name,
                     format, size, letter, array->view.itemsize);
        PyBuffer_Release(&array->view);
        array->view.obj = NULL;
        return -1;
    }
    array->count = array->view.len / size;
    return 0;
}

void array_drop(Array *array)
{
    if (array->view.obj)
        PyBuffer_Release(&array->view);
}

int arrays_take(PyObject *const *given, Array *arrays, const char *formats, const char *const *names)
{
    for (Py_ssize_t i = 0; formats[i]; i++) {
        char letter = formats[i];
        Py_ssize_t size = strchr("bB", letter) ? 1 : strchr("hH", letter) ? 2 : strchr("dlq", letter) ? 8 : 4;
        if (array_take(given[i], &arrays[i], formats[i], size, names[i]) < 0) {
            arrays_drop(arrays, i);
            return -1;
        }
    }
    return 0;
}

void arrays_drop(Array *arrays, Py_ssize_t count)
{
    while (count > 0)
        array_drop(&arrays[--count]);
}

void *array_copy(PyObject *given, char format, Py_ssize_t size, Py_ssize_t *count, const char *name)
{
    Array array;
    if (array_take(given, &array, format, size, name) < 0)
        return NULL;
    void *copy = PyMem_Malloc(array.view.len ? array.view.len : 1);
    if (copy)
        memcpy(copy, array.view.buf, array.view.len);
    else
        PyErr_NoMemory();
    *count = array.count;
    array_drop(&array);
    return copy;
}

VECTOR int all_within(const int32_t *numbers, Py_ssize_t count, Py_ssize_t least, Py_ssize_t most)
{
    int32_t smallest = INT32_MAX, largest = INT32_MIN;
    for (Py_ssize_t i = 0; i < count; i++) {
        smallest = numbers[i] < smallest ? numbers[i] : smallest;
        largest = numbers[i] > largest ? numbers[i] : largest;
    }
    return !count || (smallest >= least && largest <= most);
}

void *items_grow(void *items, Py_ssize_t *room, Py_ssize_t least, size_t size)
{
    Py_ssize_t wanted = *room ? 2 * *room : least;
    void *more = PyMem_Realloc(items, wanted * size);
    if (more)
        *room = wanted;
    else
        PyErr_NoMemory();
    return more;
}
