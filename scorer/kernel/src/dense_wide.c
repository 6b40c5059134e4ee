/* Only pairs of inputs that are not both zero are added up, in one walk for each row and 64 columns, whose end is all
 * that a processor can guess wrong. Layers of 64 columns tell their pairs by a mask, others by a list. */
#include "dense_wide.h"

#ifdef HAVE_WIDE_PATH
#include <immintrin.h>
#include <string.h>

#define WIDE_PATH __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#define WIDE_PART WIDE_PATH __attribute__((always_inline)) static inline
#define WIDE_WHOLE WIDE_PATH __attribute__((noinline)) static /* by itself: all of its addresses fit into registers */

enum {
    LANES = 16,           /* numbers of a register, and columns */
    BATCH = WIDE_COLUMNS, /* columns whose sums are held at a time */
    MOST_PAIRS = MOST_INPUTS / 2,
};

typedef struct {
    int count;
    int32_t *values; /* two inputs each; there is room for LANES more than may be found */
    int32_t *places; /* where the weights of each pair begin */
} Pairs;

WIDE_PART void list_pairs(const int16_t *inputs, int places, Py_ssize_t apart, int width, int step, Pairs *pairs)
{
    const __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i steps = _mm512_mullo_epi32(lanes, _mm512_set1_epi32(step));
    int count = 0, begin = 0;
    for (int place = 0; place < places; place++)
        for (int k = 0; k < width; k += 2 * LANES) {
            int held = width - k < 2 * LANES ? (width - k) / 2 : LANES;
            __m512i found = _mm512_maskz_loadu_epi32((__mmask16)((1u << held) - 1), inputs + place * apart + k);
            __mmask16 alive = _mm512_test_epi32_mask(found, found);
            __m512i at = _mm512_add_epi32(steps, _mm512_set1_epi32(begin));
            _mm512_storeu_si512(pairs->values + count, _mm512_maskz_compress_epi32(alive, found));
            _mm512_storeu_si512(pairs->places + count, _mm512_maskz_compress_epi32(alive, at));
            count += __builtin_popcount(alive);
            begin += held * step;
        }
    pairs->count = count;
}

/* _mm512_dpwssd_epi32, in the register where the sum lies: a compiler that is left to choose copies half of them back
 * and forth at each turn of a loop. */
#define ADD(to, pair, weights) \
    __asm__("vpdpwssd %2, %1, %0" : "+v"(to) : "v"(pair), "m"(*(const __m512i *)(weights)))
/* An address in one register: with two in it, an instruction that reads memory counts for two. */
#define HOLD(address) __asm__("" : "+r"(address))

/* Two pairs added to the sums of BATCH columns, which are named a to h: those of one pair apart from the other's, so
 * that neither addition waits for the one before. */
#define ADD_BOTH(one, first, two, second)                                                                              \
    do {                                                                                                               \
        ADD(a, one, first);                                                                                            \
        ADD(b, one, (first) + 2 * LANES);                                                                              \
        ADD(c, one, (first) + 4 * LANES);                                                                              \
        ADD(d, one, (first) + 6 * LANES);                                                                              \
        ADD(e, two, second);                                                                                           \
        ADD(f, two, (second) + 2 * LANES);                                                                             \
        ADD(g, two, (second) + 4 * LANES);                                                                             \
        ADD(h, two, (second) + 6 * LANES);                                                                             \
    } while (0)

/* The sums of BATCH columns, whose weights begin here, of a list of pairs up to `end`, an even number of them, added to
 * `sum`. (Names, no arrays: a compiler moves those about.) */
WIDE_PART void add_up(const int16_t *weights, const int32_t *values, const int32_t *places, const int32_t *end,
                      __m512i *sum)
{
    const __m512i zero = _mm512_setzero_si512();
    __m512i a = sum[0], b = sum[1], c = sum[2], d = sum[3], e = zero, f = zero, g = zero, h = zero;
    for (; values < end; values += 2, places += 2) {
        const int16_t *first = weights + places[0], *second = weights + places[1];
        HOLD(first);
        HOLD(second);
        __m512i one = _mm512_set1_epi32(values[0]), two = _mm512_set1_epi32(values[1]);
        ADD_BOTH(one, first, two, second);
    }
    sum[0] = _mm512_add_epi32(a, e);
    sum[1] = _mm512_add_epi32(b, f);
    sum[2] = _mm512_add_epi32(c, g);
    sum[3] = _mm512_add_epi32(d, h);
}

