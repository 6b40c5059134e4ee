"""What is looked at to tell whether a figure is sourced and whether the wording leaves it open.

A cue counts by where it stands: how far from the figure, on which side, how many clause borders between. The integers
index two tables of weights (one a question); training and scoring share this function.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Shape
from scorer.quantities import Quantities
from scorer.text import Text

IntArray = NDArray[np.int64]

GROUPS = ("M", "E", "P", "D", "I", "C", "MEPDI", "R", "G", "S", "RGD")
"""Letters of hedging grammar (training/data/hedges.json) that are looked for on both sides of a figure."""

OPEN_GROUP = GROUPS.index("MEPDI")
_DISTANCES = (2, 4, 8, 16)
_BUCKETS = 1 + (len(_DISTANCES) + 1) * 3
_WORDS = 512
_KINDS = ("none", "named", "organisation", "document", "anonymous", "vague", "sourceless")

_BASES: dict[str, int] = {}
TABLE_SIZE = 0
for _name, _size in (
    *((f"{group}{side}", _BUCKETS) for group in GROUPS for side in "<>"),
    ("word<", _WORDS),
    ("word>", _WORDS),
    ("quoted", 2),
    ("earlier", 8),
    ("begins", 128),
    ("covered", len(_KINDS)),
    ("cue_here", len(_KINDS)),
    ("covered_before", len(_KINDS)),
    ("negated", 4),
    ("near", 128 * 2),
):
    _BASES[_name] = TABLE_SIZE
    TABLE_SIZE += _size


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
    sentence, begin, end = sentences_of(text, found)
    at = np.array([text.token_span(int(a), int(b)).start for a, b in zip(found.first, found.last, strict=True)], np.int64)
    opening = np.array([text.span(int(text.sentences[s][0]), int(text.sentences[s][1])) for s in sentence], np.int64)
    opening = opening.reshape(-1, 2)
    before = np.array(
        [text.span(0, int(text.sentences[s - 1][1])).end - 2 if s > 0 else -1 for s in sentence], dtype=np.int64
    )
    pieces = [(p[0], p[1], i) for i, a in enumerate(attributions) for p in a.get("content") or ()]
    cues = [(a["cue"][0], a["cue"][1], i) for i, a in enumerate(attributions) if a.get("cue")]
    holder = _holding(pieces)
    inside = _starting_in(cues)
    return Cover(holder(at), inside(opening[:, 0], opening[:, 1]), holder(before))


def _holding(pieces: list[tuple[int, int, int]]) -> Any:
    """position -> owner of the piece that reaches furthest among those that start at or before it, where it holds it."""
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


def _starting_in(pieces: list[tuple[int, int, int]]) -> Any:
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
    sentence = np.clip(sentence, 0, max(0, len(text.sentence_tokens) - 2)).astype(np.int64)
    return sentence, text.sentence_tokens[sentence].astype(np.int64), text.sentence_tokens[sentence + 1].astype(np.int64)


def quoted(text: Text) -> NDArray[np.bool_]:
    """Whether each token stands inside double quotation marks; a line end closes what was left open."""
    shapes = text.shapes
    marks = np.flatnonzero((shapes >= Shape.QUOTE_OPEN) & (shapes <= Shape.QUOTE_STRAIGHT))
    level = np.zeros(len(text.tokens) + 1, dtype=np.int64)
    opened = -1
    previous = 0
    for at in marks.tolist():
        token = text.tokens[at]
        if token not in '"“”„«»':
            continue
        if opened >= 0 and "\n" in text.normal[text.starts[previous] : text.starts[at]]:
            opened = -1
        previous = at
        if token in "“„«" or (token == '"' and opened < 0):
            opened = at
        elif opened >= 0:
            level[opened] += 1
            level[at] -= 1
            opened = -1
    return np.cumsum(level)[:-1] > 0


def features(
    text: Text, found: Quantities, letters: NDArray[np.uint8], attributions: Sequence[Mapping[str, Any]], relation: Cover
) -> tuple[IntArray, IntArray]:
    """Table indices (n, k) and the token of the nearest hedge cue of each figure (-1 where its sentence has none)."""
    sentence, begin, end = sentences_of(text, found)
    first, last = found.first, found.last
    n = len(first)
    borders = np.concatenate(([0], np.cumsum(letters == ord(","))))
    columns: list[IntArray] = []
    hedge = np.full(n, -1, dtype=np.int64)
    for group in GROUPS:
        wanted = np.zeros(128, dtype=bool)
        wanted[[ord(letter) for letter in group]] = True
        cues = np.flatnonzero(wanted[letters])
        i = np.searchsorted(cues, first) - 1
        j = np.searchsorted(cues, last)
        left = np.where(i >= 0, cues[np.maximum(i, 0)] if len(cues) else -1, -1)
        right = np.where(j < len(cues), cues[np.minimum(j, max(0, len(cues) - 1))] if len(cues) else -1, -1)
        left = np.where(left >= begin, left, -1)
        right = np.where((right >= 0) & (right < end), right, -1)
        columns.append(_bucket(first - left, borders[first] - borders[left], left >= 0) + _BASES[group + "<"])
        columns.append(_bucket(right - last + 1, borders[right] - borders[last], right >= 0) + _BASES[group + ">"])
        if group == GROUPS[OPEN_GROUP]:
            closer = np.where(left < 0, right, np.where((right < 0) | (first - left <= 2 * (right - last)), left, right))
            hedge = closer
            columns.append(np.where(left >= 0, text.words[left] % _WORDS, 0) + _BASES["word<"])
            columns.append(np.where(right >= 0, text.words[right] % _WORDS, 0) + _BASES["word>"])
    inside = quoted(text).astype(np.int64)
    columns.append(inside[first] + _BASES["quoted"])
    reports = np.concatenate(([0], np.cumsum((letters == ord("R")) | (letters == ord("G")))))
    sources = np.concatenate(([0], np.cumsum(letters == ord("S"))))
    past = text.sentence_tokens[np.maximum(sentence - 1, 0)]
    columns.append(
        (reports[begin] > reports[past]).astype(np.int64)
        + 2 * (sources[begin] > sources[past])
        + 4 * (inside[np.maximum(begin - 2, 0)] > 0)
        + _BASES["earlier"]
    )
    columns.append(np.minimum(letters[begin], 127).astype(np.int64) + _BASES["begins"])
    kinds = np.array([_kind(a) for a in attributions] + [0], dtype=np.int64)  # the last one is "none"
    columns.append(kinds[relation.covering] + _BASES["covered"])
    columns.append(kinds[relation.same] + _BASES["cue_here"])
    columns.append(kinds[relation.earlier] + _BASES["covered_before"])
    negations = np.concatenate(([0], np.cumsum(letters == ord("N"))))
    confirmed = np.concatenate(([0], np.cumsum(letters == ord("C"))))
    columns.append((negations[end] > negations[begin]) + 2 * (confirmed[end] > confirmed[begin]) + _BASES["negated"])
    padded = np.concatenate(([0, 0], letters))
    columns.append(padded[first + 1].astype(np.int64) + _BASES["near"])
    columns.append(padded[first].astype(np.int64) + 128 + _BASES["near"])
    return np.stack(columns, axis=1), hedge


def _bucket(distance: IntArray, borders: IntArray, present: NDArray[np.bool_]) -> IntArray:
    coarse = np.digitize(distance, _DISTANCES) * 3 + np.minimum(np.abs(borders), 2) + 1
    return np.where(present, coarse, 0)


def _kind(attribution: Mapping[str, Any]) -> int:
    if not attribution.get("source"):
        return _KINDS.index("sourceless")
    kind = attribution.get("source_kind")
    return _KINDS.index(kind) if kind in _KINDS else _KINDS.index("organisation")
