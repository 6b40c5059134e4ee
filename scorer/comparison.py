"""How scores move from one model to another: pairs of risks in, a comparison out (pure functions; numpy only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEP = 0.05
"""Width of a bin of the histogram of moves."""

MAPPING_KNOTS = 21
"""Rows of the table that maps an old risk to the new risk of the same rank."""

MOST_MOVED = 10
ABSTAINED = "insufficient_evidence"


@dataclass(frozen=True, slots=True)
class Pair:
    """One article under both models; a risk is None where that model abstained."""

    id: str
    title: str
    old: float | None
    new: float | None
    old_label: str
    new_label: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed.

    Attributes:
        articles: number of articles.
        both: how many of them both models judged; what follows is of those, but for `labels`.
        rank_correlation: Spearman's, -1 to 1; nan where fewer than two articles were judged or all risks are equal.
        mean_move, mean_absolute_move: of the risk, new less old.
        histogram: (lower edge of the move, articles) of every bin of width `STEP` from the lowest to the highest move.
        labels: (old label, new label) -> articles, abstentions included.
        mapping: (share of articles below, old risk, new risk): risks of equal rank, for carrying over thresholds.
        moved: the articles that move most, the largest move first.
    """

    articles: int
    both: int
    rank_correlation: float
    mean_move: float
    mean_absolute_move: float
    histogram: Sequence[tuple[float, int]]
    labels: Mapping[tuple[str, str], int]
    mapping: Sequence[tuple[float, float, float]]
    moved: Sequence[Pair]

    def to_dict(self) -> dict[str, Any]:
        """As JSON; a rank correlation that is not defined is null."""
        correlation = None if np.isnan(self.rank_correlation) else self.rank_correlation
        return {
            "articles": self.articles,
            "both": self.both,
            "rank_correlation": correlation,
            "mean_move": self.mean_move,
            "mean_absolute_move": self.mean_absolute_move,
            "histogram": [{"from": edge, "to": round(edge + STEP, 9), "articles": n} for edge, n in self.histogram],
            "labels": [{"old": old, "new": new, "articles": n} for (old, new), n in sorted(self.labels.items())],
            "mapping": [{"share": share, "old": old, "new": new} for share, old, new in self.mapping],
            "moved": [
                {"id": p.id, "title": p.title, "old": p.old, "new": p.new, "old_label": p.old_label,
                 "new_label": p.new_label} for p in self.moved
            ],
        }  # fmt: skip


def compare(pairs: Sequence[Pair], most: int = MOST_MOVED) -> Comparison:
    """Compare; `most` bounds `moved`. No pairs give a comparison of nothing, not an error."""
    labels: dict[tuple[str, str], int] = {}
    for pair in pairs:
        key = (pair.old_label, pair.new_label)
        labels[key] = labels.get(key, 0) + 1
    judged = [(pair, pair.old, pair.new) for pair in pairs if pair.old is not None and pair.new is not None]
    old, new = np.array([o for _, o, _ in judged]), np.array([n for _, _, n in judged])
    move = new - old
    order = np.argsort(-np.abs(move), kind="stable")[:most]
    return Comparison(
        len(pairs),
        len(judged),
        rank_correlation(old, new),
        float(move.mean()) if len(move) else 0.0,
        float(np.abs(move).mean()) if len(move) else 0.0,
        _histogram(move),
        labels,
        _mapping(old, new),
        [judged[int(place)][0] for place in order if move[place]],
    )


def rank_correlation(first: Array, second: Array) -> float:
    """Spearman's; ties share their mean rank. nan for fewer than two values, or where one side is constant."""
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def carry_over(mapping: Sequence[tuple[float, float, float]], old: float) -> float:
    """The risk of the new model that flags as many articles as `old` did of the old one, by the table `mapping`.

    Outside the table its ends hold: nothing is known there.
    """
    return float(np.interp(old, [row[1] for row in mapping], [row[2] for row in mapping]))


def _ranks(values: Array) -> Array:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=np.float64)


def _histogram(move: Array) -> list[tuple[float, int]]:
    if not len(move):
        return []
    # a hair is added so that a move of exactly n steps stays in the bin that begins there
    place = np.floor(move / STEP + 1e-9).astype(int)
    first, last = int(place.min()), int(place.max())
    counts = np.bincount(place - first, minlength=last - first + 1)
    return [(round((first + number) * STEP, 9), int(count)) for number, count in enumerate(counts)]


def _mapping(old: Array, new: Array) -> list[tuple[float, float, float]]:
    if not len(old):
        return []
    shares = np.linspace(0.0, 1.0, MAPPING_KNOTS)
    table = zip(shares, np.quantile(old, shares), np.quantile(new, shares), strict=True)
    return [(round(float(share), 9), float(a), float(b)) for share, a, b in table]
