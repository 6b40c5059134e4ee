/* Sums of small decision trees: scorer.forest.Forest.scores, written out. */
#include "forest.h"

enum { ROWS = 4 }; /* walked together through a tree: they need not wait for each other */

/* Add what the leaves that ROWS rows end in say; `columns` are LANES numbers each. */
static void walk(const float *columns, const uint8_t *feature, const float *limit, const int32_t *leaves,
                 Py_ssize_t inner, int64_t *totals)
{
    Py_ssize_t node[ROWS] = {0};
    for (Py_ssize_t level = 0; level < inner; level = 2 * level + 1)
        for (int row = 0; row < ROWS; row++)
            node[row] = 2 * node[row] + 1 + (columns[LANES * feature[node[row]] + row] > limit[node[row]]);
    for (int row = 0; row < ROWS; row++)
        totals[row] += leaves[node[row] - inner];
}

/* What the trees add up to for each row of `groups` groups of LANES. A whole forest is read for each text, so that its
 * bytes are what costs most: all rows go through a tree before the next one is looked at. */
static void sum(const Forest *forest, const float *columns, Py_ssize_t groups, Py_ssize_t width, int64_t *totals)
{
    Py_ssize_t inner = forest->inner;
    for (Py_ssize_t tree = 0; tree < forest->trees; tree++) {
        const uint8_t *feature = forest->feature + tree * inner;
        const float *limit = forest->limit + tree * inner;
        const int32_t *leaves = forest->leaves + tree * (inner + 1);
        for (Py_ssize_t group = 0; group < groups; group++)
            for (int row = 0; row < LANES; row += ROWS)
                walk(columns + group * width * LANES + row, feature, limit, leaves, inner,
                     totals + group * LANES + row);
    }
}

#ifdef HAVE_AVX2_PATH
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline

/* All bits of those lanes whose number in the node's column is greater than its limit. */
AVX2_INLINE __m256i greater(const float *columns, const uint8_t *feature, const float *limit, int node)
{
    __m256 numbers = _mm256_loadu_ps(columns + LANES * feature[node]);
    return _mm256_castps_si256(_mm256_cmp_ps(numbers, _mm256_broadcast_ss(limit + node), _CMP_GT_OQ));
}

/* Which of the four children of a node's children each lane comes to. */
AVX2_INLINE __m256i two_levels(const float *columns, const uint8_t *feature, const float *limit, int node)
{
    __m256i here = greater(columns, feature, limit, node), left = greater(columns, feature, limit, 2 * node + 1),
            right = greater(columns, feature, limit, 2 * node + 2);
    __m256i second = _mm256_srli_epi32(_mm256_blendv_epi8(left, right, here), 31);
    return _mm256_or_si256(_mm256_and_si256(here, _mm256_set1_epi32(2)), second);
}

/* The first three levels: every node is asked for all lanes at once, which spares looking nodes up. */
AVX2_INLINE __m256i three_levels(const float *columns, const uint8_t *feature, const float *limit)
{
    __m256i here = greater(columns, feature, limit, 0);
    __m256i below = _mm256_blendv_epi8(two_levels(columns, feature, limit, 1), two_levels(columns, feature, limit, 2),
                                       here);
    return _mm256_or_si256(_mm256_and_si256(here, _mm256_set1_epi32(4)), below);
}

/* The limit of node `at` of a level of `nodes` nodes (8, 16 or 32) for each lane. */
AVX2_INLINE __m256 limits_at(const float *limit, int nodes, __m256i at)
{
    __m256 found = _mm256_permutevar8x32_ps(_mm256_loadu_ps(limit), at);
    if (nodes == 8)
        return found;
    __m256 fourth = _mm256_castsi256_ps(_mm256_slli_epi32(at, 28)),
           fifth = _mm256_castsi256_ps(_mm256_slli_epi32(at, 27));
    found = _mm256_blendv_ps(found, _mm256_permutevar8x32_ps(_mm256_loadu_ps(limit + 8), at), fourth);
    if (nodes == 16)
        return found;
    __m256 third = _mm256_permutevar8x32_ps(_mm256_loadu_ps(limit + 16), at),
           last = _mm256_permutevar8x32_ps(_mm256_loadu_ps(limit + 24), at);
    return _mm256_blendv_ps(found, _mm256_blendv_ps(third, last, fourth), fifth);
}

AVX2_INLINE __m256i eight_features(const uint8_t *feature, __m256i at)
{
    return _mm256_permutevar8x32_epi32(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)feature)), at);
}

