"""Fits the attribution tagger's network: the same layers as `scorer.tagger.Network`, with gradients, in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Shape
from scorer.network import PAIR_ROWS, WINDOW, pair_ids
from scorer.tagger import FLAGS, LABELS, Inputs

FloatArray = NDArray[np.float32]

PAD = 16
"""Empty rows between two documents of a batch: no window reaches over them."""

SHAPE_COLUMNS = 8
TAGS = len(LABELS)

CONTENT_WEIGHT = 0.7
"""Of the loss of content, where that of the labels has 1."""


class Example(NamedTuple):
    """A document with its gold labels: indices into `LABELS`, and 0 or 1 for content."""

    inputs: Inputs
    labels: NDArray[np.int64]
    content: NDArray[np.int64]
    soft: FloatArray | None = None
    """(n, 7): probabilities to learn instead of the labels (Hinton, Vinyals & Dean 2015)."""

    @property
    def targets(self) -> FloatArray:
        """(n, 7): the probability of each label, then of not content and content."""
        if self.soft is not None:
            return self.soft
        targets = np.zeros((len(self.labels), TAGS + 2), np.float32)
        targets[np.arange(len(targets)), self.labels] = 1
        targets[np.arange(len(targets)), TAGS + self.content] = 1
        return targets


class Batch(NamedTuple):
    """Documents one after another, with empty rows between them."""

    words: NDArray[np.int64]
    shapes: NDArray[np.int64]
    flags: FloatArray
    sentences: NDArray[np.int64]
    mask: FloatArray
    targets: FloatArray


def join(examples: Sequence[Example]) -> Batch:
    """Lay documents out in one batch."""
    words: list[NDArray[np.int64]] = []
    shapes: list[NDArray[np.int64]] = []
    flags: list[FloatArray] = []
    mask: list[FloatArray] = []
    targets: list[FloatArray] = []
    sentences = [np.zeros(1, np.int64)]
    at = 0
    for example in examples:
        given = example.inputs
        n = len(given.words)
        words += [given.words.astype(np.int64), np.zeros(PAD, np.int64)]
        shapes += [given.shapes.astype(np.int64), np.zeros(PAD, np.int64)]
        flags += [given.flag_columns(), np.zeros((PAD, FLAGS), np.float32)]
        mask += [np.ones((n, 1), np.float32), np.zeros((PAD, 1), np.float32)]
        targets += [example.targets, np.zeros((PAD, TAGS + 2), np.float32)]
        sentences += [at + given.sentences[1:].astype(np.int64), np.array([at + n + PAD])]
        at += n + PAD
    return Batch(*(np.concatenate(parts) for parts in (words, shapes, flags, sentences, mask, targets)))


def start(words: FloatArray, flags: int, hidden: int, dilations: Sequence[int], seed: int) -> dict[str, FloatArray]:
    """Weights to begin with, for `flags` columns of flags: given word vectors, the rest drawn (He et al. 2015)."""
    random = np.random.default_rng(seed)

    def draw(rows: int, columns: int) -> FloatArray:
        return random.normal(0, np.sqrt(2 / rows), (rows, columns)).astype(np.float32)

    width = words.shape[1] + SHAPE_COLUMNS + flags
    weights = {
        "words": words.copy(),
        "shapes": random.normal(0, 0.5, (len(Shape), SHAPE_COLUMNS)).astype(np.float32),
        "w0": draw(len(WINDOW) * width, hidden),
        "b0": np.zeros(hidden, np.float32),
    }
    for number in range(1, len(dilations) + 1):
        weights[f"w{number}"] = draw(3 * hidden, hidden) * np.float32(0.7)
        weights[f"b{number}"] = np.zeros(hidden, np.float32)
    weights["wp"] = draw(3 * hidden, hidden) * np.float32(0.3)
    weights["wf"] = draw(hidden, hidden)
    weights["bf"] = np.zeros(hidden, np.float32)
    weights["wo"] = draw(hidden, TAGS + 2) * np.float32(0.5)
    weights["bo"] = np.zeros(TAGS + 2, np.float32)
    weights["direct"] = np.zeros((len(words), 3 * (TAGS + 2)), np.float32)
    weights["pairs"] = np.zeros((PAIR_ROWS, 2 * (TAGS + 2)), np.float32)
    return weights


def _shift(rows: FloatArray, offsets: Sequence[int]) -> FloatArray:
    n, d = rows.shape
    out = np.zeros((n, len(offsets) * d), np.float32)
    for column, offset in enumerate(offsets):
        low, high = max(0, -offset), min(n, n - offset)
        out[low:high, column * d : (column + 1) * d] = rows[low + offset : high + offset]
    return out


def _unshift(gradient: FloatArray, offsets: Sequence[int], d: int) -> FloatArray:
    n = len(gradient)
    out = np.zeros((n, d), np.float32)
    for column, offset in enumerate(offsets):
        low, high = max(0, -offset), min(n, n - offset)
        out[low + offset : high + offset] += gradient[low:high, column * d : (column + 1) * d]
    return out


def softmax(scores: FloatArray) -> FloatArray:
    """Probabilities of each row."""
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


class Fitter:
    """Adam (Kingma & Ba 2015) over the network's weights; rows of the word table move only where they were met."""

    def __init__(
        self,
        weights: dict[str, FloatArray],
        dilations: Sequence[int],
        rate: float,
        dropout: float,
        word_dropout: float,
        seed: int,
        direct_rate: float = 0.1,
        direct_dropout: float = 0.2,
    ) -> None:
        self.weights, self.dilations = weights, list(dilations)
        self.rate, self.dropout, self.word_dropout = rate, dropout, word_dropout
        self.direct_rate, self.direct_dropout = direct_rate, direct_dropout
        self.random = np.random.default_rng(seed)
        self.first = {name: np.zeros_like(value) for name, value in weights.items()}
        self.second = {name: np.zeros_like(value) for name, value in weights.items()}
        self.steps = 0

    def _drop(self, rows: FloatArray, share: float) -> FloatArray:
        keep = (self.random.random(rows.shape, dtype=np.float32) >= share).astype(np.float32)
        return keep * np.float32(1 / (1 - share))

    def step(self, batch: Batch, rate: float) -> float:
        """One update; returns the mean loss a token."""
        w, mask = self.weights, batch.mask
        d = w["words"].shape[1]
        kept_words = mask * (self.random.random(mask.shape) >= self.word_dropout).astype(np.float32)
        rows = np.concatenate(
            [w["words"][batch.words] * kept_words, w["shapes"][batch.shapes] * mask, batch.flags], axis=1
        )
        seen = _shift(rows, WINDOW)
        hidden = np.maximum(seen @ w["w0"] + w["b0"], 0) * mask
        layers = []
        first_active = hidden > 0
        for number, dilation in enumerate(self.dilations, 1):
            keep = self._drop(hidden, self.dropout)
            view = _shift(hidden * keep, (-dilation, 0, dilation))
            raw = np.maximum(view @ w[f"w{number}"] + w[f"b{number}"], 0) * mask
            layers.append((keep, view, raw > 0))
            hidden = hidden + raw
        starts = batch.sentences[:-1]
        lengths = np.diff(batch.sentences)
        pooled = np.maximum.reduceat(hidden, starts, axis=0)
        around_view = _shift(pooled, (-1, 0, 1))
        keep = self._drop(hidden, self.dropout)
        dropped = hidden * keep
        last = dropped @ w["wf"] + w["bf"] + np.repeat(around_view @ w["wp"], lengths, axis=0)
        last = np.maximum(last, 0)
        keep_last = self._drop(last, self.dropout)
        out = last * keep_last
        scores = out @ w["wo"] + w["bo"]
        kept_direct = mask * (self.random.random(mask.shape) >= self.direct_dropout).astype(np.float32)
        pairs = pair_ids(batch.words)
        scores += _unshift(w["direct"][batch.words] * kept_direct, (-1, 0, 1), TAGS + 2)
        scores += _unshift(w["pairs"][pairs] * kept_direct, (0, 1), TAGS + 2)
        tags, content = softmax(scores[:, :TAGS]), softmax(scores[:, TAGS:])
        index = np.arange(len(scores))
        total = mask.sum()
        loss = -float((np.log(tags + 1e-9) * batch.targets[:, :TAGS]).sum() / total)
        # gradients
        tags -= batch.targets[:, :TAGS]
        content -= batch.targets[:, TAGS:]
        g_scores = np.concatenate([tags, content * np.float32(CONTENT_WEIGHT)], axis=1) * mask / total
        gradient = {"wo": out.T @ g_scores, "bo": g_scores.sum(0)}
        g_last = (g_scores @ w["wo"].T) * keep_last * (last > 0)
        gradient["wf"], gradient["bf"] = dropped.T @ g_last, g_last.sum(0)
        g_hidden = (g_last @ w["wf"].T) * keep
        g_around = np.add.reduceat(g_last, starts, axis=0)
        gradient["wp"] = around_view.T @ g_around
        g_pooled = _unshift(g_around @ w["wp"].T, (-1, 0, 1), pooled.shape[1])
        g_hidden += np.repeat(g_pooled, lengths, axis=0) * (hidden == np.repeat(pooled, lengths, axis=0)) * mask
        for number in range(len(self.dilations), 0, -1):
            dilation = self.dilations[number - 1]
            keep, view, active = layers[number - 1]
            g_raw = g_hidden * active
            gradient[f"w{number}"], gradient[f"b{number}"] = view.T @ g_raw, g_raw.sum(0)
            g_hidden = g_hidden + _unshift(g_raw @ w[f"w{number}"].T, (-dilation, 0, dilation), hidden.shape[1]) * keep
        g_first = g_hidden * first_active
        gradient["w0"], gradient["b0"] = seen.T @ g_first, g_first.sum(0)
        learned = d + SHAPE_COLUMNS
        first = w["w0"].reshape(len(WINDOW), -1, hidden.shape[1])[:, :learned].reshape(-1, hidden.shape[1])
        g_rows = _unshift(g_first @ first.T, WINDOW, learned) * mask
        shapes = np.zeros((len(w["shapes"]), len(index)), np.float32)
        shapes[batch.shapes, index] = 1
        gradient["shapes"] = shapes @ g_rows[:, d:]
        self._update(gradient, rate)
        self._update_rows("words", batch.words, g_rows[:, :d] * kept_words, rate)
        slow = rate * self.direct_rate
        self._update_rows("direct", batch.words, _shift(g_scores, (-1, 0, 1)) * kept_direct, slow)
        self._update_rows("pairs", pairs, _shift(g_scores, (0, 1)) * kept_direct, slow)
        return loss

    def _update(self, gradient: dict[str, FloatArray], rate: float) -> None:
        self.steps += 1
        correction = np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        for name, g in gradient.items():
            m, v = self.first[name], self.second[name]
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            self.weights[name] -= (rate * correction) * m / (np.sqrt(v) + 1e-8)

    def _update_rows(self, name: str, ids: NDArray[np.int64], rows: FloatArray, rate: float) -> None:
        order = np.argsort(ids, kind="stable")
        met, starts = np.unique(ids[order], return_index=True)
        g = np.add.reduceat(rows[order], starts, axis=0)
        m = 0.9 * self.first[name][met] + 0.1 * g
        v = 0.999 * self.second[name][met] + 0.001 * g * g
        self.first[name][met], self.second[name][met] = m, v
        correction = np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        self.weights[name][met] -= (rate * correction) * m / (np.sqrt(v) + 1e-8)


def fit(
    examples: Sequence[Example],
    words: FloatArray,
    hidden: int,
    dilations: Sequence[int],
    epochs: int,
    documents: int = 2,
    rate: float = 3e-3,
    dropout: float = 0.2,
    word_dropout: float = 0.05,
    seed: int = 1,
    report: bool = False,
    direct_rate: float = 0.5,
    direct_dropout: float = 0.4,
) -> dict[str, FloatArray]:
    """Fit the network; the learning rate falls to zero in a straight line. Deterministic for a seed."""
    weights = start(words, FLAGS, hidden, dilations, seed)
    fitter = Fitter(weights, dilations, rate, dropout, word_dropout, seed, direct_rate, direct_dropout)
    random = np.random.default_rng(seed)
    total = epochs * -(-len(examples) // documents)
    done = 0
    for epoch in range(epochs):
        order = random.permutation(len(examples))
        losses = []
        for at in range(0, len(order), documents):
            batch = join([examples[i] for i in order[at : at + documents]])
            losses.append(fitter.step(batch, rate * (1 - done / total)))
            done += 1
        if report:
            print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}")
    return weights
