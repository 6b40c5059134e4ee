"""The shipped text model: a linear model over word and word-pair integers, predicted and explained by table look-ups.

The features are sublinear tf-idf over single words and hashed pairs, L2-normalised: what scikit-learn's
`TfidfTransformer(sublinear_tf=True)` gives; `LogisticRegression` fits the weights (training/text_model.py) and a test
holds the two equal. A word pair's place in the table is a fixed integer hash, so no vocabulary of pairs is kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.lexicon import Shape
from scorer.sparse import spread
from scorer.store import Part
from scorer.text import IntArray, Text

PAIR_BITS = 18
"""Size of the table of word pairs, as a power of two (measured: docs/model/experiments.md)."""

_NAME_SHAPES = np.isin(np.arange(16), [Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL])
_NUMBER_SHAPES = np.isin(np.arange(16), [Shape.INTEGER, Shape.NUMBER])
_NAME_BITS, _NUMBER_BITS = (int(np.sum(1 << np.flatnonzero(shapes))) for shapes in (_NAME_SHAPES, _NUMBER_SHAPES))

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Terms:
    """The features of one text.

    Attributes:
        index: int64 (f,), the distinct features in order: word ids, then `pair_offset` + hash for pairs.
        count: int64 (f,), how often each is met.
        value: float64 (f,), sublinear term frequencies 1 + log(count).
        first: int64 (f,), the token at which a feature is met first.
        width: int64 (f,), tokens it covers, 1 or 2.
    """

    index: NDArray[np.int64]
    count: NDArray[np.int64]
    value: Array
    first: NDArray[np.int64]
    width: NDArray[np.int64]


def alike(groups: Sequence[Sequence[int]], vocabulary: int) -> IntArray | None:
    """For each word id the one it counts under, int32 (`vocabulary`,): all of a group under its first; None without."""
    if not groups:
        return None
    counted = np.arange(vocabulary, dtype=np.int32)
    for group in groups:
        counted[list(group)] = group[0]
    return counted


def masked_words(text: Text, vocabulary: int, counted: IntArray | None = None) -> IntArray:
    """Word ids with names and numbers replaced by how they are written (`vocabulary` + shape).

    Who an article is about tells the camp and the topic; only how it is told should count. A capitalised word that
    starts a sentence stays, since its capital says nothing. `counted` (of `alike`) puts words under one id.
    """
    shapes, words = text.shapes, text.words if counted is None else counted.take(text.words)
    if kernel.native is not None:
        masked = kernel.native.masked(words, shapes, text.sentence_tokens, _NAME_BITS, _NUMBER_BITS, vocabulary)
        return np.frombuffer(masked, kernel.INT32)
    names = _NAME_SHAPES[shapes]
    names[text.sentence_tokens[:-1][text.sentence_tokens[:-1] < len(names)]] = False
    return np.where(names | _NUMBER_SHAPES[shapes], np.int32(vocabulary) + shapes, words)


def terms_of(words: IntArray, pair_offset: int) -> Terms:
    """Count words and hashed pairs of neighbouring words."""
    if kernel.native is not None:
        counted = kernel.native.terms(words, pair_offset, PAIR_BITS)
        index, first, width, count = np.frombuffer(counted, kernel.INT64).reshape(4, -1)
        return Terms(index, count, _sublinear(count), first, width)
    index, first, count = _counted(words, pair_offset)
    is_pair = first >= len(words)
    first = np.where(is_pair, first - len(words), first)
    return Terms(index, count, _sublinear(count), first, 1 + is_pair.astype(np.int64))


def _counted(words: IntArray, pair_offset: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct features in order, the place at which each is met first (pairs after words), and how often."""
    wide = words.astype(np.int64)
    pairs = (wide[:-1] * 1_000_003 + wide[1:] * 7_919) & 0xFFFFFFFF
    pairs = ((pairs ^ (pairs >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
    pairs ^= pairs >> 12
    every = np.concatenate([wide, pair_offset + (pairs & ((1 << PAIR_BITS) - 1))])
    return np.unique(every, return_index=True, return_counts=True)


SUBLINEAR: Array = np.concatenate([[0.0], 1.0 + np.log(np.arange(1, 4097))])
"""1 + log(count) of the counts that are met."""

LOST_WITH_ONE: Array = 1.0 - SUBLINEAR[:-1] / SUBLINEAR[1:]
"""What `lost_with_one` says of the counts 1, 2, ..."""


def _sublinear(count: NDArray[np.int64]) -> Array:
    """1 + log(count)."""
    if len(count) and count.max() >= len(SUBLINEAR):
        return 1.0 + np.log(count)
    return SUBLINEAR.take(count)


def lost_with_one(count: NDArray[np.int64]) -> Array:
    """The share of a feature's sublinear count that one occurrence accounts for: all of it where there is no other."""
    if len(count) and count.max() > len(LOST_WITH_ONE):
        rest = np.where(count > 1, 1.0 + np.log(np.maximum(count - 1.0, 1.0)), 0.0)
        return 1.0 - rest / _sublinear(count)
    return LOST_WITH_ONE.take(count - 1)


class TextModel:
    """Log-odds of the low tier from words alone.

    The part holds `idf` and `weights`, packed (scorer/sparse.py), of pair_offset + 2**PAIR_BITS places: a feature that
    was not kept has idf 0.
    """

    def __init__(self, part: Part) -> None:
        self.idf = spread(part, "idf")
        self.weights = spread(part, "weights")
        self.vocabulary = int(part.meta["vocabulary"])
        self.pair_offset = int(part.meta["pair_offset"])
        self.pair_bits = PAIR_BITS
        self.mask = (_NAME_BITS, _NUMBER_BITS, self.vocabulary)
        """Shapes of names and of numbers, as bits, and where their ids begin."""
        self.counted = alike(part.meta.get("alike", ()), self.vocabulary)
        """Word ids under which words count, None where each has its own (`alike`)."""
        self.intercept = float(part.meta["intercept"])

    def terms(self, text: Text) -> tuple[Terms, Array]:
        """The features of a text and their L2-normalised tf-idf (float64 (f,))."""
        terms = terms_of(masked_words(text, self.vocabulary, self.counted), self.pair_offset)
        weighted = terms.value * self.idf.take(terms.index)
        norm = math.sqrt(weighted @ weighted) or 1.0
        return terms, weighted / norm

    def logit(self, text: Text) -> float:
        """Log-odds of the low tier at the balance of the training weights (not calibrated)."""
        terms, weighted = self.terms(text)
        return float(weighted @ self.weights[terms.index]) + self.intercept
