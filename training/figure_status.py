"""Learns which figures are sourced and which the wording leaves open: labelled figures, and PolNeAR for sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import figure_features, figure_status
from scorer.normal import normalise
from scorer.quantities import Finder, Quantities
from scorer.text import Reader, Text
from training.corpora import Corpora, Row

Floats = NDArray[np.float32]
Bound = tuple[float | None, float | None]
Attribute = Callable[[Text], Sequence[Mapping[str, Any]]]

C = {"sourced": 0.1, "unconfirmed": 1.0}
SHIFT = {"sourced": 0.4, "unconfirmed": 0.8}
"""Added to the log-odds: these kinds are the minority; the shift is where F1 is best in cross-validation."""

PRIOR_C = 0.3
POLNEAR_WEIGHT = 0.3
POLNEAR_PART = "dev"
"""The attribution tagger never learned from this part, so its spans are as good here as they will be in use."""

PRIOR_PART = "train"
PRIOR_TOKENS = 8
"""Tokens a document drawn at random beside its figures: what makes a figure sourced makes any word sourced."""

ATTRIBUTION_NAMES = tuple(n for n in figure_status.NAMES if n.startswith(("cover", "cue_h", "goes_on_cov")))


_HEDGING = ("M", "L", "E", "P", "D", figure_status.GROUPS[figure_status.OPEN_GROUP])
HEDGE_NAMES = (*(n for n in figure_status.NAMES if n.replace(">", "<").split("<")[0] in _HEDGING), "open_cues")
NEVER_NEGATIVE = {
    "sourced": frozenset(name for name in ATTRIBUTION_NAMES if not name.endswith("sourceless")),
    "unconfirmed": frozenset(HEDGE_NAMES),
}
"""Columns that can only speak for their question (a hedge never makes a figure surer): few labels need the hint."""

LEFT_OUT = {
    "sourced": frozenset[str](),
    "unconfirmed": frozenset(n for n in figure_status.NAMES if n[:2] in ("R<", "R>", "G<", "G>", "S<", "S>", "RG"))
    | frozenset(name for name in ATTRIBUTION_NAMES if not name.endswith("sourceless"))
    | {"report_before", "source_before", "goes_on_after_report", "quote_before"},
}
"""Columns without weight: who said it does not settle whether the wording leaves it open."""


def columns_of(text: Text, found: Quantities, table: NDArray[np.uint8], attribute: Attribute) -> Floats:
    """What is looked at for each figure (scorer/figure_status.py)."""
    said = attribute(text)
    relation = figure_status.cover(text, found, said)
    return figure_status.features(text, found, table[text.words], said, relation)[0]


def polnear(
    corpora: Corpora, reader: Reader, finder: Finder, table: NDArray[np.uint8], attribute: Attribute
) -> tuple[Floats, NDArray[np.int64]]:
    """Figures in PolNeAR by form alone, and whether each stands in the content of an attribution with a source."""
    parts: list[Floats] = []
    label: list[bool] = []
    forms = (*figure_features.CERTAIN_CLAIMS, figure_features.Form.THREE_DIGITS, figure_features.Form.HYPHENATED)
    for row in corpora.attributions:
        if row["part"] != POLNEAR_PART:
            continue
        text = reader.read(normalise(row["text"]))
        found = finder.find(text)
        if not len(found.first):
            continue
        kept = np.isin(figure_features.features(text, found)[0][:, 0], forms)
        if not kept.any():
            continue
        found = Quantities(found.letters, found.first[kept], found.last[kept])
        parts.append(columns_of(text, found, table, attribute))
        label.extend(_in_content(row, text, found))
    return np.concatenate(parts), np.array(label, dtype=np.int64)


def prior(corpora: Corpora, reader: Reader, finder: Finder, table: NDArray[np.uint8]) -> tuple[Floats, float]:
    """Weights and bias of "stands in what a source is quoted for" without the tagger's spans, from PolNeAR's `train`.

    The tagger learned from that part, so its spans are too good there: their columns stay at zero.
    """
    from sklearn.linear_model import LogisticRegression

    chooser = np.random.default_rng(0)
    values: list[Floats] = []
    label: list[bool] = []
    for row in corpora.attributions:
        if row["part"] != PRIOR_PART:
            continue
        text = reader.read(normalise(row["text"]))
        found = finder.find(text)
        drawn = chooser.integers(0, len(text.tokens), PRIOR_TOKENS)
        first = np.concatenate((found.first, drawn))
        order = np.argsort(first, kind="stable")
        places = Quantities(found.letters, first[order], np.concatenate((found.last, drawn + 1))[order])
        values.append(columns_of(text, places, table, lambda _: ()))
        label.extend(_in_content(row, text, places))
    matrix = np.concatenate(values)
    own = np.array([name not in ATTRIBUTION_NAMES for name in figure_status.NAMES])
    model = LogisticRegression(C=PRIOR_C, max_iter=2000).fit(matrix[:, own], np.array(label))
    weights = np.zeros(len(own), dtype=np.float32)
    weights[own] = model.coef_[0]
    return weights, float(model.intercept_[0])


def _in_content(row: Row, text: Text, places: Quantities) -> list[bool]:
    content = [piece for a in row["attributions"] if a.get("source") for piece in a.get("content", ())]
    starts = [text.token_span(int(a), int(b)).start for a, b in zip(places.first, places.last, strict=True)]
    return [any(begin <= start < end for begin, end in content) for start in starts]


def learn(
    name: str,
    gold: Floats,
    label: NDArray[np.int64],
    more: tuple[Floats, NDArray[np.int64]] | None = None,
    before: tuple[Floats, float] | None = None,
) -> tuple[Floats, float]:
    """Weights (len(NAMES),) and bias of one question.

    `more` are examples that weigh little each; `before` are weights from other data, whose score joins as one more
    column (a sum of linear scores is linear again, so scoring sees one row of weights).
    """
    values, target, weight = gold, label, np.ones(len(label))
    if more is not None:
        values, target = np.concatenate((gold, more[0])), np.concatenate((label, more[1]))
        weight = np.concatenate((weight, np.full(len(more[1]), POLNEAR_WEIGHT)))
    start, offset = before if before is not None else (np.zeros(values.shape[1], dtype=np.float32), 0.0)
    stacked = np.column_stack((values, values @ start + offset))
    bounds = [
        (0.0, 0.0) if column in LEFT_OUT[name] else (0.0, None) if column in NEVER_NEGATIVE[name] else (None, None)
        for column in figure_status.NAMES
    ]
    coefficients, intercept = _fit(stacked, target, weight, C[name], [*bounds, (None, None), (None, None)])
    trust = coefficients[-1]
    weights = (coefficients[:-1] + trust * start).astype(np.float32)
    return weights, float(intercept + trust * offset + SHIFT[name])


def _fit(
    values: NDArray[Any], target: NDArray[np.int64], weight: NDArray[Any], c: float, bounds: list[Bound]
) -> tuple[NDArray[Any], float]:
    """L2-regularised logistic regression within bounds: one a column, and the last for the intercept."""
    from scipy.optimize import minimize

    sign = 2.0 * target - 1.0

    def objective(x: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        margin = sign * (values @ x[:-1] + x[-1])
        slope = -c * weight * sign / (1 + np.exp(margin))
        loss = c * float((weight * np.logaddexp(0, -margin)).sum()) + 0.5 * float(x[:-1] @ x[:-1])
        return loss, np.append(values.T @ slope + x[:-1], slope.sum())

    best = minimize(objective, np.zeros(values.shape[1] + 1), jac=True, bounds=bounds, options={"maxiter": 500}).x
    return best[:-1], float(best[-1])
