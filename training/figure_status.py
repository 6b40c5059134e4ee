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

ATTRIBUTION_NAMES = tuple(name for name in figure_status.NAMES if name.startswith(("cover", "cue_h", "goes_on_cov")))


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
    from sklearn.linear_model import LogisticRegression

    values, target, weight = gold, label, np.ones(len(label))
    if more is not None:
        values, target = np.concatenate((gold, more[0])), np.concatenate((label, more[1]))
        weight = np.concatenate((weight, np.full(len(more[1]), POLNEAR_WEIGHT)))
    start, offset = before if before is not None else (np.zeros(values.shape[1], dtype=np.float32), 0.0)
    stacked = np.column_stack((values, values @ start + offset))
    model = LogisticRegression(C=C[name], max_iter=2000).fit(stacked, target, sample_weight=weight)
    trust = model.coef_[0, -1]
    weights = (model.coef_[0, :-1] + trust * start).astype(np.float32)
    return weights, float(model.intercept_[0] + trust * offset + SHIFT[name])