/* The same of the columns. */
AVX2_INLINE __m256i features_at(const uint8_t *feature, int nodes, __m256i at)
{
    __m256i found = eight_features(feature, at);
    if (nodes == 8)
        return found;
    __m256i fourth = _mm256_slli_epi32(at, 28);
    fourth = _mm256_srai_epi32(fourth, 31);
    found = _mm256_blendv_epi8(found, eight_features(feature + 8, at), fourth);
    if (nodes == 16)
        return found;
    __m256i fifth = _mm256_srai_epi32(_mm256_slli_epi32(at, 27), 31);
    __m256i others = _mm256_blendv_epi8(eight_features(feature + 16, at), eight_features(feature + 24, at), fourth);
    return _mm256_blendv_epi8(found, others, fifth);
}

/* One level further down, whose nodes begin at `nodes` - 1. */
AVX2_INLINE __m256i one_level(const float *columns, const uint8_t *feature, const float *limit, int nodes, __m256i at)
{
    __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i cell = _mm256_add_epi32(_mm256_slli_epi32(features_at(feature + nodes - 1, nodes, at), 3), lane);
    __m256 numbers = _mm256_i32gather_ps(columns, cell, 4), limits = limits_at(limit + nodes - 1, nodes, at);
    __m256i is_greater = _mm256_castps_si256(_mm256_cmp_ps(numbers, limits, _CMP_GT_OQ));
    return _mm256_sub_epi32(_mm256_add_epi32(at, at), is_greater);
}

AVX2_INLINE void sweep(const Forest *forest, const float *columns, Py_ssize_t groups, Py_ssize_t width, int64_t *totals,
                       int depth)
{
    const uint8_t *feature = forest->feature;
    const float *limit = forest->limit;
    const int32_t *leaves = forest->leaves;
    int inner = (1 << depth) - 1;
    for (Py_ssize_t tree = 0; tree < forest->trees; tree++, feature += inner, limit += inner, leaves += inner + 1)
        for (Py_ssize_t group = 0; group < groups; group++) {
            const float *given = columns + group * width * LANES;
            __m256i *total = (__m256i *)(totals + group * LANES), at = three_levels(given, feature, limit);
            for (int nodes = 8; nodes <= inner; nodes *= 2)
                at = one_level(given, feature, limit, nodes, at);
            __m256i found = _mm256_i32gather_epi32(leaves, at, 4);
            __m256i low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(found)),
                    high = _mm256_cvtepi32_epi64(_mm256_extracti128_si256(found, 1));
            _mm256_storeu_si256(total, _mm256_add_epi64(_mm256_loadu_si256(total), low));
            _mm256_storeu_si256(total + 1, _mm256_add_epi64(_mm256_loadu_si256(total + 1), high));
        }
}

AVX2 static void sweep_3(const Forest *f, const float *c, Py_ssize_t g, Py_ssize_t w, int64_t *t)
{
    sweep(f, c, g, w, t, 3);
}
AVX2 static void sweep_4(const Forest *f, const float *c, Py_ssize_t g, Py_ssize_t w, int64_t *t)
{
    sweep(f, c, g, w, t, 4);
}
AVX2 static void sweep_5(const Forest *f, const float *c, Py_ssize_t g, Py_ssize_t w, int64_t *t)
{
    sweep(f, c, g, w, t, 5);
}
AVX2 static void sweep_6(const Forest *f, const float *c, Py_ssize_t g, Py_ssize_t w, int64_t *t)
{
    sweep(f, c, g, w, t, 6);
}
#endif

typedef void (*Sum)(const Forest *, const float *, Py_ssize_t, Py_ssize_t, int64_t *);

static Sum sum_for(Py_ssize_t inner)
{
#ifdef HAVE_AVX2_PATH
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
        switch (inner) {
        case 7: return sweep_3;
        case 15: return sweep_4;
        case 31: return sweep_5;
        case 63: return sweep_6;
        }
#endif
    return sum;
}

float *forest_columns(const float *values, Py_ssize_t n, Py_ssize_t width)
{
    Py_ssize_t groups = (n + LANES - 1) / LANES;
    float *columns = PyMem_Calloc(groups * LANES * width + 1, sizeof *columns);
    if (!columns)
        PyErr_NoMemory();
    for (Py_ssize_t row = 0; columns && row < n; row++, values += width) {
        float *of_row = columns + row / LANES * LANES * width + row % LANES;
        for (Py_ssize_t column = 0; column < width; column++)
            of_row[LANES * column] = values[column];
    }
    return columns;
}

