#include "dense_wide.h"
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

/* One row's sums by `wide` registers of eight columns; `sum` stays in registers. */
__attribute__((target("avx2"), always_inline)) static inline void
block_avx2(const Dense *dense, const int16_t *inputs, int places, Py_ssize_t apart, int width, int column, int wide,
           __m256i *sum)
{
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
}

/* The same of eight registers for stretches of WIDE inputs: pairs of two stretches are walked in one go, since where a
 * walk ends is what a processor guesses wrong. */
enum { WIDE = 64, PAIRS = WIDE / 2 };

__attribute__((target("avx2"), always_inline)) static inline void
walk_avx2(uint64_t alive, const int16_t *inputs, const int16_t *weights, Py_ssize_t step, __m256i *sum)
{
    for (; alive; alive &= alive - 1) {
        Py_ssize_t pair = __builtin_ctzll(alive);
        int32_t both;
        memcpy(&both, inputs + 2 * pair, 4);
        __m256i factor = _mm256_set1_epi32(both);
        const int16_t *from = weights + pair * step;
        for (int i = 0; i < 8; i++) {
            __m256i weight = _mm256_loadu_si256((const __m256i *)(from + 16 * i));
            sum[i] = _mm256_add_epi32(sum[i], _mm256_madd_epi16(factor, weight));
        }
    }
}

__attribute__((target("avx2"), always_inline)) static inline void
three_avx2(const Dense *dense, const int16_t *inputs, Py_ssize_t apart, int column, __m256i *sum)
{
    const int16_t *weights = dense->weights + 2 * column;
    const Py_ssize_t step = 2 * (Py_ssize_t)dense->columns;
    int16_t two[2 * WIDE];
    memcpy(two, inputs, WIDE * sizeof *two);
    memcpy(two + WIDE, inputs + apart, WIDE * sizeof *two);
    for (int i = 0; i < 8; i++)
        sum[i] = _mm256_setzero_si256();
    uint64_t later = alive_pairs(inputs + apart, WIDE);
    walk_avx2(alive_pairs(inputs, WIDE) | later << PAIRS, two, weights, step, sum);
    walk_avx2(alive_pairs(inputs + 2 * apart, WIDE), inputs + 2 * apart, weights + WIDE * step, step, sum);
}

__attribute__((target("avx2"), always_inline)) static inline void keep_sums(const __m256i *sum, int wide, int32_t *sums)
{
    for (int i = 0; i < wide; i++)
        _mm256_storeu_si256((__m256i *)(sums + 8 * i), sum[i]);
}

__attribute__((target("avx2"))) static void
sums_avx2(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
          Py_ssize_t rows, int32_t *sums)
{
    __m256i sum[8];
    for (Py_ssize_t row = 0; row < rows; row++, inputs += stride, sums += dense->columns) {
        int column = 0;
        for (; column + 64 <= dense->columns; column += 64) {
            block_avx2(dense, inputs, places, apart, width, column, 8, sum);
            keep_sums(sum, 8, sums + column);
        }
        for (; column < dense->columns; column += 16) {
            block_avx2(dense, inputs, places, apart, width, column, 2, sum);
            keep_sums(sum, 2, sums + column);
        }
    }
}

/* Sixteen activations of the columns from `column` on, whose sums are these. */
__attribute__((target("avx2"), always_inline)) static inline __m256i
activations_avx2(const Dense *dense, int column, __m256i low, __m256i high, __m256i most)
{
    const float *gain = dense->gain + column, *shift = dense->shift + column;
    __m256 first = _mm256_mul_ps(_mm256_cvtepi32_ps(low), _mm256_loadu_ps(gain));
    __m256 second = _mm256_mul_ps(_mm256_cvtepi32_ps(high), _mm256_loadu_ps(gain + 8));
    low = _mm256_cvtps_epi32(_mm256_add_ps(first, _mm256_loadu_ps(shift)));
    high = _mm256_cvtps_epi32(_mm256_add_ps(second, _mm256_loadu_ps(shift + 8)));
    /* packing works within halves of a register: put the quarters back in order */
    __m256i packed = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xd8);
    return _mm256_min_epi16(_mm256_max_epi16(packed, _mm256_setzero_si256()), most);
}

__attribute__((target("avx2"), always_inline)) static inline void finish_avx2(const Dense *dense, int column, int wide,
                                                                              const __m256i *sum, const int32_t *before,
                                                                              const int16_t *residual, int16_t *out,
                                                                              __m256i most)
{
    for (int i = 0; i < wide; i += 2) {
        int at = column + 8 * i;
        __m256i low = sum[i], high = sum[i + 1];
        if (before) {
            low = _mm256_add_epi32(low, _mm256_loadu_si256((const __m256i *)(before + at)));
            high = _mm256_add_epi32(high, _mm256_loadu_si256((const __m256i *)(before + at + 8)));
        }
        __m256i made = activations_avx2(dense, at, low, high, most);
        if (residual) {
            made = _mm256_add_epi16(made, _mm256_loadu_si256((const __m256i *)(residual + at)));
            made = _mm256_min_epi16(made, most);
        }
        _mm256_storeu_si256((__m256i *)(out + at), made);
    }
}

