"""Fits the text model with scikit-learn's `LogisticRegression` on the features that `scorer.classifier` reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

REGULARISATION = 10.0
"""Inverse strength `C` (measured: docs/model/experiments.md)."""

MIN_SOURCES = 20
"""A word or pair is kept when articles of this many training sources hold it: what few houses write marks the house."""

MAX_ITERATIONS = 200


@dataclass(frozen=True)
class FittedText:
    """`idf` (0 where a feature was dropped) and `weights`, float32 (width,); the intercept.

    Both hold what half precision can, so that what is measured is what is shipped (scorer/sparse.py).
    """

    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercept: float

    def logits(self, counts: sp.csr_matrix) -> NDArray[np.float64]:
        """Log-odds of the low tier, float64 (n,)."""
        return tf_idf(counts, self.idf) @ self.weights.astype(np.float64) + self.intercept


def tf_idf(counts: sp.csr_matrix, idf: NDArray[np.float32]) -> sp.csr_matrix:
    """Rows of log-scaled counts weighted by `idf` and brought to length 1."""
    weighted = counts.multiply(idf[None, :]).tocsr()
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    norms[norms == 0] = 1.0
    return sp.diags(1.0 / norms) @ weighted


def idf_of(counts: sp.csr_matrix, sources: NDArray[np.str_], min_sources: int = MIN_SOURCES) -> NDArray[np.float32]:
    """Smoothed inverse document frequency as scikit-learn's `TfidfTransformer`; 0 for features of too few sources."""
    present = counts.copy()
    present.data = np.ones_like(present.data)
    documents = np.asarray(present.sum(axis=0)).ravel()
    _, group = np.unique(sources, return_inverse=True)
    by_source = sp.csr_matrix((np.ones(len(group)), (group, np.arange(len(group))))) @ present
    by_source.data = np.ones_like(by_source.data)
    holders = np.asarray(by_source.sum(axis=0)).ravel()
    idf = np.log((1 + counts.shape[0]) / (1 + documents)) + 1
    return _halved(np.where(holders >= min_sources, idf, 0.0))


def fit_text(
    counts: sp.csr_matrix, targets: NDArray[np.float64], weights: NDArray[np.float64], sources: NDArray[np.str_]
) -> FittedText:
    """Fit on soft targets in [0, 1]: each article counts as low with its target and as high with the rest."""
    idf = idf_of(counts, sources)
    kept = np.flatnonzero(idf)
    features = tf_idf(counts, idf)[:, kept]
    doubled = sp.vstack([features, features]).tocsr()
    truth = np.concatenate([np.ones(len(targets)), np.zeros(len(targets))])
    weight = np.concatenate([weights * targets, weights * (1 - targets)])
    used = weight > 1e-4 * weight.mean()
    model = LogisticRegression(C=REGULARISATION, max_iter=MAX_ITERATIONS)
    model.fit(doubled[used], truth[used], sample_weight=weight[used])
    table = np.zeros(counts.shape[1], dtype=np.float32)
    table[kept] = model.coef_[0]
    return FittedText(idf, _halved(table), float(model.intercept_[0]))


def _halved(table: NDArray[Any]) -> NDArray[np.float32]:
    """The table as it is after it was kept in half precision."""
    return table.astype(np.float16).astype(np.float32)
