"""From measured articles to a verdict: text model, stack and calibration, each on sources the others did not see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from joblib import delayed
from numpy.typing import NDArray

from scorer.verdict import INTERVAL_LEVEL
from training.articles import Measured
from training.corpora import house_of, is_of_articles, source_of
from training.parallel import side_by_side
from training.stack import Stack, calibrate, fit_stack
from training.text_model import FittedText, fit_text
from training.weights import deal, hard_targets, labelled, soft_targets, source_weights

Array = NDArray[np.float64]

INNER_FOLDS = 5
BOOTSTRAP = 100
"""Resamples of the sources behind the interval of a risk."""

UNCALIBRATED_CORPORA = ("golbeck", "opensources", "reviews")
"""Corpora whose mix of tiers says nothing of any feed: they teach, but do not calibrate."""

EXPECTATIONS = Path(__file__).parent / "expectations.json"


@dataclass(frozen=True)
class FittedVerdict:
    """A text model, the calibrated stack over it, and `bootstrap`, float64 (draws, k + 2): the stack's coefficients on
    resampled sources.
    """

    text: FittedText
    stack: Stack
    names: Sequence[tuple[str, str]]
    bootstrap: Array

    def logits(self, measured: Measured) -> Array:
        """Calibrated log-odds of other articles, float64 (n,)."""
        return self.stack.logits(select(measured, self.names), self.text.logits(measured.counts))

    def ends(self, measured: Measured) -> Array:
        """Lower and upper ends of the intervals in log-odds, before widening; float64 (2, n)."""
        rows = self.stack.rows(select(measured, self.names), self.text.logits(measured.counts))
        tail = (1 - INTERVAL_LEVEL) / 2
        return np.quantile(rows @ self.bootstrap.T, [tail, 1 - tail], axis=1)


def expected(names: Sequence[tuple[str, str]]) -> list[tuple[float, int]]:
    """Prior mean and sign of each feature's weight, (0, 0) where nothing is expected."""
    table = json.loads(EXPECTATIONS.read_text(encoding="utf-8"))["features"]
    return [tuple(table.get(f"{signal}.{name}", (0.0, 0))) for signal, name in names]


def select(measured: Measured, names: Sequence[tuple[str, str]]) -> Array:
    """The columns of these features, nan for those that were not measured at all."""
    position = {name: number for number, name in enumerate(measured.names)}
    missing = np.full(len(measured), np.nan)
    if not names:
        return np.zeros((len(measured), 0))
    return np.column_stack([measured.features[:, position[n]] if n in position else missing for n in names])


def _learn_text(counts: sp.csr_matrix, learn: NDArray[np.int64], *labels: Any) -> FittedText:
    return fit_text(counts[learn], *labels)


def _held_out_text(counts: sp.csr_matrix, apply: NDArray[np.int64], *learned_from: Any) -> Array:
    return _learn_text(counts, *learned_from).logits(counts[apply])


@dataclass(frozen=True)
class CrossFitText:
    """A text model and what its like gave articles of sources they did not see.

    `usable` are the positions that have a target, `fold` and `logits` (both aligned with it) the inner fold of each and
    its held-out log-odds.
    """

    text: FittedText
    usable: NDArray[np.int64]
    fold: NDArray[np.int64]
    logits: Array


def cross_fit_text(measured: Measured, seed: int = 0) -> CrossFitText:
    """Fit the text model on all of `measured`, and once a fold without it."""
    usable = labelled(measured)
    fold = deal([measured.rows[i] for i in usable], INNER_FOLDS, seed)
    everyone = measured.rows
    targets_of, houses = soft_targets(everyone), np.array([house_of(row) for row in everyone])
    camps = np.array([str(row.get("lean") if is_of_articles(row) else row["stratum"]) for row in everyone])

    def lesson(chosen: NDArray[np.int64]) -> tuple[Any, ...]:
        targets = targets_of[chosen]
        weights = source_weights([everyone[i] for i in chosen])
        return chosen, targets, weights, houses[chosen], camps[chosen], measured.ratings

    jobs = [
        delayed(_held_out_text)(measured.counts, usable[fold == k], *lesson(usable[fold != k]))
        for k in range(INNER_FOLDS)
    ]
    *parts, text = side_by_side([*jobs, delayed(_learn_text)(measured.counts, *lesson(usable))])
    logits = np.zeros(len(usable))
    for k, part in enumerate(parts):
        logits[fold == k] = part
    return CrossFitText(text, usable, fold, logits)


def fit_verdict(
    measured: Measured, cross: CrossFitText, names: Sequence[tuple[str, str]], bootstrap: int = BOOTSTRAP
) -> FittedVerdict:
    """Fit signal weights and calibration on `measured`, which must hold only articles that may be learned from.

    Cross-fitting: the stack learns from text log-odds of folds the text model did not see; the calibration learns from
    stack log-odds of folds the stack did not see; the weights returned are then fitted on all of it.
    """
    usable, fold = cross.usable, cross.fold
    rows = [measured.rows[i] for i in usable]
    features = select(measured, names)[usable]
    targets, truth = soft_targets(rows), hard_targets(rows)
    weights = source_weights(rows)
    expectations = expected(names)
    raw = np.zeros(len(usable))
    for k in range(INNER_FOLDS):
        learn, apply = fold != k, fold == k
        part = fit_stack(features[learn], cross.logits[learn], targets[learn], weights[learn], expectations)
        raw[apply] = part.logits(features[apply], cross.logits[apply])
    corpora = np.array([row.get("corpus") for row in rows], dtype=object)
    scale = (truth >= 0) & ~np.isin(corpora, UNCALIBRATED_CORPORA)
    plain = fit_stack(features, cross.logits, targets, weights, expectations)
    stack = calibrate(plain, raw[scale], truth[scale], weights[scale])
    sources = np.array([source_of(row) for row in rows])
    draws = [
        _resample(plain, features, cross.logits, targets, weights, raw, truth, scale, sources, expectations, draw)
        for draw in range(bootstrap)
    ]
    return FittedVerdict(cross.text, stack, names, np.array(draws).reshape(-1, features.shape[1] + 2))


def _resample(
    plain: Stack,
    features: Array,
    text_logits: Array,
    targets: Array,
    weights: Array,
    raw: Array,
    truth: NDArray[np.int64],
    scale: NDArray[np.bool_],
    sources: NDArray[np.str_],
    expectations: Sequence[tuple[float, int]],
    seed: int,
) -> Array:
    """Coefficients of one bootstrap draw of the sources, calibration included."""
    names, group = np.unique(sources, return_inverse=True)
    times = np.bincount(np.random.default_rng(seed).integers(0, len(names), len(names)), minlength=len(names))[group]
    drawn = fit_stack(features, text_logits, targets, weights * times, expectations, start=plain)
    again = np.repeat(np.flatnonzero(scale), times[scale])
    return calibrate(drawn, raw[again], truth[again], weights[again]).coefficients