/* The same of one register's columns. */
WIDE_PART void add_up_one(const Dense *dense, const Pairs *pairs, int column, __m512i *sum)
{
    const int16_t *weights = dense->weights + 2 * column;
    __m512i a = _mm512_setzero_si512(), b = a;
    for (int n = 0; n < pairs->count; n += 2) {
        ADD(a, _mm512_set1_epi32(pairs->values[n]), weights + pairs->places[n]);
        ADD(b, _mm512_set1_epi32(pairs->values[n + 1]), weights + pairs->places[n + 1]);
    }
    *sum = _mm512_add_epi32(a, b);
}

/* Where sums go: as they are to `sums`, or, where that is NULL, as activations to `out`. */
typedef struct {
    int32_t *sums;
    const int32_t *before;
    const int16_t *residual;
    int16_t *out;
    int top;
} Target;

/* Hand on the sums of one register's columns; `at` is the first of them in the target's rows. */
WIDE_PART void hand_on(const Dense *dense, const Target *to, int column, Py_ssize_t at, __m512i sum)
{
    if (to->sums) {
        _mm512_storeu_si512(to->sums + at, sum);
        return;
    }
    const __m256i most = _mm256_set1_epi16((short)to->top);
    if (to->before)
        sum = _mm512_add_epi32(sum, _mm512_loadu_si512(to->before + column));
    __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_loadu_ps(dense->gain + column));
    __m512i steps = _mm512_cvtps_epi32(_mm512_add_ps(scaled, _mm512_loadu_ps(dense->shift + column)));
    __m256i made = _mm512_cvtsepi32_epi16(steps);
    made = _mm256_min_epi16(_mm256_max_epi16(made, _mm256_setzero_si256()), most);
    if (to->residual) {
        made = _mm256_add_epi16(made, _mm256_loadu_si256((const __m256i *)(to->residual + at)));
        made = _mm256_min_epi16(made, most);
    }
    _mm256_storeu_si256((__m256i *)(to->out + at), made);
}

WIDE_PART void multiply(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart,
                        int width, Py_ssize_t rows, const Target *to)
{
    int32_t values[MOST_PAIRS + LANES], begins[MOST_PAIRS + LANES];
    Pairs pairs = {0, values, begins};
    __m512i sum[BATCH / LANES];
    Py_ssize_t at = 0;
    for (Py_ssize_t row = 0; row < rows; row++, inputs += stride, at += dense->columns) {
        list_pairs(inputs, places, apart, width, 2 * dense->columns, &pairs);
        if (pairs.count % 2) {
            values[pairs.count] = begins[pairs.count] = 0;
            pairs.count++;
        }
        int column = 0;
        for (; column + BATCH <= dense->columns; column += BATCH) {
            for (int i = 0; i < BATCH / LANES; i++)
                sum[i] = _mm512_setzero_si512();
            add_up(dense->weights + 2 * column, values, begins, values + pairs.count, sum);
            for (int i = 0; i < BATCH / LANES; i++)
                hand_on(dense, to, column + i * LANES, at + column + i * LANES, sum[i]);
        }
        for (; column < dense->columns; column += LANES) {
            add_up_one(dense, &pairs, column, sum);
            hand_on(dense, to, column, at + column, *sum);
        }
    }
}

enum {
    READ_AT = 3, /* places */
    PARTS = BATCH / LANES,
    MOST_APART = 8,
};

/* Bit p tells that pair p of BATCH inputs is not both zero. */
WIDE_PART uint64_t alive_pairs(const int16_t *inputs)
{
    __m512i low = _mm512_loadu_si512(inputs), high = _mm512_loadu_si512(inputs + 2 * LANES);
    return _mm512_test_epi32_mask(low, low) | (uint32_t)_mm512_test_epi32_mask(high, high) << LANES;
}

INLINE int32_t pair_at(const int16_t *inputs, size_t pair)
{
    int32_t both;
    memcpy(&both, inputs + 2 * pair, sizeof both);
    return both;
}

/* Activations that BATCH columns make of their sums, to `out`; `residual`, where given, is added. */
WIDE_PART void finish(const Dense *dense, const __m512i *sum, const int16_t *residual, int16_t *out, __m512i most)
{
    const __m512i order = _mm512_set_epi64(7, 5, 3, 1, 6, 4, 2, 0); /* packing works within quarters of a register */
    for (int i = 0; i < PARTS; i += 2) {
        __m512i steps[2];
        for (int k = 0; k < 2; k++) {
            const int column = (i + k) * LANES;
            __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sum[i + k]), _mm512_loadu_ps(dense->gain + column));
            steps[k] = _mm512_cvtps_epi32(_mm512_add_ps(scaled, _mm512_loadu_ps(dense->shift + column)));
        }
        __m512i made = _mm512_permutexvar_epi64(order, _mm512_packus_epi32(steps[0], steps[1]));
        made = _mm512_min_epu16(made, most);
        if (residual) {
            made = _mm512_add_epi16(made, _mm512_loadu_si512(residual + i * LANES));
            made = _mm512_min_epu16(made, most);
        }
        _mm512_storeu_si512(out + i * LANES, made);
    }
}

