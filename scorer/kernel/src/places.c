/* Where figures stand: scorer.figure_cover.sentences_of, with the sentences around. */
#include "places.h"

int places_of(const int64_t *first, const int64_t *last, Py_ssize_t count, const int32_t *borders, Py_ssize_t m,
              Py_ssize_t n, Place *places)
{
    int good = m > 0 && borders[0] == 0 && borders[m] == n;
    for (Py_ssize_t s = 0; good && s < m; s++)
        good = borders[s] < borders[s + 1];
    for (Py_ssize_t k = 0, s = 0; good && k < count; k++) {
        good = first[k] >= (k ? last[k - 1] : 0) && first[k] < last[k] && last[k] <= n;
        while (good && borders[s + 1] <= first[k])
            s++;
        places[k] = (Place){first[k], last[k], borders[s > 0 ? s - 1 : 0], borders[s], borders[s + 1],
                            borders[s + 2 < m ? s + 2 : m]};
    }
    return good;
}
