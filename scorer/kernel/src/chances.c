/* From the network's scores to chances of each label, but for the exponentials, which stay numpy's:
 * scorer.tagger.decode, written out. */
#include "runs.h"

/* out[label][t] = how far a label's score lies below the token's largest; whether the token reads like content. */
VECTOR static void soften(const float *scores, Py_ssize_t n, float odds, float *out, uint8_t *content)
{
    for (Py_ssize_t t = 0; t < n; t++, scores += COLUMNS) {
        float most = scores[0];
        for (int label = 1; label < LABELS; label++)
            most = scores[label] > most ? scores[label] : most;
        for (int label = 0; label < LABELS; label++)
            out[label * n + t] = scores[label] - most;
        content[t] = scores[LABELS + 1] - scores[LABELS] > odds;
    }
}

PyObject *kernel_softened(PyObject *self, PyObject *args)
{
    PyObject *given, *found = NULL;
    float odds;
    Array scores;
    if (!PyArg_ParseTuple(args, "Of", &given, &odds) || array_take(given, &scores, 'f', 4, "scores") < 0)
        return NULL;
    Py_ssize_t n = scores.count / COLUMNS;
    if (scores.count % COLUMNS)
        PyErr_Format(PyExc_ValueError, "scores: %d columns are wanted", COLUMNS);
    else if ((found = PyByteArray_FromStringAndSize(NULL, n * (LABELS * (Py_ssize_t)sizeof(float) + 1)))) {
        float *below = (float *)PyByteArray_AS_STRING(found);
        soften(scores.view.buf, n, odds, below, (uint8_t *)(below + LABELS * n));
    }
    array_drop(&scores);
    return found;
}

VECTOR void shares_of(const float *restrict powers, Py_ssize_t n, float *restrict chances)
{
    for (Py_ssize_t t = 0; t < n; t++) {
        float total = powers[t];
        for (int label = 1; label < LABELS; label++)
            total += powers[label * n + t];
        for (int label = 1; label < LABELS; label++)
            chances[(label - 1) * n + t] = powers[label * n + t] / total;
    }
}
