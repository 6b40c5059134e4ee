"""Fits what a signal is worth: one logistic model over the signals' features and the text model's log-odds.

The text model's log-odds must come from models that did not see the article's source. A weight is held by a Gaussian
prior and, where a person expects one direction, by a bound; the calibration (affine in log-odds, Platt 1999) is folded
into the weights, so that contributions add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from scorer.logodds import standardise
from training.weights import base_rate_weights

Array = NDArray[np.float64]

PRIOR_STRENGTH = 12_000.0
"""Weight of a feature's prior, in articles: some thirty for each source. With less, features that part the outlets they
were learned on gain weight and cost discrimination on others (measured: docs/model/experiments.md)."""

VOTE_POWER = 0.5
"""How far sources count alike in the calibration: 0 an article a vote, 1 a source a vote. With 0 the slope hangs on the
few outlets that have most of the articles, with 1 risks are too steep for articles at large (measured:
docs/model/experiments.md)."""


@dataclass(frozen=True)
class Stack:
    """`mean`, `scale` float64 (k,) of the features, `text_mean`; `coefficients` float64 (k + 2,): intercept, features,
    text model.
    """

    mean: Array
    scale: Array
    text_mean: float
    coefficients: Array

    def rows(self, features: Array, text_logits: Array) -> Array:
        """What the coefficients multiply, float64 (n, k + 2)."""
        standard = standardise(features, self.mean, self.scale)
        return np.column_stack([np.ones(len(features)), standard, text_logits - self.text_mean])

    def logits(self, features: Array, text_logits: Array) -> Array:
        """Log-odds, float64 (n,)."""
        return self.rows(features, text_logits) @ self.coefficients


def fit_stack(
    features: Array,
    text_logits: Array,
    targets: Array,
    weights: Array,
    expectations: Sequence[tuple[float, int]],
    start: Stack | None = None,
) -> Stack:
    """Fit on soft targets. `expectations` gives each feature a prior mean and a sign (-1, 0 free, 1).

    With `start` its scaling is kept and its coefficients are where the search begins (for the bootstrap).
    """
    share = weights / weights.sum()
    if start is None:
        known = ~np.isnan(features)
        filled = np.where(known, features, 0.0)
        total = np.maximum((share[:, None] * known).sum(axis=0), 1e-9)
        mean = (share[:, None] * filled).sum(axis=0) / total
        variance = (share[:, None] * known * (filled - mean) ** 2).sum(axis=0) / total
        scale = np.where(variance > 1e-12, np.sqrt(variance), 1.0)
        start = Stack(mean, scale, float(share @ text_logits), np.zeros(features.shape[1] + 2))
    rows = start.rows(features, text_logits)
    prior = np.array([0.0, *(mean for mean, _ in expectations), 0.0])
    strength = np.full(len(prior), PRIOR_STRENGTH)
    strength[[0, -1]] = 1e-3
    bounds = [(None, None), *((None if s <= 0 else 0.0, None if s >= 0 else 0.0) for _, s in expectations), (0.0, None)]

    def loss(coefficients: Array) -> tuple[float, Array]:
        logits = rows @ coefficients
        value = float(weights @ (np.logaddexp(0.0, logits) - targets * logits))
        gradient = rows.T @ (weights * (1.0 / (1.0 + np.exp(-logits)) - targets))
        away = coefficients - prior
        return value + 0.5 * float(strength @ away**2), gradient + strength * away

    # a coefficient that starts at 0 on its bound may leave it: L-BFGS-B handles both
    found = minimize(loss, start.coefficients, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return Stack(start.mean, start.scale, start.text_mean, found.x)


def calibrate(stack: Stack, logits: Array, truth: NDArray[np.int64], votes: Array) -> Stack:
    """The stack with its log-odds stretched and moved (Platt) to fit `truth` (0, 1) at the base rate.

    An article counts as its vote (a weight by which sources count alike) to the power `VOTE_POWER`. Where a few outlets
    of many articles turn the slope round all the same, which happens with few sources, votes count in full.
    """
    slope, offset = platt(logits, truth, votes**VOTE_POWER)
    if slope <= 0:
        slope, offset = platt(logits, truth, votes)
    # a negative slope would turn every expected direction round: rather no weight at all
    coefficients = stack.coefficients * max(slope, 0.0)
    coefficients[0] += offset
    return Stack(stack.mean, stack.scale, stack.text_mean, coefficients)


def platt(logits: Array, truth: NDArray[np.int64], votes: Array) -> tuple[float, float]:
    """Slope and offset of the affine calibration at the base rate, within a tier articles weighed by their `votes`."""
    model = LogisticRegression(C=1e6).fit(logits[:, None], truth, sample_weight=base_rate_weights(truth, votes))
    return float(model.coef_[0, 0]), float(model.intercept_[0])
