/* Arrays that every text is held against, taken once: to ask for an array's memory takes longer than to read what one
 * text needs of it. */
#include "kernel.h"
#include <string.h>

enum { MOST = 12 };

typedef struct {
    PyObject_VAR_HEAD
    char formats[MOST + 1];
    Array arrays[];
} Tables;

static void tables_free(Tables *self)
{
    arrays_drop(self->arrays, Py_SIZE(self));
    Py_TYPE(self)->tp_free((PyObject *)self);
}

PyTypeObject TablesType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scorer.kernel.native.Tables",
    .tp_doc = "Arrays taken once; made by `tables`",
    .tp_basicsize = sizeof(Tables),
    .tp_itemsize = sizeof(Array),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = (destructor)tables_free,
};

const Array *tables_of(PyObject *given, const char *formats)
{
    if (Py_IS_TYPE(given, &TablesType) && !strcmp(((Tables *)given)->formats, formats))
        return ((Tables *)given)->arrays;
    PyErr_Format(PyExc_TypeError, "tables of the kinds '%s' are wanted", formats);
    return NULL;
}

/* tables(formats, array for each letter) */
PyObject *kernel_tables(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    const char *names[MOST], *formats = given && PyUnicode_Check(args[0]) ? PyUnicode_AsUTF8(args[0]) : "";
    Py_ssize_t count = given - 1;
    if (!formats)
        return NULL;
    if (count < 1 || count > MOST || (Py_ssize_t)strlen(formats) != count ||
        strspn(formats, "bBhHifdq") != (size_t)count) {
        PyErr_Format(PyExc_ValueError, "tables(formats, arrays): a letter for each of 1 to %d arrays is wanted", MOST);
        return NULL;
    }
    Tables *made = PyObject_NewVar(Tables, &TablesType, count);
    if (!made)
        return NULL;
    memcpy(made->formats, formats, count + 1);
    for (Py_ssize_t i = 0; i < count; i++)
        names[i] = "a table";
    if (arrays_take(args + 1, made->arrays, formats, names) == 0)
        return (PyObject *)made;
    PyObject_Free(made); /* none was taken */
    return NULL;
}
