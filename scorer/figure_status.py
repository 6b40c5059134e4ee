"""What is looked at to tell whether a figure is sourced and whether the wording leaves it open.

A cue counts by where it stands: how far from the figure, on which side, with how many clause borders and verbs between.
The numbers feed small trees (scorer/forest.py), one forest a question; training and scoring share this function.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.figure_cover import Cover, IntArray, beside, sentence_spans, sentences_of, starts_of
from scorer.hedges import OTHER
from scorer.lexicon import Shape
from scorer.quantities import Quantities
from scorer.quotes import line_starts, quotations
from scorer.text import Text

CUES = "HUTEYPXMDJLwIRGSqVNivbC"
"""Letters of hedging grammar (training/data/hedges.json) that are looked for on both sides of a figure."""

HEDGES = 10
"""The first so many of them may leave a figure open."""

VERBS = "TYPXMLDwRvb"
"""Those of them that may be the verb of a clause."""

FAR = 60
"""Distance in tokens that stands for "none in this sentence", and the furthest that is told apart."""

MANY = 9
"""Borders and verbs between where there is no cue."""

KINDS = ("named", "organisation", "document", "anonymous", "vague", "sourceless")
KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
NOBODY = 9
_APART = 999
"""Characters between a figure and an attribution's cue that are told apart."""

Sentences = tuple[IntArray, IntArray, IntArray]
"""What `sentences_of` gives: of each figure the sentence, its first token and the one past its last."""

_SIDES = ("left", "right")
_RELATIONS = ("covering", "same", "earlier")
NAMES = (
    *(f"{cue} {side}" for side in _SIDES for cue in CUES),
    *(f"{cue} {side} borders" for side in _SIDES for cue in CUES),
    *(f"{what} {side}" for side in _SIDES for what in ("hedge", "hedge borders", "hedge verbs", "hedge row", "verb")),
    "hedges",
    *(f"{relation} kind" for relation in _RELATIONS),
    *(f"{relation} cue" for relation in _RELATIONS),
    "attributions here",
    "quoted",
    "quoted before",
    "mark left",
    "mark right",
    "reports before",
    "sources before",
    "documents before",
    "opens with",
    "form",
    "from start",
    "to end",
    "neighbour before",
    "neighbour after",
    "length before",
    "reach",
    "reach row",
)
"""What is looked at, in the order of the columns of `features`."""

ATTRIBUTION_NAMES = tuple(name for name in NAMES if name.split()[0] in (*_RELATIONS, "attributions"))
"""Those that come from the attribution signal."""

_ROW = np.zeros(256, dtype=np.int64)
_RANK = np.zeros(256, dtype=np.int64)
for _number, _letter in enumerate(CUES, 1):
    _ROW[ord(_letter)] = _number
for _number, _letter in enumerate("OiWSqDAVRGCNIlc,tya", 1):
    _RANK[ord(_letter)] = _number
_NEIGHBOUR = _ROW + 30 * _RANK
_IS_VERB = np.isin(np.arange(256), [ord(letter) for letter in VERBS])
_IS_HEDGE = (_ROW > 0) & (_ROW <= HEDGES)
LETTER_TABLES = (_ROW, _RANK, _IS_VERB.view(np.uint8))
"""Of each letter: its number among the cues (0 for others), its rank as a neighbour, whether it may be a verb."""
_VERB_ROWS = np.array([CUES.index(letter) for letter in VERBS])
_WOULD = CUES.index("L")


