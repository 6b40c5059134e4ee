"""What a threshold costs and gives at a caller's base rate, from the operating points in a model's manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scorer.logodds import BASE_RATE, logit, sigmoid


def at_base_rate(points: Sequence[Mapping[str, float]], base_rate: float) -> list[dict[str, Any]]:
    """Expected precision, recall and share flagged for each threshold, at a share of unreliable articles.

    Recall and the false-positive rate were measured on sources the model never saw and do not hang on the base rate;
    precision and share flagged follow from them (Bayes). A risk is shifted by the difference of the base rates in
    log-odds, and so is the threshold on it. `precision` is null where nothing would be flagged.
    """
    shift = logit(base_rate) - logit(BASE_RATE)
    told = []
    for point in points:
        hit, false = point["recall"] * base_rate, point["false_positive_rate"] * (1 - base_rate)
        told.append(
            {
                "threshold": round(sigmoid(logit(point["threshold"]) + shift), 9),
                "precision": hit / (hit + false) if hit + false else None,
                "recall": point["recall"],
                "false_positive_rate": point["false_positive_rate"],
                "flagged": hit + false,
            }
        )
    return told
