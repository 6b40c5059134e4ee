"""How a source has done over time: its articles by week or month, and the periods where it changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean
from typing import Any, Literal

from scorer.logodds import logit, sigmoid
from scorer.sources import EDGE, INTERVAL_LEVEL, OWN_SD, Reading

Unit = Literal["week", "month"]

MIN_ARTICLES = 10
"""Articles that a stretch needs on either side of a change."""

SAME_PERIOD_CORRELATION = 0.05
"""How alike the articles of one period are beyond their source (one story, one writer): an assumption. It keeps a busy
week from passing for a change."""

FALSE_ALARMS = 0.01
"""Probability that a source that never changed is given a change point, by Bonferroni's bound over the splits tried."""


@dataclass(frozen=True, slots=True)
class Period:
    """A week (from Monday) or a month of a source: its articles, their typical risk, whether a change begins here."""

    start: datetime.date
    articles: int
    risk: float
    """Risk at the mean of the articles' log-odds."""
    changed: bool

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "start": self.start.isoformat(),
            "articles": self.articles,
            "risk": self.risk,
            "reliability": round(100 * (1 - self.risk)),
            "changed": self.changed,
        }


def history(readings: Iterable[Reading], unit: Unit = "month") -> list[Period]:
    """The periods that hold an article, oldest first."""
    values: dict[datetime.date, list[float]] = {}
    for reading in readings:
        values.setdefault(start_of(reading.day, unit), []).append(logit(min(max(reading.risk, EDGE), 1 - EDGE)))
    starts = sorted(values)
    changes = change_points([values[start] for start in starts])
    return [
        Period(start, len(values[start]), sigmoid(fmean(values[start])), place in changes)
        for place, start in enumerate(starts)
    ]


def band(period: Period) -> tuple[float, float]:
    """Interval of a period's typical risk, at `INTERVAL_LEVEL`: what the chance of which articles came explains.

    It compares periods of one source. What the model gets wrong about the source as a whole shifts all of them alike
    and is not in it.
    """
    sd = OWN_SD / _weight(period.articles) ** 0.5
    reach = NormalDist().inv_cdf((1 + INTERVAL_LEVEL) / 2) * sd
    middle = logit(min(max(period.risk, EDGE), 1 - EDGE))
    return sigmoid(middle - reach), sigmoid(middle + reach)


def _weight(articles: int) -> float:
    """How much a period's mean weighs: its articles, less what they share."""
    return articles / (1 + (articles - 1) * SAME_PERIOD_CORRELATION)


def start_of(day: datetime.date, unit: Unit) -> datetime.date:
    """First day of the week (Monday) or month of a day."""
    return day.replace(day=1) if unit == "month" else day - datetime.timedelta(days=day.weekday())


def change_points(periods: Sequence[Sequence[float]]) -> set[int]:
    """Places where the level of the values changes: each begins a stretch unlike the one before.

    Binary segmentation (Scott and Knott 1974, Biometrics 30): the split with the largest standardised difference of
    means is a change where that difference passes the two-sided normal bound for all splits of the whole series; then
    both parts are looked at in the same way. `periods` holds the log-odds of each period's articles.
    """
    if len(periods) < 2:
        return set()
    bound = NormalDist().inv_cdf(1 - FALSE_ALARMS / (2 * (len(periods) - 1)))
    weights = [_weight(len(values)) for values in periods]
    means = [fmean(values) for values in periods]
    counts = [len(values) for values in periods]
    found: set[int] = set()
    open_stretches = [(0, len(periods))]
    while open_stretches:
        first, last = open_stretches.pop()
        best, size = _best_split(means, weights, counts, first, last)
        if best is not None and size > bound:
            found.add(best)
            open_stretches += [(first, best), (best, last)]
    return found


def _best_split(
    means: Sequence[float], weights: Sequence[float], counts: Sequence[int], first: int, last: int
) -> tuple[int | None, float]:
    total = sum(weights[first:last])
    whole = sum(means[i] * weights[i] for i in range(first, last))
    articles = sum(counts[first:last])
    best, size = None, 0.0
    left_weight = left_sum = 0.0
    left_articles = 0
    for split in range(first + 1, last):
        left_weight += weights[split - 1]
        left_sum += means[split - 1] * weights[split - 1]
        left_articles += counts[split - 1]
        if left_articles < MIN_ARTICLES or articles - left_articles < MIN_ARTICLES:
            continue
        right_weight = total - left_weight
        difference = abs(left_sum / left_weight - (whole - left_sum) / right_weight)
        standardised = difference / (OWN_SD * (1 / left_weight + 1 / right_weight) ** 0.5)
        if standardised > size:
            best, size = split, standardised
    return best, size
