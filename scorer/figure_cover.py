"""Which attribution covers a figure: the one that holds it, one in its sentence, one that holds the sentence before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.quantities import Quantities
from scorer.text import Text

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cover:
    """For each of n figures, which attribution covers it.

    Attributes:
        covering: index of the attribution whose content holds the figure, -1 for none.
        same: index of an attribution whose cue stands in the figure's sentence, -1 for none.
        earlier: index of an attribution whose content holds the end of the sentence before, -1 for none.
    """

    covering: IntArray
    same: IntArray
    earlier: IntArray


def cover(text: Text, found: Quantities, attributions: Sequence[Mapping[str, Any]]) -> Cover:
    """Relate figures to attribution spans, by binary search: n log m."""
    sentence = sentences_of(text, found)[0]
    at = starts_of(text, found)
    opening = sentence_spans(text, sentence)
    before = np.array(
        [text.span(0, int(text.sentences[s - 1][1])).end - 2 if s > 0 else -1 for s in sentence.tolist()],
        dtype=np.int64,
    )
    pieces = [(p[0], p[1], i) for i, a in enumerate(attributions) for p in a.get("content") or ()]
    cues = [(a["cue"][0], a["cue"][1], i) for i, a in enumerate(attributions) if a.get("cue")]
    holder = _holding(pieces)
    inside = _starting_in(cues)
    return Cover(holder(at), inside(opening[:, 0], opening[:, 1]), holder(before))


def starts_of(text: Text, found: Quantities) -> IntArray:
    """Where each expression begins in the caller's text."""
    return np.array([text.caller_starts[first] for first in found.first.tolist()], dtype=np.int64)


def sentence_spans(text: Text, sentence: IntArray) -> IntArray:
    """[start, end) of each sentence in the caller's text, (n, 2)."""
    spans = [text.span(int(text.sentences[s][0]), int(text.sentences[s][1])) for s in sentence.tolist()]
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _holding(pieces: list[tuple[int, int, int]]) -> Callable[[IntArray], IntArray]:
    """Position -> owner of the piece that reaches furthest of those that start at or before it, where it holds it."""
    ordered = sorted(pieces)
    starts = np.array([p[0] for p in ordered], dtype=np.int64)
    reach, owner = np.zeros(len(ordered), np.int64), np.zeros(len(ordered), np.int64)
    far, who = -1, -1
    for i, (_, stop, number) in enumerate(ordered):
        if stop > far:
            far, who = stop, number
        reach[i], owner[i] = far, who

    def look(position: IntArray) -> IntArray:
        if not len(ordered):
            return np.full(len(position), -1, dtype=np.int64)
        i = np.searchsorted(starts, position, side="right") - 1
        held = (i >= 0) & (reach[np.maximum(i, 0)] > position)
        return np.where(held, owner[np.maximum(i, 0)], -1)

    return look


def _starting_in(pieces: list[tuple[int, int, int]]) -> Callable[[IntArray, IntArray], IntArray]:
    """[start, end) -> owner of the first piece that starts in it."""
    ordered = sorted(pieces)
    starts = np.array([p[0] for p in ordered], dtype=np.int64)
    owner = np.array([p[2] for p in ordered], dtype=np.int64)

    def look(start: IntArray, end: IntArray) -> IntArray:
        if not len(ordered):
            return np.full(len(start), -1, dtype=np.int64)
        i = np.searchsorted(starts, start)
        held = (i < len(starts)) & (starts[np.minimum(i, len(starts) - 1)] < end)
        return np.where(held, owner[np.minimum(i, len(starts) - 1)], -1)

    return look


def sentences_of(text: Text, found: Quantities) -> tuple[IntArray, IntArray, IntArray]:
    """Sentence of each expression, and its first and last token."""
    sentence = np.searchsorted(text.sentence_tokens, found.first, side="right") - 1
    sentence = np.minimum(np.maximum(sentence, 0), max(0, len(text.sentence_tokens) - 2))  # `np.clip` is slower
    return (
        sentence,
        text.sentence_tokens[sentence].astype(np.int64),
        text.sentence_tokens[sentence + 1].astype(np.int64),
    )


def beside(text: Text, sentence: IntArray) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of each sentence the first token of the one before it, and the one past the last of the one after it; its own
    where there is none.
    """
    borders = text.sentence_tokens
    past, coming = borders[np.maximum(sentence - 1, 0)], borders[np.minimum(sentence + 2, len(borders) - 1)]
    return past, coming
