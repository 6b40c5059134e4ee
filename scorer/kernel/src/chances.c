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

/* The share of a token's powers, the first of which is as given, that each other label has. */
VECTOR static void share(const float *restrict powers, Py_ssize_t n, float *restrict shares)
{
    for (Py_ssize_t t = 0; t < n; t++) {
        float total = powers[t];
        for (int label = 1; label < LABELS; label++)
            total += powers[label * n + t];
        for (int label = 1; label < LABELS; label++)
            shares[(label - 1) * n + t] = powers[label * n + t] / total;
    }
}

/* The chance that a run goes on with a token, given that it holds the token before; nothing is told of the first. */
VECTOR static void follow(const float *restrict begin, const float *restrict inside, Py_ssize_t n,
                          float *restrict goes_on)
{
    for (Py_ssize_t t = 1; t < n; t++) {
        float before = begin[t - 1] + inside[t - 1];
        float part = inside[t] / (before > 1e-6f ? before : 1e-6f);
        goes_on[t] = part < 1.0f ? part : 1.0f;
    }
}

void label_chances(Tagging *d, const float *powers)
{
    share(powers, d->n, d->chances);
    for (int role = 0; role < ROLES; role++) {
        float *begin = d->chances + 2 * role * d->n, *goes_on = d->chances + (2 * ROLES + role) * d->n;
        follow(begin, begin + d->n, d->n, goes_on);
        d->begins[role] = begin;
        d->goes_on[role] = goes_on;
    }
}
