"""Learns weights of the words around figures (scorer/figure_words.py): logistic regressions, one a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.figure_words import ROWS_BITS
from training.character_grams import eight_bits

C = 0.1
"""Inverse strength of regularisation, the best of .003 to .1 on one reader's labels."""

FOLDS = 5


class Learned(NamedTuple):
    """Weights for `scorer.figure_words.Weights`, and what the words of each figure say that they did not learn from.

    Attributes:
        unseen: (n, questions) log-odds of each figure by weights learned from figures of other articles.
    """

    table: NDArray[np.int8]
    units: list[float]
    biases: list[float]
    unseen: NDArray[np.float32]


def matrix(rows: Sequence[NDArray[np.int64]]) -> Any:
    """Sparse counts (n, 2 ** ROWS_BITS) of the rows that speak of each of n figures."""
    from scipy.sparse import csr_matrix

    columns = np.concatenate(rows)
    ends = np.cumsum([0, *map(len, rows)])
    counts = csr_matrix((np.ones(len(columns), np.float32), columns, ends), (len(rows), 1 << ROWS_BITS))
    counts.sum_duplicates()
    return counts


def learn(counts: Any, labels: NDArray[np.int64], articles: NDArray[Any], weights: NDArray[np.float64]) -> Learned:
    """Fit each column of `labels` (n, questions), 0 or 1, to `counts`; figures of one of `articles` stay together and
    each counts by its weight.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    unseen = np.zeros(labels.shape, np.float32)
    table = np.zeros((counts.shape[1], labels.shape[1]), np.int8)
    units, biases = [], []
    for column, label in enumerate(labels.T):
        for kept, held in GroupKFold(FOLDS).split(counts, groups=articles):
            model = LogisticRegression(C=C, solver="liblinear").fit(counts[kept], label[kept], weights[kept])
            unseen[held, column] = model.decision_function(counts[held])
        model = LogisticRegression(C=C, solver="liblinear").fit(counts, label, weights)
        table[:, column], unit = eight_bits(model.coef_[0])
        units.append(unit)
        biases.append(float(model.intercept_[0]))
    return Learned(table, units, biases, unseen)
