/* Sums rounded as numpy's `add.reduce` rounds them: see sums.h. */
#include "sums.h"

enum { BLOCK = 128, LANES = 8 };

#define SUM_OF(name, number)                                                                                           \
    number name(const number *values, Py_ssize_t n)                                                                    \
    {                                                                                                                  \
        Py_ssize_t i = 0, half = n / 2 / LANES * LANES;                                                                \
        if (n > BLOCK)                                                                                                 \
            return name(values, half) + name(values + half, n - half);                                                 \
        number sum = 0, sums[LANES] = {0};                                                                             \
        for (; i + LANES <= n; i += LANES)                                                                             \
            for (int lane = 0; lane < LANES; lane++)                                                                   \
                sums[lane] += values[i + lane];                                                                        \
        sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));               \
        for (; i < n; i++)                                                                                             \
            sum += values[i];                                                                                          \
        return sum;                                                                                                    \
    }

SUM_OF(sum_of_floats, float)
SUM_OF(sum_of_doubles, double)
