"""Reliability of a source: a posterior with an interval, from outside ratings and from the source's articles.

The maths (docs/ledger.md tells it at length). A source has a reliability t on the scale of expert ratings, 0 to 1
(`pc1` of Lin et al. 2023, PNAS Nexus). Before anything is known, t ~ Normal(PRIOR_MEAN, PRIOR_SD). Two kinds of
evidence bear on it, both of one form: several values, each off by an error that all of a source's values share and by
one of its own. The shared error does not average out, so a thousand articles say little more than twenty.

    article i:  logit(risk_i) = LEVEL - SLOPE t + shared + own_i
    rating j:   value_j       = t + shared + own_j

Old evidence counts less: a weight of 1/2 for each half-life of its age, as a power prior does (Ibrahim and Chen 2000,
Statistical Science 15). With normal errors the posterior is normal; it is cut to [0, 1] and its quantiles are told.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from scorer.logodds import logit

PRIOR_MEAN, PRIOR_SD = 0.6, 0.3
"""Sources before any evidence. Wide on purpose: which outlets somebody reads here is not known."""

LEVEL, SLOPE = 1.14, 3.26
"""Mean log-odds of an article's risk = LEVEL - SLOPE x reliability (measured: training/source_figures.py)."""

SHARED_SD, OWN_SD = 0.65, 1.01
"""Error of an article's log-odds that its source's articles share, and its own (measured: the same; the shared one was
.58 and is widened by an eighth, because the model that reads was learned on some other sample of sources)."""

RATING_SHARED_SD, RATING_OWN_SD = 0.10, 0.11
"""The same of ratings. Together .15, how far `pc1` scatters among domains that have the same factuality word (measured
on 1,033 domains); that raters share about half of it is our assumption: they read each other."""

ARTICLE_HALF_LIFE_DAYS, RATING_HALF_LIFE_DAYS = 365, 3 * 365
"""Age at which evidence counts half (a convention: nothing we have measures it). An undated rating counts half."""

INTERVAL_LEVEL = 0.9

EDGE = 1e-4
"""Risks are kept this far from 0 and 1, where log-odds would be infinite."""

Basis = Literal["nothing", "articles", "ratings", "both"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one article read like: its risk at the fixed base rate, and the day it was published (else scored)."""

    risk: float
    day: datetime.date


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rater said: reliability from 0 to 1, and the day, None where unknown."""

    value: float
    day: datetime.date | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Reliability of a source, 0 to 1: median of the posterior, its central interval, and what it rests on."""

    value: float
    low: float
    high: float
    articles: int
    ratings: int

    @property
    def basis(self) -> Basis:
        """Which evidence there was."""
        if self.articles and self.ratings:
            return "both"
        return "articles" if self.articles else "ratings" if self.ratings else "nothing"


def reliability(
    readings: Sequence[Reading],
    judgements: Sequence[Judgement],
    today: datetime.date,
    level: float = INTERVAL_LEVEL,
) -> Reliability:
    """The posterior of a source's reliability. `level` is what share of the posterior the interval holds."""
    precision = PRIOR_SD**-2
    weighted = PRIOR_MEAN * precision
    for evidence in (_articles(readings, today), _ratings(judgements, today)):
        if evidence is not None:
            value, gain = evidence
            precision += gain
            weighted += value * gain
    low, middle, high = _quantiles(weighted / precision, precision**-0.5, level)
    return Reliability(middle, low, high, len(readings), len(judgements))


def freshness(day: datetime.date | None, today: datetime.date, half_life_days: float) -> float:
    """Weight of evidence of a day, in (0, 1]: 1 today, 1/2 a half-life ago or where the day is unknown."""
    if day is None:
        return 0.5
    return float(0.5 ** (max(0, (today - day).days) / half_life_days))


def _articles(readings: Sequence[Reading], today: datetime.date) -> tuple[float, float] | None:
    values = [(LEVEL - logit(min(max(reading.risk, EDGE), 1 - EDGE))) / SLOPE for reading in readings]
    weights = [freshness(reading.day, today, ARTICLE_HALF_LIFE_DAYS) for reading in readings]
    return _pooled(values, weights, SHARED_SD / SLOPE, OWN_SD / SLOPE)


def _ratings(judgements: Sequence[Judgement], today: datetime.date) -> tuple[float, float] | None:
    values = [judgement.value for judgement in judgements]
    weights = [freshness(judgement.day, today, RATING_HALF_LIFE_DAYS) for judgement in judgements]
    own = RATING_OWN_SD
    if len(values) > 1:  # raters who disagree are each less to be relied on: their spread widens their error
        mean = sum(values) / len(values)
        spread = sum((value - mean) ** 2 for value in values)
        own = math.sqrt((own**2 + spread) / len(values)) if spread > (len(values) - 1) * own**2 else own
    return _pooled(values, weights, RATING_SHARED_SD, own)


def _pooled(
    values: Sequence[float], weights: Sequence[float], shared_sd: float, own_sd: float
) -> tuple[float, float] | None:
    """Mean of the values and how precise it is (1 / variance); None where there are none, or all are too old to count.

    The weighted mean of n values has the variance shared^2 + own^2 / n', with Kish's effective number
    n' = (sum w)^2 / sum w^2; and the whole counts as much as its typical value does, sum w^2 / sum w.
    """
    total, squares = sum(weights), sum(weight * weight for weight in weights)
    if squares <= 0:
        return None
    mean = sum(value * weight for value, weight in zip(values, weights, strict=True)) / total
    variance = shared_sd**2 + own_sd**2 * squares / total**2
    return mean, squares / total / variance


def _quantiles(mean: float, sd: float, level: float) -> tuple[float, float, float]:
    """Lower end, median and upper end of a normal distribution that is cut to [0, 1]."""
    normal = NormalDist(mean, sd)
    below, above = normal.cdf(0.0), normal.cdf(1.0)

    def quantile(share: float) -> float:
        at = min(max(below + share * (above - below), 1e-12), 1 - 1e-12)
        return min(max(normal.inv_cdf(at), 0.0), 1.0)

    return quantile((1 - level) / 2), quantile(0.5), quantile((1 + level) / 2)
