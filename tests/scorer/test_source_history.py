"""A source over time: periods, and the places where it changed."""

from __future__ import annotations

import datetime
from random import Random

import pytest

from scorer.logodds import sigmoid
from scorer.source_history import Unit, change_points, history, start_of
from scorer.sources import OWN_SD, Reading

FIRST = datetime.date(2026, 1, 1)


def days(risks: list[float]) -> list[Reading]:
    """One article a day."""
    return [Reading(risk, FIRST + datetime.timedelta(days=n)) for n, risk in enumerate(risks)]


def noisy(level: float, count: int, random: Random) -> list[float]:
    return [sigmoid(random.gauss(level, OWN_SD)) for _ in range(count)]


@pytest.mark.parametrize(("unit", "start"), [("month", "2026-11-01"), ("week", "2026-10-26")])
def test_a_period_begins_on_its_first_day(unit: Unit, start: str) -> None:
    assert start_of(datetime.date(2026, 11, 1), unit).isoformat() == start


def test_a_month_has_its_articles_and_their_typical_risk() -> None:
    told = history(days([0.2] * 31 + [0.5] * 3))
    assert [(period.start.month, period.articles) for period in told] == [(1, 31), (2, 3)]
    assert told[0].risk == pytest.approx(0.2)
    assert told[0].to_dict()["reliability"] == 80


def test_a_source_that_was_bought_is_seen_in_the_month_it_changed() -> None:
    random = Random(0)
    told = history(days(noisy(-1.5, 90, random) + noisy(0.5, 90, random)))
    assert [period.start.month for period in told if period.changed] == [4]


def test_there_and_back_again_is_two_changes() -> None:
    random = Random(1)
    told = history(days(noisy(-1, 60, random) + noisy(1, 60, random) + noisy(-1, 60, random)), "week")
    assert sum(period.changed for period in told) == 2


def test_sources_that_never_change_are_seldom_said_to_have() -> None:
    random = Random(2)
    alarms = sum(
        bool(change_points([[random.gauss(0, OWN_SD) for _ in range(5)] for _ in range(24)])) for _ in range(300)
    )
    assert alarms <= 6  # 1 % of 300 are 3; twice that is rarely passed


def test_a_few_odd_articles_are_no_change() -> None:
    assert not any(period.changed for period in history(days([0.1] * 60 + [0.9] * 2)))


def test_a_source_without_articles_has_no_history() -> None:
    assert history([]) == []
