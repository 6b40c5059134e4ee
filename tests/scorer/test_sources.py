"""Reliability of a source: more evidence narrows it, but never past what all of its evidence shares."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.sources import PRIOR_MEAN, Judgement, Reading, freshness, reliability

TODAY = datetime.date(2026, 11, 3)
YEAR = datetime.timedelta(days=365)
RISKS = st.lists(st.floats(0, 1), max_size=30)
VALUES = st.lists(st.floats(0, 1), max_size=6)


def readings(*risks: float, day: datetime.date = TODAY) -> list[Reading]:
    return [Reading(risk, day) for risk in risks]


def judgements(*values: float, day: datetime.date | None = TODAY) -> list[Judgement]:
    return [Judgement(value, day) for value in values]


@given(RISKS, VALUES)
def test_the_interval_holds_the_value_and_stays_on_the_scale(risks: list[float], values: list[float]) -> None:
    told = reliability(readings(*risks), judgements(*values), TODAY)
    assert 0 <= told.low <= told.value <= told.high <= 1


def test_without_evidence_the_prior_is_told() -> None:
    told = reliability([], [], TODAY)
    assert told.basis == "nothing"
    assert told.value == pytest.approx(PRIOR_MEAN, abs=0.05)
    assert told.high - told.low > 0.7


def test_risky_articles_make_a_source_less_reliable() -> None:
    values = [reliability(readings(*[risk] * 10), [], TODAY).value for risk in (0.05, 0.3, 0.6, 0.9)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.85
    assert values[-1] < 0.15


def test_more_articles_do_not_buy_false_certainty() -> None:
    widths = [
        (lambda told: told.high - told.low)(reliability(readings(*[0.4] * n), [], TODAY)) for n in (1, 10, 100, 10_000)
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[2] - widths[3] < 0.005
    assert widths[3] > 0.5


def test_old_evidence_counts_less_and_is_forgotten_in_the_end() -> None:
    far = [abs(reliability(readings(*[0.9] * 10, day=TODAY - n * YEAR), [], TODAY).value - 0.6) for n in (0, 1, 3, 30)]
    assert far == sorted(far, reverse=True)
    assert far[-1] < 0.05


def test_a_new_article_weighs_more_than_an_old_one() -> None:
    old, new = TODAY - 2 * YEAR, TODAY
    improved = reliability(readings(0.9, day=old) + readings(0.1, day=new), [], TODAY)
    declined = reliability(readings(0.1, day=old) + readings(0.9, day=new), [], TODAY)
    assert improved.value > declined.value


def test_raters_who_disagree_leave_more_doubt() -> None:
    agreed, disputed = (reliability([], judgements(*values), TODAY) for values in ((0.5, 0.5), (0.1, 0.9)))
    assert agreed.value == pytest.approx(disputed.value, abs=0.05)
    assert disputed.high - disputed.low > agreed.high - agreed.low


def test_ratings_and_articles_are_weighed_together() -> None:
    rated = reliability([], judgements(0.9), TODAY)
    both = reliability(readings(*[0.9] * 20), judgements(0.9), TODAY)
    assert reliability(readings(*[0.9] * 20), [], TODAY).value < both.value < rated.value
    assert (rated.basis, both.basis) == ("ratings", "both")


def test_the_weight_of_a_day_halves_with_its_half_life() -> None:
    assert [freshness(day, TODAY, 365) for day in (TODAY, TODAY - YEAR, TODAY + YEAR, None)] == [1, 0.5, 1, 0.5]


@given(RISKS, VALUES)
def test_the_order_of_the_evidence_does_not_matter(risks: list[float], values: list[float]) -> None:
    one = reliability(readings(*risks), judgements(*values), TODAY)
    other = reliability(readings(*reversed(risks)), judgements(*reversed(values)), TODAY)
    assert (one.low, one.value, one.high) == pytest.approx((other.low, other.value, other.high), abs=1e-9)
