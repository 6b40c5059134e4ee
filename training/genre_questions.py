"""What the genre model learns from: is this opinion, is it satire; articles, features and weights of both questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from scorer.character_grams import LOGARITHM, prepared
from scorer.domains import registrable
from scorer.genre import OPENING_CHARACTERS
from scorer.logodds import standardise
from scorer.normal import normalise
from scorer.signals import PRIOR_SIGNALS
from training.articles import Measured, pair_offset
from training.character_grams import gram_counts, gram_idf, gram_rows
from training.corpora import Row, source_of
from training.text_model import tf_idf
from training.verdict import select
from training.weights import at_most

Array = NDArray[np.float64]

NEGATIVES = 3_000
NEWS_A_SOURCE = 60
"""News articles of one source that opinion is told from, at most."""

STRENGTH = 3.0
TITLE_SCALE, OPINION_SIGNAL_SCALE, SATIRE_SIGNAL_SCALE = 0.5, 0.1, 0.05
"""How freely headline words and signals (in standard deviations) are weighed, beside body words of length 1."""

GRAM_SCALE = 2.0
"""The same for characters of the opening, in satire."""

FAKE_SHARE = 0.8
"""Share of the weight of satire's negatives that is fake news, the one that matters; the rest is news of many sources
(measured: docs/model/experiments.md)."""

ADDRESS = re.compile(r"https?://\S+")

MIN_ARTICLES = 3
"""A word or pair that fewer of the articles have is not weighed."""


@dataclass(frozen=True)
class Question:
    """Articles that have an answer: their features in blocks (CSR, n rows each), how freely each block is weighed, the
    truth (0, 1) and what each article counts.
    """

    blocks: Sequence[sp.csr_matrix]
    scales: Sequence[float]
    truth: NDArray[np.int64]
    weights: Array

    def fit(self, learn: NDArray[np.bool_] | None = None) -> tuple[list[Array], float]:
        """Weights of each block and the intercept, from all articles or those of `learn`."""
        chosen = np.flatnonzero(np.ones(len(self.truth), dtype=bool) if learn is None else learn)
        kept = [np.flatnonzero(np.asarray((block != 0).sum(axis=0)).ravel() >= MIN_ARTICLES) for block in self.blocks]
        narrow = [
            block[chosen][:, own] * scale for block, own, scale in zip(self.blocks, kept, self.scales, strict=True)
        ]
        found, intercept = fit_linear(sp.hstack(narrow).tocsr(), self.truth[chosen], self.weights[chosen], STRENGTH)
        parts = np.split(found, np.cumsum([len(own) for own in kept])[:-1])
        tables = [np.zeros(block.shape[1]) for block in self.blocks]
        for table, own, part, scale in zip(tables, kept, parts, self.scales, strict=True):
            table[own] = part * scale
        return tables, intercept

    def logits(self, tables: Sequence[Array], intercept: float) -> Array:
        """Log-odds of every article."""
        return np.asarray(sum(block @ table for block, table in zip(self.blocks, tables, strict=True)) + intercept)

    def held_out(self, fold: NDArray[np.int64]) -> Array:
        """Log-odds of every article by a model that did not see its fold."""
        found = np.zeros(len(self.truth))
        for k in np.unique(fold):
            found[fold == k] = self.logits(*self.fit(fold != k))[fold == k]
        return found


class GenreData:
    """Both questions, out of measured articles.

    `opinion` and `satire` are the questions, `opinion_rows` and `satire_rows` the positions of their articles; `names`,
    `mean` and `scale` describe the signals' features, `gram_idf` the characters of openings; `is_golbeck` says which of
    satire's articles are satire or fake news rather than news.
    """

    def __init__(self, measured: Measured, idf: NDArray[np.float32], title_idf: NDArray[np.float32]) -> None:
        width = pair_offset(measured.vocabulary)
        self.rows = measured.rows
        self.names = [name for name in measured.names if name[0] not in PRIOR_SIGNALS]
        raw = select(measured, self.names)
        known = ~np.isnan(raw)
        count = np.maximum(known.sum(axis=0), 1)
        self.mean = np.where(known, raw, 0.0).sum(axis=0) / count
        spread = np.sqrt(np.where(known, (raw - self.mean) ** 2, 0.0).sum(axis=0) / count)
        self.scale = np.where(spread > 1e-9, spread, 1.0)
        signals = sp.csr_matrix(standardise(raw, self.mean, self.scale))
        body = tf_idf(measured.counts, idf)
        self.title = tf_idf(measured.title_counts[:, :width], title_idf).tocsr()
        genre, corpus = measured.column("genre"), measured.column("corpus")
        sources = np.array([source_of(row) for row in self.rows])

        opinion = np.flatnonzero((corpus == "allsides") & (genre == "opinion"))
        plain = np.flatnonzero((corpus == "allsides") & (genre == "news"))
        plain = plain[at_most(sources[plain], NEWS_A_SOURCE)]
        own = self.opinion_rows = np.concatenate([opinion, plain])
        _, group, sizes = np.unique(sources[own], return_inverse=True, return_counts=True)
        self.opinion = Question(
            [body[own][:, :width].tocsr(), self.title[own], signals[own]],
            [1.0, TITLE_SCALE, OPINION_SIGNAL_SCALE],
            np.repeat([1, 0], [len(opinion), len(plain)]),
            1.0 / np.sqrt(sizes[group]),
        )

        satire = np.flatnonzero((corpus == "golbeck") & (genre == "satire"))
        fake = np.flatnonzero((corpus == "golbeck") & (genre != "satire"))
        news = np.flatnonzero((corpus != "golbeck") & (genre == "news"))
        news = np.sort(np.random.default_rng(5).permutation(news)[:NEGATIVES])
        own = self.satire_rows = np.concatenate([satire, fake, news])
        shares = [1.0, FAKE_SHARE / max(1, len(fake)), (1 - FAKE_SHARE) / max(1, len(news))]
        openings = [prepared(normalise(self.rows[i]["text"] or "").text.strip(), OPENING_CHARACTERS) for i in own]
        counts = gram_counts(openings)
        self.gram_idf = gram_idf(counts)
        self.satire = Question(
            [body[own].tocsr(), signals[own], gram_rows(counts, self.gram_idf, LOGARITHM)],
            [1.0, SATIRE_SIGNAL_SCALE, GRAM_SCALE],
            np.repeat([1, 0], [len(satire), len(fake) + len(news)]),
            np.repeat(shares, [len(satire), len(fake), len(news)]),
        )
        self.is_golbeck = np.arange(len(own)) < len(satire) + len(fake)


def site_of(text: str) -> str | None:
    """Registrable domain of the first address in a text, None where there is none.

    The texts of satire's corpus (Golbeck et al. 2018) carry the address they were found at, mostly under the headline.
    """
    found = ADDRESS.search(text)
    return registrable(found.group()) if found else None


def by_site(rows: Sequence[Row]) -> list[Row]:
    """The articles with the site as source where none is named; one without an address is a source of its own."""
    return [row if row.get("source") else {**row, "source": site_of(row["text"] or "") or row["id"]} for row in rows]


def fit_linear(
    features: sp.csr_matrix, truth: NDArray[np.int64], weights: Array, strength: float
) -> tuple[Array, float]:
    """Weights and intercept of a logistic regression with both classes brought to the same total."""
    balanced = weights.copy()
    for value in (0, 1):
        balanced[truth == value] *= len(truth) / 2 / balanced[truth == value].sum()
    model = LogisticRegression(C=strength, max_iter=300).fit(features, truth, sample_weight=balanced)
    return model.coef_[0], float(model.intercept_[0])
