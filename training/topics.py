"""Topics of the articles a model learns from, so that it learns what parts the tiers and not what they write about.

Two things are made of them: directions in the words that tell topics apart within a tier, which the text model has to
leave out (one round of iterative null-space projection, Ravfogel et al. 2020), and pairs of articles of one topic and
one camp but different tiers, which it has to put in order. Measured together and apart: docs/model/experiments.md.
"""

from __future__ import annotations

import collections
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.utils.extmath import randomized_svd

Array = NDArray[np.float64]
Places = NDArray[np.int64]

COMPONENTS = 100
"""Directions of the largest spread (latent semantic analysis) that topics are looked for in."""

CLUSTERED = 60
"""The first of them, which the clusters are found by."""

LEFT_OUT, MATCHED = 20, 40
"""How many topics are projected out, and within how many pairs are matched."""

ARTICLES_A_TOPIC = 50
"""With fewer articles there are fewer topics; below two there are none."""

PAIRS = 15_000
LOW, HIGH = 0.6, 0.4
"""A pair holds one article with a target above the first and one below the second."""


@dataclass(frozen=True)
class Topics:
    """`axes` float32 (d, r) directions of the n articles' features, `places` float64 (n, r) where each article lies."""

    axes: NDArray[np.float32]
    places: Array

    def clusters(self, count: int) -> NDArray[np.int32]:
        """Topic of each article, 0 to at most `count` - 1; all 0 where there are too few articles; int32 (n,)."""
        count = min(count, len(self.places) // ARTICLES_A_TOPIC)
        if count < 2:
            return np.zeros(len(self.places), dtype=np.int32)
        found: NDArray[np.int32] = KMeans(count, n_init=3, random_state=0).fit_predict(self.places[:, :CLUSTERED])
        return found

    def directions(self, targets: Array) -> Array:
        """Orthonormal directions that tell topics apart within a tier, float64 (d, q); q is 0 with fewer than two."""
        topic = self.clusters(LEFT_OUT)
        tier = np.round(targets).astype(int)
        told = _within(np.eye(topic.max() + 1)[topic], tier)
        places = _within(self.places, tier)
        weights = np.linalg.solve(places.T @ places + np.eye(places.shape[1]), places.T @ told)
        basis, size = np.linalg.qr(weights)
        basis = basis[:, np.abs(np.diag(size)) > 1e-5]
        found: Array = np.linalg.qr(self.axes.astype(np.float64) @ basis)[0]
        return found


def find_topics(features: sp.csr_matrix) -> Topics:
    """Of articles' features, float32 (n, d)."""
    count = min(COMPONENTS, min(features.shape) - 1)
    axes = randomized_svd(features, count, n_iter=1, random_state=0)[2].T.astype(np.float32)
    places = (features @ axes).astype(np.float64)
    return Topics(axes, places - places.mean(axis=0))


def matched_pairs(
    topic: NDArray[np.int32], camps: Sequence[str], targets: Array, weights: Array
) -> tuple[Places, Places]:
    """Positions of articles low in reliability and of their counterparts of the same topic and camp, (m,) each.

    Both are drawn by their weights (the low ones by how low, too); m is `PAIRS`, or 0 where no topic and camp has both.
    """
    chance = np.random.default_rng(0)
    low, high = np.flatnonzero(targets > LOW), np.flatnonzero(targets < HIGH)
    members: dict[tuple[int, str], list[int]] = collections.defaultdict(list)
    for place in high.tolist():
        members[int(topic[place]), camps[place]].append(place)
    low = np.array([place for place in low.tolist() if (int(topic[place]), camps[place]) in members], dtype=np.int64)
    if not len(low):
        return low, low
    share = weights[low] * targets[low]
    drawn = chance.choice(low, PAIRS, p=share / share.sum())
    others = np.zeros(PAIRS, dtype=np.int64)
    cells = [(int(topic[place]), camps[place]) for place in drawn.tolist()]
    for cell in sorted(set(cells)):
        asked = np.array([each == cell for each in cells])
        own = np.array(members[cell])
        others[asked] = chance.choice(own, int(asked.sum()), p=weights[own] / weights[own].sum())
    return drawn, others


def _within(rows: Array, tier: NDArray[np.int64]) -> Array:
    """Rows less the mean of their tier."""
    less = rows.copy()
    for each in np.unique(tier):
        less[tier == each] -= less[tier == each].mean(axis=0)
    return less
