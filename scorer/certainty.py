"""How sure an attribution is: the chance that its source is one, of what is said, thought or shown.

The tagger learned from newspapers, where nearly every claim is somebody's. In columns and blogs it also reads "If
you talk to a fisher" as somebody's thought. Here the words in and around a source and its cue, how they stand to each
other and to the content, and the tagger's own scores add up to log-odds (`training/source_labels.py` learned them).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeGuard

import numpy as np
from numpy.typing import NDArray

from scorer.assembly import Link
from scorer.logodds import sigmoid
from scorer.store import Part
from scorer.tagger import LABELS, Run, Tagged
from scorer.text import Text

CLEAR = 0.5
"""An attribution of this chance and more is counted; one of less is shown as unclear."""

BITS = 13
"""The table has 2 ** BITS rows; which features share one is chance (Weinberger et al. 2009, 'Feature hashing')."""

LEVELS = 5
"""Scores of the tagger that are weighed as numbers: the cue's, its first token's, the source's, its first token's, the
content's."""

STEPS = 16
"""Steps that one unit of such a score counts; scores reach from -MOST to MOST steps."""

MOST = 128

NOTHING = 0xFFFFFFFF
"""Stands for the word beyond a sentence's end."""

GAPS = (1, 2, 3, 4, 6, 9, 14, 22, 40, 80)
"""Tokens between source and cue, or in the content, that are told apart."""

_PRIMES = (0x9E3779B1, 0x85EBCA77, 0x165667B1)
"""Numbers that xxHash multiplies by (Collet 2012)."""

_BEGINS_SOURCE, _IN_SOURCE, _BEGINS_CUE, _IN_CUE = (
    LABELS.index(label) for label in ("B-source", "I-source", "B-cue", "I-cue")
)


class Whole(Protocol):
    """A link that has a source and a cue."""

    @property
    def source(self) -> Run: ...
    @property
    def cue(self) -> Run: ...
    @property
    def content(self) -> Sequence[Run]: ...


def is_whole(link: Link) -> TypeGuard[Whole]:
    """Whether a link has a source and a cue."""
    return link.source is not None and link.cue is not None


class Certainty:
    """The weights of a model's part `sources`: int8 (2 ** BITS,), its unit, a bias, and one weight a level."""

    def __init__(self, table: NDArray[np.int8], unit: float, bias: float, levels: Sequence[float]) -> None:
        self.table = np.asarray(table)
        self.unit, self.bias, self.levels = unit, bias, np.array(levels, np.float64)

    @classmethod
    def of(cls, part: Part) -> Certainty:
        """The weights of a part."""
        meta = part.meta["certainty"]
        return cls(part.arrays["certainty"], meta["unit"], meta["bias"], meta["levels"])

    def weights(self) -> tuple[Any, ...]:
        """As the kernel takes them."""
        return self.table, BITS, self.unit, self.bias, self.levels, CLEAR

    def chances(self, text: Text, tags: Tagged, links: Sequence[Whole], kinds: Sequence[int]) -> list[float]:
        """The chance of each link; `kinds` of the sources are places in `scorer.mentions.KINDS`."""
        seen = evidence(text, tags, links, kinds)
        sums = np.array([[self.table[rows].sum(dtype=np.int64), *levels] for rows, levels in seen], dtype=np.int64)
        return self.of_sums(sums.reshape(-1, 1 + LEVELS))

    def of_sums(self, sums: NDArray[np.int64]) -> list[float]:
        """Chances for the sums of table rows and the levels beside them, (k, 1 + LEVELS)."""
        odds = sums[:, 0] * self.unit + self.bias
        for column, weight in enumerate(self.levels, 1):
            odds = odds + sums[:, column] * weight
        return [sigmoid(value) for value in odds.tolist()]


