"""What the words around a figure add up to."""

from __future__ import annotations

import numpy as np
import pytest

from scorer import figure_words
from scorer.figure_words import NAMES, REACH, ROWS_BITS, Weights, rows_of
from scorer.normal import normalise
from scorer.quantities import Quantities
from scorer.store import Part
from scorer.text import Reader, Text

STORY = "It was late. Police counted 14 boats there. Nobody spoke."


def at(text: Text, number: str) -> Quantities:
    place = text.tokens.index(number)
    return Quantities(np.zeros(0, np.uint8), np.array([place]), np.array([place + 1]))


def drawn() -> Weights:
    table = np.random.default_rng(3).integers(-127, 128, (1 << ROWS_BITS, len(NAMES)))
    return Weights(table.astype(np.int8), [0.01, 0.25], [-1.0, 2.0])


def test_the_weights_of_all_rows_are_added_up(reader: Reader) -> None:
    text, weights = reader.read(normalise(STORY)), drawn()
    found = at(text, "14")
    total = weights.table[rows_of(text, found)[0]].astype(int).sum(axis=0)
    expected = np.float32([total[0] * 0.01 - 1.0, total[1] * 0.25 + 2.0])
    assert weights.features(text, found).tolist() == [expected.tolist()]


def test_each_side_and_each_sentence_has_rows_of_its_own(reader: Reader) -> None:
    # 4 tokens before, 2 left, 3 right ("boats there ."), 3 after
    text = reader.read(normalise(STORY))
    rows = rows_of(text, at(text, "14"))[0]
    before, left, right, after = 4 + 3, 2 * 2 + 2 * 1 + 0, 2 * 3 + 2 + 1, 3
    assert len(rows) == len(set(rows.tolist())) == before + left + right + after


@pytest.mark.parametrize(
    ("other", "share"),
    [
        ("It was late. Police counted 14 boats there. Nobody cared.", 30),
        ("It was late. Hardly anyone counted 14 boats there. Nobody spoke.", 28),
    ],
)
def test_only_what_differs_has_other_rows(reader: Reader, other: str, share: int) -> None:
    one, two = (reader.read(normalise(written)) for written in (STORY, other))
    rows, others = (set(rows_of(text, at(text, "14"))[0].tolist()) for text in (one, two))
    assert 100 * len(rows & others) / len(rows) > share
    assert rows != others


def test_words_out_of_reach_say_nothing(reader: Reader) -> None:
    weights, told = drawn(), []
    for far in ("they say ", "nobody knows "):
        text = reader.read(normalise(far + "on and " * REACH + "14 boats " + "and on " * REACH + far))
        told.append(weights.features(text, at(text, "14")).tolist())
    assert told[0] == told[1]


def test_a_part_without_weights_of_words_has_none() -> None:
    assert figure_words.Weights.of(Part("figures", {}, {})) is None
