"""One small network that learned from several large ones and from text without labels: the attribution tagger's.

Hinton, Vinyals & Dean 2015: the agreement of networks is better than each, and text without labels is plenty.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from joblib import delayed
from numpy.typing import NDArray

from scorer.normal import normalise
from scorer.store import Part
from scorer.tagger import LABELS, Inputs, Network, inputs
from scorer.text import Reader
from training.corpora import Corpora
from training.network import Example, fit, softmax
from training.parallel import side_by_side

FloatArray = NDArray[np.float32]

DIMENSIONS = 64
HIDDEN, DILATIONS = 64, (2, 6)
EPOCHS = 4
TEACHER_HIDDEN, TEACHER_EPOCHS = 96, 5
TEACHER_DILATIONS = ((1, 3, 9), (2, 6, 12), (1, 2, 5), (1, 4, 12))
"""One tuple a teacher: that they read different surroundings makes them err apart."""

SILVER_ARTICLES = 5_000
SILVER_CHARACTERS = 7_000
SILVER_WORDS = 100
GOLD_SHARE = 0.7
"""Of the target on gold documents; the rest is what the teacher says that did not learn from them."""
CONTEXT_WORDS = 3_000


class Opinions(NamedTuple):
    """What one large network makes of texts: (n, 7) probabilities each."""

    gold: dict[int, NDArray[np.float16]]
    """Of the documents it did not learn from, by their number."""
    unlabelled: list[NDArray[np.float16]]


def silver(corpora: Corpora, reader: Reader, telling: NDArray[np.bool_]) -> list[Inputs]:
    """Unlabelled articles, read: a seeded sample, each cut at SILVER_CHARACTERS."""
    sample = random.Random(9).sample(corpora.articles, min(SILVER_ARTICLES, len(corpora.articles)))
    texts = (reader.read(normalise((article["text"] or "")[:SILVER_CHARACTERS])) for article in sample)
    return [inputs(text, telling) for text in texts if len(text.words) >= SILVER_WORDS]


def distil(gold: Sequence[Example], unlabelled: Sequence[Inputs], vectors: FloatArray) -> dict[str, FloatArray]:
    """Weights of the small network."""
    numbers = range(len(TEACHER_DILATIONS))
    opinions = side_by_side(delayed(teacher_opinions)(gold, unlabelled, vectors, number) for number in numbers)
    return student(gold, unlabelled, opinions, vectors)


def student(
    gold: Sequence[Example], unlabelled: Sequence[Inputs], opinions: Sequence[Opinions], vectors: FloatArray
) -> dict[str, FloatArray]:
    """Weights of the small network, from labels and what the teachers make of the texts."""
    unseen = {i: opinion for of_one in opinions for i, opinion in of_one.gold.items()}
    none = np.zeros(0, dtype=np.int64)
    examples = [
        one._replace(soft=(GOLD_SHARE * one.targets + (1 - GOLD_SHARE) * unseen[i]).astype(np.float32))
        for i, one in enumerate(gold)
    ]
    for i, given in enumerate(unlabelled):
        agreed = np.mean([of_one.unlabelled[i] for of_one in opinions], axis=0, dtype=np.float32)
        examples.append(Example(given, none, none, agreed))
    return fit(examples, vectors, HIDDEN, DILATIONS, EPOCHS, dropout=0.1, word_dropout=0.03, direct_dropout=0.3)


def left_out(documents: int) -> NDArray[np.int64]:
    """(documents,): the number of the teacher that does not learn from each."""
    teachers = len(TEACHER_DILATIONS)
    return np.random.default_rng(7).permutation(np.arange(documents) % teachers)


def teacher_opinions(
    gold: Sequence[Example], unlabelled: Sequence[Inputs], vectors: FloatArray, number: int
) -> Opinions:
    """Fit a large network and ask it for the documents that it did not see and for the unlabelled texts."""
    own = left_out(len(gold)) == number
    dilations = TEACHER_DILATIONS[number]
    weights = fit(
        [one for one, is_out in zip(gold, own, strict=True) if not is_out],
        vectors,
        TEACHER_HIDDEN,
        dilations,
        TEACHER_EPOCHS,
        dropout=0.25,
        word_dropout=0.08,
        direct_dropout=0.4,
        seed=number + 1,
    )
    teacher = Network(Part("teacher", weights, {"scales": {}, "dilations": list(dilations)}))

    def ask(given: Inputs) -> NDArray[np.float16]:
        return _chances(teacher.scores(given)).astype(np.float16)

    return Opinions(
        {i: ask(gold[i].inputs) for i in np.flatnonzero(own).tolist()},
        [ask(given) for given in unlabelled],
    )


def _chances(scores: FloatArray) -> FloatArray:
    tags = len(LABELS)
    return np.concatenate([softmax(scores[:, :tags]), softmax(scores[:, tags:])], axis=1)


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
