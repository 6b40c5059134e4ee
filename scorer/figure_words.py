"""What the words around a figure say: learned weights of words, pairs and triples by where they stand.

The trees (scorer/forest.py) are told how far off a cue of each class stands; which word it is ("could reach", "aims
for"), and what is no cue at all, only the words tell. Their weights add up to one more column for each question.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.figure_cover import beside, sentences_of
from scorer.quantities import Quantities
from scorer.store import Part
from scorer.text import Text

NAMES = ("words for sourced", "words for unconfirmed")
"""Log-odds, in the order of the columns of `Weights.features`."""

ROWS_BITS = 17
"""The table has 2 ** ROWS_BITS rows; which words share one is chance (Weinberger et al. 2009, 'Feature hashing')."""

REACH = 48
"""Tokens looked at on each side of a figure in its sentence, and of the sentences beside it."""

DISTANCES = np.searchsorted((1, 2, 4, 8, 16), np.arange(1, REACH + 1)).astype(np.uint32)
"""Steps of the distance from a figure that are told apart."""

_PRIMES = tuple(np.uint32(prime) for prime in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1))
"""Numbers that xxHash multiplies by (Collet 2012)."""


class Weights:
    """The weights of a model's part `figures`: int8 (2 ** ROWS_BITS, len(NAMES)), a unit and a bias for each column."""

    def __init__(self, table: NDArray[np.int8], units: list[float], biases: list[float]) -> None:
        self.table = np.asarray(table)  # a plain view: a mapped array is slow to look up in, a copy is not shared
        self.units, self.biases = np.array(units), np.array(biases)

    @classmethod
    def of(cls, part: Part) -> Weights | None:
        """The weights of a part; None of one that was learned before there were any."""
        if "words" not in part.arrays:
            return None
        return cls(part.arrays["words"], part.meta["word_units"], part.meta["word_biases"])

    def features(self, text: Text, found: Quantities) -> NDArray[np.float32]:
        """(n, len(NAMES)) for n figures. Weights are added up as whole numbers, exact in any order."""
        rows = rows_of(text, found)
        sums = np.array([self.table[one].sum(axis=0, dtype=np.int64) for one in rows]).reshape(-1, len(NAMES))
        log_odds: NDArray[np.float32] = (sums * self.units + self.biases).astype(np.float32)
        return log_odds


def rows_of(text: Text, found: Quantities) -> list[NDArray[np.int64]]:
    """Rows of the table that speak of each figure; one that stands there twice counts twice."""
    words = text.words.astype(np.uint32)
    sentence, begins, ends = sentences_of(text, found)
    places = np.stack((found.first, found.last, begins, ends, *beside(text, sentence)), axis=1)
    rows = []
    for first, last, begin, end, past, coming in places.tolist():
        left, right = words[max(begin, first - REACH) : first], words[last : min(end, last + REACH)]
        before, after = words[max(past, begin - REACH) : begin], words[end : min(coming, end + REACH)]
        distance = DISTANCES[: len(left)][::-1]
        kinds = [
            _rows(1, before),
            _rows(2, before[:-1], before[1:]),
            _rows(3, left),
            _rows(4, left, distance=distance),
            _rows(5, left[:-1], left[1:]),
            _rows(6, left[:-1], left[1:], distance=distance[1:]),
            _rows(7, left[:-2], left[1:-1], left[2:]),
            _rows(8, right),
            _rows(9, right, distance=DISTANCES[: len(right)]),
            _rows(10, right[:-1], right[1:]),
            _rows(11, right[:-2], right[1:-1], right[2:]),
            _rows(12, after),
        ]
        rows.append(np.concatenate(kinds))
    return rows


def _rows(kind: int, *words: NDArray[np.uint32], distance: Any = 0) -> NDArray[np.int64]:
    """Rows of one kind: of each word, pair or triple, in arrays of one length, with its distance where that counts."""
    key = np.full(len(words[0]), kind * int(_PRIMES[0]) & 0xFFFFFFFF, dtype=np.uint32)
    for word, prime in zip(words, _PRIMES[1:4], strict=False):
        key = (key ^ (word * prime)) * _PRIMES[4]
    key = (key ^ (distance * _PRIMES[3])) * _PRIMES[0]
    rows: NDArray[np.int64] = (key >> np.uint32(32 - ROWS_BITS)).astype(np.int64)
    return rows
