"""Fits the genre model: opinion from URL-derived labels, satire from whole articles and from headlines.

Both learn from words and the signals' features together: opinion from the words of body and headline, satire from the
words and pairs of the body and the characters of its opening, with a second opinion from a model of headlines alone,
learned from another corpus.
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
from scorer.normal import normalise
from scorer.sparse import packed, spread
from scorer.text import Reader
from training.articles import Measured, pair_offset
from training.character_grams import eight_bits
from training.corpora import Corpora, source_of
from training.genre_questions import GenreData, by_site, fit_linear
from training.lexicon import load_reader
from training.store import open_part, write_part
from training.text_model import tf_idf
from training.uncertainty import auc_interval
from training.weights import deal

Array = NDArray[np.float64]
Titles = tuple[NDArray[np.float32], Array, float]
"""idf, weights and intercept of the headline model."""

OPINION_SHARE = 0.06
"""How common opinion is taken to be among what is scored; near its share in mixed news feeds."""

SATIRE_CUT = 0.5
"""Share of satire from which an article is labelled so."""

MAX_FALSE_SATIRE = 0.01
"""Share of held-out news that may be labelled satire: a wrong 'satire' hides a risk."""

FOLDS = 5
DEALINGS = 4
"""Dealings of satire's sites into folds: with some hundred sites, one moves the figure by hundredths."""


def fit_titles(corpora: Corpora, reader: Reader) -> Titles:
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


@dataclass(frozen=True)
class Judged:
    """What is learned from articles that the models did not see: how body and headline make up satire together, the
    log-odds from which no more than MAX_FALSE_SATIRE of the others are called satire, and the figures.
    """

    joint: LogisticRegression
    limit: float
    figures: dict[str, float]


def read_questions(
    corpora: Corpora, measured: Measured, idf: NDArray[np.float32], folder: Path
) -> tuple[GenreData, Titles, Array]:
    """Both questions, the headline model, and its log-odds of satire's articles (0 where no word is known)."""
    title_idf, title_weights, title_intercept = titles = fit_titles(corpora, load_reader(folder))
    data = GenreData(measured, idf, title_idf)
    headline = data.title[data.satire_rows] @ title_weights + title_intercept
    headline[np.asarray(data.title[data.satire_rows].sum(axis=1)).ravel() == 0] = 0.0
    return data, titles, headline


def judge(data: GenreData, headline: Array) -> Judged:
    """Judge opinion in folds by source, and satire in `DEALINGS` of folds by site."""
    opinion_rows = [data.rows[i] for i in data.opinion_rows]
    held_opinion = data.opinion.held_out(deal(opinion_rows, FOLDS))
    opinion_sources = np.array([source_of(row) for row in opinion_rows], dtype=str)
    opinion_ends = auc_interval(data.opinion.truth, held_opinion, opinion_sources)

    rows = by_site([data.rows[i] for i in data.satire_rows])
    held_satire = np.concatenate([data.satire.held_out(deal(rows, FOLDS, seed)) for seed in range(DEALINGS)])
    again = np.tile(np.arange(len(rows)), DEALINGS)  # every article once a dealing
    truth, golbeck, headline = data.satire.truth[again], data.is_golbeck[again], headline[again]
    sites = np.array([source_of(row) for row in rows])[again]
    weights = (data.satire.weights / data.satire.weights.mean())[again]
    both = np.column_stack([held_satire, headline])
    joint = LogisticRegression(C=1.0).fit(both, truth, sample_weight=weights)
    # an even share of satire is where held-out news and fake news is called satire as rarely as MAX_FALSE_SATIRE asks
    odds = joint.decision_function(both)
    limit = float(np.quantile(odds[truth == 0], 1 - MAX_FALSE_SATIRE))
    satire_ends = auc_interval(truth[golbeck], odds[golbeck], sites[golbeck])
    figures = {
        "opinion_auc": float(roc_auc_score(data.opinion.truth, held_opinion)),
        "opinion_low": opinion_ends[0],
        "opinion_high": opinion_ends[1],
        "opinion_articles": float(data.opinion.truth.sum()),
        "opinion_news": float((data.opinion.truth == 0).sum()),
        "satire_auc": float(roc_auc_score(truth[golbeck], odds[golbeck])),
        "satire_low": satire_ends[0],
        "satire_high": satire_ends[1],
        "satire_articles": float(data.satire.truth.sum()),
        "satire_fake": float((data.satire.truth[data.is_golbeck] == 0).sum()),
        "satire_sites": float(len(np.unique(sites[golbeck]))),
        "satire_against_news_auc": float(roc_auc_score(truth, odds)),
        "satire_title_auc": float(roc_auc_score(truth[golbeck], headline[golbeck])),
        "satire_cut": SATIRE_CUT,
        "satire_recall": float((odds[truth == 1] >= limit).mean()),
    }
    return Judged(joint, limit, figures)


def evaluate(corpora: Corpora, measured: Measured, folder: Path) -> dict[str, float]:
    """The held-out figures of `train` for measured articles, with the counts weighed as a model's text part does."""
    idf = spread(open_part(folder, "text"), "idf")
    data, _, headline = read_questions(corpora, measured, idf[: measured.counts.shape[1]], folder)
    return judge(data, headline).figures


def train(corpora: Corpora, measured: Measured, idf: NDArray[np.float32], folder: Path) -> dict[str, float]:
    """Write the part `genre`; return its held-out figures and the cut-off for the label `satire`."""
    data, (title_idf, title_weights, title_intercept), headline = read_questions(corpora, measured, idf, folder)
    judged = judge(data, headline)
    (opinion, title_opinion, opinion_signals), intercept = data.opinion.fit()
    # both classes weigh the same in the fit, so even odds there are OPINION_SHARE here
    opinion_intercept = intercept + _log_odds(OPINION_SHARE)
    (satire, satire_signals, satire_grams), satire_intercept = data.satire.fit()
    slope, headline_weight = (float(max(value, 0.0)) for value in judged.joint.coef_[0])
    grams, gram_unit = eight_bits(slope * satire_grams)
    write_part(
        folder,
        "genre",
        {
            # half precision keeps the model small; what is read is single
            "opinion": opinion.astype(np.float16),
            **packed("satire", slope * satire),
            "satire_grams": grams,
            "satire_grams_idf": data.gram_idf,
            "title_opinion": title_opinion.astype(np.float16),
            "title_satire": (headline_weight * title_weights).astype(np.float16),
            "title_idf": title_idf.astype(np.float16),
            "mean": data.mean,
            "scale": data.scale,
            "weights": np.vstack([opinion_signals, slope * satire_signals]),
        },
        {
            "features": [list(name) for name in data.names],
            "satire_grams_unit": gram_unit,
            "opinion_intercept": opinion_intercept,
            "satire_intercept": slope * satire_intercept + float(judged.joint.intercept_[0]) - judged.limit,
            "title_intercept": headline_weight * title_intercept,
        },
    )
    return judged.figures


def _log_odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))
