"""Fits the text model with scikit-learn's `LogisticRegression` on the features that `scorer.classifier` reads.

What an article is about is held constant while its words are weighed: every topic, and less so every corpus, has a
level of its own in the fit, which is left out of the model (fixed effects). Sources differ in what they write about,
and without this a word is weighed by the company of the topic it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression

REGULARISATION = 10.0
"""Inverse strength `C` (measured: docs/model/experiments.md)."""

MIN_SOURCES = 20
"""A word or pair is kept when articles of this many training sources hold it: what few houses write marks the house."""

MAX_ITERATIONS = 200

TOPICS = 40
TOPIC_DIMENSIONS = 50
TOPIC_SCALE, CORPUS_SCALE = 0.5, 0.1
"""How freely a topic and a corpus take a level of their own: the length of the column, where an article's words have
length 1. A corpus differs from another in its share of low-tier articles as well as in what it is made of; the more
freely its level, the better articles are told apart within it, and the worse between corpora (measured:
docs/model/experiments.md)."""


@dataclass(frozen=True)
class FittedText:
    """`idf` (0 where a feature was dropped) and `weights`, float32 (width,); the intercept."""

    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercept: float

    def logits(self, counts: sp.csr_matrix) -> NDArray[np.float64]:
        """Log-odds of the low tier, float64 (n,)."""
        return tf_idf(counts, self.idf) @ self.weights.astype(np.float64) + self.intercept


def tf_idf(counts: sp.csr_matrix, idf: NDArray[np.float32]) -> sp.csr_matrix:
    """Rows of log-scaled counts weighted by `idf` and brought to length 1."""
    weighted = counts.multiply(idf[None, :]).tocsr()
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    norms[norms == 0] = 1.0
    return sp.diags(1.0 / norms) @ weighted


def idf_of(counts: sp.csr_matrix, sources: NDArray[np.str_], min_sources: int = MIN_SOURCES) -> NDArray[np.float32]:
    """Smoothed inverse document frequency as scikit-learn's `TfidfTransformer`; 0 for features of too few sources."""
    present = counts.copy()
    present.data = np.ones_like(present.data)
    documents = np.asarray(present.sum(axis=0)).ravel()
    _, group = np.unique(sources, return_inverse=True)
    by_source = sp.csr_matrix((np.ones(len(group)), (group, np.arange(len(group))))) @ present
    by_source.data = np.ones_like(by_source.data)
    holders = np.asarray(by_source.sum(axis=0)).ravel()
    idf = np.log((1 + counts.shape[0]) / (1 + documents)) + 1
    return np.where(holders >= min_sources, idf, 0.0).astype(np.float32)


def topics_of(counts: sp.csr_matrix, seed: int = 0) -> NDArray[np.int64]:
    """Which of at most `TOPICS` topics each text is about, int64 (n,): k-means over latent semantic analysis.

    No label is looked at, so texts that are held out of a fit may be among them.
    """
    documents = np.asarray((counts > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero(documents >= 2)
    dimensions = min(TOPIC_DIMENSIONS, len(kept) - 1, counts.shape[0] - 1)
    if dimensions < 2:
        return np.zeros(counts.shape[0], dtype=np.int64)
    idf = (np.log((1 + counts.shape[0]) / (1 + documents[kept])) + 1).astype(np.float32)
    places = TruncatedSVD(dimensions, n_iter=2, random_state=seed).fit_transform(tf_idf(counts[:, kept], idf))
    places /= np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9)
    number = min(TOPICS, counts.shape[0] // 10 + 1)
    found = MiniBatchKMeans(number, random_state=seed, n_init=2).fit_predict(places)
    return np.asarray(found, dtype=np.int64)


def levels_of(topics: NDArray[np.int64], corpora: NDArray[np.str_]) -> NDArray[np.float64]:
    """Columns (n, k) that let each topic and each corpus but the largest have a level of its own."""
    names, sizes = np.unique(corpora, return_counts=True)
    others = np.delete(names, sizes.argmax())
    by_topic = topics[:, None] == np.unique(topics)[None, :]
    return np.hstack([TOPIC_SCALE * by_topic, CORPUS_SCALE * (corpora[:, None] == others[None, :])])


def fit_text(
    counts: sp.csr_matrix,
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    sources: NDArray[np.str_],
    levels: NDArray[np.float64] | None = None,
) -> FittedText:
    """Fit on soft targets in [0, 1]: each article counts as low with its target and as high with the rest.

    `levels` (n, k) is what is held constant in the fit (`levels_of`); the model's intercept is at its mean.
    """
    idf = idf_of(counts, sources)
    kept = np.flatnonzero(idf)
    features = tf_idf(counts[:, kept], idf[kept])
    levels = np.zeros((len(targets), 0)) if levels is None else levels
    features = sp.hstack([features, sp.csr_matrix(levels)])
    doubled = sp.vstack([features, features]).tocsr().astype(np.float32)
    truth = np.concatenate([np.ones(len(targets)), np.zeros(len(targets))])
    weight = np.concatenate([weights * targets, weights * (1 - targets)])
    used = weight > 1e-4 * weight.mean()
    model = LogisticRegression(C=REGULARISATION, max_iter=MAX_ITERATIONS)
    model.fit(doubled[used], truth[used], sample_weight=weight[used])
    table = np.zeros(counts.shape[1], dtype=np.float32)
    table[kept] = model.coef_[0, : len(kept)]
    level = float(np.average(levels @ model.coef_[0, len(kept) :], weights=weights))
    return FittedText(idf, table, float(model.intercept_[0]) + level)
