"""The tagger's network in whole numbers: the same scores to the last bit, by numpy or by the compiled kernel.

Weights become integers when a model is loaded, one scale a column, and activations are integers of 11 bits. Every sum
of products then stays below 2**24, where single-precision floats hold whole numbers exactly, so that the order in which
a matrix library or a processor's integer instructions add them up makes no difference. Only the few operations between
the layers round, each the same way everywhere. What it costs: docs/performance.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.store import Part

if TYPE_CHECKING:
    from scorer.tagger import Inputs

FloatArray = NDArray[np.float32]
ShortArray = NDArray[np.int16]

WINDOW = (-2, -1, 0, 1, 2)
"""Tokens that the first layer reads, counted from its own."""

PAIR_ROWS = 1 << 15
"""Rows of the table of word pairs; pairs share a row by chance."""

TOP = 2047
"""Largest activation."""

HIDDEN_STEPS, LAST_STEPS = 128.0, 32.0
"""Steps of an activation in one unit of the learned network: it saturates at 16 and, in the last layer, at 64. Trained
networks stay below 15 and 40 (measured on 200 articles)."""

EXACT = float((1 << 24) - (1 << 14))
"""Sums of products stay below this: whole numbers in single precision, with room for the terms beside the products."""

ROW_LIMIT = 32_000
"""Largest sum of a word's, a shape's and all flags' entries over the window of the first layer: it has 16 bits."""


@dataclass(frozen=True, slots=True)
class Dense:
    """Columns of weights as whole numbers: a sum x of products stands for x * gain + shift steps of the activation."""

    weights: ShortArray
    gain: FloatArray
    shift: FloatArray


@dataclass(frozen=True, slots=True)
class Weights:
    """A network in whole numbers: V words, S shapes, F flags, D dimensions, H hidden columns, C scores.

    Attributes:
        words: int8 (V, D).
        first: what the first layer makes of `words`, (D, 5 * H) for the five places of the window side by side; `gain`
            and `shift` (H,).
        shrink: a power of two; entries of `words @ first` are rounded after multiplying by it.
        shapes, flags: int16 (S, 5 * H) and (F, 5 * H), in the unit of the rounded entries.
        layers: the dilated layers, weights (3 * H, H) each, and their dilations.
        last, around: the token's own columns (H, H) and its sentence's and its neighbours' (3 * H, H), added up before
            `gain` and `shift` of `last`.
        out: (H, C).
        direct, pairs: int8 (V, 3 * C) for the score of the token before, the token, the token after, and
            (rows, 2 * C) for the pair's first and second token; each times its unit is added to the scores.
    """

    words: NDArray[np.int8]
    first: Dense
    shrink: np.float32
    shapes: ShortArray
    flags: ShortArray
    layers: tuple[tuple[int, Dense], ...]
    last: Dense
    around: ShortArray
    out: Dense
    direct: NDArray[np.int8]
    direct_unit: np.float32
    pairs: NDArray[np.int8]
    pairs_unit: np.float32


def whole(part: Part) -> Weights:
    """The weights of a model's part in whole numbers; tables that are 8-bit on disk stay as they are."""
    tables: dict[str, tuple[NDArray[np.int8], np.float32]] = {}
    for name in ("words", "direct", "pairs"):
        tables[name] = _bytes(np.asarray(part.arrays[name]), float(part.meta["scales"].get(name, 1.0)))
    floats = {name: np.asarray(a).astype(np.float64) for name, a in part.arrays.items() if name not in tables}
    words, unit = tables["words"]
    hidden = len(floats["b0"])
    first, shrink, shapes, flags = _first(floats, words.shape[1], float(unit))
    layers = tuple(
        (int(dilation), _dense(floats[f"w{n}"], floats[f"b{n}"], HIDDEN_STEPS, HIDDEN_STEPS))
        for n, dilation in enumerate(part.meta["dilations"], 1)
    )
    both = _dense(np.concatenate([floats["wf"], floats["wp"]]), floats["bf"], HIDDEN_STEPS, LAST_STEPS)
    last = Dense(np.ascontiguousarray(both.weights[:hidden]), both.gain, both.shift)
    return Weights(
        words, first, shrink, shapes, flags, layers, last, np.ascontiguousarray(both.weights[hidden:]),
        _dense(floats["wo"], floats["bo"], LAST_STEPS, 1.0), *tables["direct"], *tables["pairs"],
    )  # fmt: skip


