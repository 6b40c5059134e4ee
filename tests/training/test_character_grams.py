"""What is learned from is what is scored."""

from __future__ import annotations

import numpy as np
import pytest

from scorer.character_grams import LOGARITHM, TABLE_BITS, CharacterGrams, prepared
from training.character_grams import eight_bits, gram_counts, gram_idf, gram_rows

TEXTS = ["The harbour office said that work had begun.", "Area man says so, says so, says so.", ""]


def test_rows_and_scoring_agree() -> None:
    texts = [prepared(text, 500) for text in TEXTS]
    counts = gram_counts(texts)
    idf = gram_idf(counts)
    weights, unit = eight_bits(np.random.default_rng(0).normal(size=1 << TABLE_BITS))
    learned = gram_rows(counts, idf, LOGARITHM) @ (weights * unit)
    scored = [CharacterGrams(weights, unit, idf, LOGARITHM).log_odds(text) for text in texts]
    assert learned == pytest.approx(scored)


def test_no_texts_are_no_rows() -> None:
    assert gram_counts([]).shape == (0, 1 << TABLE_BITS)


def test_eight_bits_keep_a_table_to_half_a_step() -> None:
    table = np.array([-2.0, 0.0, 0.013, 1.27])
    steps, unit = eight_bits(table)
    assert np.abs(steps * unit - table).max() <= unit / 2
    assert eight_bits(np.zeros(3))[0].tolist() == [0, 0, 0]
