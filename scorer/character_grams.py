"""Three and four characters in a row, looked up by a hash: how a text is spelled, beside which words it holds.

Endings, function words, marks and how they follow each other make up most of what is looked up, so that it reaches
words no lexicon holds. Tables are small (2^15 places of 8 bits); places that several grams share are learned as shared.
All is added up in whole numbers, so that compiled and plain code agree to the bit.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.store import Part

SHORTEST, LONGEST = 3, 4
"""Characters in a row that are looked up."""

TABLE_BITS = 15

PRESENCE = np.array([0, 1], dtype=np.int16)
"""Levels by count where it only counts whether a gram is there: in a headline."""

LOGARITHM = np.rint(32 * np.log1p(np.arange(256))).astype(np.int16)
"""Levels by count in a long text; a gram met more often counts as if met 255 times."""

_PRIME, _SPREAD = np.uint32(16_777_619), np.uint32(2_654_435_761)


def prepared(text: str, most: int, start: int = 0, end: int | None = None) -> str:
    """What is read of text[start:end]: its first `most` characters in lower case, one space between words and at both
    ends.
    """
    stop = min(len(text) if end is None else end, start + most)
    if kernel.native is not None:
        made: str = kernel.native.prepared(text, start, stop)
        return made
    return f" {' '.join(text[start:stop].lower().split())} "


class CharacterGrams:
    """A sum of weights over the grams of a text, their levels brought to length 1.

    `weights` int8 (2^k,), each counting `unit`; `idf` uint8 (2^k,) multiplies the levels; `levels` int16 (2 to 256,):
    what a gram met so many times counts, those met more often like the last.
    """

    def __init__(
        self, weights: NDArray[np.int8], unit: float, idf: NDArray[np.uint8], levels: NDArray[np.int16]
    ) -> None:
        self.weights: NDArray[np.int8] = np.ascontiguousarray(weights)
        self.idf: NDArray[np.uint8] = np.ascontiguousarray(idf)
        self.levels: NDArray[np.int16] = np.ascontiguousarray(levels)
        self.unit = unit
        native = kernel.native
        self.compiled = None if native is None else native.CharacterGrams(self.weights, self.idf, self.levels)

    def log_odds(self, text: str) -> float:
        """The sum for a text that is `prepared`; 0 where no gram of it counts."""
        compiled = self.compiled if kernel.native is not None else None
        return self.brought_to_length(*(self._added(text) if compiled is None else compiled.sums(text)))

    def log_odds_of(self, text: str, most: int, start: int, end: int) -> float:
        """`log_odds` of what `prepared` gives for the same arguments."""
        if kernel.native is None or self.compiled is None:
            return self.log_odds(prepared(text, most, start, end))
        return self.brought_to_length(*self.compiled.sums_of(text, start, min(end, start + most)))

    def brought_to_length(self, weighed: int, square: int) -> float:
        """The sum from the levels times the weights, and the levels' squares, both summed."""
        return weighed * self.unit / sqrt(square) if square else 0.0

    def _added(self, text: str) -> tuple[int, int]:
        """The levels times the weights, and the levels' squares, both summed."""
        places, counts = grams(text, len(self.weights).bit_length() - 1)
        values = amounts(places, counts, self.idf, self.levels)
        return int(values @ self.weights[places].astype(np.int64)), int(values @ values)


def from_part(part: Part, name: str, levels: NDArray[np.int16]) -> CharacterGrams | None:
    """The table `name` of a part, with `name`_idf where it is there; None for a model made before there was one."""
    if name not in part.arrays:
        return None
    weights = np.asarray(part.arrays[name], dtype=np.int8)
    idf = np.asarray(part.arrays.get(name + "_idf", np.ones(len(weights))), dtype=np.uint8)
    return CharacterGrams(weights, float(part.meta[name + "_unit"]), idf, levels)


def grams(text: str, bits: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of a text's grams in a table of 2^`bits`, in order, and how often each is met."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    hashes = np.zeros(len(codes), dtype=np.uint32)
    found = []
    for length in range(1, min(LONGEST, len(codes)) + 1):
        hashes = (hashes[: len(codes) - length + 1] ^ codes[length - 1 :]) * _PRIME  # Fowler, Noll and Vo
        if length >= SHORTEST:
            found.append((hashes * _SPREAD) >> np.uint32(32 - bits))
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    places, counts = np.unique(np.concatenate(found), return_counts=True)
    return places.astype(np.int64), counts.astype(np.int64)


def amounts(
    places: NDArray[np.int64], counts: NDArray[np.int64], idf: NDArray[np.uint8], levels: NDArray[np.int16]
) -> NDArray[np.int64]:
    """What each place counts before all are brought to length 1."""
    level = levels[np.minimum(counts, len(levels) - 1)].astype(np.int64)
    return np.asarray(level * idf[places], dtype=np.int64)
