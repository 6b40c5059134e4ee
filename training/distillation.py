"""One small network that learned from a large one and from text without labels: the attribution tagger's.

Hinton, Vinyals & Dean 2015: what a large network says of each token tells more than a label, and text without labels is
plenty. The large one is MiniLM, fitted to the labels (training/encoder.py).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from scorer.normal import normalise
from scorer.tagger import LABELS, Inputs
from scorer.text import Reader, Text
from training.corpora import Corpora
from training.network import Example, fit, softmax

FloatArray = NDArray[np.float32]

DIMENSIONS = 64
HIDDEN, DILATIONS = 64, (2, 6)
EPOCHS = 4
SILVER_ARTICLES = 3_200
SILVER_CHARACTERS = 7_000
SILVER_WORDS = 100
CONTEXT_WORDS = 3_000


def silver(corpora: Corpora, reader: Reader) -> list[Text]:
    """Unlabelled articles, read: a seeded sample, each cut at SILVER_CHARACTERS."""
    sample = random.Random(9).sample(corpora.articles, min(SILVER_ARTICLES, len(corpora.articles)))
    texts = (reader.read(normalise((article["text"] or "")[:SILVER_CHARACTERS])) for article in sample)
    return [text for text in texts if len(text.words) >= SILVER_WORDS]


def distil(
    gold: Sequence[Example], unlabelled: Sequence[Inputs], opinions: Sequence[FloatArray], vectors: FloatArray
) -> dict[str, FloatArray]:
    """Weights of the small network; `opinions` are the large one's log-odds (n, 7) of each text without labels."""
    none = np.zeros(0, dtype=np.int64)
    told = [Example(one, none, none, _chances(opinion)) for one, opinion in zip(unlabelled, opinions, strict=True)]
    return fit([*gold, *told], vectors, HIDDEN, DILATIONS, EPOCHS, dropout=0.1, word_dropout=0.03, direct_dropout=0.3)


def _chances(found: FloatArray) -> FloatArray:
    tags = len(LABELS)
    return np.concatenate([softmax(found[:, :tags]), softmax(found[:, tags:])], axis=1)


def compact(weights: dict[str, FloatArray]) -> tuple[dict[str, NDArray[Any]], dict[str, float]]:
    """The big tables as 8-bit integers with one scale each, all else as 16-bit floats."""
    arrays: dict[str, NDArray[Any]] = {}
    scales = {}
    for name, values in weights.items():
        if name in ("words", "direct", "pairs"):
            largest = float(np.quantile(np.abs(values), 0.9999))
            scales[name] = max(largest, 1e-6) / 127
            arrays[name] = np.clip(np.rint(values / scales[name]), -127, 127).astype(np.int8)
        else:
            arrays[name] = values.astype(np.float16)
    return arrays, scales


def word_vectors(corpora: Corpora, reader: Reader) -> FloatArray:
    """Vectors of all words of the lexicon, from their neighbours in unlabelled articles.

    Positive pointwise mutual information with the frequent words at -2, -1, 1, 2, reduced by a truncated singular
    value decomposition (Levy, Goldberg & Dagan 2015). Words that PolNeAR lacks get their place among those it has.
    """
    from sklearn.utils.extmath import randomized_svd

    pieces: list[NDArray[Any]] = []
    for article in corpora.articles:
        pieces += [reader.read(normalise(article["text"] or "")).words, np.zeros(2, dtype=np.int32)]
    stream = np.concatenate(pieces).astype(np.int64)
    size = len(reader.lexicon)
    tables = []
    for offset in (-2, -1, 1, 2):
        word = stream[max(0, -offset) : len(stream) - max(0, offset)]
        other = stream[max(0, offset) : len(stream) - max(0, -offset)]
        kept = (other < CONTEXT_WORDS) & (word > 0)
        ones = np.ones(int(kept.sum()), dtype=np.float32)
        tables.append(scipy.sparse.coo_matrix((ones, (word[kept], other[kept])), shape=(size, CONTEXT_WORDS)).tocsr())
    counts = scipy.sparse.hstack(tables).tocoo()
    rows = np.asarray(counts.tocsr().sum(axis=1)).ravel() + 20  # words seen a few times have no strong neighbours
    columns = np.asarray(counts.tocsr().sum(axis=0)).ravel()
    columns = columns**0.75 * columns.sum() ** 0.25
    strength = np.log(np.maximum(counts.data * rows.sum() / rows[counts.row] / np.maximum(columns[counts.col], 1), 1))
    matrix = scipy.sparse.csr_matrix((strength.astype(np.float32), (counts.row, counts.col)), shape=counts.shape)
    left, values, _ = randomized_svd(matrix, DIMENSIONS, n_iter=2, random_state=0)
    vectors = left * np.sqrt(values)
    return (vectors / vectors.std() / 2).astype(np.float32)
