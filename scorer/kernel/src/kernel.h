/* What the files of the kernel share. Each .c file is one idea; module.c lists what Python sees. */
#ifndef CREDENCE_KERNEL_H
#define CREDENCE_KERNEL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(CREDENCE_PLAIN)
#define HAVE_AVX2_PATH 1
#if !defined(CREDENCE_NARROW) && __has_include(<avx512vnniintrin.h>)
#define HAVE_WIDE_PATH 1 /* AVX-512 with VNNI, where the compiler knows it */
#endif
#endif

/* Compiled twice, for AVX2 too, and chosen when the program starts. */
#if defined(HAVE_AVX2_PATH) && defined(__GLIBC__) && !defined(__clang__)
#define VECTOR __attribute__((target_clones("avx2", "default")))
#else
#define VECTOR
#endif

/* A borrowed, contiguous array of a known element size; NULL data after a failure. */
typedef struct {
    Py_buffer view;
    Py_ssize_t count;
} Array;

/* Take `given` as a contiguous array of `size`-byte elements; `format` is the letter that struct gives them ('i', 'f',
 * 'h', 'b', 'B'), `name` goes into the error. Returns 0, or -1 with an exception set. */
int array_take(PyObject *given, Array *array, char format, Py_ssize_t size, const char *name);
void array_drop(Array *array);
/* Take as many arrays as `formats` has letters ('q' has 8 bytes); 0, or -1 with an exception set and none taken. */
int arrays_take(PyObject *const *given, Array *arrays, const char *formats, const char *const *names);
void arrays_drop(Array *arrays, Py_ssize_t count);
/* The arrays of an object that `tables` made (tables.c) of these formats; NULL with an exception set. */
const Array *tables_of(PyObject *given, const char *formats);
/* A copy of the array's content, to be freed with PyMem_Free; NULL with an exception set. */
void *array_copy(PyObject *given, char format, Py_ssize_t size, Py_ssize_t *count, const char *name);
/* Whether least <= number <= most for each of them. */
int all_within(const int32_t *numbers, Py_ssize_t count, Py_ssize_t least, Py_ssize_t most);
/* Twice the room for items of `size` bytes, or `least` of them where there is none yet; NULL with an exception set, the
 * items and their room as they were. */
void *items_grow(void *items, Py_ssize_t *room, Py_ssize_t least, size_t size);

/* A string in lower case, as str.lower gives it (lower.c). */
PyObject *lowered(PyObject *text);
PyObject *lowered_part(PyObject *text, Py_ssize_t start, Py_ssize_t stop);
/* A string of type str itself with each of a character written otherwise. */
PyObject *replaced(PyObject *text, Py_UCS4 character, const char *by);

extern PyTypeObject CharacterGramsType;
extern PyTypeObject NetworkType;
extern PyTypeObject DescriberType;
extern PyTypeObject FiguresType;
extern PyTypeObject ReaderType;
extern PyTypeObject StandardRowType;
extern PyTypeObject TablesType;
extern PyTypeObject WeigherType;

PyObject *kernel_addresses(PyObject *self, PyObject *args);
PyObject *kernel_attributions(PyObject *self, PyObject *args);
PyObject *kernel_bait(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_forest(PyObject *self, PyObject *args);
PyObject *kernel_giant_tags(PyObject *self, PyObject *args);
PyObject *kernel_hedges(PyObject *self, PyObject *args);
PyObject *kernel_kinds(PyObject *self, PyObject *const *args, Py_ssize_t arg_count);
PyObject *kernel_known_arrays(PyObject *self, PyObject *args);
PyObject *kernel_letters(PyObject *self, PyObject *args);
PyObject *kernel_lines(PyObject *self, PyObject *args);
PyObject *kernel_links(PyObject *self, PyObject *args);
PyObject *kernel_loaded_first(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_loaded_means(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_loaded_runs(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_lowered(PyObject *self, PyObject *args);
PyObject *kernel_lure(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_marks(PyObject *self, PyObject *args);
PyObject *kernel_masked(PyObject *self, PyObject *args);
PyObject *kernel_overlap(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_phrases(PyObject *self, PyObject *args);
PyObject *kernel_prepared(PyObject *self, PyObject *args);
PyObject *kernel_quantities(PyObject *self, PyObject *args);
PyObject *kernel_quantiles(PyObject *self, PyObject *args);
PyObject *kernel_runs(PyObject *self, PyObject *args);
PyObject *kernel_shouting(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_signs(PyObject *self, PyObject *args);
PyObject *kernel_softened(PyObject *self, PyObject *args);
PyObject *kernel_style_measures(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_tables(PyObject *self, PyObject *const *args, Py_ssize_t given);
PyObject *kernel_terms(PyObject *self, PyObject *args);
PyObject *kernel_wording(PyObject *self, PyObject *const *args, Py_ssize_t given);

#endif
