"""Quality on sources never seen: cross-validation grouped by source, beside the plain baseline in the same folds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.abstention import PROFILE, Abstention
from scorer.signals import PRIOR_SIGNALS
from training import baseline
from training.articles import Measured, measure, replace_rows, without_copies, without_site_lines
from training.corpora import Corpora, Row, is_of_articles, source_of
from training.figures_of_merit import merit
from training.intervals import Spread
from training.judgements import learnable
from training.verdict import CrossFitText, FittedVerdict, cross_fit_text, expected, fit_verdict
from training.weights import TIERS, deal

Array = NDArray[np.float64]

OUTER_FOLDS = 5
MIN_PAGE_SOURCES = 20
"""Sources a tier needs with articles given as pages before the weights of links and transparency are fitted."""

BOUND_QUANTILES = (0.001, 0.999)
BOUND_MARGIN = 0.25
"""Bounds of 'like training' reach this part of the range past the quantiles: an abstention is not free (measured:
docs/model/experiments.md)."""


@dataclass(frozen=True)
class Prepared:
    """Everything evaluation and fitting need, measured once.

    `clean` and `plain` hold the same articles, with and without the lines that mark a site: learned from is the first,
    judged is the second, since at scoring nothing is known of a source's recurring lines. `cross` are articles labelled
    one by one, never learned from.
    """

    clean: Measured
    plain: Measured
    cross: Measured
    first_ending: int

    @property
    def of_articles(self) -> NDArray[np.int64]:
        """Positions of the articles of the corpus `articles`: no other is part of a figure."""
        return np.flatnonzero([is_of_articles(row) for row in self.plain.rows])


def prepare(corpora: Corpora, folder: Path, rows: Sequence[Row] | None = None) -> Prepared:
    """Clean, deduplicate and measure the corpora with the parts in `folder`."""
    cross = corpora.rows("crosscheck") if corpora.has("crosscheck") else []
    plain_rows = without_copies(learnable(corpora) if rows is None else rows, cross)
    clean_rows = without_site_lines(plain_rows)
    words = json.loads((folder / "lexicon.json").read_bytes())["words"]
    clean = measure(clean_rows, folder)
    # most articles carry no site line, and what is the same need not be measured again
    changed = np.array([a["text"] != b["text"] for a, b in zip(clean_rows, plain_rows, strict=True)])
    again = measure([row for row, other in zip(plain_rows, changed, strict=True) if other], folder)
    plain = replace_rows(clean, np.flatnonzero(changed), again)
    return Prepared(clean, plain, measure(cross, folder), words.index("~"))


def abstention_meta(measured: Measured, first_ending: int) -> dict[str, Any]:
    """What `scorer.abstention.Abstention` needs, from the spread of training articles."""
    long = measured.profiles["words"] >= 60
    bounds: dict[str, list[float]] = {}
    for name in PROFILE:
        values = measured.profiles[name][long]
        low, high = (float(v) for v in np.quantile(values, BOUND_QUANTILES))
        margin = BOUND_MARGIN * (high - low)
        bounds[name] = [max(0.0, low - margin), high + margin]
    return {"first_ending": first_ending, "min_english": bounds["common_share"][0], "bounds": bounds}


def abstained(measured: Measured, meta: Mapping[str, Any]) -> NDArray[np.bool_]:
    """Which articles the verdict would not score, bool (n,)."""
    rule = Abstention(meta)
    columns = list(measured.profiles)
    profiles = np.column_stack([measured.profiles[name] for name in columns])
    return np.array([rule.reason(dict(zip(columns, row, strict=True)))[0] is not None for row in profiles])


def risks(fitted: FittedVerdict, measured: Measured, meta: Mapping[str, Any]) -> Array:
    """Risks of articles a model did not learn from; nan where it abstains."""
    return np.where(abstained(measured, meta), np.nan, sigmoid(fitted.logits(measured)))


@dataclass(frozen=True)
class Folds:
    """Outer folds: for each, the articles to learn from and the text models cross-fitted on them."""

    fold: NDArray[np.int64]
    lessons: Sequence[Measured]
    texts: Sequence[CrossFitText]


@dataclass(frozen=True)
class Judged:
    """Held-out risks (nan where abstained) of all articles and of the cross-check, and those of the baseline; `spread`
    are the risks in log-odds with the ends of their intervals.
    """

    risk: Array
    cross_risk: Array
    spread: Spread | None = None
    baseline_risk: Array | None = None
    baseline_cross: Array | None = None


def fitted_names(measured: Measured) -> list[tuple[str, str]]:
    """The features whose weights are fitted: those of which a person expects a direction (training/expectations.json).

    Features without one (how many commas a sentence has) part the outlets they were learned on and cost discrimination
    on others (measured: docs/model/experiments.md). Signals with prior weights are fitted where enough sources of both
    tiers have articles given as pages, and else not at all.
    """
    pages = {(row.get("tier"), source_of(row)) for row in measured.rows if row.get("html")}
    fit_priors = all(sum(tier == each for each, _ in pages) >= MIN_PAGE_SOURCES for tier in TIERS)
    directed = [sign != 0 for _, sign in expected(measured.names)]
    return [
        name
        for name, able in zip(measured.names, directed, strict=True)
        if (fit_priors if name[0] in PRIOR_SIGNALS else able)
    ]


def outer_folds(prepared: Prepared, folds: int = OUTER_FOLDS, seed: int = 0) -> Folds:
    """Deal the sources into folds and cross-fit a text model for each; the slow part of an evaluation."""
    fold = deal(prepared.plain.rows, folds, seed)
    lessons = [prepared.clean.take(np.flatnonzero(fold != k)) for k in range(folds)]
    return Folds(fold, lessons, [cross_fit_text(lesson, seed) for lesson in lessons])


def cross_validate(prepared: Prepared, folds: Folds, names: Sequence[tuple[str, str]], bootstrap: int = 0) -> Judged:
    """Risks by models that never saw the article's source: text, weights, calibration and bounds fitted apart.

    With `bootstrap` draws of the sources there are the ends of intervals, too.
    """
    risk = np.full(len(prepared.plain), np.nan)
    ends = np.full((2, len(prepared.plain)), np.nan)
    cross = []
    for k, (lesson, text) in enumerate(zip(folds.lessons, folds.texts, strict=True)):
        apply = np.flatnonzero(folds.fold == k)
        fitted = fit_verdict(lesson, text, names, bootstrap=bootstrap)
        meta = abstention_meta(lesson, prepared.first_ending)
        part = prepared.plain.take(apply)
        risk[apply] = np.where(abstained(part, meta), np.nan, sigmoid(fitted.logits(part)))
        cross.append(np.where(abstained(prepared.cross, meta), np.nan, fitted.logits(prepared.cross)))
        if bootstrap:
            ends[:, apply] = fitted.ends(part)
    spread = Spread(np.log(risk / (1 - risk)), ends[0], ends[1]) if bootstrap else None
    return Judged(risk, sigmoid(np.mean(cross, axis=0)), spread)


def count_words(prepared: Prepared) -> baseline.Plain:
    """What the plain baseline reads: the articles, and after them the cross-check."""
    return baseline.count([*prepared.plain.rows, *prepared.cross.rows])


def with_baseline(prepared: Prepared, folds: Folds, judged: Judged, plain: baseline.Plain | None = None) -> Judged:
    """The same with the plain baseline's risks in the same folds; `plain` where words are counted already."""
    risk, cross = baseline.cross_validate(plain or count_words(prepared), folds.fold)
    return replace(judged, baseline_risk=risk, baseline_cross=cross)


def ablations(prepared: Prepared, folds: Folds, names: Sequence[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """The figures of merit with each signal left out, and with nothing but the text model."""
    found: dict[str, dict[str, float]] = {}
    signals = list(dict.fromkeys(signal for signal, _ in names))
    choices = {"nothing": list(names)}
    choices |= {signal: [name for name in names if name[0] != signal] for signal in signals}
    choices["every signal"] = []
    for left_out, kept in choices.items():
        found[left_out] = merit(prepared.plain.rows, cross_validate(prepared, folds, kept).risk)
    return found


def figures(prepared: Prepared, judged: Judged) -> dict[str, dict[str, float]]:
    """The figures of merit, `credence` beside `baseline`."""
    found = {"credence": merit(prepared.plain.rows, judged.risk, prepared.cross.rows, judged.cross_risk)}
    found["credence"]["abstained"] = float(np.isnan(judged.risk[prepared.of_articles]).mean())
    if judged.baseline_risk is not None:
        found["baseline"] = merit(prepared.plain.rows, judged.baseline_risk, prepared.cross.rows, judged.baseline_cross)
    return found


def sigmoid(logits: Array) -> Array:
    """Probabilities of log-odds."""
    return 1.0 / (1.0 + np.exp(-logits))
