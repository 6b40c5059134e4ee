"""The figures by which risk is judged: discrimination weighted by source, ranking of sources, fairness by lean,
calibration at the base rate, and other corpora.

Definitions are those of the project's data (docs/model/figures.md); a test holds them equal to the reference script
beside the labelled data.
"""

from __future__ import annotations

import collections
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from scorer.comparison import rank_correlation
from scorer.logodds import BASE_RATE

FAKE = {"real": 0, "legit": 0, "true": 0, "mostly true": 0, "mtrue": 0}
FAKE |= {"fake": 1, "false": 1, "mostly false": 1, "mfalse": 1}
LOW, HIGH = 0.42, 0.74
"""`pc1` under which a source is of the low tier, and over which it is of the high one."""

MIN_ARTICLES = 5
FLAGGED_SHARE = 0.10
MIN_CHARACTERS = 200

Row = dict[str, Any]
Array = NDArray[np.float64]


def by_source(rows: Sequence[Row]) -> Array:
    """Weights under which every source counts the same."""
    sizes = collections.Counter(row["source"] for row in rows)
    return np.array([1 / sizes[row["source"]] for row in rows])


def weighted_auc(truth: Sequence[bool] | NDArray[Any], risk: Array, weights: Array | None = None) -> float:
    """Area under the ROC curve; nan where a class is missing."""
    if len(set(map(bool, truth))) < 2:
        return float("nan")
    return float(roc_auc_score(np.asarray(truth, dtype=int), risk, sample_weight=weights))


def merit(
    articles: Sequence[Row], risk: Array, cross: Sequence[Row] = (), cross_risk: Array | None = None
) -> dict[str, float]:
    """Every figure, by name. A risk that is nan (abstained) counts as the base rate."""
    risk = np.where(np.isnan(risk), BASE_RATE, risk)
    found: dict[str, float] = {}
    for corpus in ("allsides", "recovery"):
        chosen = [i for i, a in enumerate(articles) if a["corpus"] == corpus and a["tier"] in ("low", "high")]
        rows = [articles[i] for i in chosen]
        found[f"{corpus}_auc"] = weighted_auc([a["tier"] == "low" for a in rows], risk[chosen], by_source(rows))
    found |= source_figures(articles, risk)
    chosen = [
        i
        for i, a in enumerate(articles)
        if a["corpus"] == "allsides" and a["lean"] == "right" and a["tier"] in ("low", "high")
    ]
    rows = [articles[i] for i in chosen]
    found["within_right_auc"] = weighted_auc([a["tier"] == "low" for a in rows], risk[chosen], by_source(rows))
    found["lean_fpr_gap"] = lean_gap(articles, risk)
    found["ece"] = calibration_error(articles, risk)
    if cross_risk is not None:
        cross_risk = np.where(np.isnan(cross_risk), BASE_RATE, cross_risk)
        means = []
        for corpus in sorted({x["corpus"] for x in cross}):
            chosen = [
                i
                for i, x in enumerate(cross)
                if x["corpus"] == corpus and x["label"] in FAKE and len(x["text"] or "") > MIN_CHARACTERS
            ]
            found[corpus] = weighted_auc([FAKE[cross[i]["label"]] == 1 for i in chosen], cross_risk[chosen])
            means.append(found[corpus])
        found["cross_mean"] = float(np.mean(means))
    golbeck = [i for i, a in enumerate(articles) if a["corpus"] == "golbeck"]
    found["fake_over_satire_auc"] = weighted_auc([articles[i]["tier"] == "low" for i in golbeck], risk[golbeck])
    return found


@dataclass(frozen=True)
class SourceMean:
    """A source with `MIN_ARTICLES` or more: its ratings, its mean risk, the lean most of its articles have."""

    pc1: float
    risk: float
    lean: str | None
    articles: int

    @property
    def is_sure(self) -> bool:
        """Whether it is of the low or of the high tier."""
        return self.pc1 < LOW or self.pc1 > HIGH


def source_means(articles: Sequence[Row], risk: Array) -> list[SourceMean]:
    """The sources that are ranked: rated, with enough articles; satire is left out."""
    risks: dict[tuple[str, float], list[float]] = collections.defaultdict(list)
    leans: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for article, value in zip(articles, risk, strict=True):
        if article["pc1"] is not None and article["source"] and article["genre"] != "satire":
            risks[article["source"], article["pc1"]].append(float(value))
            leans[article["source"]][article["lean"]] += 1
    return [
        SourceMean(pc1, float(np.mean(values)), leans[source].most_common(1)[0][0], len(values))
        for (source, pc1), values in risks.items()
        if len(values) >= MIN_ARTICLES
    ]


def source_figures(articles: Sequence[Row], risk: Array) -> dict[str, float]:
    """Rank correlation of sources' mean risk with `pc1` (all, left, right) and the AUC of sources."""
    sources = source_means(articles, risk)
    pc1 = np.array([one.pc1 for one in sources])
    mean = np.array([one.risk for one in sources])
    lean = np.array([one.lean for one in sources], dtype=object)
    sure = np.array([one.is_sure for one in sources], dtype=bool)
    found = {"sources": float(len(sources)), "source_auc": weighted_auc(pc1[sure] < LOW, mean[sure])}
    for name, chosen in (("pc1", np.ones(len(pc1), dtype=bool)), ("left", lean == "left"), ("right", lean == "right")):
        correlation = rank_correlation(pc1[chosen], -mean[chosen])
        found[f"spearman_{name}"] = 0.0 if np.isnan(correlation) else correlation
    return found


def lean_gap(articles: Sequence[Row], risk: Array) -> float:
    """At the risk that flags 10 % of high-tier articles: highest less lowest share flagged by lean, sources alike."""
    high = [i for i, a in enumerate(articles) if a["corpus"] == "allsides" and a["tier"] == "high"]
    if not high:
        return float("nan")
    threshold = np.sort(risk[high])[int((1 - FLAGGED_SHARE) * len(high))]
    shares = []
    for lean in ("left", "center", "right"):
        by: dict[str, list[bool]] = collections.defaultdict(list)
        for i in high:
            if articles[i]["lean"] == lean:
                by[articles[i]["source"]].append(bool(risk[i] > threshold))
        shares.append(float(np.mean([np.mean(v) for v in by.values()])) if by else 0.0)
    return max(shares) - min(shares)


def calibration_error(articles: Sequence[Row], risk: Array, bins: int = 10) -> float:
    """Expected calibration error with the tiers weighted to the base rate."""
    chosen = [
        i for i, a in enumerate(articles) if a["corpus"] in ("allsides", "recovery") and a["tier"] in ("low", "high")
    ]
    truth = np.array([articles[i]["tier"] == "low" for i in chosen])
    value = risk[chosen]
    weight = np.where(truth, BASE_RATE / max(1, truth.sum()), (1 - BASE_RATE) / max(1, (~truth).sum()))
    place = np.minimum((value * bins).astype(int), bins - 1)
    return float(sum(abs((weight * (value - truth))[place == b].sum()) for b in range(bins)))