def evidence(
    text: Text, tags: Tagged, links: Sequence[Whole], kinds: Sequence[int]
) -> list[tuple[NDArray[np.int64], list[int]]]:
    """What speaks of each link: rows of the table (one may stand there twice), and the LEVELS."""
    scores = np.asarray(tags.scores, dtype=np.float64)
    quoted = np.zeros(len(text.words) + 1, dtype=bool)
    for first, last, _ in tags.quotations:
        quoted[first:last] = True
    return [
        (rows_of(features(text, link, kind, quoted), BITS), _levels(scores, link))
        for link, kind in zip(links, kinds, strict=True)
    ]


def rows_of(pairs: Sequence[tuple[int, int]], bits: int) -> NDArray[np.int64]:
    """Rows of a table of 2 ** bits for features as (what it is, its value)."""
    given = np.array(pairs, dtype=np.uint64).astype(np.uint32).reshape(-1, 2)
    keys = ((given[:, 0] * np.uint32(_PRIMES[0])) ^ (given[:, 1] * np.uint32(_PRIMES[1]))) * np.uint32(_PRIMES[2])
    keys = (keys ^ (keys >> np.uint32(15))) * np.uint32(_PRIMES[0])
    rows: NDArray[np.int64] = (keys >> np.uint32(32 - bits)).astype(np.int64)
    return rows


def features(text: Text, link: Whole, kind: int, quoted: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The features of a link; `quoted` tells the tokens inside quotations."""
    words = text.words
    (cue, cue_end), (source, source_end) = link.cue, link.source
    begins, ends = text.sentence_of(cue)
    source_begins, source_ends = text.sentence_of(source)
    pieces = link.content
    held = sum(last - first for first, last in pieces)
    gap = max(0, cue - source_end, source - cue_end)
    in_quotation = any(bool(quoted[first:last].any()) for first, last in pieces)
    beside = any(first < ends and begins < last for first, last in pieces)
    found = [(0, int(word)) for word in words[cue:cue_end]]
    found += [
        (1, int(words[cue])),
        (2, int(words[cue_end - 1])),
        (3, int(words[source])),
        (4, int(words[source_end - 1])),
        (5, int(words[cue - 1]) if cue > begins else NOTHING),
        (6, int(words[cue_end]) if cue_end < ends else NOTHING),
        (7, int(words[source - 1]) if source > source_begins else NOTHING),
        (8, int(words[source_end]) if source_end < source_ends else NOTHING),
        (9, int(words[ends - 1])),
        (10, kind),
        (11, 2 * step_of(gap) + (source > cue)),
        (12, step_of(held)),
        (13, 8 * min(len(pieces), 2) + 4 * bool(quoted[cue]) + 2 * in_quotation + beside),
        (14, min(cue_end - cue, 5)),
        (15, min(source_end - source, 9)),
        (16, (source_begins != begins) + (source_begins > begins)),
    ]
    return found


def step_of(count: int) -> int:
    """How many of GAPS a count reaches."""
    return sum(count >= gap for gap in GAPS)


def _levels(scores: NDArray[np.float64], link: Whole) -> list[int]:
    content = len(LABELS) + 1

    def mean(runs: Sequence[Run], begin: int, inside: int, against: int) -> int:
        total, count = 0.0, 0
        for first, last in runs:
            for row in scores[first:last]:
                total += max(row[begin], row[inside]) - row[against]
                count += 1
        return level_of(total / count if count else 0.0)

    cue, source = link.cue, link.source
    return [
        mean([cue], _BEGINS_CUE, _IN_CUE, 0),
        level_of(scores[cue[0], _BEGINS_CUE] - scores[cue[0], 0]),
        mean([source], _BEGINS_SOURCE, _IN_SOURCE, 0),
        level_of(scores[source[0], _BEGINS_SOURCE] - scores[source[0], 0]),
        mean(link.content, content, content, content - 1),
    ]


def level_of(score: float) -> int:
    """A difference of scores in steps."""
    return max(-MOST, min(MOST, int(np.floor(score * STEPS))))
