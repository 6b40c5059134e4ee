"""Fits the text model, a logistic regression over the features that `scorer.classifier` reads.

It has the ridge penalty and the solver (L-BFGS) of scikit-learn's `LogisticRegression`, and three things that one
lacks: its weights stand at right angles to what tells topics, half of its loss is of pairs of one topic and camp
(training/topics.py), and what is known of terms takes part (training/term_ratings.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from training.topics import MATCHED, find_topics, matched_pairs

REGULARISATION = 10.0
"""Inverse strength `C` (measured: docs/model/experiments.md)."""

MIN_SOURCES = 20
"""A word or pair is kept when articles of this many training sources hold it: what few houses write marks the house."""

MAX_ITERATIONS = 200

PAIRED = 0.5
"""Share of the loss that is of pairs (measured: docs/model/experiments.md)."""

Array = NDArray[np.float64]
Loss = Callable[[Array], tuple[float, Array]]
"""Of log-odds, float64 (n,): the loss and its slope in each."""


@dataclass(frozen=True)
class FittedText:
    """`idf` (0 where a feature was dropped) and `weights`, float32 (width,); the intercept.

    Both hold what half precision can, so that what is measured is what is shipped (scorer/sparse.py).
    """

    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercept: float

    def logits(self, counts: sp.csr_matrix) -> Array:
        """Log-odds of the low tier, float64 (n,)."""
        found: Array = tf_idf(counts, self.idf) @ self.weights.astype(np.float64) + self.intercept
        return found


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
    counts: sp.csr_matrix,
    targets: Array,
    weights: Array,
    sources: NDArray[np.str_],
    camps: Sequence[str],
    ratings: sp.csr_matrix,
) -> FittedText:
    """Fit on soft targets in [0, 1]: each article counts as low with its target and as high with the rest.

    `camps` are what pairs are matched within, beside topics: each article's lean. `ratings`, float32 (width, kinds),
    tell of terms: a weight for each kind is learned along, and added to the weights by these ratings, which are brought
    to right angles with the topics before and so move unrated terms a little, too.
    """
    idf = idf_of(counts, sources)
    kept = np.flatnonzero(idf)
    features = tf_idf(counts, idf)[:, kept].astype(np.float32)
    topics = find_topics(features)
    pairs = matched_pairs(topics.clusters(MATCHED), camps, targets, weights)
    loss = _mixed(targets, weights, *pairs) if len(pairs[0]) else _logistic(targets, weights)
    left_out = topics.directions(targets)
    known = ratings[kept].toarray()
    known -= left_out @ (left_out.T @ known)
    both = sp.hstack([features, sp.csr_matrix(features @ known)]).tocsr()
    fitted = _minimum(both, loss, np.pad(left_out, ((0, known.shape[1]), (0, 0))))
    table = np.zeros(counts.shape[1], dtype=np.float32)
    table[kept] = fitted[: len(kept)] + known @ fitted[len(kept) : -1]
    return FittedText(idf, _halved(table), float(fitted[-1]))


def _logistic(targets: Array, weights: Array) -> Loss:
    """Weighted cross entropy of the targets."""
    return lambda logits: (
        float(weights @ (np.logaddexp(0, logits) - targets * logits)),
        weights * (expit(logits) - targets),
    )


def _mixed(targets: Array, weights: Array, low: NDArray[np.int64], high: NDArray[np.int64]) -> Loss:
    """Some of the cross entropy, and for the rest how far the low one of each pair lies above the high one."""
    plain, each = _logistic(targets, weights), weights.sum() / len(low) / 2

    def loss(logits: Array) -> tuple[float, Array]:
        value, slope = plain(logits)
        apart = logits[low] - logits[high]
        pull = -each * expit(-apart)
        paired = np.bincount(low, pull, len(logits)) - np.bincount(high, pull, len(logits))
        ordered = float(each * np.logaddexp(0, -apart).sum())
        return (1 - PAIRED) * value + PAIRED * ordered, (1 - PAIRED) * slope + PAIRED * paired

    return loss


def _minimum(features: sp.csr_matrix, loss: Loss, left_out: Array) -> Array:
    """Weights at right angles to the directions `left_out`, float64 (d, q), and behind them the intercept."""
    across, width = features.T.tocsr(), features.shape[1]

    def penalised(point: Array) -> tuple[float, Array]:
        weights = point[:-1]
        value, slope = loss((features @ weights.astype(np.float32)).astype(np.float64) + point[-1])
        steps = across @ slope.astype(np.float32) + weights / REGULARISATION
        steps = steps - left_out @ (left_out.T @ steps)
        return value + float(weights @ weights) / REGULARISATION / 2, np.append(steps, slope.sum())

    options = {"maxiter": MAX_ITERATIONS, "ftol": 1e-7, "gtol": 1e-3}
    found: Array = minimize(penalised, np.zeros(width + 1), jac=True, method="L-BFGS-B", options=options).x
    return found


def _halved(table: NDArray[Any]) -> NDArray[np.float32]:
    """The table as it is after it was kept in half precision."""
    return table.astype(np.float16).astype(np.float32)
