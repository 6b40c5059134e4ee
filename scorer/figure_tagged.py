"""What the attribution tagger thinks of the tokens around a figure, beside the spans it settled on.

A span says yes or no; the log-odds behind it say how nearly: that half a sentence reads like content, or that a word
before the figure was almost a cue. They become whole numbers first, so that sums do not depend on their order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.figure_cover import IntArray, beside, sentences_of
from scorer.quantities import Quantities
from scorer.text import Text

NAMES = (
    "content here",
    "content left",
    "content right",
    "content before",
    "content after",
    "content most",
    "cue left",
    "cue right",
    "cue before",
    "source left",
    "source right",
    "source before",
)
"""Log-odds, in the order of the columns of `features`. Of content the means over the figure, its sentence on both sides
of it and the sentences around, and the most of its own sentence; of cue and source the most.
"""

STEPS, MOST = 256, 64
"""Log-odds are counted in steps of 1 / STEPS, up to MOST either way."""

NONE = -MOST
"""Log-odds where there is no token to look at."""

_APART = 1 << 20
"""More than twice MOST * STEPS: what keeps the running maxima of two sentences apart."""


def features(text: Text, found: Quantities, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, len(NAMES)) for n figures, given the tagger's scores of the text's tokens (`scorer.tagger.Tags`)."""
    content, cue, source = odds(scores)
    sentence, begin, end = sentences_of(text, found)
    first, last, borders = found.first, found.last, text.sentence_tokens
    past, coming = beside(text, sentence)
    total = np.concatenate(([0], np.cumsum(content)))

    def mean(start: NDArray[Any], stop: NDArray[Any]) -> NDArray[np.float64]:
        sums = (total[stop] - total[start]) / (np.maximum(stop - start, 1) * STEPS)
        return np.where(stop > start, sums, NONE)

    before, there = np.maximum(sentence - 1, 0), sentence > 0
    columns = [
        mean(first, last),
        mean(begin, first),
        mean(last, end),
        mean(past, begin),
        mean(end, coming),
        np.maximum.reduceat(content, borders[:-1])[sentence] / STEPS,
    ]
    for row in (cue, source):
        most = np.maximum.reduceat(row, borders[:-1])
        left, right = _so_far(row, borders), _so_far(row[::-1], len(row) - borders[::-1])[::-1]
        columns += [
            np.where(first > begin, left[np.maximum(first - 1, 0)] / STEPS, NONE),
            np.where(last < end, right[np.minimum(last, len(row) - 1)] / STEPS, NONE),
            np.where(there, most[before] / STEPS, NONE),
        ]
    return np.stack(columns, axis=1).astype(np.float32)


def odds(scores: NDArray[np.float32]) -> tuple[IntArray, IntArray, IntArray]:
    """Log-odds of content, cue and source of each token in steps; of cue and source against neither, as if the other
    were not possible.
    """
    outside = scores[:, 0]
    either = scores[:, 6] - scores[:, 5], scores[:, 3:5].max(axis=1) - outside, scores[:, 1:3].max(axis=1) - outside
    content, cue, source = (np.rint(np.clip(one, -MOST, MOST) * np.float32(STEPS)).astype(np.int64) for one in either)
    return content, cue, source


def _so_far(row: IntArray, borders: NDArray[np.int32]) -> IntArray:
    """The most of each token's sentence up to it."""
    apart = np.repeat(np.arange(len(borders) - 1) * _APART, np.diff(borders))
    return np.maximum.accumulate(row + apart) - apart
