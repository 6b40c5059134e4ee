"""Weights of the words around figures."""

from __future__ import annotations

import numpy as np

from scorer.figure_words import Weights, rows_of
from scorer.normal import normalise
from scorer.quantities import Quantities
from scorer.text import Reader
from training.figure_words import learn, matrix

OPEN = ("It may well reach {} tons.", "Perhaps {} people may come.", "They may lose {} jobs.")
SETTLED = ("It did reach {} tons.", "Only {} people came.", "They lost {} jobs.")


def test_a_word_that_goes_with_the_answer_is_learned(reader: Reader) -> None:
    texts = [
        reader.read(normalise(written.format(number)))
        for number in (12, 40, 71, 86, 93)
        for written in (*OPEN, *SETTLED)
    ]
    numbers = [next(i for i, token in enumerate(text.tokens) if token.isdigit()) for text in texts]
    found = [Quantities(np.zeros(0, np.uint8), np.array([at]), np.array([at + 1])) for at in numbers]
    labels = np.array([[i % 2, i % 6 < len(OPEN)] for i in range(len(texts))], dtype=np.int64)
    counts = matrix([rows_of(text, one)[0] for text, one in zip(texts, found, strict=True)])
    learned = learn(counts, labels, np.arange(len(texts)) // 6, np.ones(len(texts)))
    weights = Weights(learned.table, learned.units, learned.biases)
    seen = np.concatenate([weights.features(text, one) for text, one in zip(texts, found, strict=True)])
    is_open = labels[:, 1] == 1
    assert seen[is_open, 1].min() > seen[~is_open, 1].max()
    assert learned.unseen[is_open, 1].min() > learned.unseen[~is_open, 1].max()
    # whole numbers come within half a unit a row of what was fitted
    assert np.abs(learned.table).max(axis=0).tolist() == [127, 127]


def test_an_article_does_not_tell_its_own_answer() -> None:
    # each article has a row that no other has: it says nothing of the article where that was not learned from
    rows = [np.array([i // 2]) for i in range(40)]
    labels = np.repeat(np.random.default_rng(1).integers(0, 2, 20), 2)[:, None]
    learned = learn(matrix(rows), labels, np.arange(40) // 2, np.ones(40))
    assert np.ptp([learned.unseen[i, 0] for i in range(40)]) < 1.0
    assert np.unique(learned.unseen.round(4)).size <= 5