int forest_sum(const Forest *forest, const float *columns, Py_ssize_t n, Py_ssize_t width, float *scores)
{
    Py_ssize_t groups = (n + LANES - 1) / LANES;
    int64_t *totals = PyMem_Calloc(groups * LANES + 1, sizeof *totals);
    if (!totals) {
        PyErr_NoMemory();
        return -1;
    }
    sum_for(forest->inner)(forest, columns, groups, width, totals);
    for (Py_ssize_t row = 0; row < n; row++)
        scores[row] = (float)((double)totals[row] * forest->unit + forest->bias);
    PyMem_Free(totals);
    return 0;
}

VECTOR static uint8_t largest(const uint8_t *numbers, Py_ssize_t count)
{
    uint8_t most = 0;
    for (Py_ssize_t i = 0; i < count; i++)
        most = numbers[i] > most ? numbers[i] : most;
    return most;
}

int forest_fits(Forest *forest, Py_ssize_t features, Py_ssize_t limits, Py_ssize_t leaves, Py_ssize_t width)
{
    Py_ssize_t inner = forest->inner, trees = forest->trees = inner > 0 ? features / inner : 0;
    return inner > 0 && width > 0 && !(inner & (inner + 1)) && features == trees * inner && limits == features &&
           leaves == trees * (inner + 1) && (!trees || largest(forest->feature, features) < width);
}

int forest_of(PyObject *tables, Py_ssize_t width, Forest *forest)
{
    enum { FEATURE, LIMIT, LEAVES, SCALE };
    const Array *a = tables_of(tables, "Bfid");
    if (!a)
        return -1;
    Py_ssize_t trees = a[LEAVES].count - a[FEATURE].count;
    *forest = (Forest){a[FEATURE].view.buf, a[LIMIT].view.buf, a[LEAVES].view.buf, trees,
                       trees > 0 ? a[FEATURE].count / trees : 0, 0, 0};
    if (a[SCALE].count != 2 ||
        !forest_fits(forest, a[FEATURE].count, a[LIMIT].count, a[LEAVES].count, width)) {
        PyErr_SetString(PyExc_ValueError, "values and trees do not fit each other");
        return -1;
    }
    const double *scale = a[SCALE].view.buf;
    forest->unit = scale[0];
    forest->bias = scale[1];
    return 0;
}

float forest_score(const Forest *forest, const float *row)
{
    const uint8_t *feature = forest->feature;
    const float *limit = forest->limit;
    Py_ssize_t inner = forest->inner;
    int64_t total = 0;
    for (Py_ssize_t tree = 0; tree < forest->trees; tree++, feature += inner, limit += inner) {
        Py_ssize_t node = 0;
        for (Py_ssize_t level = 0; level < inner; level = 2 * level + 1)
            node = 2 * node + 1 + (row[feature[node]] > limit[node]);
        total += forest->leaves[tree * (inner + 1) + node - inner];
    }
    return (float)((double)total * forest->unit + forest->bias);
}

PyObject *kernel_forest(PyObject *self, PyObject *args)
{
    enum { VALUES, FEATURE, LIMIT, LEAVES, ARRAYS };
    static const char *const names[ARRAYS] = {"values", "feature", "limit", "leaves"};
    PyObject *given[ARRAYS], *found = NULL;
    Array a[ARRAYS];
    Forest forest;
    Py_ssize_t width;
    if (!PyArg_ParseTuple(args, "OOOOnndd", &given[VALUES], &given[FEATURE], &given[LIMIT], &given[LEAVES], &width,
                          &forest.inner, &forest.unit, &forest.bias) ||
        arrays_take(given, a, "fBfi", names) < 0)
        return NULL;
    Py_ssize_t n = width > 0 ? a[VALUES].count / width : 0;
    float *columns = NULL;
    forest.feature = a[FEATURE].view.buf;
    forest.limit = a[LIMIT].view.buf;
    forest.leaves = a[LEAVES].view.buf;
    if (!forest_fits(&forest, a[FEATURE].count, a[LIMIT].count, a[LEAVES].count, width) || a[VALUES].count != n * width)
        PyErr_SetString(PyExc_ValueError, "values and trees do not fit each other");
    else if ((columns = forest_columns(a[VALUES].view.buf, n, width)) &&
             (found = PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float))) &&
             forest_sum(&forest, columns, n, width, (float *)PyBytes_AS_STRING(found)) < 0)
        Py_CLEAR(found);
    PyMem_Free(columns);
    arrays_drop(a, ARRAYS);
    return found;
}