/* A layer of BATCH columns that reads as many inputs at each of three rows, `apart` rows from each other: a row's pairs
 * are walked once, for what they give to three rows of sums. `ring` holds sums that wait for their other
 * places; a row's own slot is the one of the sums that it completes. */
WIDE_WHOLE void spread(const Dense *dense, const int16_t *inputs, int apart, Py_ssize_t rows, const int16_t *residual,
                       int16_t *out, int top)
{
    __m512i ring[2 * MOST_APART][PARTS];
    memset(ring, 0, sizeof ring);
    const Dense layer = *dense;
    const __m512i most = _mm512_set1_epi16((short)top);
    const int waiting = 2 * apart;
    int turn = 0; /* row % waiting */
    uint64_t next = rows ? alive_pairs(inputs) : 0; /* known before a row's turn comes, so that no walk waits for it */
    for (Py_ssize_t row = 0; row < rows + waiting; row++, inputs += BATCH) {
        uint64_t alive = next;
        if (row + 1 < rows + waiting)
            next = alive_pairs(inputs + BATCH);
        __m512i *own = ring[turn], *between = ring[turn < apart ? turn + apart : turn - apart];
        turn = turn + 1 < waiting ? turn + 1 : 0;
        __m512i sum[READ_AT][PARTS];
        for (int i = 0; i < PARTS; i++) {
            sum[0][i] = _mm512_setzero_si512();
            sum[1][i] = between[i];
            sum[2][i] = own[i];
        }
        for (; alive; alive &= alive - 1) {
            const size_t pair = (size_t)__builtin_ctzll(alive);
            const int16_t *weights = layer.weights + pair * 2 * BATCH;
            HOLD(weights);
            __m512i both = _mm512_set1_epi32(pair_at(inputs, pair));
            for (int place = 0; place < READ_AT; place++)
                for (int i = 0; i < PARTS; i++)
                    ADD(sum[place][i], both, weights + place * BATCH * BATCH + i * 2 * LANES);
        }
        for (int i = 0; i < PARTS; i++) {
            own[i] = sum[0][i];
            between[i] = sum[1][i];
        }
        if (row >= waiting) {
            finish(&layer, sum[2], residual, out, most);
            residual += BATCH;
            out += BATCH;
        }
    }
}

/* A layer of BATCH columns that reads as many inputs of each row and adds `before`. Two pairs at a time, since a sum is
 * not ready for its next pair when that could be added. (Names, no arrays: a compiler moves those about.) */
WIDE_WHOLE void single(const Dense *dense, const int16_t *inputs, Py_ssize_t rows, const int32_t *before, int16_t *out,
                       int top)
{
    const Dense layer = *dense;
    const __m512i most = _mm512_set1_epi16((short)top), zero = _mm512_setzero_si512();
    uint64_t next = rows ? alive_pairs(inputs) : 0;
    for (Py_ssize_t row = 0; row < rows; row++, inputs += BATCH, out += BATCH) {
        uint64_t alive = next;
        if (row + 1 < rows)
            next = alive_pairs(inputs + BATCH);
        __m512i a = _mm512_loadu_si512(before), b = _mm512_loadu_si512(before + LANES);
        __m512i c = _mm512_loadu_si512(before + 2 * LANES), d = _mm512_loadu_si512(before + 3 * LANES);
        __m512i e = zero, f = zero, g = zero, h = zero;
        while (alive) {
            const size_t pair = (size_t)__builtin_ctzll(alive);
            alive &= alive - 1;
            /* the last again, as zeros, where there is no other */
            const size_t other = alive ? (size_t)__builtin_ctzll(alive) : pair;
            const int32_t others = alive ? pair_at(inputs, other) : 0;
            alive &= alive - 1;
            const int16_t *first = layer.weights + pair * 2 * BATCH;
            const int16_t *second = layer.weights + other * 2 * BATCH;
            HOLD(first);
            HOLD(second);
            const __m512i one = _mm512_set1_epi32(pair_at(inputs, pair)), two = _mm512_set1_epi32(others);
            ADD_BOTH(one, first, two, second);
        }
        const __m512i sum[PARTS] = {_mm512_add_epi32(a, e), _mm512_add_epi32(b, f), _mm512_add_epi32(c, g),
                                    _mm512_add_epi32(d, h)};
        finish(&layer, sum, NULL, out, most);
    }
}

