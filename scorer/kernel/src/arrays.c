/* Arrays from Python: numpy's or anything else with a buffer. */
#include "kernel.h"
#include <string.h>

/* How numpy lays out its arrays: the part of its binary interface that has not moved since version 1.7
 * (PyArrayObject_fields). A buffer asked for costs 0.13 us, a look at the fields none, and an article has 180. What is
 * read here is compared with what the buffers say before it is relied on (kernel_known_arrays). */
typedef struct {
    PyObject_HEAD
    char *data;
    int dimensions;
    Py_ssize_t *shape, *strides;
    PyObject *base, *kind;
    int flags;
} NumpyArray;

enum { PLAIN = 0x101 }; /* flags: contiguous and aligned */

enum { MOST_KINDS = 16 };

static PyTypeObject *numpy_type; /* NULL: not known */
static struct {
    PyObject *kind; /* numpy.dtype */
    Py_ssize_t size;
    char letter;
} kinds[MOST_KINDS];
static int kind_count;

static int is_wanted(char letter, Py_ssize_t itemsize, char format, Py_ssize_t size)
{
    /* 'i' and 'l' are the same where both have 4 bytes; the size tells */
    return itemsize == size &&
           (letter == format || (strchr("il", format) && strchr("il", letter)) ||
            (strchr("lq", format) && strchr("lq", letter)) || (format == 'I' && letter == 'L'));
}

/* The letter of a buffer's elements, 0 where they are of the other byte order or several parts. */
static char letter_of(const Py_buffer *view)
{
    const char *letter = view->format ? view->format : "B";
    if (*letter == (PY_LITTLE_ENDIAN ? '<' : '>') || *letter == '=' || *letter == '@')
        letter++;
    return *letter;
}

static int take_known(PyObject *given, Array *array, char format, Py_ssize_t size)
{
    const NumpyArray *numpy = (const NumpyArray *)given;
    int k = 0;
    if (Py_TYPE(given) != numpy_type || (numpy->flags & PLAIN) != PLAIN)
        return 0;
    while (k < kind_count && kinds[k].kind != numpy->kind)
        k++;
    if (k == kind_count || !is_wanted(kinds[k].letter, kinds[k].size, format, size))
        return 0;
    array->count = 1;
    for (int i = 0; i < numpy->dimensions; i++)
        array->count *= numpy->shape[i];
    array->view.buf = numpy->data;
    array->view.len = array->count * size;
    array->view.obj = Py_NewRef(given);
    return 1;
}

int array_take(PyObject *given, Array *array, char format, Py_ssize_t size, const char *name)
{
    if (take_known(given, array, format, size))
        return 0;
    array->view.obj = NULL;
    if (PyObject_GetBuffer(given, &array->view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0)
        return -1;
    char letter = letter_of(&array->view);
    if (!is_wanted(letter, array->view.itemsize, format, size)) {
        PyErr_Format(PyExc_TypeError, "%s: an array of '%c' with %zd bytes each is wanted, got '%s' with %zd", name,
                     format, size, array->view.format ? array->view.format : "B", array->view.itemsize);
        PyBuffer_Release(&array->view);
        array->view.obj = NULL;
        return -1;
    }
    array->count = array->view.len / size;
    return 0;
}

/* Whether the fields of an array (2, 3) say what its buffer says. */
static int is_laid_out(PyObject *given, const Py_buffer *view, PyObject *kind)
{
    const NumpyArray *numpy = (const NumpyArray *)given;
    const PyBufferProcs *buffers = Py_TYPE(given)->tp_as_buffer;
    return Py_TYPE(given)->tp_basicsize >= (Py_ssize_t)sizeof *numpy && !buffers->bf_releasebuffer && view->ndim == 2 &&
           view->len == 6 * view->itemsize && numpy->data == view->buf && numpy->dimensions == 2 &&
           numpy->kind == kind && (numpy->flags & PLAIN) == PLAIN && numpy->shape[0] == 2 && numpy->shape[1] == 3 &&
           numpy->strides[0] == 3 * view->itemsize && numpy->strides[1] == view->itemsize;
}

PyObject *kernel_known_arrays(PyObject *self, PyObject *args)
{
    int good = 1;
    Py_CLEAR(numpy_type);
    for (; kind_count; kind_count--)
        Py_CLEAR(kinds[kind_count - 1].kind);
    for (Py_ssize_t i = 0; good && i < PyTuple_GET_SIZE(args) && i < MOST_KINDS; i++) {
        PyObject *given = PyTuple_GET_ITEM(args, i), *kind = PyObject_GetAttrString(given, "dtype");
        Py_buffer view;
        if (!kind || PyObject_GetBuffer(given, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) {
            Py_XDECREF(kind);
            return NULL;
        }
        good = Py_TYPE(given) == Py_TYPE(PyTuple_GET_ITEM(args, 0)) && is_laid_out(given, &view, kind);
        kinds[kind_count].kind = kind;
        kinds[kind_count].size = view.itemsize;
        kinds[kind_count++].letter = letter_of(&view);
        PyBuffer_Release(&view);
    }
    if (good && kind_count)
        numpy_type = (PyTypeObject *)Py_NewRef(Py_TYPE(PyTuple_GET_ITEM(args, 0)));
    return PyBool_FromLong(numpy_type != NULL);
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
