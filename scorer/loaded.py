"""Loaded wording marked token by token: loaded words, name calling, exaggeration.

Two linear stages, looked up by word id. The first scores a token by itself, its neighbours, its sentence and its text
(each a table of one weight a word: what training knows of words, such as their valence and their company, is folded
into them). The second reads the first's scores around the token, because such wording comes in phrases. Learned from
SemEval-2020 task 11 (training/style.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.findings import Finding
from scorer.lexicon import Shape
from scorer.store import Part
from scorer.text import Text

WINDOW = 4
"""Scores this many tokens to either side are read by the second stage."""

FAINT = -4.0
"""Log-odds that stand for tokens past either end of the text."""

SHAPES = len(Shape)

FloatArray = NDArray[np.float32]


class Marked(NamedTuple):
    """Loaded wording of a text: findings in order, how many tokens they hold, the first stage's mean log-odds."""

    spans: list[Finding]
    tokens: int
    loadedness: float


class Loaded:
    """Marks loaded tokens with one model part.

    `tables` float (5, V): weights of a word as the token before, the token, the token after, part of the sentence (mean
    over it), part of the text (mean); `shapes` float (3, SHAPES) for the token before, the token, the token after.
    """

    def __init__(self, part: Part) -> None:
        self.by_word: FloatArray = np.ascontiguousarray(np.asarray(part.arrays["tables"], dtype=np.float32).T)
        self.shapes: FloatArray = np.asarray(part.arrays["shapes"], dtype=np.float32)
        self.bias = float(part.meta["bias"])
        self.threshold = float(part.meta.get("threshold", 0.0))
        if "second" in part.arrays:
            self.second: FloatArray = np.asarray(part.arrays["second"], dtype=np.float32)
            self.second_shapes: FloatArray = np.asarray(part.arrays["second_shapes"], dtype=np.float32)
            self.second_bias = float(part.meta["second_bias"])
            self._second = kernel.tables(
                "ffd", self.second, self.second_shapes, np.array([self.second_bias, FAINT, self.threshold])
            )
        self._first = kernel.tables("ffd", self.by_word, self.shapes, np.array([self.bias]))

    def first_stage(self, text: Text) -> FloatArray:
        """Log-odds of each token taken by itself, float32 (n,)."""
        if kernel.native is not None:
            against, _ = kernel.native.loaded_first(self._first, text.words, text.shapes, text.sentence_tokens)
            return -np.frombuffer(against, kernel.FLOAT32)
        sentence = sentence_of_tokens(text)
        before, itself, after, in_sentence, in_text = self.by_word[text.words].T
        constant = np.float32(self.bias + mean(np.ascontiguousarray(in_text)))
        shape_before, shape_itself, shape_after = self.shapes.take(text.shapes, axis=1)
        odds: FloatArray = itself + shape_itself + constant
        odds[1:] += before[:-1] + shape_before[:-1]
        odds[:-1] += after[1:] + shape_after[1:]
        odds += means(in_sentence, sentence)[sentence]
        return odds

    def log_odds(self, text: Text, first: FloatArray) -> FloatArray:
        """Log-odds of each token in its surroundings, float32 (n,); `first` is the first stage's answer."""
        odds = np.zeros(len(first), dtype=np.float32)
        for weight, row in zip(self.second, surroundings(sentence_of_tokens(text), first), strict=True):
            odds += weight * row  # one after the other, so that sums round alike everywhere
        shift, slope = self.second_shapes.take(text.shapes, axis=1)
        odds += shift + slope * first + np.float32(self.second_bias)
        return odds

    def marked(self, text: Text) -> Marked:
        """What is loaded of a text of at least one token: log-odds in their surroundings over the threshold."""
        if kernel.native is not None:
            return self._marked_compiled(text)
        first = self.first_stage(text)
        over = np.concatenate([[False], self.log_odds(text, first) >= self.threshold, [False]])
        runs = np.flatnonzero(over[1:] != over[:-1]).reshape(-1, 2).tolist()
        starts, ends = text.caller_starts, text.caller_ends
        spans: list[Finding] = [{"start": starts[a], "end": ends[b - 1], "kind": "loaded"} for a, b in runs]
        return Marked(spans, sum(b - a for a, b in runs), mean(first))

    def _marked_compiled(self, text: Text) -> Marked:
        """The same, where the kernel does all but exponentials and logarithms."""
        shapes, sentences = text.shapes, text.sentence_tokens
        found, average = kernel.native.loaded_first(self._first, text.words, shapes, sentences)
        against = np.frombuffer(found, kernel.FLOAT32)
        odds = np.frombuffer(kernel.native.loaded_means(np.exp(against), sentences), kernel.FLOAT32)
        spans, tokens = kernel.native.loaded_runs(
            self._second, against, shapes, sentences, np.log(odds), text.caller_starts, text.caller_ends
        )
        return Marked(spans, tokens, average)


def sentence_of_tokens(text: Text) -> NDArray[np.intp]:
    """Index of the sentence each token stands in, (n,), rising."""
    starts = np.zeros(len(text.words) + 1, dtype=np.intp)
    starts[text.sentence_tokens[1:-1]] = 1
    index: NDArray[np.intp] = np.cumsum(starts[:-1])
    return index


def mean(values: FloatArray) -> float:
    """The mean as numpy has it, in a third of the time for a few thousand."""
    return float(np.add.reduce(values) / np.float32(len(values)))


def means(values: FloatArray, groups: NDArray[np.intp]) -> FloatArray:
    """Mean of the values of each group, float32 (number of groups,)."""
    return (np.bincount(groups, values) / np.bincount(groups)).astype(np.float32)


def chances(odds: FloatArray) -> FloatArray:
    """Log-odds as chances, float32 (n,)."""
    chance: FloatArray = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32, copy=False)
    return chance


def surroundings(sentence: NDArray[np.intp], first: FloatArray) -> FloatArray:
    """What the second stage reads: float32 (2 * WINDOW + 6, n)."""
    n = len(first)
    padded = np.full(n + 2 * WINDOW, FAINT, dtype=np.float32)
    padded[WINDOW : WINDOW + n] = first
    seen = np.empty((2 * WINDOW + 6, n), dtype=np.float32)
    for offset in range(2 * WINDOW + 1):
        seen[offset] = padded[offset : offset + n]
    before, after = seen[WINDOW - 1], seen[WINDOW + 1]
    np.maximum(before, after, out=seen[-5])
    np.minimum(before, after, out=seen[-4])
    chance = chances(first)
    starts = np.flatnonzero(np.concatenate([[True], sentence[1:] != sentence[:-1]]))
    seen[-3] = _odds(means(chance, sentence))[sentence]
    seen[-2] = np.maximum.reduceat(first, starts)[sentence]
    seen[-1] = _odds(chance.mean(keepdims=True))[0]
    return seen


def _odds(chance: FloatArray) -> FloatArray:
    bounded = np.minimum(np.maximum(chance, np.float32(1e-4)), np.float32(0.9))
    return np.log(bounded / (1.0 - bounded)).astype(np.float32, copy=False)