def _bytes(table: NDArray[Any], scale: float) -> tuple[NDArray[np.int8], np.float32]:
    """A table as 8-bit numbers and the unit they count."""
    if table.dtype == np.int8:
        return table, np.float32(scale)
    unit = max(float(np.quantile(np.abs(table), 0.9999)), 1e-6) / 127
    return np.clip(np.rint(table / unit), -127, 127).astype(np.int8), np.float32(unit)


def _dense(weights: NDArray[Any], bias: NDArray[Any], steps_in: float, steps_out: float) -> Dense:
    """Weights as the finest whole numbers whose sums with activations up to TOP are exact."""
    unit = np.maximum(np.abs(weights).sum(axis=0) * (TOP / EXACT), 1e-12) * 1.01  # 1 % for what rounding adds
    unit = np.maximum(unit, np.abs(weights).max(axis=0) / 32_000)
    rounded = np.rint(weights / unit)
    while (np.abs(rounded).sum(axis=0) * TOP > EXACT).any():
        unit *= 1.05
        rounded = np.rint(weights / unit)
    return Dense(
        np.ascontiguousarray(rounded.astype(np.int16)),
        (unit * (steps_out / steps_in)).astype(np.float32),
        (bias * steps_out).astype(np.float32),
    )


def _first(
    floats: dict[str, NDArray[Any]], dimensions: int, unit: float
) -> tuple[Dense, np.float32, ShortArray, ShortArray]:
    """The first layer, whose inputs are table rows: words by products, shapes and flags worked out beforehand."""
    hidden, shapes = len(floats["b0"]), floats["shapes"]
    w0 = floats["w0"].reshape(len(WINDOW), -1, hidden)
    of_words, of_shapes, of_flags = np.split(w0, [dimensions, dimensions + shapes.shape[1]], axis=1)
    # one scale a column, the same at all five places, since what they give is added up
    largest = np.abs(of_words).sum(axis=1).max(axis=0)
    step = np.maximum(largest * 127 * len(WINDOW) / EXACT, 1e-12) * 1.05
    step = np.maximum(step, np.abs(of_words).max(axis=(0, 1)) / 2_000)
    rounded = np.rint(of_words / step)
    by_shape = np.stack([shapes @ weights for weights in of_shapes])
    most = 127 * np.abs(rounded).sum(axis=1)
    most += (np.abs(by_shape).max(axis=1) + np.abs(of_flags).sum(axis=1)) / (step * unit)  # (places, H)
    shrink = 2.0 ** -max(0, int(np.ceil(np.log2(max(float(most.sum(axis=0).max()), 1.0) / ROW_LIMIT))))
    value = step * unit / shrink  # what 1 in a table of the first layer stands for

    def table(rows: NDArray[Any]) -> ShortArray:  # (places, rows, H)
        return np.ascontiguousarray(
            np.rint(rows / value).transpose(1, 0, 2).reshape(rows.shape[1], -1).astype(np.int16)
        )

    first = Dense(
        np.ascontiguousarray(rounded.transpose(1, 0, 2).reshape(dimensions, -1).astype(np.int16)),
        (value * HIDDEN_STEPS).astype(np.float32),
        (floats["b0"] * HIDDEN_STEPS).astype(np.float32),
    )
    return first, np.float32(shrink), table(by_shape), table(of_flags)