def scope_letters(text: Text, letters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Letters with the passive told from the active ("is thought to" hedges, "they thought" holds an opinion), the
    month from the verb, comparisons ("more likely than") from guesses; "not yet confirmed" and "if confirmed" hedge.
    """
    told = np.concatenate((np.zeros(3, np.uint8), letters, np.zeros(1, np.uint8)))
    here, before, second, third, after = told[3:-1], told[2:-2], told[1:-3], told[:-4], told[4:]
    passive = (before == ord("b")) | ((before == ord("a")) & (second == ord("b")))
    goes_on = (after == ord("t")) | (after == ord("c"))
    result = here.copy()
    result[here == ord("B")] = ord("Y")
    result[passive & ((here == ord("B")) | ((here == ord("R")) & goes_on))] = ord("E")
    result[(here == ord("M")) & (text.shapes != Shape.LOWER)] = OTHER
    result[here == ord("K")] = ord("U")
    result[(here == ord("K")) & (before == ord("m"))] = OTHER
    denied = (before == ord("N")) | (second == ord("N")) | (third == ord("N")) | (before == ord("I"))
    result[(here == ord("C")) & denied] = ord("E")
    return result


def features(
    text: Text,
    found: Quantities,
    form: IntArray,
    letters: NDArray[np.uint8],
    attributions: Sequence[Mapping[str, Any]],
    relation: Cover,
) -> tuple[NDArray[np.float32], IntArray]:
    """What is looked at, (n, len(NAMES)), and the token of the hedge cue nearest to each figure (-1: none there).

    `form` is how each figure is written (scorer/figure_features.py), `letters` those of the text's tokens.
    """
    letters = scope_letters(text, letters)
    sentences = sentences_of(text, found)
    cues = _Cues(text, found, letters, sentences)
    rest = [*cues.nearest, *_ascribed(text, found, attributions, relation, sentences[0])]
    rest += _around(text, found, letters, sentences)
    rest.insert(NAMES.index("form") - len(CUES) * len(cues.by_class), form)
    rest += cues.reach
    # in blocks: putting 130 columns together one by one costs several times as much
    return np.concatenate((*cues.by_class, np.array(rest))).astype(np.float32).T, cues.shown


class _Cues:
    """Where the nearest cue of each class stands, on both sides of every figure within its sentence.

    One binary search finds them all: the key of a token is its class's number times the length of the text, plus its
    place.
    """

    def __init__(self, text: Text, found: Quantities, letters: NDArray[np.uint8], sentences: Sentences) -> None:
        _, begin, end = sentences
        first, last = found.first, found.last
        n = len(letters)
        rows = _ROW[letters]
        at = np.flatnonzero(rows)
        keys = np.concatenate(([-1], np.sort(rows[at] * (n + 1) + at), [(len(CUES) + 2) * (n + 1)]))
        base = (np.arange(1, len(CUES) + 1) * (n + 1))[:, None]
        left = keys[np.searchsorted(keys, base + first) - 1] - base
        right = keys[np.searchsorted(keys, base + last)] - base
        left, right = np.where(left >= begin, left, -1), np.where(right < end, right, n)
        marks = (text.shapes >= Shape.QUOTE_OPEN) & (text.shapes <= Shape.QUOTE_STRAIGHT)
        borders = _running(_IS_BORDER[letters] | marks)
        verbs = _running(_IS_VERB[letters])
        ahead, behind = _far(first - left, left >= 0), _far(right - last + 1, right < n)
        between_left = _between(borders, left + 1, first, left >= 0)
        between_right = _between(borders, last, right, right < n)
        self.by_class = (ahead, behind, between_left, between_right)
        row_left, row_right = left[:HEDGES].argmax(axis=0), right[:HEDGES].argmin(axis=0)
        of = np.arange(len(first))
        hedge_left, hedge_right = left[row_left, of], right[row_right, of]
        there_left, there_right = hedge_left >= 0, hedge_right < n
        counted = _running(_IS_HEDGE[letters])
        self.nearest = [
            ahead[row_left, of],
            between_left[row_left, of],
            _between(verbs, hedge_left + 1, first, there_left),
            np.where(there_left, row_left, FAR),
            ahead[_VERB_ROWS].min(axis=0),
            behind[row_right, of],
            between_right[row_right, of],
            _between(verbs, last, hedge_right, there_right),
            np.where(there_right, row_right, FAR),
            behind[_VERB_ROWS].min(axis=0),
            counted[end] - counted[begin],
        ]
        far_left = ahead[row_left, of] + _BORDER_COSTS * between_left[row_left, of]
        far_right = behind[row_right, of] + _BORDER_COSTS * between_right[row_right, of]
        self.reach = [np.minimum(far_left, far_right), np.where(far_left <= far_right, row_left, row_right)]
        would = np.where(left[_WOULD] >= 0, left[_WOULD], np.where(right[_WOULD] < n, right[_WOULD], -1))
        self.shown = np.where(
            there_left & (far_left <= far_right), hedge_left, np.where(there_right, hedge_right, would)
        )


_IS_BORDER = np.isin(np.arange(256), np.frombuffer(b",lc", dtype=np.uint8))
_BORDER_COSTS = 6
"""A hedge across a clause border is shown only where no other stands within so many tokens more."""


def _running(flags: NDArray[np.bool_]) -> IntArray:
    total = np.zeros(len(flags) + 1, dtype=np.int64)
    np.cumsum(flags, out=total[1:])
    return total


def _far(distance: IntArray, there: NDArray[np.bool_]) -> IntArray:
    return np.where(there, np.minimum(distance, FAR), FAR)


def _between(running: IntArray, start: IntArray, stop: IntArray, there: NDArray[np.bool_]) -> IntArray:
    return np.where(there, running[stop] - running[start], MANY)


def _ascribed(
    text: Text, found: Quantities, attributions: Sequence[Mapping[str, Any]], relation: Cover, sentence: IntArray
) -> list[NDArray[Any]]:
    """Kinds of the attributions that touch each figure, how far off their cues stand, how many its sentence has."""
    kinds = np.array([_kind(a) for a in attributions] + [NOBODY], dtype=np.int64)  # the last one is "none"
    far = [a["cue"][0] if a.get("cue") else -(10**9) for a in attributions]
    cue_at = np.array([*far, 10**9], dtype=np.int64)
    at = starts_of(text, found)
    related = (relation.covering, relation.same, relation.earlier)
    cues = np.sort(np.array([a["cue"][0] for a in attributions if a.get("cue")], dtype=np.int64))
    opening = sentence_spans(text, sentence)
    return [
        *(kinds[which] for which in related),
        *(np.clip(cue_at[which] - at, -_APART, _APART) for which in related),
        np.searchsorted(cues, opening[:, 1]) - np.searchsorted(cues, opening[:, 0]),
    ]


@cache
def _one_of(wanted: bytes) -> NDArray[np.bool_]:
    """Table over letters: an index is many times faster than a search in a short list."""
    return np.isin(np.arange(256), np.frombuffer(wanted, dtype=np.uint8))


def _around(text: Text, found: Quantities, letters: NDArray[np.uint8], sentences: Sentences) -> list[NDArray[Any]]:
    """Quotation marks, the sentence before, the neighbours, the place in the sentence."""
    sentence, begin, end = sentences
    first, last, n = found.first, found.last, len(letters)
    past, coming = beside(text, sentence)
    inside, marks, sides = _quoted(text)
    padded = np.concatenate(([-1], marks, [n]))
    mark_left, mark_right = padded[np.searchsorted(marks, first)], padded[np.searchsorted(marks, last) + 1]

    def before(wanted: bytes) -> IntArray:
        count = _running(_one_of(wanted)[letters])
        return count[begin] - count[past]

    return [
        inside[first],
        inside[np.maximum(begin - 2, 0)],
        np.where(mark_left >= past, sides[mark_left], 0),
        np.where(mark_right < coming, sides[mark_right], 0),
        before(b"RG"),
        before(b"S"),
        before(b"q"),
        _RANK[letters[begin]],
        np.minimum(first - begin, FAR),
        np.minimum(end - last, FAR),
        _NEIGHBOUR[letters[np.maximum(first - 1, 0)]],
        _NEIGHBOUR[letters[np.minimum(last, n - 1)]],
        begin - past,
    ]


def _quoted(text: Text) -> tuple[NDArray[np.bool_], IntArray, IntArray]:
    """Whether each token stands inside a quotation, which tokens are double marks, whether a mark opens (1) or closes
    (2): a window of a few sentences may hold but one half of a pair.
    """
    n = len(text.tokens)
    level = np.zeros(n + 1, dtype=np.int64)
    for kind in quotations(text, line_starts(text)):
        for first, last, closed in kind:
            if closed:
                level[first] += 1
                level[last] -= 1
    marks = np.flatnonzero((text.shapes >= Shape.QUOTE_OPEN) & (text.shapes <= Shape.QUOTE_STRAIGHT))
    marks = marks[[text.tokens[at] in _SIDE for at in marks.tolist()]] if len(marks) else marks
    sides = np.zeros(n + 1, dtype=np.int64)
    for at in marks.tolist():
        sides[at] = _SIDE[text.tokens[at]] or (2 if at and text.starts[at] == text.ends[at - 1] else 1)
    return np.cumsum(level)[:-1] > 0, marks, sides


_SIDE = {"“": 1, "„": 1, "«": 1, "”": 2, "»": 2, '"': 0}


def _kind(attribution: Mapping[str, Any]) -> int:
    if not attribution.get("source"):
        return KINDS.index("sourceless")
    kind = attribution.get("source_kind")
    return KINDS.index(kind) if kind in KINDS else KINDS.index("organisation")
