"""The simplest baseline, always on the same split: TF-IDF over words and pairs, logistic regression, source weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from joblib import delayed
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from training.articles import source_of
from training.corpora import Row
from training.parallel import side_by_side
from training.weights import hard_targets

Array = NDArray[np.float64]

MAX_FEATURES = 300_000


def fold_risks(learn: Sequence[Row], apply: Sequence[Row]) -> Array:
    """Risks of `apply` from the baseline fitted on the labelled rows of `learn` (C = 10, weight 1/sqrt(articles))."""
    learn = [row for row, truth in zip(learn, hard_targets(learn), strict=True) if truth >= 0]
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, max_features=MAX_FEATURES)
    features = vectorizer.fit_transform([row["text"] or "" for row in learn])
    _, group, sizes = np.unique([source_of(row) for row in learn], return_inverse=True, return_counts=True)
    model = LogisticRegression(C=10.0, max_iter=200)
    model.fit(features, hard_targets(learn), sample_weight=1 / np.sqrt(sizes[group]))
    return model.predict_proba(vectorizer.transform([row["text"] or "" for row in apply]))[:, 1]


def cross_validate(rows: Sequence[Row], fold: NDArray[np.int64], cross: Sequence[Row]) -> tuple[Array, Array]:
    """Held-out risks of `rows`, and the mean over folds of the risks of `cross`."""
    number = int(fold.max()) + 1
    jobs = []
    for k in range(number):
        learn = [row for row, own in zip(rows, fold, strict=True) if own != k]
        apply = [row for row, own in zip(rows, fold, strict=True) if own == k]
        jobs.append(delayed(fold_risks)(learn, [*apply, *cross]))
    results = side_by_side(jobs)
    risks = np.zeros(len(rows))
    for k, result in enumerate(results):
        risks[fold == k] = result[: int((fold == k).sum())]
    return risks, np.mean([result[len(result) - len(cross) :] for result in results], axis=0)
