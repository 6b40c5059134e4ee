"""Features of several signals in a fixed order, as what is learned from them asks for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from scorer import kernel
from scorer.findings import Signal
from scorer.logodds import Array, standardise


class FeatureRow:
    """Reads features by (signal, name), in this order."""

    def __init__(self, features: Sequence[tuple[str, str]]) -> None:
        self.groups: list[tuple[str, tuple[str, ...], Callable[[Mapping[str, float]], Any]]] = []
        for signal, pairs in groupby(features, key=itemgetter(0)):
            names = tuple(name for _, name in pairs)
            self.groups.append((signal, names, itemgetter(*names)))

    def of(self, signals: Mapping[str, Signal]) -> list[float]:
        """The features; nan where one was not measured."""
        row: list[float] = []
        for signal, names, all_of in self.groups:
            features = signals[signal].features
            try:  # a signal that was measured has them all
                found = all_of(features)
            except KeyError:
                row += [features.get(name, math.nan) for name in names]
                continue
            if len(names) > 1:
                row += found
            else:
                row.append(found)
        return row


class StandardRow:
    """One row of numbers in standard deviations: 1, the `fitted` features, the text's log-odds, the `other` features.

    `mean`, `scale` and `limit` have a number for each of the row, `fit` the weights of all but the other features.
    """

    def __init__(
        self,
        fitted: Sequence[tuple[str, str]],
        other: Sequence[tuple[str, str]],
        mean: Array,
        scale: Array,
        limit: Array,
        fit: Array,
    ) -> None:
        self.fitted, self.other = FeatureRow(fitted), FeatureRow(other)
        self.mean, self.scale, self.limit, self.fit = mean, scale, limit, fit
        self.signals = list(dict.fromkeys(signal for signal, _ in fitted))
        self.slots = [self.signals.index(signal) for signal, _ in fitted]
        self._native: Any = None
        if kernel.native is not None:
            every = sorted({*fitted, *other})  # each is read once, those of a signal together
            places = {feature: place for place, feature in enumerate(every)}
            which = [len(every), *map(places.__getitem__, fitted), len(every) + 1, *map(places.__getitem__, other)]
            groups = groupby(every, key=itemgetter(0))
            self._native = kernel.native.StandardRow(
                tuple((signal, tuple(name for _, name in pairs)) for signal, pairs in groups),
                np.array(which, dtype=np.int32), mean, scale, limit, fit,
                np.array(self.slots, dtype=np.int32), len(self.signals),
            )  # fmt: skip

    def of(self, signals: Mapping[str, Signal], logit: float) -> tuple[Array, float, float, list[float]]:
        """The row, not to be written to; what the intercept, the text and each of `self.signals` add by `fit`."""
        if kernel.native is not None and self._native is not None:
            standard, intercept, text, added = self._native.of(signals, logit)
            return np.frombuffer(standard), intercept, text, added
        raw = np.array([1.0, *self.fitted.of(signals), logit, *self.other.of(signals)], dtype=np.float64)
        row = standardise(raw, self.mean, self.scale, self.limit)
        intercept, *weighted, text = (self.fit * row[: len(self.fit)]).tolist()
        added = [0.0] * len(self.signals)
        for slot, amount in zip(self.slots, weighted, strict=True):
            added[slot] += amount
        return row, intercept, text, added
