"""Learns which figures are sourced and which the wording leaves open: labelled figures, and PolNeAR for sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import figure_cover, figure_features, figure_status, figure_words
from scorer.figure_surroundings import PRIOR as PRIOR_COLUMN
from scorer.figure_surroundings import WORDS
from scorer.forest import Forest
from scorer.normal import normalise
from scorer.quantities import Finder, Quantities
from scorer.text import Reader, Text
from training.corpora import Corpora, Row
from training.trees import Trees, boosted, halved

Floats = NDArray[np.float32]
Said = Sequence[Mapping[str, Any]]
"""Attribution spans of a text."""

QUESTIONS: Mapping[str, Mapping[str, Any]] = {
    "sourced": {"n_estimators": 300, "learning_rate": 0.05, "max_depth": 6, "min_samples_leaf": 20},
    "unconfirmed": {"n_estimators": 400, "learning_rate": 0.03, "max_depth": 4, "min_samples_leaf": 8},
}
MAX_FEATURES = 0.15
COLUMNS = {"sourced": [*range(WORDS + 1)], "unconfirmed": [*range(PRIOR_COLUMN), WORDS + 1]}
"""The columns a question looks at: whether it is left open, the tagger's log-odds do not tell better."""

PRIOR: Mapping[str, Any] = {"n_estimators": 150, "learning_rate": 0.1, "max_depth": 3, "max_features": 0.3}
REACHED = {"claim": 0.93, "sourced": 0.83, "unconfirmed": 0.75}
"""F1 in cross-validation. The cut-off with the best F1 is the probability F1 / 2 (Lipton et al. 2014, 'Optimal
thresholding of classifiers to maximize F1 measure'), so none is tuned.
"""

PRIOR_PART = "train"
PRIOR_TOKENS = 8
"""Tokens a document drawn at random beside its figures: what makes a figure sourced makes any word sourced."""

NO_FORM = len(figure_features.Form)
"""Form of such a token."""


def columns_of(text: Text, found: Quantities, form: Any, table: NDArray[np.uint8], said: Said) -> Floats:
    """What is looked at for each figure (scorer/figure_status.py)."""
    relation = figure_cover.cover(text, found, said)
    return figure_status.features(text, found, form, table[text.words], said, relation)[0]


def prior(corpora: Corpora, reader: Reader, finder: Finder, table: NDArray[np.uint8]) -> Trees:
    """Trees for "stands in what a source is quoted for" without the tagger's spans, from PolNeAR's `train`.

    The tagger learned from that part, so its spans are too good there: the trees may not look at them.
    """
    chooser = np.random.default_rng(0)
    values: list[Floats] = []
    label: list[bool] = []
    for row in corpora.attributions:
        if row["part"] != PRIOR_PART:
            continue
        text = reader.read(normalise(row["text"]))
        found = finder.find(text)
        drawn = chooser.integers(0, len(text.tokens), PRIOR_TOKENS)
        form = np.full(len(found.first) + len(drawn), NO_FORM)
        if len(found.first):
            form[: len(found.first)] = figure_features.features(text, found)[0][:, 0]
        first = np.concatenate((found.first, drawn))
        order = np.argsort(first, kind="stable")
        places = Quantities(found.letters, first[order], np.concatenate((found.last, drawn + 1))[order])
        values.append(columns_of(text, places, form[order], table, ()))
        label.extend(_in_content(row, text, places))
    matrix = np.concatenate(values)
    matrix[:, [name in figure_status.ATTRIBUTION_NAMES for name in figure_status.NAMES]] = 0
    return halved(boosted(matrix, np.array(label, dtype=np.int64), min_samples_leaf=30, **PRIOR))


def _in_content(row: Row, text: Text, places: Quantities) -> list[bool]:
    content = [piece for a in row["attributions"] if a.get("source") for piece in a.get("content", ())]
    starts = [text.token_span(int(a), int(b)).start for a, b in zip(places.first, places.last, strict=True)]
    return [any(begin <= start < end for begin, end in content) for start in starts]


def complete(values: Floats, before: Trees, tagged: Floats) -> Floats:
    """The columns with the prior's log-odds, the tagger's and room for those of the words:
    `figure_surroundings.Surroundings.values`.
    """
    words = np.zeros((len(values), len(figure_words.NAMES)))
    return np.column_stack((values, Forest(*before).scores(values), tagged, words)).astype(np.float32)


def learn(name: str, values: Floats, label: NDArray[np.int64], weights: NDArray[np.float64]) -> Trees:
    """Trees of one question from complete columns of weighted figures; their bias makes 0 the cut-off."""
    columns = np.array(COLUMNS[name])
    feature, limit, value, bias = halved(
        boosted(values[:, columns], label, weights, max_features=MAX_FEATURES, **QUESTIONS[name])
    )
    return columns[feature].astype(feature.dtype), limit, value, bias + shift(name)


def shift(name: str) -> float:
    """What is added to the log-odds of a question so that the cut-off with the best F1 comes to 0."""
    half = REACHED[name] / 2
    return -float(np.log(half / (1 - half)))