/* A layer of one register's columns: too little is added up for a list to pay. TOGETHER rows at a time, which share the
 * weights that are read. */
enum { TOGETHER = 4 };

WIDE_PART void multiply_narrow(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int width, Py_ssize_t rows,
                               const Target *to)
{
    for (Py_ssize_t row = 0; row < rows; row += TOGETHER) {
        __m512i sum[TOGETHER];
        const int32_t *in[TOGETHER];
        for (int i = 0; i < TOGETHER; i++) { /* the last row again where there are no more */
            in[i] = (const int32_t *)(inputs + (row + i < rows ? row + i : rows - 1) * stride);
            sum[i] = _mm512_setzero_si512();
        }
        for (int pair = 0; pair < width / 2; pair++) {
            __m512i weights = _mm512_loadu_si512(dense->weights + pair * 2 * LANES);
            for (int i = 0; i < TOGETHER; i++) /* one of a row's pairs for all of them, as ADD */
                __asm__("vpdpwssd %2%{1to16%}, %1, %0" : "+v"(sum[i]) : "v"(weights), "m"(in[i][pair]));
        }
        for (int i = 0; i < TOGETHER && row + i < rows; i++)
            hand_on(dense, to, 0, (row + i) * LANES, sum[i]);
    }
}

WIDE_PATH void sums_wide(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart,
                         int width, Py_ssize_t rows, int32_t *sums)
{
    const Target to = {.sums = sums};
    if (places == 1 && dense->columns == LANES) {
        multiply_narrow(dense, inputs, stride, width, rows, &to);
        return;
    }
    multiply(dense, inputs, stride, places, apart, width, rows, &to);
}

WIDE_PATH void layer_wide(const Dense *dense, const int16_t *inputs, Py_ssize_t stride, int places, Py_ssize_t apart,
                          int width, Py_ssize_t rows, const int32_t *before, const int16_t *residual, int16_t *out,
                          int top)
{
    const Target to = {.before = before, .residual = residual, .out = out, .top = top};
    const int is_square = dense->columns == BATCH && width == BATCH && stride == BATCH;
    const int is_near = apart > 0 && apart <= MOST_APART * BATCH && apart % BATCH == 0;
    if (is_square && is_near && places == READ_AT && residual && !before)
        spread(dense, inputs, (int)(apart / BATCH), rows, residual, out, top);
    else if (is_square && places == 1 && before && !residual)
        single(dense, inputs, rows, before, out, top);
    else
        multiply(dense, inputs, stride, places, apart, width, rows, &to);
}

/* Each token's rows are read once, for the five sums that they add to, from the one that they complete to the one that
 * they begin. */
WIDE_PATH void enter_wide(const Dense *dense, const int16_t *const *words, const int16_t *const *looks, Py_ssize_t rows,
                          int16_t *out, int top)
{
    enum { HALVES = BATCH / (2 * LANES) };
    const Target to = {.out = out, .top = top};
    __m512i sum[PLACES][HALVES];
    memset(sum, 0, sizeof sum);
    for (Py_ssize_t row = 1 - PLACES; row < rows; row++, words++, looks++) { /* the one that is completed */
        if (row + ROWS_AHEAD < rows)
            fetch(words[ROWS_AHEAD], PLACES * BATCH * sizeof **words);
        for (int i = 0; i < HALVES; i++) {
            for (int place = PLACES - 1; place >= 0; place--) {
                const int at = place * BATCH + i * 2 * LANES;
                __m512i both = _mm512_add_epi16(_mm512_loadu_si512(*words + at), _mm512_loadu_si512(*looks + at));
                sum[place][i] = place ? _mm512_add_epi16(sum[place - 1][i], both) : both;
            }
            __m512i low = _mm512_cvtepi16_epi32(_mm512_castsi512_si256(sum[PLACES - 1][i]));
            __m512i high = _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(sum[PLACES - 1][i], 1));
            if (row >= 0) {
                hand_on(dense, &to, i * 2 * LANES, row * BATCH + i * 2 * LANES, low);
                hand_on(dense, &to, i * 2 * LANES + LANES, row * BATCH + i * 2 * LANES + LANES, high);
            }
        }
    }
}

int has_wide(void)
{
    static int known = -1;
    if (known < 0) {
        __builtin_cpu_init();
        known = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
    }
    return known;
}
#endif
