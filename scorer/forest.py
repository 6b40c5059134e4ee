"""Small decision trees as tables: many trees of one depth, all asked at once for all rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import kernel


class Forest:
    """A sum of t complete binary trees of depth d over k numbers.

    Attributes:
        feature: (t, 2**d - 1), the column each inner node looks at; node i has the children 2 i + 1 and 2 i + 2.
        limit: (t, 2**d - 1), a number greater than it goes to the second child.
        value: (t, 2**d), what each leaf adds.
        bias: what every row begins with.
    """

    def __init__(self, feature: NDArray[Any], limit: NDArray[Any], value: NDArray[Any], bias: float) -> None:
        trees, inner = feature.shape
        self.feature = np.array(feature, dtype=np.int64).ravel()
        self.limit = np.array(limit, dtype=np.float32).ravel()
        # whole multiples of 2**-20: their sums are exact in double precision, whatever the order
        self.value = np.rint(np.array(value, dtype=np.float64).ravel() * 2**20) / 2**20
        self.bias = float(bias)
        self.inner = int(inner)
        self.columns = self.feature.astype(np.int32)
        self.depth = int(inner + 1).bit_length() - 1
        self.first = np.arange(trees, dtype=np.int64) * inner
        self.first_leaf = np.arange(trees, dtype=np.int64) * (inner + 1) - inner

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], name: str, bias: float) -> Forest:
        """The forest `name` of a part's arrays."""
        return cls(arrays[f"{name}_feature"], arrays[f"{name}_limit"], arrays[f"{name}_value"], bias)

    def scores(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum of the trees' answers for each row of `values` (n, k). Looks up n t d nodes."""
        n, width = values.shape
        if kernel.native is not None:
            found = kernel.native.forest(
                np.ascontiguousarray(values), self.columns, self.limit, self.value, width, self.inner, self.bias
            )
            return np.frombuffer(found, dtype=np.float32).copy()  # the caller may write into it
        flat = values.ravel()
        row = (np.arange(n, dtype=np.int64) * width)[:, None]
        node = np.zeros((n, len(self.first)), dtype=np.int64)
        for _ in range(self.depth):
            at = node + self.first
            node = 2 * node + 1 + (flat[row + self.feature[at]] > self.limit[at])
        total: NDArray[np.float32] = (self.value[node + self.first_leaf].sum(axis=1) + self.bias).astype(np.float32)
        return total
