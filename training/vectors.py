"""Word vectors from the articles themselves: what company a word keeps (Levy & Goldberg 2014: PPMI, factorised).

Only other learned parts are made from them; none is shipped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Shape
from scorer.normal import normalise
from scorer.text import Reader
from training.corpora import Corpora, Row

WINDOW = 5
CONTEXTS = 12_000
"""The lexicon's most frequent words serve as company."""

DIMENSIONS = 100
CONTEXT_POWER = 0.75
"""Smoothing of context counts, as in word2vec."""

LENGTH = 3.0
"""Length of every vector."""


def word_vectors(corpora: Corpora, reader: Reader) -> tuple[NDArray[np.float32], list[tuple[Row, NDArray[np.int32]]]]:
    """Vectors float32 (V, DIMENSIONS), and each article with its word ids (punctuation left out)."""
    from scipy.sparse import coo_matrix, csr_matrix
    from sklearn.utils.extmath import randomized_svd

    texts = []
    for row in corpora.articles:
        text = reader.read(normalise(row["text"] or ""))
        texts.append((row, text.words[text.shapes < Shape.PUNCTUATION]))
    words = np.concatenate([ids for _, ids in texts]).astype(np.int64)
    article = np.repeat(np.arange(len(texts)), [len(ids) for _, ids in texts])
    size = len(reader.lexicon)
    contexts = min(CONTEXTS, size)
    counts: Any = csr_matrix((size, contexts), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        together = article[:-distance] == article[distance:]
        for word, context in ((words[:-distance], words[distance:]), (words[distance:], words[:-distance])):
            kept = together & (context < contexts)
            weights = np.full(int(kept.sum()), 1.0 / distance, dtype=np.float32)
            counts = counts + coo_matrix((weights, (word[kept], context[kept])), shape=(size, contexts)).tocsr()
    rows = np.maximum(np.asarray(counts.sum(1)).ravel(), 1e-9)
    columns = np.asarray(counts.sum(0)).ravel() ** CONTEXT_POWER
    columns = np.maximum(columns / columns.sum(), 1e-12)
    cells = counts.tocoo()
    information = np.log(cells.data / (rows[cells.row] * columns[cells.col]))
    kept = information > 0
    positive = coo_matrix(
        (information[kept].astype(np.float32), (cells.row[kept], cells.col[kept])), shape=counts.shape
    )
    left, strengths, _ = randomized_svd(positive.tocsr(), DIMENSIONS, n_iter=3, random_state=0)
    vectors = left * np.sqrt(strengths)
    vectors *= LENGTH / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors.astype(np.float32), texts
