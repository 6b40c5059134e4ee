"""Characters in a row as rows to learn from (scorer/character_grams.py), and tables in 8 bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from scorer.character_grams import TABLE_BITS, amounts, grams

IDF_STEPS = 24.0
"""Steps of the table of idf a unit: 255 are enough for ten units."""


def gram_counts(texts: Sequence[str]) -> sp.csr_matrix:
    """How often each place is met in texts that are `prepared`, CSR (n, 2^TABLE_BITS)."""
    found = [grams(text, TABLE_BITS) for text in texts]
    borders = np.concatenate([[0], np.cumsum([len(places) for places, _ in found])]).astype(int)
    empty = np.zeros(0, dtype=np.int64)
    places, counts = (np.concatenate([empty, *(pair[k] for pair in found)]) for k in (0, 1))
    return sp.csr_matrix((counts, places, borders), shape=(len(texts), 1 << TABLE_BITS))


def gram_idf(counts: sp.csr_matrix) -> NDArray[np.uint8]:
    """Inverse document frequency of each place in steps of 1 / IDF_STEPS, 1 to 255."""
    documents = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.log((1 + counts.shape[0]) / (1 + documents)) + 1.0
    return np.asarray(np.clip(np.rint(IDF_STEPS * idf), 1, 255), dtype=np.uint8)


def gram_rows(counts: sp.csr_matrix, idf: NDArray[np.uint8], levels: NDArray[np.int16]) -> sp.csr_matrix:
    """What scoring makes of the counts: rows of length 1."""
    rows = counts.astype(np.float64)
    rows.data = amounts(counts.indices, counts.data, idf, levels).astype(np.float64)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sp.diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ rows


def eight_bits(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], float]:
    """A table as int8, and what one step of it is worth."""
    unit = float(np.abs(weights).max(initial=0.0)) / 127 or 1.0
    return np.rint(weights / unit).astype(np.int8), unit
