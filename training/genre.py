"""Fits the genre model: opinion from URL-derived labels, satire from whole articles and from headlines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from scorer.classifier import terms_of
from scorer.normal import normalise
from scorer.text import Reader
from training.articles import Measured, pair_offset, source_of
from training.corpora import Corpora
from training.lexicon import load_reader
from training.store import write_part
from training.text_model import tf_idf
from training.weights import deal

Array = NDArray[np.float64]

OPINION_SHARE = 0.06
"""How common opinion is taken to be among what is scored; near its share in mixed news feeds."""

SATIRE_CUT = 0.5
"""Share of satire from which an article is labelled so."""

MAX_FALSE_SATIRE = 0.01
"""Share of held-out news that may be labelled satire: a wrong 'satire' hides a risk."""

NEGATIVES = 3_000


def fit_linear(
    features: sp.csr_matrix, truth: NDArray[np.int64], weights: Array, strength: float
) -> tuple[Array, float]:
    """Weights and intercept of a logistic regression with both classes brought to the same total."""
    balanced = weights.copy()
    for value in (0, 1):
        balanced[truth == value] *= len(truth) / 2 / balanced[truth == value].sum()
    model = LogisticRegression(C=strength, max_iter=300).fit(features, truth, sample_weight=balanced)
    return model.coef_[0], float(model.intercept_[0])


class GenreData:
    """Rows and labels of both questions, out of measured articles."""

    def __init__(self, measured: Measured, idf: NDArray[np.float32]) -> None:
        self.width = pair_offset(measured.vocabulary)
        self.body = tf_idf(measured.counts, idf)[:, : self.width].tocsr()
        self.rows = measured.rows
        genre, corpus = measured.column("genre"), measured.column("corpus")
        self.titles = measured.title_counts[:, : self.width]
        self.opinion_rows = np.flatnonzero((corpus == "allsides") & np.isin(genre, ("opinion", "news")))
        self.opinion = (genre[self.opinion_rows] == "opinion").astype(int)
        satire = np.flatnonzero((corpus == "golbeck") & (genre == "satire"))
        fake = np.flatnonzero((corpus == "golbeck") & (genre != "satire"))
        news = np.flatnonzero((corpus != "golbeck") & (genre == "news"))
        chosen = np.random.default_rng(5).permutation(news)[:NEGATIVES]
        self.satire_rows = np.concatenate([satire, fake, np.sort(chosen)])
        self.satire = np.concatenate([np.ones(len(satire)), np.zeros(len(fake) + len(chosen))]).astype(int)
        is_fake = np.isin(self.satire_rows, fake)
        # fake news is the negative that matters: half of the negatives' weight
        self.satire_weight = np.where(is_fake, max(1, len(chosen)) / max(1, len(fake)), 1.0)
        self.is_golbeck = np.isin(self.satire_rows, np.concatenate([satire, fake]))

    def source_weight(self, chosen: NDArray[np.int64]) -> Array:
        """1 / sqrt of the articles a source has here."""
        sources = np.array([source_of(self.rows[i]) for i in chosen])
        _, group, sizes = np.unique(sources, return_inverse=True, return_counts=True)
        return 1.0 / np.sqrt(sizes[group])


def fit_titles(corpora: Corpora, reader: Reader) -> tuple[NDArray[np.float32], Array, float]:
    """idf, weights and intercept of the headline model: The Onion against real headlines."""
    rows = corpora.rows("satire_titles")
    width = pair_offset(len(reader.lexicon))
    counts = title_counts([row["title"] for row in rows], reader, width)
    present = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.where(present >= 3, np.log((1 + len(rows)) / (1 + present)) + 1, 0.0).astype(np.float32)
    truth = np.array([row["label"] for row in rows])
    weights, intercept = fit_linear(tf_idf(counts, idf), truth, np.ones(len(rows)), 1.0)
    return idf, weights, intercept


def title_counts(titles: Sequence[str], reader: Reader, width: int) -> sp.csr_matrix:
    """Log-scaled counts of single words, CSR (n, width)."""
    starts, indices, values = [0], [], []
    for title in titles:
        terms = terms_of(reader.read(normalise(title)).words, width)
        single = terms.index < width
        indices.append(terms.index[single])
        values.append(terms.value[single])
        starts.append(starts[-1] + int(single.sum()))
    return sp.csr_matrix((np.concatenate(values), np.concatenate(indices), starts), shape=(len(titles), width))


def train(corpora: Corpora, measured: Measured, idf: NDArray[np.float32], folder: Path) -> dict[str, float]:
    """Write the part `genre`; return its held-out figures and the cut-off for the label `satire`."""
    data = GenreData(measured, idf)
    title_idf, title_weights, title_intercept = fit_titles(corpora, load_reader(folder))
    titles = tf_idf(data.titles, title_idf) @ title_weights + title_intercept
    titles[np.asarray(data.titles.sum(axis=1)).ravel() == 0] = 0.0

    held_opinion = np.zeros(len(data.opinion))
    fold = deal([data.rows[i] for i in data.opinion_rows], 5)
    for k in range(5):
        learn, apply = data.opinion_rows[fold != k], data.opinion_rows[fold == k]
        weights, offset = fit_linear(data.body[learn], data.opinion[fold != k], data.source_weight(learn), 3.0)
        held_opinion[fold == k] = data.body[apply] @ weights + offset
    opinion_weights, opinion_offset = fit_linear(
        data.body[data.opinion_rows], data.opinion, data.source_weight(data.opinion_rows), 3.0
    )

    held_satire = np.zeros(len(data.satire))
    fold = np.random.default_rng(7).integers(0, 5, len(data.satire))
    for k in range(5):
        learn = data.satire_rows[fold != k]
        weights, offset = fit_linear(data.body[learn], data.satire[fold != k], data.satire_weight[fold != k], 3.0)
        held_satire[fold == k] = data.body[data.satire_rows[fold == k]] @ weights + offset
    satire_weights, satire_offset = fit_linear(data.body[data.satire_rows], data.satire, data.satire_weight, 3.0)
    both = np.column_stack([held_satire, titles[data.satire_rows]])
    joint = LogisticRegression(C=1.0).fit(both, data.satire, sample_weight=data.satire_weight)
    slope, title_weight = (float(max(value, 0.0)) for value in joint.coef_[0])
    # an even share of satire is where held-out news and fake news is called satire as rarely as MAX_FALSE_SATIRE asks
    odds = joint.decision_function(both)
    limit = float(np.quantile(odds[data.satire == 0], 1 - MAX_FALSE_SATIRE))
    satire_intercept = slope * satire_offset + float(joint.intercept_[0]) - limit
    opinion_seen = 0.5
    opinion_intercept = opinion_offset + _log_odds(OPINION_SHARE) - _log_odds(opinion_seen)
    write_part(
        folder,
        "genre",
        {
            "opinion": opinion_weights.astype(np.float32),
            "satire": (slope * satire_weights).astype(np.float32),
            "title_satire": title_weights.astype(np.float32),
            "title_idf": title_idf,
        },
        {
            "opinion_intercept": opinion_intercept,
            "satire_intercept": satire_intercept,
            "title_weight": title_weight,
            "title_intercept": title_intercept,
        },
    )
    golbeck = data.is_golbeck
    return {
        "opinion_auc": float(roc_auc_score(data.opinion, held_opinion)),
        "satire_auc": float(roc_auc_score(data.satire[golbeck], odds[golbeck])),
        "satire_title_auc": float(roc_auc_score(data.satire[golbeck], titles[data.satire_rows][golbeck])),
        "satire_cut": SATIRE_CUT,
        "satire_recall": float((odds[data.satire == 1] >= limit).mean()),
    }


def _log_odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))
