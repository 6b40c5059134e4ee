/* What is asked of a word by the rules for attributions: classes by word id, worked out when a model is loaded. */
#include "links.h"

enum { CURLY = 0x2019 };

int is_curly(const Told *told, Py_ssize_t token)
{
    PyObject *written = PyList_GET_ITEM(told->tokens, token);
    return PyUnicode_FindChar(written, CURLY, 0, PyUnicode_GET_LENGTH(written), 1) >= 0;
}

/* The row of a word that the lexicon may lack, by what is written; that of no word at all where no rule names it. */
static Py_ssize_t row_as_written(Told *told, Py_ssize_t token)
{
    Py_ssize_t row = told->vocabulary;
    PyObject *lower = lowered(PyList_GET_ITEM(told->tokens, token));
    PyObject *plain = lower ? replaced(lower, CURLY, "'") : NULL;
    PyObject *known = plain ? PyDict_GetItemWithError(told->lacking, plain) : NULL;
    if (known) {
        row = PyLong_AsSsize_t(known);
        if (!PyErr_Occurred() && (row < told->vocabulary || row - told->vocabulary > PyDict_GET_SIZE(told->lacking)))
            PyErr_SetString(PyExc_ValueError, "rows of words that the lexicon lacks do not fit the tables");
    }
    if (PyErr_Occurred()) {
        told->failed = 1;
        row = told->vocabulary;
    }
    Py_XDECREF(lower);
    Py_XDECREF(plain);
    return row;
}

Py_ssize_t word_row(Told *told, Py_ssize_t token)
{
    Py_ssize_t row = told->words[token];
    if (!(told->classes[row] >> ASKED & 1))
        return row;
    return told->failed ? told->vocabulary : row_as_written(told, token);
}

Py_UCS4 first_letter(const Told *told, Py_ssize_t token)
{
    return PyUnicode_READ_CHAR(PyList_GET_ITEM(told->tokens, token), 0);
}

int ends_with(const Told *told, Py_ssize_t token, const char *letters)
{
    PyObject *written = PyList_GET_ITEM(told->tokens, token);
    Py_ssize_t length = PyUnicode_GET_LENGTH(written), count = 0;
    while (letters[count])
        count++;
    if (length < count)
        return 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_UCS4 letter = PyUnicode_READ_CHAR(written, length - count + i);
        if (letter != (Py_UCS4)letters[i] && letter != (Py_UCS4)(letters[i] - 'a' + 'A'))
            return 0;
    }
    return 1;
}
