"""Fits the genre model: opinion from URL-derived labels, satire from whole articles and from headlines.

Both learn from the words of body and headline and from the signals' features together; satire has a second opinion
from a model of headlines alone, learned from another corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from scorer.classifier import terms_of
from scorer.logodds import standardise
from scorer.normal import normalise
from scorer.signals import PRIOR_SIGNALS
from scorer.text import Reader
from training.articles import Measured, pair_offset, source_of
from training.corpora import Corpora
from training.lexicon import load_reader
from training.store import write_part
from training.text_model import tf_idf
from training.verdict import select
from training.weights import at_most, deal

Array = NDArray[np.float64]

OPINION_SHARE = 0.06
"""How common opinion is taken to be among what is scored; near its share in mixed news feeds."""

SATIRE_CUT = 0.5
"""Share of satire from which an article is labelled so."""

MAX_FALSE_SATIRE = 0.01
"""Share of held-out news that may be labelled satire: a wrong 'satire' hides a risk."""

NEGATIVES = 3_000
NEWS_A_SOURCE = 60
"""News articles of one source that opinion is told from, at most."""

STRENGTH = 3.0
TITLE_SCALE, SIGNAL_SCALE = 0.5, 0.1
"""How freely headline words and signals (in standard deviations) are weighed, beside body words of length 1."""

FOLDS = 5


@dataclass(frozen=True)
class Linear:
    """Weights of body words, headline words and signals (two of them scaled back), and the intercept."""

    body: Array
    title: Array
    signals: Array
    intercept: float


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

    def __init__(self, measured: Measured, idf: NDArray[np.float32], title_idf: NDArray[np.float32]) -> None:
        self.width = pair_offset(measured.vocabulary)
        self.rows = measured.rows
        self.names = [name for name in measured.names if name[0] not in PRIOR_SIGNALS]
        raw = select(measured, self.names)
        known = ~np.isnan(raw)
        count = np.maximum(known.sum(axis=0), 1)
        self.mean = np.where(known, raw, 0.0).sum(axis=0) / count
        spread = np.sqrt(np.where(known, (raw - self.mean) ** 2, 0.0).sum(axis=0) / count)
        self.scale = np.where(spread > 1e-9, spread, 1.0)
        self.body = tf_idf(measured.counts, idf)[:, : self.width].tocsr()
        self.title = tf_idf(measured.title_counts[:, : self.width], title_idf).tocsr()
        self.signals = standardise(raw, self.mean, self.scale)
        scaled = [self.body, self.title * TITLE_SCALE, sp.csr_matrix(self.signals * SIGNAL_SCALE)]
        self.features = sp.hstack(scaled).tocsr()
        genre, corpus = measured.column("genre"), measured.column("corpus")
        sources = np.array([source_of(row) for row in self.rows])
        opinion = np.flatnonzero((corpus == "allsides") & (genre == "opinion"))
        plain = np.flatnonzero((corpus == "allsides") & (genre == "news"))
        plain = plain[at_most(sources[plain], NEWS_A_SOURCE)]
        self.opinion_rows = np.concatenate([opinion, plain])
        self.opinion = np.concatenate([np.ones(len(opinion)), np.zeros(len(plain))]).astype(int)
        _, group, sizes = np.unique(sources[self.opinion_rows], return_inverse=True, return_counts=True)
        self.opinion_weight = 1.0 / np.sqrt(sizes[group])
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

    def fit(self, chosen: NDArray[np.int64], truth: NDArray[np.int64], weights: Array) -> Linear:
        """Fit on these articles."""
        table, intercept = fit_linear(self.features[chosen], truth, weights, STRENGTH)
        body, title, signals = np.split(table, [self.width, 2 * self.width])
        return Linear(body, title * TITLE_SCALE, signals * SIGNAL_SCALE, intercept)

    def logits(self, model: Linear, chosen: NDArray[np.int64]) -> Array:
        """Log-odds of these articles."""
        words = self.body[chosen] @ model.body + self.title[chosen] @ model.title
        return np.asarray(words + self.signals[chosen] @ model.signals + model.intercept)

    def held_out(
        self, chosen: NDArray[np.int64], truth: NDArray[np.int64], weights: Array, fold: NDArray[np.int64]
    ) -> Array:
        """Log-odds of these articles by models that did not see their fold."""
        found = np.zeros(len(chosen))
        for k in np.unique(fold):
            learn = fold != k
            found[~learn] = self.logits(self.fit(chosen[learn], truth[learn], weights[learn]), chosen[~learn])
        return found


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
    title_idf, title_weights, title_intercept = fit_titles(corpora, load_reader(folder))
    data = GenreData(measured, idf, title_idf)
    headline = data.title @ title_weights + title_intercept
    headline[np.asarray(data.title.sum(axis=1)).ravel() == 0] = 0.0

    by_source = deal([data.rows[i] for i in data.opinion_rows], FOLDS)
    held_opinion = data.held_out(data.opinion_rows, data.opinion, data.opinion_weight, by_source)
    opinion = data.fit(data.opinion_rows, data.opinion, data.opinion_weight)
    # both classes weigh the same in the fit, so even odds there are OPINION_SHARE here
    opinion_intercept = opinion.intercept + _log_odds(OPINION_SHARE)

    at_random = np.random.default_rng(7).integers(0, FOLDS, len(data.satire))
    held_satire = data.held_out(data.satire_rows, data.satire, data.satire_weight, at_random)
    satire = data.fit(data.satire_rows, data.satire, data.satire_weight)
    both = np.column_stack([held_satire, headline[data.satire_rows]])
    joint = LogisticRegression(C=1.0).fit(both, data.satire, sample_weight=data.satire_weight)
    slope, headline_weight = (float(max(value, 0.0)) for value in joint.coef_[0])
    # an even share of satire is where held-out news and fake news is called satire as rarely as MAX_FALSE_SATIRE asks
    odds = joint.decision_function(both)
    limit = float(np.quantile(odds[data.satire == 0], 1 - MAX_FALSE_SATIRE))
    write_part(
        folder,
        "genre",
        {
            "opinion": opinion.body.astype(np.float32),
            "satire": (slope * satire.body).astype(np.float32),
            "title_opinion": opinion.title.astype(np.float32),
            "title_satire": (slope * satire.title + headline_weight * title_weights).astype(np.float32),
            "title_idf": title_idf,
            "mean": data.mean,
            "scale": data.scale,
            "weights": np.vstack([opinion.signals, slope * satire.signals]),
        },
        {
            "features": [list(name) for name in data.names],
            "opinion_intercept": opinion_intercept,
            "satire_intercept": slope * satire.intercept + float(joint.intercept_[0]) - limit,
            "title_intercept": headline_weight * title_intercept,
        },
    )
    golbeck = data.is_golbeck
    truth = data.satire[golbeck]
    return {
        "opinion_auc": float(roc_auc_score(data.opinion, held_opinion)),
        "opinion_articles": float(data.opinion.sum()),
        "satire_auc": float(roc_auc_score(truth, odds[golbeck])),
        "satire_articles": float(truth.sum()),
        "satire_against_news_auc": float(roc_auc_score(data.satire, odds)),
        "satire_title_auc": float(roc_auc_score(truth, headline[data.satire_rows][golbeck])),
        "satire_cut": SATIRE_CUT,
        "satire_recall": float((odds[data.satire == 1] >= limit).mean()),
    }


def _log_odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))
