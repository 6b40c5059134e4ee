"""What each article is aimed at and how much it counts, and how sources are dealt into folds."""

from __future__ import annotations

import collections
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.logodds import BASE_RATE
from training.articles import Measured
from training.corpora import Row, source_of

SOFTNESS = 10.0
"""Steepness of the soft target in `pc1` (measured: docs/model/experiments.md)."""

TIER_MIDDLE = 0.58
"""`pc1` half-way between the low (< .42) and the high tier (> .74)."""

SOURCE_POWER = 1.0
"""An article weighs 1 / (its source's articles ** SOURCE_POWER): 0 is an article a vote, 1 a source a vote."""

JUDGED_SHARE = 0.5
"""What a judgement of the very article (training/judgements.py) counts in its target, the outlet's rating counting the
rest (measured: docs/model/experiments.md)."""

BALANCE = 0.5
"""How far lean and tier are balanced together: 0 not at all, 1 each lean-and-tier cell the same total."""

TIERS = {"low": 1, "high": 0}


def hard_targets(rows: Sequence[Row]) -> NDArray[np.int64]:
    """1 for the low tier, 0 for the high one, -1 for neither."""
    return np.array([TIERS.get(row.get("tier") or "", -1) for row in rows])


def soft_targets(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Probability of the low tier: the outlet's, a judgement's of the article, or their mean; nan with neither."""
    outlet = outlet_targets(rows)
    judged = np.array([np.nan if row.get("judged") is None else row["judged"] for row in rows], dtype=np.float64)
    both = JUDGED_SHARE * judged + (1 - JUDGED_SHARE) * outlet
    return np.where(np.isnan(judged), outlet, np.where(np.isnan(outlet), judged, both))


def outlet_targets(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Probability of the low tier: from the raters' `pc1` where there is one, else the tier; nan with neither.

    Soft targets let the middle tier take part, which holds most of the right-leaning outlets that are not low.
    """
    found = []
    for row in rows:
        if row.get("pc1") is not None:
            found.append(1.0 / (1.0 + np.exp(-SOFTNESS * (TIER_MIDDLE - row["pc1"]))))
        else:
            found.append(float(TIERS.get(row.get("tier") or "", np.nan)))
    return np.array(found)


def source_weights(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Weights with mean 1 that balance sources, and lean and tier together.

    Articles whose outlet nobody rated are no part of that balance: each weighs 1.
    """
    outlet = outlet_targets(rows)
    sizes = collections.Counter(map(source_of, rows))
    weight = np.array([sizes[source_of(row)] ** -SOURCE_POWER for row in rows])
    rated = np.flatnonzero(~np.isnan(outlet))
    cells = np.array([f"{rows[i].get('lean') or rows[i].get('corpus')}|{round(outlet[i])}" for i in rated])
    for cell in np.unique(cells):
        weight[rated[cells == cell]] *= weight[rated[cells == cell]].sum() ** -BALANCE
    weight[rated] /= weight[rated].mean()
    weight[np.isnan(outlet)] = 1.0
    return weight


def base_rate_weights(truth: NDArray[np.int64], votes: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Weights under which the low tier makes up `BASE_RATE`; mean 1. `truth` holds 0 and 1.

    Within a tier articles count alike, or by their `votes` (all above 0).
    """
    low = truth == 1
    counted = np.ones(len(truth)) if votes is None else votes
    shares = np.where(low, BASE_RATE / max(1e-9, counted[low].sum()), (1 - BASE_RATE) / max(1e-9, counted[~low].sum()))
    return shares * counted * len(truth)


def deal(rows: Sequence[Row], folds: int, seed: int = 0) -> NDArray[np.int64]:
    """A fold for each article, whole sources together; tiers, leans and article counts spread evenly.

    Articles that were judged but whose outlet nobody rated come last: the others are dealt as without them.
    """
    by_source: dict[str, list[Row]] = collections.defaultdict(list)
    for row in rows:
        by_source[source_of(row)].append(row)
    strata: dict[tuple[str, str], list[tuple[int, str]]] = collections.defaultdict(list)
    for source, own in by_source.items():
        tier = collections.Counter(str(row.get("tier") or row.get("stratum")) for row in own).most_common(1)[0][0]
        lean = collections.Counter(str(row.get("lean")) for row in own).most_common(1)[0][0]
        strata[tier, lean].append((len(own), source))
    chance = random.Random(seed)
    fold_of: dict[str, int] = {}
    load = [0] * folds
    for key in sorted(strata):
        sources = sorted(strata[key])
        chance.shuffle(sources)
        sources.sort(key=lambda pair: -pair[0])
        for number, (size, source) in enumerate(sources):
            if number % folds == 0:
                free = list(range(folds))
            chosen = min(free, key=lambda fold: load[fold])
            free.remove(chosen)
            fold_of[source] = chosen
            load[chosen] += size
    return np.array([fold_of[source_of(row)] for row in rows])


def labelled(measured: Measured) -> NDArray[np.int64]:
    """Positions of the articles that have a target."""
    return np.flatnonzero(~np.isnan(soft_targets(measured.rows)))


def at_most(groups: NDArray[Any], number: int, seed: int = 0) -> NDArray[np.int64]:
    """Positions, in order, of at most `number` members of each group, drawn at random."""
    met: collections.Counter[Any] = collections.Counter()
    chosen = []
    for place in np.random.default_rng(seed).permutation(len(groups)):
        met[groups[place]] += 1
        if met[groups[place]] <= number:
            chosen.append(place)
    return np.sort(np.array(chosen, dtype=np.int64))
