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

from scorer.hedges import OTHER
from scorer.lexicon import Shape
from scorer.quantities import Quantities
from scorer.quotes import line_starts, quotations
from scorer.text import Text

IntArray = NDArray[np.int64]

GROUPS = ("M", "L", "E", "P", "D", "I", "MEPD", "R", "G", "S", "RG")
"""Letters of hedging grammar (training/data/hedges.json) that are looked for on both sides of a figure."""

OPEN_GROUP = GROUPS.index("MEPD")
KINDS = ("named", "organisation", "document", "anonymous", "vague", "sourceless")
NAMES = (
    *(f"{group}{side}{what}" for group in GROUPS for side in "<>" for what in ("near", "in_sentence")),
    *(f"{where}_{kind}" for where in ("covered", "cue_here", "covered_before") for kind in KINDS),
    "quoted",
    "quote_before",
    "report_before",
    "source_before",
    "goes_on",
    "goes_on_after_report",
    "goes_on_covered",
    "passive_after",
    "open_cues",
)
"""What is looked at, in the order of the columns of `features`."""

_WANTED = np.zeros((len(GROUPS), 256), dtype=np.bool_)
for _row, _group in enumerate(GROUPS):
    _WANTED[_row, [ord(_letter) for _letter in _group]] = True

_HALVING = 6.0
"""A cue counts half as much this many tokens further off."""

_ACROSS = 0.5
"""What is left of a cue's worth across a clause border."""


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
    at = np.array(
        [text.token_span(int(a), int(b)).start for a, b in zip(found.first, found.last, strict=True)], np.int64
    )
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
    return (
        sentence,
        text.sentence_tokens[sentence].astype(np.int64),
        text.sentence_tokens[sentence + 1].astype(np.int64),
    )


def quoted(text: Text) -> NDArray[np.bool_]:
    """Whether each token stands inside a quotation."""
    level = np.zeros(len(text.tokens) + 1, dtype=np.int64)
    for kind in quotations(text, line_starts(text)):
        for quotation in kind:
            if quotation.closed:
                level[quotation.first] += 1
                level[quotation.last] -= 1
    return np.cumsum(level)[:-1] > 0


def scope_letters(text: Text, letters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Letters with the passive told from the active ("is thought to" hedges, "they thought" reports), the month from
    the verb, comparisons ("more likely than") from guesses; "not yet confirmed" and "if confirmed" hedge.
    """
    told = np.concatenate((np.zeros(3, np.uint8), letters, np.zeros(1, np.uint8)))
    here, before, second, third, after = told[3:-1], told[2:-2], told[1:-3], told[:-4], told[4:]
    passive = (before == ord("b")) | ((before == ord("a")) & (second == ord("b")))
    goes_on = (after == ord("t")) | (after == ord("c"))
    result = here.copy()
    result[here == ord("B")] = ord("R")
    result[passive & ((here == ord("B")) | ((here == ord("R")) & goes_on))] = ord("E")
    result[(here == ord("M")) & (text.shapes != Shape.LOWER)] = OTHER
    result[(here == ord("K")) & (before != ord("m"))] = ord("E")
    denied = (before == ord("N")) | (second == ord("N")) | (third == ord("N")) | (before == ord("I"))
    result[(here == ord("C")) & denied] = ord("E")
    return result


def features(
    text: Text,
    found: Quantities,
    letters: NDArray[np.uint8],
    attributions: Sequence[Mapping[str, Any]],
    relation: Cover,
) -> tuple[NDArray[np.float32], IntArray]:
    """What is looked at, (n, len(NAMES)), and the token of the hedge cue nearest to each figure (-1: none there)."""
    letters = scope_letters(text, letters)
    sentence, begin, end = sentences_of(text, found)
    first, last = found.first, found.last
    borders = np.concatenate(([0], np.cumsum((letters == ord(",")) | (letters == ord("c")) | (letters == ord("R")))))
    n = len(letters)
    left = np.empty((len(GROUPS), len(first)), dtype=np.int64)
    right = np.empty_like(left)
    for row, wanted in enumerate(_WANTED):
        cues = np.flatnonzero(wanted[letters])
        padded = np.concatenate(([-1], cues, [n]))
        left[row] = padded[np.searchsorted(cues, first)]
        right[row] = padded[np.searchsorted(cues, last) + 1]
        if row == OPEN_GROUP:
            open_cues = np.minimum(np.searchsorted(cues, end) - np.searchsorted(cues, begin), 3)
    is_left, is_right = left >= begin, right < end  # `begin` is never negative, `end` never beyond the last token
    worth_left = _worth(first - left, borders[first] - borders[left + 1], is_left)  # a cue is no border to itself
    worth_right = _worth(right - last + 1, borders[right] - borders[last], is_right)
    cue_columns = np.stack((worth_left, is_left, worth_right, is_right), axis=1).reshape(-1, len(first))
    nearer = is_left[OPEN_GROUP] & (worth_left[OPEN_GROUP] >= worth_right[OPEN_GROUP])
    hedge = np.where(nearer, left[OPEN_GROUP], np.where(is_right[OPEN_GROUP], right[OPEN_GROUP], -1))
    columns: list[NDArray[Any]] = []
    kinds = np.array([_kind(a) for a in attributions] + [-1], dtype=np.int64)  # the last one is "none"
    for related in (relation.covering, relation.same, relation.earlier):
        columns.extend(kinds[related] == kind for kind in range(len(KINDS)))
    inside = quoted(text)
    reports = np.concatenate(([0], np.cumsum((letters == ord("R")) | (letters == ord("G")))))
    sources = np.concatenate(([0], np.cumsum(letters == ord("S"))))
    past = text.sentence_tokens[np.maximum(sentence - 1, 0)]
    reported = reports[begin] > reports[past]
    goes_on = np.isin(letters[begin], _GOING_ON)
    columns.extend(
        (
            inside[first],
            inside[np.maximum(begin - 2, 0)],
            reported,
            sources[begin] > sources[past],
            goes_on,
            goes_on & reported,
            goes_on & (relation.earlier >= 0),
            letters[np.minimum(last, len(letters) - 1)] == ord("b"),
            open_cues,
        )
    )
    return np.concatenate((cue_columns, np.stack(columns))).T.astype(np.float32), hedge


_GOING_ON = np.frombuffer(b"OS", dtype=np.uint8)
"""A sentence that begins with a pronoun or "researchers", "officials" may go on with what was ascribed before."""


def _worth(distance: IntArray, borders: IntArray, present: NDArray[np.bool_]) -> NDArray[np.float64]:
    worth = np.exp2(-(distance - 1) / _HALVING) * _ACROSS ** np.maximum(borders, 0)
    return np.where(present, worth, 0.0)


def _kind(attribution: Mapping[str, Any]) -> int:
    if not attribution.get("source"):
        return KINDS.index("sourceless")
    kind = attribution.get("source_kind")
    return KINDS.index(kind) if kind in KINDS else KINDS.index("organisation")
