"""The simplest baseline, always on the same split: TF-IDF over words and pairs, logistic regression, source weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from joblib import delayed
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression

from training.corpora import Row, source_of
from training.parallel import side_by_side
from training.weights import hard_targets

Array = NDArray[np.float64]
Places = NDArray[np.int64]

MIN_ARTICLES = 3
MAX_FEATURES = 300_000


@dataclass(frozen=True)
class Plain:
    """Words and pairs of n articles, counted once for all folds: reading them is most of the baseline's work.

    `counts` CSR (n, terms), `truth` (1 low, 0 high, -1 neither) and `sources`, both (n,).
    """

    counts: sp.csr_matrix
    truth: NDArray[np.int64]
    sources: NDArray[np.str_]

    def risks(self, learn: Places, apply: Places) -> Array:
        """Risks of the articles at `apply` from the baseline fitted on the labelled ones at `learn` (C = 10, weight
        1/sqrt(articles of the source)). Terms are chosen and weighed by `learn` alone, as `TfidfVectorizer` would.
        """
        learn = learn[self.truth[learn] >= 0]
        own = self.counts[learn]
        kept = np.flatnonzero(np.bincount(own.indices, minlength=own.shape[1]) >= MIN_ARTICLES)
        if len(kept) > MAX_FEATURES:
            total = np.asarray(own.sum(axis=0)).ravel()[kept]
            kept = np.sort(kept[np.argsort(-total, kind="stable")[:MAX_FEATURES]])
        weigh = TfidfTransformer(sublinear_tf=True)
        features = weigh.fit_transform(own[:, kept].astype(np.float64))
        _, group, sizes = np.unique(self.sources[learn], return_inverse=True, return_counts=True)
        model = LogisticRegression(C=10.0, max_iter=200)
        model.fit(features, self.truth[learn], sample_weight=1 / np.sqrt(sizes[group]))
        judged = weigh.transform(self.counts[apply][:, kept].astype(np.float64))
        return np.asarray(model.predict_proba(judged)[:, 1], dtype=np.float64)


def count(rows: Sequence[Row]) -> Plain:
    """Count the articles' words and pairs; those that fewer than `MIN_ARTICLES` have are left out at once."""
    counts = CountVectorizer(ngram_range=(1, 2), min_df=MIN_ARTICLES, dtype=np.float32)
    found = counts.fit_transform([row["text"] or "" for row in rows]).tocsr()
    return Plain(found, hard_targets(rows), np.array([source_of(row) for row in rows], dtype=str))


def cross_validate(plain: Plain, fold: NDArray[np.int64]) -> tuple[Array, Array]:
    """Held-out risks of the first `len(fold)` articles, and the mean over folds of the risks of the others."""
    others = np.arange(len(fold), len(plain.truth))
    number = int(fold.max()) + 1
    results = side_by_side(
        delayed(plain.risks)(np.flatnonzero(fold != k), np.concatenate([np.flatnonzero(fold == k), others]))
        for k in range(number)
    )
    risks = np.zeros(len(fold))
    for k, result in enumerate(results):
        risks[fold == k] = result[: int((fold == k).sum())]
    return risks, np.mean([result[len(result) - len(others) :] for result in results], axis=0)
