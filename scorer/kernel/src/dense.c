#include "dense.h"
#include <math.h>
#include <string.h>

#ifdef HAVE_AVX2_PATH
#include <immintrin.h>

/* Two rows by `wide` registers of eight columns: sums stay in registers, each weight is read once for both rows. */
__attribute__((target("avx2"), always_inline)) static inline void
block_avx2(const Dense *dense, const int16_t *first, const int16_t *second, int places, Py_ssize_t apart, int width,
           int column, int wide, int32_t *first_sums, int32_t *second_sums)
{
    __m256i one[4], two[4];
    for (int i = 0; i < wide; i++)
        one[i] = two[i] = _mm256_setzero_si256();
    const int16_t *weights = dense->weights + 2 * column;
    for (int place = 0; place < places; place++) {
        const int16_t *a = first + place * apart, *b = second + place * apart;
        for (int k = 0; k < width; k += 2) {
            int32_t pair_a, pair_b;
            memcpy(&pair_a, a + k, 4);
            memcpy(&pair_b, b + k, 4);
            __m256i in_a = _mm256_set1_epi32(pair_a), in_b = _mm256_set1_epi32(pair_b);
            for (int i = 0; i < wide; i++) {
                __m256i w = _mm256_loadu_si256((const __m256i *)(weights + 16 * i));
                one[i] = _mm256_add_epi32(one[i], _mm256_madd_epi16(in_a, w));
                two[i] = _mm256_add_epi32(two[i], _mm256_madd_epi16(in_b, w));
            }
            weights += 2 * dense->columns;
        }
    }
    for (int i = 0; i < wide; i++) {
        _mm256_storeu_si256((__m256i *)(first_sums + column + 8 * i), one[i]);
        _mm256_storeu_si256((__m256i *)(second_sums + column + 8 * i), two[i]);
    }
}

__attribute__((target("avx2"))) static void
sums_avx2(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
          Py_ssize_t rows, int32_t *sums)
{
    for (Py_ssize_t row = 0; row < rows; row += 2) {
        Py_ssize_t other = row + 1 < rows ? row + 1 : row; /* the last of an odd number is done twice */
        const int16_t *a = inputs + row * stride, *b = inputs + other * stride;
        int32_t *sums_a = sums + row * dense->columns, *sums_b = sums + other * dense->columns;
        int column = 0;
        for (; column + 32 <= dense->columns; column += 32)
            block_avx2(dense, a, b, places, apart, width, column, 4, sums_a, sums_b);
        for (; column < dense->columns; column += 16)
            block_avx2(dense, a, b, places, apart, width, column, 2, sums_a, sums_b);
    }
}

__attribute__((target("avx2"))) static void
activate_avx2(const Dense *dense, const int32_t *sums, const int32_t *before, int16_t *activations, int top)
{
    const __m256i zero = _mm256_setzero_si256(), most = _mm256_set1_epi32(top);
    for (int c = 0; c < dense->columns; c += 16) {
        __m256i part[2];
        for (int half = 0; half < 2; half++) {
            int at = c + 8 * half;
            __m256i sum = _mm256_loadu_si256((const __m256i *)(sums + at));
            if (before)
                sum = _mm256_add_epi32(sum, _mm256_loadu_si256((const __m256i *)(before + at)));
            __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_loadu_ps(dense->gain + at));
            scaled = _mm256_add_ps(scaled, _mm256_loadu_ps(dense->shift + at));
            part[half] = _mm256_min_epi32(_mm256_max_epi32(_mm256_cvtps_epi32(scaled), zero), most);
        }
        /* packing works within halves of a register: put the quarters back in order */
        __m256i packed = _mm256_permute4x64_epi64(_mm256_packs_epi32(part[0], part[1]), 0xd8);
        _mm256_storeu_si256((__m256i *)(activations + c), packed);
    }
}
#endif

static void sums_plain(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart,
                       int width, Py_ssize_t rows, int32_t *sums)
{
    for (Py_ssize_t row = 0; row < rows; row++) {
        int32_t *out = sums + row * dense->columns;
        const int16_t *weights = dense->weights;
        memset(out, 0, dense->columns * sizeof *out);
        for (int place = 0; place < places; place++) {
            const int16_t *in = inputs + row * stride + place * apart;
            for (int k = 0; k < width; k += 2, weights += 2 * dense->columns) {
                int32_t a = in[k], b = in[k + 1];
                if (a | b)
                    for (int c = 0; c < dense->columns; c++)
                        out[c] += a * weights[2 * c] + b * weights[2 * c + 1];
            }
        }
    }
}

static void activate_plain(const Dense *dense, const int32_t *sums, const int32_t *before, int16_t *activations,
                           int top)
{
    for (int c = 0; c < dense->columns; c++) {
        float scaled = (float)(sums[c] + (before ? before[c] : 0)) * dense->gain[c];
        float value = rintf(scaled + dense->shift[c]);
        activations[c] = (int16_t)(value < 0 ? 0 : value > (float)top ? (float)top : value);
    }
}

static int has_avx2(void)
{
#ifdef HAVE_AVX2_PATH
    static int known = -1;
    if (known < 0) {
        __builtin_cpu_init();
        known = __builtin_cpu_supports("avx2") != 0;
    }
    return known;
#else
    return 0;
#endif
}

void dense_sums(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
                Py_ssize_t rows, int32_t *sums)
{
#ifdef HAVE_AVX2_PATH
    if (has_avx2()) {
        sums_avx2(dense, inputs, stride, places, apart, width, rows, sums);
        return;
    }
#endif
    sums_plain(dense, inputs, stride, places, apart, width, rows, sums);
}

void dense_activate(const Dense *dense, const int32_t *sums, const int32_t *before, int16_t *activations, int top)
{
#ifdef HAVE_AVX2_PATH
    if (has_avx2()) {
        activate_avx2(dense, sums, before, activations, top);
        return;
    }
#endif
    activate_plain(dense, sums, before, activations, top);
}
