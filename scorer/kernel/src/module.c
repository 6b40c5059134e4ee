/* What Python sees of the kernel. */
#include "characters.h"

#define INTERFACE 1 /* scorer/kernel/__init__.py */

static PyMethodDef functions[] = {
    {"decode", kernel_decode, METH_VARARGS,
     "decode(scores, sentences, quotations, transitions, margin, content_bias, max_filled, max_tail) -> "
     "(sources, cues, content)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "scorer.kernel.native", "Inner loops of scoring; scorer/kernel/__init__.py says why.", -1,
    functions, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_native(void)
{
    characters_init();
    PyObject *made = PyModule_Create(&module);
    if (!made || PyModule_AddIntConstant(made, "INTERFACE", INTERFACE) < 0 || PyModule_AddType(made, &NetworkType) < 0 ||
        PyModule_AddType(made, &ReaderType) < 0)
        Py_CLEAR(made);
    return made;
}