class Network:
    """The learned part of the tagger: scores a text's tokens."""

    def __init__(self, part: Part) -> None:
        self.weights = whole(part)
        native = kernel.native
        self.native = None if native is None else native.Network(*flat(self.weights))
        # floats that hold whole numbers, for the matrix library
        self.floats: dict[str, FloatArray] = {} if self.native is not None else _floats(self.weights)

    def scores(self, text: Inputs) -> FloatArray:
        """float32 (n, 7): unnormalised log-scores of `tagger.LABELS`, then of not content and content."""
        if self.native is not None:
            found = self.native.scores(text.words, text.shapes, text.flags, text.sentences)
            return np.frombuffer(found, kernel.FLOAT32).reshape(len(text.words), -1)
        given, floats = self.weights, self.floats
        words, sentences = text.words, text.sentences
        rows = np.rint((given.words[words].astype(np.float32) @ floats["first"]) * given.shrink)
        rows += given.shapes[text.shapes]
        rows += text.flag_columns() @ floats["flags"]
        n, hidden_size = len(words), len(given.first.gain)
        total = np.zeros((n, hidden_size), dtype=np.float32)
        for place, offset in enumerate(WINDOW):
            low, high = max(0, -offset), min(n, n - offset)
            if high > low:
                column = place * hidden_size
                total[low:high] += rows[low + offset : high + offset, column : column + hidden_size]
        hidden = _activate(total, given.first)
        for number, (dilation, dense) in enumerate(given.layers):
            step = _activate(_windows(hidden, (-dilation, 0, dilation)) @ floats[f"layer{number}"], dense)
            step += hidden
            hidden = np.minimum(step, TOP, out=step)
        pooled = np.maximum.reduceat(hidden, sentences[:-1], axis=0)
        around = _windows(pooled, (-1, 0, 1)) @ floats["around"]
        last = hidden @ floats["last"]
        last += np.repeat(around, np.diff(sentences), axis=0)
        scores: FloatArray = _activate(last, given.last) @ floats["out"]
        scores = scores * given.out.gain + given.out.shift
        # words and pairs of words that have something to say by themselves
        columns = scores.shape[1]
        direct, pairs = given.direct[words].astype(np.float32), given.pairs[pair_ids(words, len(given.pairs))]
        said = direct[:, columns : 2 * columns]
        said[:-1] += direct[1:, :columns]
        said[1:] += direct[:-1, 2 * columns :]
        scores += said * given.direct_unit
        paired = pairs[:, :columns].astype(np.float32)
        paired[1:] += pairs[:-1, columns:]
        scores += paired * given.pairs_unit
        return scores


def pair_ids(words: NDArray[Any], rows: int = PAIR_ROWS) -> NDArray[np.int64]:
    """Row (of a power of two of them) of the pair that each word forms with the next; (n,) for (n,) words."""
    following = np.zeros(len(words), dtype=np.int64)
    following[:-1] = words[1:]
    mixed: NDArray[np.int64] = ((words.astype(np.int64) * 40503 + following) * 2654435761 >> 12) & (rows - 1)
    return mixed


def _floats(given: Weights) -> dict[str, FloatArray]:
    named = {"first": given.first.weights, "flags": given.flags, "last": given.last.weights, "around": given.around}
    named |= {"out": given.out.weights} | {f"layer{n}": dense.weights for n, (_, dense) in enumerate(given.layers)}
    return {name: array.astype(np.float32) for name, array in named.items()}


def flat(given: Weights) -> tuple[Any, ...]:
    """The weights as the kernel takes them: one array after another, then the layers."""
    return (
        given.words, given.first.weights, given.first.gain, given.first.shift, float(given.shrink), given.shapes,
        given.flags, tuple((d, layer.weights, layer.gain, layer.shift) for d, layer in given.layers),
        given.last.weights, given.around, given.last.gain, given.last.shift,
        given.out.weights, given.out.gain, given.out.shift,
        given.direct, float(given.direct_unit), given.pairs, float(given.pairs_unit),
    )  # fmt: skip


def _activate(sums: FloatArray, dense: Dense) -> FloatArray:
    """Sums of products -> activations of the next layer, 0 to TOP."""
    np.multiply(sums, dense.gain, out=sums)
    np.add(sums, dense.shift, out=sums)
    np.rint(sums, out=sums)
    return np.clip(sums, 0, TOP, out=sums)


def _windows(rows: FloatArray, offsets: tuple[int, ...]) -> FloatArray:
    """(n, len(offsets) * d): beside each other, the rows at these offsets; zeros beyond the ends."""
    n, d = rows.shape
    out = np.zeros((n, len(offsets) * d), dtype=np.float32)
    for column, offset in enumerate(offsets):
        low, high = max(0, -offset), min(n, n - offset)
        if high > low:
            out[low:high, column * d : (column + 1) * d] = rows[low + offset : high + offset]
    return out
