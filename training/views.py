"""Views of quality that one grouped cross-validation does not give: dates apart, corpora apart, learning curves.

In all of them the sources learned from and judged are apart as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer.logodds import BASE_RATE
from training.baseline import Plain
from training.corpora import Row, source_of
from training.evaluate import Prepared, fitted_names, risks
from training.evaluate import abstention_meta as bounds_of
from training.figures_of_merit import weighted_auc
from training.uncertainty import auc_interval
from training.verdict import cross_fit_text, fit_verdict
from training.weights import at_most, deal, hard_targets

Array = NDArray[np.float64]
Places = NDArray[np.int64]

DRAWS = 200
DATE_FOLDS = 2
CURVE_FOLDS = 3
"""Learning curves judge one of so many folds of the sources."""

SHARES = (0.25, 0.5, 1.0)
MOST_ARTICLES: tuple[int | None, ...] = (5, 20, 80, None)
MIN_SOURCES = 4
"""Fewest sources a tier needs before an AUC is told."""

CORPORA = (("allsides",), ("recovery",), ("opensources", "golbeck"))


@dataclass(frozen=True)
class Auc:
    """AUC of low against high tier, each source weighing the same, with the ends of its 90 % interval over sources."""

    value: float
    low: float
    high: float
    articles: int
    sources: int


@dataclass(frozen=True)
class View:
    """One line of a table: what was learned from, what was judged, and how well; nan and no AUC where data lack."""

    name: str
    learned: int
    learned_sources: int
    credence: Auc
    plain: Auc | None = None


def auc(rows: Sequence[Row], risk: Array, draws: int = DRAWS, seed: int = 0) -> Auc:
    """The AUC; a risk that is nan (abstained) counts as the base rate, as in the figures of merit."""
    truth = hard_targets(rows)
    known = np.flatnonzero(truth >= 0)
    truth, value = truth[known], np.where(np.isnan(risk[known]), BASE_RATE, risk[known])
    sources = np.array([source_of(row) for row in _at(rows, known)], dtype=str)
    names, group, sizes = np.unique(sources, return_inverse=True, return_counts=True)
    tiers = [len({source for source, own in zip(sources, truth, strict=True) if own == tier}) for tier in (0, 1)]
    if min(tiers) < MIN_SOURCES:
        return Auc(float("nan"), float("nan"), float("nan"), len(known), len(names))
    weight = 1.0 / sizes[group]
    low, high = auc_interval(truth, value, sources, weight, draws, seed)
    return Auc(weighted_auc(truth, value, weight), low, high, len(known), len(names))


def learn_and_judge(prepared: Prepared, learn: Places, apply: Places, seed: int = 0) -> Array:
    """Risks of the articles at `apply` by a model learned from those at `learn`, nan where it abstains."""
    lesson = prepared.clean.take(learn)
    fitted = fit_verdict(lesson, cross_fit_text(lesson, seed), fitted_names(prepared.clean), bootstrap=0)
    return risks(fitted, prepared.plain.take(apply), bounds_of(lesson, prepared.first_ending))


def _at(rows: Sequence[Row], places: Places) -> list[Row]:
    return [rows[int(place)] for place in places]


def _sources(prepared: Prepared, chosen: Places) -> int:
    return len({source_of(row) for row in _at(prepared.plain.rows, chosen)})


def dates_apart(prepared: Prepared, plain: Plain, before: str | None = None, seed: int = 0) -> tuple[str, list[View]]:
    """Learned from articles before a date, judged on later ones of other sources; and on earlier ones, to compare.

    `plain` are the same articles, counted for the baseline; `before` is YYYY-MM-DD (default: the median date). Both
    lines are of the same models.
    """
    rows = prepared.plain.rows
    dates = np.array([row.get("date") or "" for row in rows], dtype=str)
    tiered = hard_targets(rows) >= 0
    if not (tiered & (dates != "")).any():
        return "", []
    known = sorted(dates[tiered & (dates != "")].tolist())
    cut = before or known[len(known) // 2]
    fold = deal(rows, DATE_FOLDS, seed)
    risk, other = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    learned: list[Places] = []
    for k in range(DATE_FOLDS):
        learn = np.flatnonzero((fold != k) & (dates != "") & (dates < cut))
        apply = np.flatnonzero((fold == k) & (dates != ""))
        risk[apply] = learn_and_judge(prepared, learn, apply, seed)
        other[apply] = plain.risks(learn, apply)
        learned.append(learn)
    size, sources = int(np.mean([len(x) for x in learned])), int(np.mean([_sources(prepared, x) for x in learned]))
    lines = []
    for name, chosen in ((f"from {cut} on", dates >= cut), (f"before {cut}", (dates != "") & (dates < cut))):
        own = _at(rows, np.flatnonzero(chosen))
        lines.append(View(name, size, sources, auc(own, risk[chosen]), auc(own, other[chosen])))
    return cut, lines


def corpora_apart(prepared: Prepared, plain: Plain, seed: int = 0) -> list[View]:
    """Learned from all corpora but one, less the sources that one shares with them; judged on that one."""
    rows = prepared.plain.rows
    corpus = prepared.plain.column("corpus")
    sources = np.array([source_of(row) for row in rows], dtype=str)
    lines = []
    for names in CORPORA:
        inside = np.isin(corpus.astype(str), names)
        apply = np.flatnonzero(inside)
        learn = np.flatnonzero(~inside & ~np.isin(sources, np.unique(sources[apply])))
        if not len(apply) or not {0, 1} <= set(hard_targets(_at(rows, learn)).tolist()):
            continue
        own = _at(rows, apply)
        lines.append(
            View(
                "judged on " + " and ".join(names),
                len(learn),
                _sources(prepared, learn),
                auc(own, learn_and_judge(prepared, learn, apply, seed)),
                auc(own, plain.risks(learn, apply)),
            )
        )
    return lines


def learning_curves(prepared: Prepared, plain: Plain, seed: int = 0) -> tuple[list[View], list[View]]:
    """AUC by the share of the sources learned from, and by how many articles of each; judged on the same third."""
    rows = prepared.plain.rows
    fold = deal(rows, CURVE_FOLDS, seed)
    apply, rest = np.flatnonzero(fold == 0), np.flatnonzero(fold != 0)
    own = _at(rows, apply)
    sources = np.array([source_of(row) for row in _at(rows, rest)], dtype=str)
    # dealt, not drawn: each quarter of the sources has the tiers and leans of the whole
    quarter = deal(_at(rows, rest), 4, seed)

    def line(name: str, learn: Places) -> View:
        risk = learn_and_judge(prepared, learn, apply, seed)
        return View(name, len(learn), _sources(prepared, learn), auc(own, risk), auc(own, plain.risks(learn, apply)))

    by_source = [line(f"{share:.0%} of sources", rest[quarter < round(4 * share)]) for share in SHARES]
    by_article = [
        line(f"at most {most} articles a source", rest[at_most(sources, most, seed)])
        for most in MOST_ARTICLES
        if most is not None
    ]
    whole = by_source[-1]
    everything = View("all articles", whole.learned, whole.learned_sources, whole.credence, whole.plain)
    return by_source, [*by_article, everything]
