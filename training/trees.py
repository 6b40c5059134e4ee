"""Boosted trees (Friedman 2001), written as the tables that `scorer.forest` reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Trees = tuple[NDArray[np.int16], NDArray[np.floating[Any]], NDArray[np.floating[Any]], float]
"""Feature and limit of the inner nodes, value of the leaves, bias: what `Forest` is made of."""


def boosted(
    values: NDArray[np.float32],
    label: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
    seed: int = 0,
    max_depth: int = 3,
    **settings: Any,
) -> Trees:
    """Fit log-odds of `label` (0 or 1) by stochastic gradient boosting; `settings` are scikit-learn's.

    `weights` of the rows are 1 by default.
    """
    from sklearn.ensemble import GradientBoostingClassifier

    model = GradientBoostingClassifier(subsample=0.5, max_depth=max_depth, random_state=seed, **settings)
    model.fit(values, label, weights)
    share = float(np.average(label, weights=weights))
    tables = [_complete(one.tree_, max_depth, model.learning_rate) for one in model.estimators_[:, 0]]
    feature, limit, value = (np.stack(kind) for kind in zip(*tables, strict=True))
    return feature, limit, value, float(np.log(share / (1 - share)))


def halved(trees: Trees) -> Trees:
    """The same trees in half the room: limits of counts (a whole number and a half, up to 1,024) stay exact."""
    feature, limit, value, bias = trees
    return feature, limit.astype(np.float16), value.astype(np.float16), bias


def _complete(tree: Any, depth: int, rate: float) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """A tree with every branch grown to `depth`: below a leaf, both ways lead to its value."""
    inner = 2**depth - 1
    feature, limit = np.zeros(inner, dtype=np.int16), np.full(inner, np.inf, dtype=np.float32)
    value = np.zeros(inner + 1, dtype=np.float32)
    own = np.zeros(2 * inner + 1, dtype=np.int64)  # which of the tree's nodes stands at each place
    for place in range(2 * inner + 1):
        node = own[place]
        leaf = tree.children_left[node] < 0
        if place >= inner:
            value[place - inner] = rate * tree.value[node, 0, 0]
            continue
        if not leaf:
            feature[place], limit[place] = tree.feature[node], tree.threshold[node]
        own[2 * place + 1] = node if leaf else tree.children_left[node]
        own[2 * place + 2] = node if leaf else tree.children_right[node]
    return feature, limit, value
