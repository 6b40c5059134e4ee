"""Cut-offs for the labels, and what a threshold costs: expected precision, recall and share flagged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scorer.logodds import BASE_RATE
from training.corpora import Row
from training.verdict import UNCALIBRATED_CORPORA
from training.weights import base_rate_weights, hard_targets

Array = NDArray[np.float64]

UNRELIABLE_PRECISION = 0.65
RELIABLE_PRECISION = 0.85
"""Stated precision of the two outer labels on held-out sources at the base rate."""

CORPORA = ("allsides", "recovery")


def judged_tiers(rows: Sequence[Row], risk: Array) -> tuple[NDArray[np.int64], Array]:
    """Truth (1 low, 0 high) and risk of the held-out articles that were scored and have a tier."""
    truth = hard_targets(rows)
    known = (truth >= 0) & ~np.isnan(risk) & np.array([row["corpus"] not in UNCALIBRATED_CORPORA for row in rows])
    return truth[known], risk[known]


def choose_cuts(rows: Sequence[Row], risk: Array) -> dict[str, float]:
    """The lowest risk called `unreliable` and the highest called `reliable` at the stated precisions.

    Where no threshold reaches the precision, the label's cut-off is the strictest one that still flags 1 % of articles.
    """
    truth, value = judged_tiers(rows, risk)
    weight = base_rate_weights(truth)
    grid = np.round(np.arange(0.05, 0.951, 0.005), 3)
    unreliable, reliable = None, None
    for cut in grid:
        over = value >= cut
        if over.any() and (weight * truth)[over].sum() / weight[over].sum() >= UNRELIABLE_PRECISION:
            unreliable = float(cut)
            break
    for cut in grid[::-1]:
        under = value <= cut
        if under.any() and (weight * (1 - truth))[under].sum() / weight[under].sum() >= RELIABLE_PRECISION:
            reliable = float(cut)
            break
    strict_high, strict_low = (float(q) for q in np.quantile(value, [0.99, 0.01]))
    unreliable = strict_high if unreliable is None else unreliable
    reliable = strict_low if reliable is None else min(reliable, unreliable - 0.01)
    return {"unreliable": unreliable, "reliable": reliable}


def operating_points(rows: Sequence[Row], risk: Array, base_rate: float = BASE_RATE) -> list[dict[str, float]]:
    """For thresholds .05 to .95: the shares of low-tier and high-tier articles flagged, and at the base rate the
    precision and the share of all articles flagged.
    """
    truth, value = judged_tiers(rows, risk)
    points = []
    for cut in np.round(np.arange(0.05, 0.951, 0.05), 2):
        recall = float((value[truth == 1] >= cut).mean())
        false = float((value[truth == 0] >= cut).mean())
        flagged = base_rate * recall + (1 - base_rate) * false
        points.append(
            {
                "threshold": float(cut),
                "recall": recall,
                "false_positive_rate": false,
                "precision": base_rate * recall / flagged if flagged else float("nan"),
                "flagged": flagged,
            }
        )
    return [{name: round(number, 4) for name, number in point.items() if number == number} for point in points]
