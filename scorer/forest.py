"""Small decision trees as tables: many trees of one depth, all asked at once for all rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import kernel

UNIT = 2.0**-20
"""Leaves are whole multiples of it."""

MOST_COLUMNS, MOST_ADDED = 256, 2_048
"""What a node's column and a leaf's whole number have room for."""


class Forest:
    """A sum of t complete binary trees of depth d over k numbers.

    Attributes:
        feature: uint8 (t * (2**d - 1)), tree after tree, the column each inner node looks at; node i has the children
            2 i + 1 and 2 i + 2.
        limit: float32 (t * (2**d - 1)), a number greater than it goes to the second child.
        value: int32 (t * 2**d), what each leaf adds, in units of `UNIT`.
        bias: what every row begins with.
    """

    def __init__(self, feature: NDArray[Any], limit: NDArray[Any], value: NDArray[Any], bias: float) -> None:
        trees, inner = feature.shape
        if np.max(feature, initial=0) > MOST_COLUMNS - 1 or np.max(np.abs(value), initial=0) >= MOST_ADDED:
            raise ValueError(f"trees look at {MOST_COLUMNS} columns and add less than {MOST_ADDED} each, at the most")
        # as small as they can be: all trees are read for each text, from where the rest of scoring left them
        self.feature = np.array(feature, dtype=np.uint8).ravel()
        self.limit = np.array(limit, dtype=np.float32).ravel()
        # whole numbers: their sums are exact, whatever the order
        self.value = np.rint(np.array(value, dtype=np.float64).ravel() / UNIT).astype(np.int32)
        self.bias = float(bias)
        self.tables = kernel.tables("Bfid", self.feature, self.limit, self.value, np.array([UNIT, self.bias]))
        self.inner = int(inner)
        self.depth = int(inner + 1).bit_length() - 1
        self.first = np.arange(trees, dtype=np.int64) * inner
        self.first_leaf = np.arange(trees, dtype=np.int64) * (inner + 1) - inner

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], name: str, bias: float) -> Forest:
        """The forest `name` of a part's arrays."""
        return cls(arrays[f"{name}_feature"], arrays[f"{name}_limit"], arrays[f"{name}_value"], bias)

    def scores(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum of the trees' answers for each row of `values` (n, k), to be read only. Looks up n t d nodes."""
        n, width = values.shape
        if kernel.native is not None:
            found = kernel.native.forest(
                np.ascontiguousarray(values), self.feature, self.limit, self.value, width, self.inner, UNIT, self.bias
            )
            return np.frombuffer(found, kernel.FLOAT32)
        flat = values.ravel()
        row = (np.arange(n, dtype=np.int64) * width)[:, None]
        node = np.zeros((n, len(self.first)), dtype=np.int64)
        for _ in range(self.depth):
            at = node + self.first
            node = 2 * node + 1 + (flat[row + self.feature[at]] > self.limit[at])
        total = self.value[node + self.first_leaf].sum(axis=1, dtype=np.int64)
        scores: NDArray[np.float32] = (total * UNIT + self.bias).astype(np.float32)
        return scores
