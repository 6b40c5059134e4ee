#include "dense.h"
#include <math.h>
#include <string.h>

#ifdef HAVE_AVX2_PATH
#include <immintrin.h>

/* Most activations are zero (two of three and more, measured on real articles), and a pair of zeros adds nothing: bit p
 * of the mask tells that pair p of these 64 inputs is another one. `count` is 16, 32, 48 or 64. */
__attribute__((target("avx2"), always_inline)) static inline uint32_t alive_pairs(const int16_t *inputs, int count)
{
    const __m256i zero = _mm256_setzero_si256();
    uint32_t alive = 0;
    for (int i = 0; i < count; i += 16) {
        __m256i pairs = _mm256_loadu_si256((const __m256i *)(inputs + i));
        uint32_t none = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(pairs, zero)));
        alive |= (none ^ 0xffu) << (i / 2);
    }
    return alive;
}

/* One row by `wide` registers of eight columns: the sums stay in registers. */
__attribute__((target("avx2"), always_inline)) static inline void
block_avx2(const Dense *dense, const int16_t *inputs, int places, Py_ssize_t apart, int width, int column, int wide,
           int32_t *sums)
{
    __m256i sum[8];
    for (int i = 0; i < wide; i++)
        sum[i] = _mm256_setzero_si256();
    const int16_t *weights = dense->weights + 2 * column;
    const Py_ssize_t step = 2 * (Py_ssize_t)dense->columns;
    for (int place = 0; place < places; place++)
        for (int k = 0; k < width; k += 64) {
            const int16_t *in = inputs + place * apart + k;
            int count = width - k < 64 ? width - k : 64;
            for (uint32_t alive = alive_pairs(in, count); alive; alive &= alive - 1) {
                int pair = __builtin_ctz(alive);
                int32_t both;
                memcpy(&both, in + 2 * pair, 4);
                __m256i factor = _mm256_set1_epi32(both);
                const int16_t *from = weights + pair * step;
                for (int i = 0; i < wide; i++) {
                    __m256i weight = _mm256_loadu_si256((const __m256i *)(from + 16 * i));
                    sum[i] = _mm256_add_epi32(sum[i], _mm256_madd_epi16(factor, weight));
                }
            }
            weights += count / 2 * step;
        }
    for (int i = 0; i < wide; i++)
        _mm256_storeu_si256((__m256i *)(sums + column + 8 * i), sum[i]);
}

__attribute__((target("avx2"))) static void
sums_avx2(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
          Py_ssize_t rows, int32_t *sums)
{
    for (Py_ssize_t row = 0; row < rows; row++, inputs += stride, sums += dense->columns) {
        int column = 0;
        for (; column + 64 <= dense->columns; column += 64)
            block_avx2(dense, inputs, places, apart, width, column, 8, sums);
        for (; column < dense->columns; column += 16)
            block_avx2(dense, inputs, places, apart, width, column, 2, sums);
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
