"""Arithmetic of risks: log-odds, standardised features, the base rate."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scorer import kernel

BASE_RATE = 0.3
"""Share of unreliable articles the risk is calibrated to, unless the caller names another."""

FEATURE_LIMIT = 3.0
"""A feature counts at most this many standard deviations from the mean of the training sources."""

Array = NDArray[np.float64]


def logit(probability: float) -> float:
    """Log-odds of a probability in (0, 1)."""
    return math.log(probability / (1.0 - probability))


def sigmoid(value: float) -> float:
    """Probability of log-odds, in (0, 1); does not overflow."""
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    return math.exp(value) / (1.0 + math.exp(value))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value under which this share of them lies, with straight lines between neighbours: `np.quantile` of sorted
    values, to the last bit.
    """
    place = share * (len(ordered) - 1)
    first = min(int(place), len(ordered) - 2)
    between = place - first
    low, high = ordered[first], ordered[first + 1]
    return high - (high - low) * (1 - between) if between >= 0.5 else low + (high - low) * between


def quantiles(values: Array, added: float, shares: tuple[float, float]) -> tuple[float, float]:
    """The `quantile` of `values` + `added` (two values at least) at two shares."""
    if kernel.native is not None:
        found: tuple[float, float] = kernel.native.quantiles(values, added, shares)
        return found
    ordered = np.sort(values + added).tolist()
    return quantile(ordered, shares[0]), quantile(ordered, shares[1])


def standardise(raw: Array, mean: Array, scale: Array, limit: float | Array = FEATURE_LIMIT) -> Array:
    """Features in standard deviations from the training mean, limited to +-`limit`; a missing one (nan) is 0."""
    standard = (raw - mean) / scale
    np.minimum(standard, limit, out=standard)
    np.maximum(standard, np.negative(limit), out=standard)
    standard[standard != standard] = 0.0  # nan alone differs from itself
    return standard
