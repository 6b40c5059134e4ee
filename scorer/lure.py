"""How much a headline's wording lures: a linear model over masked wording, looked up by integers.

What travels between sites is how clickbait is worded, not what it is about (Chakraborty et al. 2016 name pronouns,
determiners that point forward, numbers, function words). So pairs and triples of words are read with content words
masked by their ending; content words themselves count beside them. Beside them stand the traits that tell luring
teasers (scorer/bait.py), weighed by texts read or written for this project alone, and characters in a row
(scorer/character_grams.py). Case is not read: it is a house's style.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.bait import Bait, Features, bait_features, without_lead_in
from scorer.character_grams import PRESENCE, from_part, prepared
from scorer.lexicon import Shape, key_of
from scorer.store import Part
from scorer.text import Text

TABLE_BITS = 15
TABLE = 1 << TABLE_BITS
TABLES = 4
"""Words, pairs with content masked, pairs of words, triples with content masked: each has a table of its own."""

CONTENT_WEIGHT = 2.0
TRIPLE_WEIGHT = 0.7
SCALE = 3.0
"""Euclidean length of every headline's feature vector, so that a long one is not surer for its length."""

MAX_WORDS = 60
"""Words of a headline that are read; a longer one is no headline."""

MAX_REMEMBERED_CHARACTERS = 40
"""The key of a longer word is worked out each time."""

TRAIT_CHARACTERS = 500
"""Characters of a headline that are read for traits and for characters in a row."""

_READ = np.ones(16, dtype=bool)
_READ[[Shape.PUNCTUATION, Shape.QUOTE_OPEN, Shape.QUOTE_CLOSE, Shape.QUOTE_STRAIGHT]] = False
_BEGIN, _END = 60_001, 60_002


CACHE_LIMIT = 50_000
"""Words whose keys are remembered a process; past it the memory is dropped and refills (about 5 MB at the most)."""


class _Keys(dict[str, int]):
    """A word as written -> the 32 bits that stand for it, remembered."""

    def __missing__(self, token: str) -> int:
        key = crc32((token.lower() if token.isalpha() else key_of(token)).encode("utf-8", "replace"))
        if len(token) <= MAX_REMEMBERED_CHARACTERS:
            if len(self) > CACHE_LIMIT:
                self.clear()
            self[token] = key
        return key


_keys = _Keys()


class Lure:
    """Log-odds of clickbait. `classes` int (V,): a word's own number for frequent words, its ending's for others;
    `traits`: weight of each feature of `scorer.bait`.
    """

    def __init__(self, part: Part) -> None:
        self.classes: NDArray[np.int64] = np.asarray(part.arrays["classes"], dtype=np.int64)
        self.frequent = int(part.meta["frequent"])
        self.bias = float(part.meta.get("clickbait_bias", 0.0))
        self.traits: Mapping[str, float] = part.meta.get("traits", {})
        self.bait = Bait(self.traits)
        self.weights: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        if "clickbait" in part.arrays:
            unit = np.float32(part.meta.get("clickbait_unit", 1.0))  # of weights in 8 bits
            self.weights = np.asarray(part.arrays["clickbait"], dtype=np.float32) * unit
        self.characters = from_part(part, "clickbait_grams", PRESENCE)
        self._tables = kernel.tables(
            "qBfqd", self.classes, _READ.view(np.uint8), self.weights,
            np.array([MAX_WORDS, self.frequent, TABLE_BITS], dtype=np.int64), np.array([CONTENT_WEIGHT, TRIPLE_WEIGHT]),
        )  # fmt: skip

    def features(self, title: Text) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Indices into the tables (0 to TABLES * TABLE - 1) and values; both empty for a title without words."""
        if kernel.native is None:
            indices, values = self._places(title)
        else:
            places, counts = kernel.native.wording(self._tables, _keys, title.words, title.shapes, title.tokens)
            indices, values = np.frombuffer(places, kernel.INT64), np.frombuffer(counts, kernel.FLOAT32)
        return indices, _brought_to_length(values)

    def _places(self, title: Text) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Indices, and values before they are brought to one length."""
        kept = np.flatnonzero(_READ[title.shapes])[:MAX_WORDS]
        if len(kept) == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        words = title.words[kept]
        keys = [_keys[title.tokens[i]] for i in kept.tolist()]
        masked = np.concatenate([[_BEGIN], self.classes[words], [_END]])
        spelled = np.concatenate([[1], keys, [2]])
        indices = np.concatenate(
            [
                spelled[1:-1] % TABLE,
                TABLE + _mix(masked[:-1], masked[1:]),
                2 * TABLE + _mix(spelled[:-1], spelled[1:]),
                3 * TABLE + _mix(masked[:-2] * 65_537 + masked[1:-1], masked[2:]),
            ]
        )
        values = np.ones(len(indices), dtype=np.float32)
        values[: len(kept)] = np.where(words < self.frequent, 1.0, CONTENT_WEIGHT)
        values[-len(kept) :] = TRIPLE_WEIGHT
        return indices, values

    def log_odds(self, title: Text) -> float:
        """Log-odds that the headline is clickbait; the bias alone for a title without words."""
        if kernel.native is not None:
            return self._log_odds_compiled(title)
        indices, values = self.features(title)
        if not len(indices):
            return self.bias
        written = title.normal[title.start : min(title.end, title.start + TRAIT_CHARACTERS)]
        odds = float(self.weights.take(indices).dot(values)) + self.bait.log_odds(written.lower()) + self.bias
        if self.characters is None:
            return odds
        return odds + self.characters.log_odds(prepared(title.normal, TRAIT_CHARACTERS, title.start, title.end))

    def _log_odds_compiled(self, title: Text) -> float:
        """The same, of what the compiled kernel looks up."""
        start, end, characters = title.start, title.end, self.characters
        last = start + TRAIT_CHARACTERS
        found, counts, traits, weighed, square = kernel.native.lure(
            self._tables, _keys, self.bait.tables, self.bait.number_of, without_lead_in,
            None if characters is None else characters.compiled, title.words, title.shapes, title.tokens,
            title.origin.text, start, end if end < last else last,
        )  # fmt: skip
        if not found:
            return self.bias
        values = _brought_to_length(np.frombuffer(counts, kernel.FLOAT32))
        odds: float = float(np.frombuffer(found, kernel.FLOAT32).dot(values)) + traits + self.bias
        return odds if characters is None else odds + characters.brought_to_length(weighed, square)


def _brought_to_length(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values whose Euclidean length is SCALE, where there are any."""
    return values * np.float32(SCALE / sqrt(values.dot(values))) if len(values) else values


def trait_features(title: str) -> Features:
    """Traits of a headline without regard to case."""
    return bait_features(title[:TRAIT_CHARACTERS].lower())


def _mix(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """A pair of integers as one table index (multiplicative hashing, Knuth's constant)."""
    return (((first * 1_000_003 + second) & 0x7FFFFFFF) * 2_654_435_761 >> 20) % TABLE
