"""Learns how clickbait is worded, for the headline signal.

The labelled headlines (Chakraborty et al. 2016) have their two classes from different sites, so wording is masked
(scorer/lure.py), plain news titles of many other sources join the negatives, and 540 titles read by hand and 312
teasers written for this project join both sides. Those two alone weigh the traits of wording (scorer/bait.py); the sum
of the traits is one more feature beside the words and the characters in a row (scorer/character_grams.py).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.bait import Features, score
from scorer.character_grams import PRESENCE, TABLE_BITS, prepared
from scorer.lure import TABLE, TABLES, TRAIT_CHARACTERS, Lure, trait_features
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader
from training.character_grams import eight_bits, gram_counts, gram_rows
from training.corpora import Corpora, Row

HAND_LABELS = Path(__file__).parent / "data" / "headlines.json"
WRITTEN = Path(__file__).parent / "data" / "teaser_texts.tsv"

NEWS_TITLES, NEWS_WEIGHT, HAND_WEIGHT, WRITTEN_WEIGHT = 4_000, 0.3, 10.0, 3.0
TRAIT_C, TRAIT_FOLDS = 1.0, 10
CLICKBAIT_C = 10.0
CHARACTER_SCALE = 1.5
"""How freely characters in a row are weighed, beside words of length `scorer.lure.SCALE`."""

_STRONG_CUE = re.compile(
    r"\b(you|your|this|these|here['’]?s|secret|reasons?|best|worst|shocking|things)\b|^\d+ ",
    re.IGNORECASE,
)

Matrix = Any  # scipy's sparse matrices carry no types
Floats = NDArray[np.float64]
Traits = list[Features]


@dataclass(frozen=True)
class Weighed:
    """What is shipped: words (TABLES * TABLE,) and grams (2^TABLE_BITS,) in 8 bits with what a step is worth, the bias,
    and the traits' weights.
    """

    words: NDArray[np.int8]
    word_unit: float
    grams: NDArray[np.int8]
    gram_unit: float
    bias: float
    traits: dict[str, float]


class Clickbait:
    """The labelled headlines as feature rows, each with its traits by name."""

    def __init__(self, corpora: Corpora, reader: Reader, part: Part) -> None:
        self.corpora, self.reader, self.lure = corpora, reader, Lure(part)
        self.hand = json.loads(HAND_LABELS.read_text(encoding="utf-8"))
        headlines = corpora.rows("clickbait")
        self.labels = np.array([int(row["label"]) for row in headlines])
        theirs = [row["title"] for row in headlines]
        self.rows, self.traits = self._matrix(theirs), _traits(theirs)
        self.by_id = {row["id"]: row for row in corpora.articles}
        known = {id_: label for id_, label in self.hand["training_labels"].items() if id_ in self.by_id}
        read = set(self.hand["labels"]) | set(known)
        news = [
            row["title"]
            for row in corpora.articles
            if row["title"]
            and row["genre"] == "news"
            and row["id"] not in read
            and not _STRONG_CUE.search(row["title"])
        ]
        chosen = [news[i] for i in np.random.default_rng(0).permutation(len(news))[:NEWS_TITLES]]
        self.news, self.news_traits = self._matrix(chosen), _traits(chosen)
        lines = [line.split("\t") for line in WRITTEN.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
        taught = [self.by_id[id_]["title"] for id_ in known] + [text for _, _, text in lines]
        self.taught, self.taught_traits = self._matrix(taught), _traits(taught)
        self.taught_labels = np.array([*known.values(), *(int(label) for label, _, _ in lines)], dtype=int)
        self.taught_weights = np.repeat([HAND_WEIGHT, WRITTEN_WEIGHT], [len(known), len(lines)])
        self.trait_weights, self.held_out = _fit_traits(self.taught_traits, self.taught_labels)
        self.trait_odds = _weigh(self.traits, self.trait_weights)

    def fit(self, kept: NDArray[np.int64] | None = None) -> Weighed:
        """What is learned from the headlines `kept` (all of them by default)."""
        from scipy.sparse import csr_matrix, hstack, vstack
        from sklearn.linear_model import LogisticRegression

        kept = np.arange(len(self.labels)) if kept is None else kept
        words = vstack([self.rows[kept], self.news, self.taught])
        traits = [self.trait_odds[kept], _weigh(self.news_traits, self.trait_weights), self.held_out]
        rows = hstack([words, csr_matrix(np.concatenate(traits)[:, None])]).tocsr()
        labels = np.concatenate([self.labels[kept], np.zeros(self.news.shape[0], dtype=int), self.taught_labels])
        ours = np.repeat([1.0, NEWS_WEIGHT], [len(kept), self.news.shape[0]])
        model = LogisticRegression(C=CLICKBAIT_C, max_iter=300)
        model.fit(rows, labels, np.concatenate([ours, self.taught_weights]))
        scale = float(model.coef_[0, -1])
        scaled = {name: round(weight * scale, 4) for name, weight in self.trait_weights.items()}
        word_weights, gram_weights = np.split(model.coef_[0, :-1], [TABLES * TABLE])
        return Weighed(
            *eight_bits(word_weights), *eight_bits(CHARACTER_SCALE * gram_weights), float(model.intercept_[0]), scaled
        )

    @staticmethod
    def log_odds(rows: Matrix, traits: Traits, weighed: Weighed) -> Floats:
        """What the shipped model would say of these rows."""
        grams = weighed.grams * (weighed.gram_unit / CHARACTER_SCALE)
        weights = np.concatenate([weighed.words * weighed.word_unit, grams])
        odds: Floats = rows @ weights + _weigh(traits, weighed.traits) + weighed.bias
        return odds

    def elsewhere(self) -> tuple[Matrix, Traits, NDArray[np.int64]]:
        """Rows, traits and labels of the hand-labelled headlines that are kept for measuring."""
        pages = {row["id"]: row for row in self.corpora.rows("pages")}
        found = [(_title(id_, self.by_id, pages), label) for id_, label in self.hand["labels"].items()]
        titles = [title for title, _ in found if title]
        return self._matrix(titles), _traits(titles), np.array([label for title, label in found if title])

    def _matrix(self, titles: list[str]) -> Matrix:
        from scipy.sparse import csr_matrix, hstack

        read = [normalise(title) for title in titles]
        found = [self.lure.features(self.reader.read(title)) for title in read]
        borders = np.concatenate([[0], np.cumsum([len(indices) for indices, _ in found])]).astype(int)
        if not found:
            return csr_matrix((0, TABLES * TABLE + (1 << TABLE_BITS)))
        indices, values = (np.concatenate([pair[k] for pair in found]) for k in (0, 1))
        words = csr_matrix((values.astype(np.float64), indices, borders), shape=(len(titles), TABLES * TABLE))
        counts = gram_counts([prepared(title.text, TRAIT_CHARACTERS) for title in read])
        grams = gram_rows(counts, np.ones(1 << TABLE_BITS, dtype=np.uint8), PRESENCE)
        return hstack([words, CHARACTER_SCALE * grams]).tocsr()


def _traits(titles: list[str]) -> Traits:
    return [trait_features(normalise(title).text) for title in titles]


def _weigh(traits: Traits, weights: dict[str, float]) -> Floats:
    return np.array([score(row, weights) for row in traits])


def _fit_traits(traits: Traits, labels: NDArray[np.int64]) -> tuple[dict[str, float], Floats]:
    """Weights of the traits, and each row's log-odds from folds that did not see it."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    common = {name for name, count in Counter(name for row in traits for name in row).items() if count >= 3}
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([{name: row[name] for name in row if name in common} for row in traits])
    model = LogisticRegression(C=TRAIT_C, max_iter=1_000, fit_intercept=False)
    held_out = cross_val_predict(model, matrix, labels, cv=TRAIT_FOLDS, method="decision_function")
    weights = model.fit(matrix, labels).coef_[0]
    return dict(zip(vectorizer.get_feature_names_out(), map(float, weights), strict=True)), held_out


def _title(identifier: str, articles: dict[str, Row], pages: dict[str, Row]) -> str | None:
    page, mark, number = identifier.rpartition("#")
    if mark and page in pages:
        return str(pages[page]["links"][int(number)]["text"])
    return articles[identifier]["title"] if identifier in articles else None
