"""Whether the interval of a risk holds: the observed share of low-tier articles against the mean interval, bin by bin.

The bootstrap over sources behind an interval knows how far weights and calibration move with the sources one happens to
have; it does not know that the text model moves with them, too. So intervals are widened in log-odds by one factor,
the smallest under which they hold on held-out sources (measured here, kept in the model).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.corpora import Row
from training.thresholds import judged_tiers
from training.weights import base_rate_weights

Array = NDArray[np.float64]

BINS = 20
MIN_IN_BIN = 50
"""Bins of equal width with fewer articles than this say nothing and are left out."""

HELD = 0.9
"""Share of bins that must hold for a factor to be taken: more than the 0.85 that is promised."""

FACTORS = tuple(float(factor) for factor in np.round(np.arange(1.0, 4.01, 0.1), 1))


@dataclass(frozen=True)
class Bin:
    """Articles of like risk: how many, the mean interval, the share of low-tier ones at the base rate."""

    articles: int
    low: float
    high: float
    observed: float

    @property
    def holds(self) -> bool:
        """Whether what was observed lies inside."""
        return self.low <= self.observed <= self.high


@dataclass(frozen=True)
class Spread:
    """Held-out log-odds of n articles, with the ends of their intervals before widening; float64 (n,) each."""

    logits: Array
    low: Array
    high: Array

    def widened(self, factor: float) -> tuple[Array, Array]:
        """The ends as risks, `factor` times as far from the risk in log-odds."""
        ends = (self.logits + factor * (end - self.logits) for end in (self.low, self.high))
        low, high = (1 / (1 + np.exp(-end)) for end in ends)
        return low, high


def bins(rows: Sequence[Row], spread: Spread, factor: float, equal_width: bool) -> list[Bin]:
    """`BINS` bins of equal width of risk, or of equal numbers of articles; abstentions (nan) are left out."""
    risk = 1 / (1 + np.exp(-spread.logits))
    truth, value = judged_tiers(rows, risk)
    low, high = (judged_tiers(rows, np.where(np.isnan(risk), np.nan, end))[1] for end in spread.widened(factor))
    weight = base_rate_weights(truth)
    if equal_width:
        place = np.minimum((value * BINS).astype(int), BINS - 1)
    else:
        place = np.argsort(np.argsort(value, kind="stable")) * BINS // len(value)
    found = []
    for number in range(BINS):
        own = place == number
        if own.sum() >= MIN_IN_BIN:
            observed = float(np.average(truth[own], weights=weight[own]))
            found.append(Bin(int(own.sum()), float(low[own].mean()), float(high[own].mean()), observed))
    return found


def held(found: Sequence[Bin]) -> float:
    """Share of the bins that hold; nan where there are none."""
    return float(np.mean([one.holds for one in found])) if found else float("nan")


def widening(rows: Sequence[Row], spread: Spread) -> float:
    """The smallest of `FACTORS` under which `HELD` of the bins of either kind hold; the largest where none does."""
    for factor in FACTORS:
        if min(held(bins(rows, spread, factor, equal)) for equal in (True, False)) >= HELD:
            return factor
    return FACTORS[-1]


def report(rows: Sequence[Row], spread: Spread | None) -> dict[str, float]:
    """The factor chosen, and the share of bins that hold before and after it; 1 and nan without intervals."""
    if spread is None:
        return {"factor": 1.0}
    factor = widening(rows, spread)
    found = {"factor": factor}
    for name, equal in (("equal_width", True), ("equal_numbers", False)):
        found[f"held_{name}_before"] = held(bins(rows, spread, 1.0, equal))
        found[f"held_{name}"] = held(bins(rows, spread, factor, equal))
    return found
