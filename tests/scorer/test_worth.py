"""What a review is worth, by example and for all risks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.worth import FULL_REACH, Record, worth

GOOD, BAD = Record(0.9, 0.8, 1.0, 30), Record(0.2, 0.1, 0.3, 30)

risks = st.floats(0, 1)
records = st.builds(
    lambda value, width, evidence: Record(value, max(0, value - width), min(1, value + width), evidence),
    st.floats(0, 1), st.floats(0, 0.5), st.integers(0, 500),
)  # fmt: skip


def test_an_article_the_model_is_unsure_of_goes_before_one_it_is_sure_of() -> None:
    assert worth(0.5).value > worth(0.8).value > worth(0.97).value


def test_between_two_that_read_alike_the_one_unlike_its_source_goes_first() -> None:
    assert worth(0.5, record=GOOD).value > worth(0.5, record=BAD).value
    assert worth(0.5, record=GOOD).direction == 1
    assert worth(0.05, record=BAD).direction == -1


def test_much_read_goes_first() -> None:
    assert worth(0.5, reach=100_000).value > worth(0.5, reach=100).value > worth(0.5).value


def test_a_first_opinion_goes_before_a_second() -> None:
    assert worth(0.5).value > worth(0.5, verdicts=1).value > worth(0.5, verdicts=2).value > 0


def test_a_record_that_is_this_very_article_is_no_surprise() -> None:
    assert worth(0.9, record=Record(0.9, 0.5, 1.0, 1)).surprise == 0


@given(risks, st.none() | st.integers(0, 10**11), st.none() | records, st.integers(0, 20))
def test_every_part_stays_in_its_range(risk: float, reach: int | None, record: Record | None, verdicts: int) -> None:
    found = worth(risk, reach, record, verdicts)
    assert 0 <= found.value <= 2
    for share in (found.uncertainty, found.surprise, found.reach_share):
        assert 0 <= share <= 1


@given(risks, records, st.integers(0, FULL_REACH), st.integers(0, FULL_REACH))
def test_more_readers_never_move_an_article_back(risk: float, record: Record, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert worth(risk, low, record).value <= worth(risk, high, record).value + 1e-12


@given(st.floats(0.001, 0.999))
def test_risks_as_far_from_the_middle_are_as_uncertain(risk: float) -> None:
    assert worth(risk).uncertainty == pytest.approx(worth(1 - risk).uncertainty)
