"""How sure a figure is and of how many it is: intervals by drawing anew what varies (sources or articles), counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.logodds import BASE_RATE
from training.corpora import Row, source_of
from training.figures_of_merit import FAKE, MIN_CHARACTERS, SourceMean, source_means, weighted_auc

Array = NDArray[np.float64]
Interval = tuple[float, float]

DRAWS = 100
ENDS = (0.05, 0.95)
"""A 90 % interval."""

MIN_GROUPS = 5
"""Of fewer sources a bootstrap says too little: of one, that its share is sure."""

NOTHING: Interval = (float("nan"), float("nan"))


def auc_interval(
    truth: NDArray[Any],
    value: Array,
    groups: NDArray[Any] | None = None,
    weights: Array | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Interval:
    """90 % interval of an AUC: the `groups` (sources; each article by itself where None) are drawn anew, with all their
    articles. nan where a class is missing.
    """
    truth = np.asarray(truth, dtype=bool)
    if truth.all() or not truth.any():
        return NOTHING
    names, group = np.unique(np.arange(len(truth)) if groups is None else groups, return_inverse=True)
    weights = np.ones(len(truth)) if weights is None else weights
    random = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        times = np.bincount(random.integers(0, len(names), len(names)), minlength=len(names))[group]
        drawn = times > 0
        if len(set(truth[drawn])) == 2:
            found.append(weighted_auc(truth[drawn], value[drawn], (weights * times)[drawn]))
    return _ends(found)


def share_interval(happened: NDArray[np.bool_], groups: NDArray[Any], draws: int = DRAWS, seed: int = 0) -> Interval:
    """90 % interval of a mean share in which every group counts the same; nan for fewer than `MIN_GROUPS` of them."""
    if len(set(groups)) < MIN_GROUPS:
        return NOTHING
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    shares = np.bincount(group, weights=happened) / sizes
    drawn = np.random.default_rng(seed).integers(0, len(shares), (draws, len(shares)))
    return _ends(shares[drawn].mean(axis=1).tolist())


def cross_intervals(rows: Sequence[Row], risk: Array, draws: int = DRAWS, seed: int = 0) -> dict[str, Interval]:
    """Intervals of the AUCs on corpora labelled one by one, whose articles are drawn anew, and of their mean."""
    value = np.where(np.isnan(risk), BASE_RATE, risk)
    random = np.random.default_rng(seed)
    found: dict[str, list[float]] = {}
    for corpus, chosen in cross_places(rows).items():
        truth = np.array([FAKE[rows[i]["label"]] == 1 for i in chosen])
        found[corpus] = []
        for _ in range(draws):
            drawn = random.integers(0, len(chosen), len(chosen))
            found[corpus].append(weighted_auc(truth[drawn], value[chosen[drawn]]))
    intervals = {corpus: _ends(values) for corpus, values in found.items()}
    if found:
        intervals["cross_mean"] = _ends(np.mean(list(found.values()), axis=0).tolist())
    return intervals


def satire_interval(rows: Sequence[Row], risk: Array) -> dict[str, Interval]:
    """Interval of fake news against satire, whose corpus names no sources: its articles are drawn anew."""
    own = [i for i, row in enumerate(rows) if row["corpus"] == "golbeck"]
    value = np.where(np.isnan(risk), BASE_RATE, risk)[own]
    return {"fake_over_satire_auc": auc_interval(np.array([rows[i]["tier"] == "low" for i in own]), value)}


def cross_places(rows: Sequence[Row]) -> dict[str, NDArray[np.int64]]:
    """Which articles of each corpus count: those long enough that have a label."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if row["label"] in FAKE and len(row["text"] or "") > MIN_CHARACTERS:
            found.setdefault(str(row["corpus"]), []).append(place)
    return {corpus: np.array(found[corpus]) for corpus in sorted(found)}


def figure_sizes(rows: Sequence[Row], cross: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """Articles and sources behind each figure of merit; no source is told of articles labelled one by one."""

    def of(chosen: Sequence[Row]) -> tuple[int, int]:
        return len(chosen), len({source_of(row) for row in chosen})

    tiered = [row for row in rows if row["tier"] in ("low", "high")]
    allsides = [row for row in tiered if row["corpus"] == "allsides"]
    recovery = [row for row in tiered if row["corpus"] == "recovery"]
    means = source_means(rows, np.zeros(len(rows)))

    def ranked(chosen: Sequence[SourceMean]) -> tuple[int, int]:
        return sum(one.articles for one in chosen), len(chosen)

    by_corpus = {corpus: len(places) for corpus, places in cross_places(cross).items()}
    return {
        "allsides_auc": of(allsides),
        "recovery_auc": of(recovery),
        "source_auc": ranked([one for one in means if one.is_sure]),
        "spearman_pc1": ranked(means),
        "spearman_left": ranked([one for one in means if one.lean == "left"]),
        "spearman_right": ranked([one for one in means if one.lean == "right"]),
        "within_right_auc": of([row for row in allsides if row["lean"] == "right"]),
        "lean_fpr_gap": of([row for row in allsides if row["tier"] == "high"]),
        "ece": of([*allsides, *recovery]),
        "cross_mean": (sum(by_corpus.values()), 0),
        "fake_over_satire_auc": (sum(row["corpus"] == "golbeck" for row in rows), 0),
        **{corpus: (articles, 0) for corpus, articles in by_corpus.items()},
    }


def _ends(values: Sequence[float]) -> Interval:
    known = [value for value in values if value == value]
    if not known:
        return NOTHING
    low, high = (float(end) for end in np.quantile(known, ENDS))
    return low, high
