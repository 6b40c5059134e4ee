"""Features of several signals in a fixed order, as what is learned from them asks for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from scorer.findings import Signal


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
