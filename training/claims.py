"""Learns which number expressions are checkable quantities.

Two views of a number: how it is written ("$3bn", "2016", "5:30") and what stands around it ("... people", "in May").
In unlabelled articles some forms speak for themselves, so they label their neighbours: that gives each frequent word a
weight as a neighbour (co-training, Blum & Mitchell 1998). The labelled figures then weigh both views together, and
correct single words.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.figure_features import (
    BASES,
    CERTAIN_CLAIMS,
    CERTAIN_OTHERS,
    CONTEXT_OFFSETS,
    CONTEXT_WORDS,
    LETTERS,
    TABLE_SIZE,
    Form,
    features,
)
from scorer.normal import normalise
from scorer.quantities import Finder, Quantities
from scorer.text import Reader, Text
from training.corpora import Corpora, Row

SILVER_ARTICLES = 3_000
SILVER_ARTICLES_A_SOURCE = 60
CONTEXT_C = 0.1
CLAIM_C = 1.0
SILVER_ITEMS = 6_000
SILVER_WEIGHT = 0.05
CONTEXT_SCALE = 0.3

Candidates = tuple[NDArray[np.int64], NDArray[np.int64]]


def window(row: Row) -> tuple[str, int, int]:
    """A labelled item as one text, and where its figure stands."""
    offset = len(row["prev"]) + 1
    return row["prev"] + " " + row["text"] + " " + row["next"], row["start"] + offset, row["end"] + offset


def labelled(rows: list[Row], reader: Reader, finder: Finder) -> tuple[list[Text], list[Quantities], NDArray[np.int64]]:
    """Texts, their expressions, and which expression the label of each row is about (-1 where none was found)."""
    texts, found, which = [], [], np.full(len(rows), -1)
    for number, row in enumerate(rows):
        written, start, end = window(row)
        text = reader.read(normalise(written))
        quantities = finder.find(text)
        texts.append(text)
        found.append(quantities)
        for i, (a, b) in enumerate(zip(quantities.first, quantities.last, strict=True)):
            span = text.token_span(int(a), int(b))
            if span.start < end and start < span.end:
                which[number] = i
                break
    return texts, found, which


def unlabelled(corpora: Corpora, reader: Reader, finder: Finder) -> Candidates:
    """Features of every expression in a seeded sample of articles."""
    counts: dict[str, int] = {}
    parts = []
    for article in random.Random(5).sample(corpora.articles, len(corpora.articles)):
        source = article["source"] or article["corpus"]
        counts[source] = counts.get(source, 0) + 1
        if counts[source] > SILVER_ARTICLES_A_SOURCE or not article["text"]:
            continue
        text = reader.read(normalise(article["text"][:8000]))
        parts.append(features(text, finder.find(text)))
        if len(parts) == SILVER_ARTICLES:
            break
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def learn_context(silver: Candidates) -> NDArray[np.float32]:
    """Weight of each frequent word as a neighbour, (offsets, CONTEXT_WORDS), from forms that label themselves."""
    from sklearn.linear_model import LogisticRegression

    columns, words = silver
    form = columns[:, 0]
    label = np.where(np.isin(form, CERTAIN_CLAIMS), 1, np.where(np.isin(form, CERTAIN_OTHERS), 0, -1))
    kept = label >= 0
    model = LogisticRegression(C=CONTEXT_C, max_iter=200).fit(_words_matrix(words[kept]), label[kept])
    return np.asarray(model.coef_.reshape(len(CONTEXT_OFFSETS), CONTEXT_WORDS), dtype=np.float32)


def silver_labels(silver: Candidates) -> NDArray[np.int64]:
    """Candidates labelled by rules that are nearly always right: 1 a claim, 0 another number, -1 left open.

    "the two nations" takes up what is known; "two people were killed" counts.
    """
    columns, _ = silver
    form, date = columns[:, 0], (columns[:, -2] - BASES["date"]) % 4
    before, after, second, third = (_letter(columns, k) for k in (-1, 0, 1, 2))
    label = np.full(len(form), -1)
    words = np.isin(form, (Form.SMALL_WORD, Form.WORD))
    digits = np.isin(form, (Form.ONE_DIGIT, Form.TWO_DIGITS, Form.THREE_DIGITS))
    counted = np.isin(after, _codes("qzmps"))
    label[np.isin(form, (*CERTAIN_CLAIMS, Form.HYPHENATED))] = 1
    label[np.isin(form, (Form.SCORE, Form.RANGE)) & (date == 0) & ~np.isin(before, _codes("AMn"))] = 1
    label[(form == Form.RANGE) & (before == ord("A"))] = 0
    label[form == Form.CODE] = 0
    label[(words | digits) & counted & ~np.isin(before, _codes("Agnj"))] = 1
    label[words & (after == ord("d"))] = 1
    label[words & np.isin(before, _codes("Djln")) & ~np.isin(after, _codes("ps"))] = 0
    label[digits & (date > 0)] = 0
    label[np.isin(before, _codes("n")) & (digits | (form == Form.DECIMAL))] = 0
    label[np.isin(second, _codes("g")) | (np.isin(third, _codes("g")) & (after == ord("d")))] = 0
    label[np.isin(second, _codes("A")) & (after == ord("d"))] = 0
    label[np.isin(form, CERTAIN_OTHERS)] = 0
    return label


def _codes(letters: str) -> list[int]:
    return [ord(letter) for letter in letters]


def learn_claims(
    gold: Candidates,
    label: NDArray[np.int64],
    silver: Candidates,
    context: NDArray[np.float32],
    seed: int = 3,
) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Table of weights (TABLE_SIZE,), weights of neighbouring words like `context`, and the intercept.

    What the unlabelled articles say of a neighbour is one number; the labelled figures
    weigh that number and may correct any word that they have.
    """
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    silver_label = silver_labels(silver)
    order = np.random.default_rng(seed).permutation(len(silver_label))
    chosen = np.concatenate([order[silver_label[order] == kind][: SILVER_ITEMS // 2] for kind in (0, 1)])
    matrix = vstack([_matrix(gold, context), _matrix((silver[0][chosen], silver[1][chosen]), context)])
    weight = np.concatenate([np.ones(len(label)), np.full(len(chosen), SILVER_WEIGHT)])
    model = LogisticRegression(C=CLAIM_C, max_iter=500)
    model.fit(matrix, np.concatenate([label, silver_label[chosen]]), sample_weight=weight)
    coefficients = model.coef_[0]
    words = coefficients[TABLE_SIZE + 1 :].reshape(context.shape)
    return (
        coefficients[:TABLE_SIZE].astype(np.float32),
        (coefficients[TABLE_SIZE] * CONTEXT_SCALE * context + words).astype(np.float32),
        float(model.intercept_[0]),
    )


def context_scores(words: NDArray[np.int64], context: NDArray[Any]) -> NDArray[Any]:
    """Sum of the neighbours' weights."""
    scores: NDArray[Any] = context[np.arange(len(CONTEXT_OFFSETS)), words].sum(axis=1)
    return scores


def _letter(columns: NDArray[np.int64], offset: int) -> NDArray[np.int64]:
    return (columns[:, 4 + offset] - BASES[f"letter{offset}"]) % LETTERS


def _words_matrix(words: NDArray[np.int64]) -> Any:
    from scipy.sparse import csr_matrix

    n, k = words.shape
    flat = (words + np.arange(k) * CONTEXT_WORDS).ravel()
    return csr_matrix((np.ones(n * k), flat, np.arange(0, n * k + 1, k)), shape=(n, k * CONTEXT_WORDS))


def _matrix(given: Candidates, context: NDArray[Any]) -> Any:
    from scipy.sparse import csr_matrix, hstack

    columns, words = given
    n, k = columns.shape
    binary = csr_matrix((np.ones(n * k), columns.ravel(), np.arange(0, n * k + 1, k)), shape=(n, TABLE_SIZE))
    score = csr_matrix(context_scores(words, context)[:, None] * CONTEXT_SCALE)
    return hstack([binary, score, _words_matrix(words)]).tocsr()
