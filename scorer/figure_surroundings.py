"""What stands around the figures of a text and who covers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import figure_cover, figure_status, figure_tagged, figure_words
from scorer.figure_cover import IntArray
from scorer.quantities import Quantities
from scorer.text import Text

PRIOR = len(figure_status.NAMES)
"""The column for the prior."""

WORDS = PRIOR + 1 + len(figure_tagged.NAMES)
"""The first of the columns for what the words around say."""

WIDTH = WORDS + len(figure_words.NAMES)

RELATED = 8
"""Numbers that say who covers a figure, and where."""

_HEDGES = figure_status.NAMES.index("hedges")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of n figures:

    Attributes:
        values: float32 (n, WIDTH), the columns of scorer/figure_status.py, an empty one for the prior, those of
            scorer/figure_tagged.py (empty where there are no scores) and of scorer/figure_words.py (empty where the
            model has no weights of words).
        related: int64 (n, RELATED), the attribution that covers it, one in its sentence, one that holds the end of the
            sentence before (-1 for none); the first tokens of the sentence before (its own where it is the first) and
            of its sentence, and the one past the last; the token of the nearest hedge cue (-1 for none), and how many
            there are in the sentence.
    """

    values: NDArray[np.float32]
    related: IntArray


def surroundings(
    text: Text,
    found: Quantities,
    form: IntArray,
    letters: NDArray[np.uint8],
    attributions: Sequence[Mapping[str, Any]],
    working: Mapping[str, Any],
    words: figure_words.Weights | None,
) -> Surroundings:
    """Look around the figures `found`, each written in its `form`.

    Of the tokens, `letters` are those in hedging grammar; `working` is what the signal of the attributions holds.
    """
    relation = figure_cover.cover(text, found, attributions)
    seen, shown = figure_status.features(text, found, form, letters, attributions, relation)
    values = np.zeros((len(found.first), WIDTH), dtype=np.float32)
    values[:, :PRIOR] = seen
    scores = working.get("scores")
    if scores is not None:
        values[:, PRIOR + 1 : WORDS] = figure_tagged.features(text, found, scores)
    if words is not None:
        values[:, WORDS:] = words.features(text, found)
    sentence, begins, ends = figure_cover.sentences_of(text, found)
    pasts, _ = figure_cover.beside(text, sentence)
    covers = relation.covering, relation.same, relation.earlier
    return Surroundings(
        values, np.stack((*covers, pasts, begins, ends, shown, seen[:, _HEDGES].astype(np.int64)), axis=1)
    )