__attribute__((target("avx2"))) static void
layer_avx2(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
           Py_ssize_t rows, const int32_t *before, const int16_t *residual, int16_t *out, int top)
{
    const __m256i most = _mm256_set1_epi16((short)top);
    __m256i sum[8];
    for (Py_ssize_t row = 0; row < rows; row++) {
        int column = 0;
        for (; column + 64 <= dense->columns; column += 64) {
            if (places == 3 && width == WIDE)
                three_avx2(dense, inputs, apart, column, sum);
            else
                block_avx2(dense, inputs, places, apart, width, column, 8, sum);
            finish_avx2(dense, column, 8, sum, before, residual, out, most);
        }
        for (; column < dense->columns; column += 16) {
            block_avx2(dense, inputs, places, apart, width, column, 2, sum);
            finish_avx2(dense, column, 2, sum, before, residual, out, most);
        }
        inputs += stride;
        out += dense->columns;
        residual = residual ? residual + dense->columns : NULL;
    }
}

__attribute__((target("avx2"))) static void
enter_avx2(const Dense *dense, const int16_t *const *words, const int16_t *const *looks, Py_ssize_t rows, int16_t *out,
           int top)
{
    const __m256i most = _mm256_set1_epi16((short)top);
    const int columns = dense->columns;
    for (Py_ssize_t row = 0; row < rows; row++, words++, looks++, out += columns) {
        if (row + ROWS_AHEAD < rows)
            fetch(words[PLACES - 1 + ROWS_AHEAD], PLACES * columns * sizeof **words);
        for (int c = 0; c < columns; c += 16) {
            __m256i sum = _mm256_setzero_si256();
            for (int place = 0; place < PLACES; place++) {
                __m256i word = _mm256_loadu_si256((const __m256i *)(words[place] + place * columns + c));
                __m256i look = _mm256_loadu_si256((const __m256i *)(looks[place] + place * columns + c));
                sum = _mm256_add_epi16(sum, _mm256_add_epi16(word, look));
            }
            __m256i low = _mm256_cvtepi16_epi32(_mm256_castsi256_si128(sum));
            __m256i high = _mm256_cvtepi16_epi32(_mm256_extracti128_si256(sum, 1));
            _mm256_storeu_si256((__m256i *)(out + c), activations_avx2(dense, c, low, high, most));
        }
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

static int16_t activation(const Dense *dense, int column, int32_t sum, int top)
{
    float scaled = (float)sum * dense->gain[column];
    float value = rintf(scaled + dense->shift[column]);
    return (int16_t)(value < 0 ? 0 : value > (float)top ? (float)top : value);
}

static void layer_plain(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart,
                        int width, Py_ssize_t rows, const int32_t *before, const int16_t *residual, int16_t *out,
                        int top)
{
    int32_t sums[MAX_COLUMNS];
    for (Py_ssize_t row = 0; row < rows; row++, inputs += stride, out += dense->columns) {
        sums_plain(dense, inputs, stride, places, apart, width, 1, sums);
        for (int c = 0; c < dense->columns; c++) {
            int value = activation(dense, c, sums[c] + (before ? before[c] : 0), top);
            value += residual ? residual[row * dense->columns + c] : 0;
            out[c] = (int16_t)(value > top ? top : value);
        }
    }
}

static void enter_plain(const Dense *dense, const int16_t *const *words, const int16_t *const *looks, Py_ssize_t rows,
                        int16_t *out, int top)
{
    for (Py_ssize_t row = 0; row < rows; row++, words++, looks++)
        for (int c = 0; c < dense->columns; c++) {
            int32_t sum = 0;
            for (int place = 0; place < PLACES; place++)
                sum += words[place][place * dense->columns + c] + looks[place][place * dense->columns + c];
            *out++ = activation(dense, c, sum, top);
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
#ifdef HAVE_WIDE_PATH
    if (has_wide()) {
        sums_wide(dense, inputs, stride, places, apart, width, rows, sums);
        return;
    }
#endif
#ifdef HAVE_AVX2_PATH
    if (has_avx2()) {
        sums_avx2(dense, inputs, stride, places, apart, width, rows, sums);
        return;
    }
#endif
    sums_plain(dense, inputs, stride, places, apart, width, rows, sums);
}

void dense_layer(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart, int width,
                 Py_ssize_t rows, const int32_t *before, const int16_t *residual, int16_t *out, int top)
{
#ifdef HAVE_WIDE_PATH
    if (has_wide()) {
        layer_wide(dense, inputs, stride, places, apart, width, rows, before, residual, out, top);
        return;
    }
#endif
#ifdef HAVE_AVX2_PATH
    if (has_avx2()) {
        layer_avx2(dense, inputs, stride, places, apart, width, rows, before, residual, out, top);
        return;
    }
#endif
    layer_plain(dense, inputs, stride, places, apart, width, rows, before, residual, out, top);
}

void dense_enter(const Dense *dense, const int16_t *const *words, const int16_t *const *looks, Py_ssize_t rows,
                 int16_t *out, int top)
{
#ifdef HAVE_WIDE_PATH
    if (has_wide() && dense->columns == WIDE_COLUMNS) {
        enter_wide(dense, words, looks, rows, out, top);
        return;
    }
#endif
#ifdef HAVE_AVX2_PATH
    if (has_avx2()) {
        enter_avx2(dense, words, looks, rows, out, top);
        return;
    }
#endif
    enter_plain(dense, words, looks, rows, out, top);
}
