"""Parts of the kernel by themselves: as described where whole texts rarely lead, and closed to what does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer import kernel
from scorer.assembly import Link
from scorer.classifier import Terms, lost_with_one, terms_of
from scorer.verdict import strongest

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")

TERMS = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 40), st.integers(1, 2)), max_size=90)


@settings(max_examples=200, deadline=None)
@given(TERMS, st.integers(1, 50), st.integers(1, 12))
def test_the_strongest_terms_are_the_same_with_many_of_one_strength(
    given_terms: list[tuple[int, int, int]], looked_at: int, wanted: int
) -> None:
    values, first, width = (np.array([term[i] for term in given_terms], dtype=np.int64) for i in range(3))
    terms = Terms(first, np.ones_like(first), np.ones(len(first)), first, width)
    ours = strongest(values.astype(np.float64), terms, looked_at, wanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        assert strongest(values.astype(np.float64), terms, looked_at, wanted) == ours


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=400))
def test_few_and_many_terms_are_counted_alike(words: list[int]) -> None:
    ids = np.array(words, dtype=np.int32)
    ours = terms_of(ids, 70_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        theirs = terms_of(ids, 70_000)
    for name in ("index", "count", "value", "first", "width"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name


def test_what_a_word_loses_with_one_occurrence() -> None:
    count = np.array([1, 2, 3, 5_000])
    assert lost_with_one(count[:3]).tolist() == lost_with_one(count)[:3].tolist()
    assert lost_with_one(count)[0] == 1.0
    assert 0 < lost_with_one(count)[3] < lost_with_one(count)[2] < lost_with_one(count)[1]


FIVE = np.arange(5, dtype=np.int32)
ZEROS = np.zeros(5, dtype=np.int32)
SCORES = np.zeros(5, dtype=np.float32)
ONE_SENTENCE = np.array([0, 5], dtype=np.int32)
TABLES, BY_SHAPE = np.zeros((3, 5), dtype=np.float32), np.zeros((3, 14), dtype=np.float32)
TOKENS = list("abcde")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("masked", (FIVE, ZEROS[:4], ONE_SENTENCE, 1, 1, 9)),
        ("kinds", (FIVE, ZEROS[:4], 1, 1, 9, 9)),
        ("strongest", (np.zeros(5), FIVE.astype(np.int64), FIVE[:4].astype(np.int64), 4, 2)),
        ("strongest", (np.zeros(5), FIVE.astype(np.int64), FIVE.astype(np.int64), 10_000, 2)),
        ("loaded_first", (FIVE, ZEROS, ONE_SENTENCE, TABLES, BY_SHAPE, 0)),
        ("loaded_first", (ZEROS, FIVE + 10, ONE_SENTENCE, TABLES, BY_SHAPE, 0)),
        ("sentence_means", (SCORES, np.array([0, 9], dtype=np.int32))),
        ("sentence_means", (SCORES, np.array([0, 3, 3, 5], dtype=np.int32))),
        ("loaded_second", (SCORES, ZEROS, ONE_SENTENCE, SCORES[:1], BY_SHAPE[0], BY_SHAPE[:2], 0, 0)),
        ("style_counts", (FIVE, ZEROS, ZEROS, ZEROS, ONE_SENTENCE, ZEROS[:3], np.zeros((1, 2), np.uint8), 2, 7, 100)),
        ("style_counts", (FIVE, ZEROS, ZEROS, ZEROS, ONE_SENTENCE, ZEROS + 1, np.zeros((1, 2), np.uint8), 2, 7, 100)),
        ("style_counts", (FIVE, ZEROS, ZEROS, ZEROS, ONE_SENTENCE, ZEROS, np.zeros((1, 2), np.uint8), 2, 7, 9_999)),
        ("attributions", (TOKENS, ZEROS, FIVE, FIVE + 1, ONE_SENTENCE, [], [Link((3, 9), None)], {})),
        ("attributions", (TOKENS, ZEROS, FIVE, FIVE + 1, ONE_SENTENCE, [], [Link(None, (-1, 2))], {})),
        ("attributions", (TOKENS, ZEROS, FIVE, FIVE + 1, ONE_SENTENCE, [], [Link((0, 1), None)], {})),
        ("attributions", (TOKENS, ZEROS, FIVE, FIVE + 1, ONE_SENTENCE, [], [Link(None, None)], {})),
        ("attributions", (TOKENS, ZEROS, FIVE, FIVE + 1, ONE_SENTENCE, [(2, 7, True)], [], {})),
        ("attributions", (TOKENS, ZEROS, FIVE[:2], FIVE + 1, ONE_SENTENCE, [], [], {})),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_not_read(name: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"fit|wanted|most|inside|outside|hold|described|source"):
        getattr(kernel.native, name)(*arguments)
