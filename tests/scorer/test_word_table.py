"""The table of words, stored in less room."""

from __future__ import annotations

import numpy as np

from scorer.store import Part
from scorer.word_table import FREQUENT, packed, unpacked


def table(rows: int) -> np.ndarray:
    """Numbers like those of a learned table."""
    return np.clip(np.rint(np.random.default_rng(4).normal(0, 14, (rows, 6))), -127, 127).astype(np.int8)


def test_frequent_words_come_back_as_they_were_and_rare_ones_nearly() -> None:
    words = table(FREQUENT + 500)
    back = np.asarray(unpacked(Part("attribution", packed(words), {})).arrays["words"])
    assert back.dtype == np.int8
    assert (back[:FREQUENT] == words[:FREQUENT]).all()
    step = 14 * 3 / 7
    within = np.abs(words[FREQUENT:]) < 2.9 * 14
    apart = np.abs(back[FREQUENT:].astype(int) - words[FREQUENT:])
    assert apart[within].max() <= step / 2 + 1.5


def test_rare_words_take_half_the_room() -> None:
    stored = packed(table(FREQUENT + 500))
    assert stored["rare"].nbytes == 500 * 6 // 2


def test_a_small_table_and_an_old_model_stay_as_they_are() -> None:
    words = table(50)
    part = Part("attribution", packed(words), {})
    assert unpacked(part) is part
    assert (part.arrays["words"] == words).all()
