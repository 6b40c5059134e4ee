"""Learns which figures are sourced and which the wording leaves open, from labelled figures and, for sources, PolNeAR."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import figure_features, figure_status
from scorer.normal import normalise
from scorer.quantities import Finder, Quantities
from scorer.text import Reader, Text
from training.corpora import Corpora

Attribute = Callable[[Text], Sequence[Mapping[str, Any]]]

C = {"sourced": 1.0, "unconfirmed": 0.5}
POLNEAR_WEIGHT = 0.05
POLNEAR_PART = "dev"
"""The attribution tagger never learned from this part, so its spans are as good here as they will be in use."""


def columns_of(text: Text, found: Quantities, table: NDArray[np.uint8], attribute: Attribute) -> NDArray[np.int64]:
    """Feature indices of each figure."""
    said = attribute(text)
    relation = figure_status.cover(text, found, said)
    return figure_status.features(text, found, table[text.words], said, relation)[0]


def polnear(
    corpora: Corpora, reader: Reader, finder: Finder, table: NDArray[np.uint8], attribute: Attribute
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Figures in PolNeAR by form alone, and whether each stands in the content of an attribution with a source."""
    parts: list[NDArray[np.int64]] = []
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
        content = [piece for a in row["attributions"] if a.get("source") for piece in a.get("content", ())]
        for first, last in zip(found.first, found.last, strict=True):
            start = text.token_span(int(first), int(last)).start
            label.append(any(begin <= start < end for begin, end in content))
    return np.concatenate(parts), np.array(label, dtype=np.int64)


def learn(
    name: str, gold: NDArray[np.int64], label: NDArray[np.int64], more: tuple[NDArray[np.int64], NDArray[np.int64]] | None
) -> tuple[NDArray[np.float32], float]:
    """Weights (TABLE_SIZE,) and bias of one question; `more` are examples that weigh little each."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    columns, target, weight = gold, label, np.ones(len(label))
    if more is not None:
        columns, target = np.concatenate((gold, more[0])), np.concatenate((label, more[1]))
        weight = np.concatenate((weight, np.full(len(more[1]), POLNEAR_WEIGHT)))
    n, k = columns.shape
    matrix = csr_matrix((np.ones(n * k), columns.ravel(), np.arange(0, n * k + 1, k)), (n, figure_status.TABLE_SIZE))
    model = LogisticRegression(C=C[name], max_iter=1000).fit(matrix, target, sample_weight=weight)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])
