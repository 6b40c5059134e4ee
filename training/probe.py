"""How well the outlet can be guessed from an article: what a model could learn in place of reliability.

The classifier is one-against-all ridge regression on TF-IDF rows of length 1 (dual form), as simple as it gets.
"""

from __future__ import annotations

import collections
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from training.articles import Measured
from training.corpora import house_of, source_of
from training.evaluate import Prepared
from training.text_model import idf_of, tf_idf
from training.weights import at_most

SOURCES = 50
MOST_ARTICLES = 60
"""Articles a source at most."""

HELD_OUT = 3
"""One in so many articles of each source is held out."""

RIDGE = 0.1


@dataclass(frozen=True)
class Probe:
    """Share of held-out articles whose outlet was guessed right, by what was read; the share right by chance."""

    accuracy: Mapping[str, float]
    sources: int
    learned: int
    judged: int
    chance: float


def probe(prepared: Prepared, seed: int = 0) -> Probe:
    """Guess the outlets of the `SOURCES` largest sources from words and from the text model's features.

    Only sources of articles with a tier take part. Cleaning drops lines that recur within a source, over all of its
    articles; the model's features mask names and numbers and know no word of too few sources.
    """
    rows = prepared.plain.rows
    named = np.array([source_of(row) if row.get("source") and row.get("tier") else "" for row in rows], dtype=str)
    largest = [name for name, _ in collections.Counter(named[named != ""].tolist()).most_common(SOURCES)]
    inside = np.flatnonzero(np.isin(named, largest))
    chosen = inside[at_most(named[inside], MOST_ARTICLES, seed)]
    held = np.zeros(len(chosen), dtype=bool)
    random = np.random.default_rng(seed)
    for name in largest:
        own = random.permutation(np.flatnonzero(named[chosen] == name))
        held[own[: len(own) // HELD_OUT]] = True
    labels = named[chosen]
    accuracy = {
        "words as they came": guessed(_words(prepared.plain, chosen), labels, held),
        "words, cleaned": guessed(_words(prepared.clean, chosen), labels, held),
        "model features as they came": guessed(_features(prepared.plain, chosen), labels, held),
        "model features, cleaned and masked": guessed(_features(prepared.clean, chosen), labels, held),
    }
    commonest = max(collections.Counter(labels[held].tolist()).values(), default=0)
    return Probe(accuracy, len(largest), int((~held).sum()), int(held.sum()), commonest / max(1, int(held.sum())))


def guessed(features: sp.csr_matrix, labels: NDArray[np.str_], held: NDArray[np.bool_]) -> float:
    """Top-1 accuracy on the rows `held` of a classifier fitted on the others; rows have length 1."""
    learn, apply = features[~held], features[held]
    names, own = np.unique(labels[~held], return_inverse=True)
    targets = np.eye(len(names))[own]
    alike = (learn @ learn.T).toarray()
    dual = np.linalg.solve(alike + RIDGE * np.eye(len(alike)), targets - targets.mean(axis=0))
    scores = (apply @ learn.T) @ dual + targets.mean(axis=0)
    return float((names[np.argmax(scores, axis=1)] == labels[held]).mean())


def _words(measured: Measured, chosen: NDArray[np.int64]) -> sp.csr_matrix:
    texts = [measured.rows[i]["text"] or "" for i in chosen]
    return TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(texts).tocsr()


def _features(measured: Measured, chosen: NDArray[np.int64]) -> sp.csr_matrix:
    idf = idf_of(measured.counts, np.array([house_of(row) for row in measured.rows], dtype=str))
    return tf_idf(measured.counts[chosen], idf).tocsr()
