"""How far people agree with each other, and the model with people, beyond what chance alone would give (pure).

**With each other: Krippendorff's alpha** (nominal; Krippendorff 2004, Content Analysis, ch. 11). Any number of
reviewers may have judged any part of the articles, in any order, which is how a queue is worked; Cohen's kappa needs
the same two for all, Fleiss' kappa the same number for each. Nominal, for satire stands on no scale with the others.

**The model with people: Cohen's kappa** (Cohen 1960). Two parties, the model and a reviewer, on the same articles. It
asks nothing of how reviewers agree; an article that two reviewed enters twice.

1 is full agreement, 0 what chance gives, below 0 is worse than chance. Both come with the number they rest on and a
90 % interval by the jackknife over articles (Efron and Tibshirani 1993, ch. 11): one article's verdicts hang together,
so whole articles are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

Table = Counter[tuple[Hashable, Hashable]]
"""Weights of pairs of values; what both measures are computed from, and what articles add up to."""

LEVEL = 0.9

MIN_ARTICLES = 5
"""Articles below which no interval is given: the jackknife of fewer says nothing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A measure of agreement; None where it is not defined (nothing to compare, or everybody always said the same)."""

    value: float | None
    low: float | None
    high: float | None
    articles: int
    judgements: int
    same: float | None
    """Share of pairs that agree, chance included."""


def alpha(verdicts: Mapping[str, Sequence[Hashable]]) -> Agreement:
    """Krippendorff's nominal alpha of the verdicts on each article; articles with one verdict say nothing and drop out.

    >>> alpha({"a": ["mixed", "mixed"], "b": ["satire", "satire"]}).value
    1.0
    """
    usable = {article: list(given) for article, given in verdicts.items() if len(given) > 1}
    tables = [_coincidences(given) for given in usable.values()]
    return _measured(tables, _alpha, sum(len(given) for given in usable.values()))


def kappa(pairs: Mapping[str, Sequence[tuple[Hashable, Hashable]]]) -> Agreement:
    """Cohen's kappa of (what one party said, what the other said), pairs by article.

    >>> kappa({"a": [("mixed", "mixed")], "b": [("reliable", "mixed")]}).same
    0.5
    """
    tables = [Counter(given) for given in pairs.values() if given]
    return _measured(tables, _kappa, sum(len(given) for given in pairs.values()))


def _coincidences(given: Sequence[Hashable]) -> Table:
    """Every ordered pair of an article's verdicts, weighed so that each verdict counts once."""
    table: Table = Counter()
    for place, first in enumerate(given):
        for other, second in enumerate(given):
            if place != other:
                table[(first, second)] += 1 / (len(given) - 1)  # type: ignore[assignment]
    return table


def _measured(tables: Sequence[Table], measure: Callable[[Table], float | None], judgements: int) -> Agreement:
    whole: Table = Counter()
    for table in tables:
        whole.update(table)
    value = measure(whole)
    weight = sum(whole.values())
    same = sum(count for (first, second), count in whole.items() if first == second) / weight if weight else None
    low, high = _interval(whole, tables, measure, value)
    return Agreement(value, low, high, len(tables), judgements, same)


def _interval(
    whole: Table, tables: Sequence[Table], measure: Callable[[Table], float | None], value: float | None
) -> tuple[float | None, float | None]:
    if value is None or len(tables) < MIN_ARTICLES:
        return None, None
    # articles that were judged alike give the same when left out: each kind is computed once
    kinds = Counter(frozenset(table.items()) for table in tables)
    left_out: list[tuple[float, int]] = []
    for kind, times in kinds.items():
        rest = whole.copy()
        rest.subtract(dict(kind))
        one = measure(Counter({pair: weight for pair, weight in rest.items() if weight > 1e-9}))
        if one is not None:
            left_out.append((one, times))
    count = sum(times for _, times in left_out)
    if count < MIN_ARTICLES:
        return None, None
    mean = sum(one * times for one, times in left_out) / count
    variance = (count - 1) / count * sum(times * (one - mean) ** 2 for one, times in left_out)
    reach = NormalDist().inv_cdf((1 + LEVEL) / 2) * variance**0.5
    return max(-1.0, value - reach), min(1.0, value + reach)


def _alpha(table: Table) -> float | None:
    total = sum(table.values())
    sizes: Counter[Hashable] = Counter()
    for (first, _), weight in table.items():
        sizes[first] += weight
    expected = total**2 - sum(size**2 for size in sizes.values())
    if total <= 1 or expected <= 1e-9:
        return None
    observed = sum(weight for (first, second), weight in table.items() if first != second)
    return 1 - (total - 1) * observed / expected


def _kappa(table: Table) -> float | None:
    total = sum(table.values())
    if not total:
        return None
    ours: Counter[Hashable] = Counter()
    theirs: Counter[Hashable] = Counter()
    for (first, second), weight in table.items():
        ours[first] += weight
        theirs[second] += weight
    by_chance = sum(ours[value] * theirs[value] for value in ours) / total**2
    same = sum(weight for (first, second), weight in table.items() if first == second) / total
    return None if by_chance > 1 - 1e-9 else (same - by_chance) / (1 - by_chance)
