"""Sources in the ledger: ratings go in once, articles add up, the record stands beside the assessment."""

from __future__ import annotations

import dataclasses
import datetime

from scorer.assessment import Assessment
from scorer.ledger import Ledger
from scorer.ratings import Rating
from tests.scorer.ledger.assessed import remember

RATING = Rating("a.example", "Desk", "0.9", "0-1", 0.9, "2026-11-01", names=("The A",))
TODAY = datetime.date(2026, 11, 3)


def test_the_same_ratings_again_change_nothing(ledger: Ledger) -> None:
    assert ledger.sources.rate([RATING]) == {"new": 1}
    assert ledger.sources.rate([RATING]) == {"same": 1}
    later = dataclasses.replace(RATING, date="2026-12-01")
    assert ledger.sources.rate([dataclasses.replace(RATING, value="0.8", normalised=0.8), later]) == {
        "changed": 1,
        "new": 1,
    }
    file = ledger.sources.file("a.example")
    assert file is not None
    assert [(rating.date, rating.normalised) for rating in file.ratings] == [("2026-12-01", 0.9), ("2026-11-01", 0.8)]
    assert file.names == ["The A"]


def test_a_dry_run_counts_and_stores_nothing(ledger: Ledger) -> None:
    assert ledger.sources.rate([RATING], keep=False) == {"new": 1}
    assert ledger.sources.file("a.example") is None


def test_of_a_rater_the_newest_rating_counts(ledger: Ledger) -> None:
    ledger.sources.rate(
        [
            dataclasses.replace(RATING, date=day, normalised=value)
            for day, value in (("2026-11-01", 0.9), ("2026-10-01", 0.1))
        ]
    )
    file = ledger.sources.file("a.example")
    assert file is not None
    told = file.reliability(TODAY)
    assert told.ratings == 1
    assert told.value > 0.8


def test_a_source_is_made_of_its_articles_latest_assessments_at_one_base_rate(ledger: Ledger) -> None:
    remember(ledger, "a", 0.9)
    remember(ledger, "a", 0.2, model="2")
    remember(ledger, "b", 0.5, base_rate=0.5, date="2026-10-01T08:00:00Z")
    remember(ledger, "c", None)
    remember(ledger, "d", 0.9, source="b.example")
    file = ledger.sources.file("a.example")
    assert file is not None
    assert file.articles == 3
    assert sorted(round(reading.risk, 3) for reading in file.readings) == [
        0.2,
        0.3,
    ]  # .5 at a base rate of .5 is .3 at .3
    assert datetime.date(2026, 10, 1) in {reading.day for reading in file.readings}


def test_the_list_of_sources_holds_the_rated_and_the_read(ledger: Ledger) -> None:
    ledger.sources.rate([RATING, dataclasses.replace(RATING, domain="c.example")])
    remember(ledger, "x", source="b.example")
    remember(ledger, "y", source="c.example")
    assert [(found.domain, found.articles, found.ratings) for found in ledger.sources.page(limit=2)] == [
        ("a.example", 0, 1),
        ("b.example", 1, 0),
    ]
    assert [found.domain for found in ledger.sources.page(after="b.example")] == ["c.example"]


def test_an_assessment_gets_its_sources_record_and_keeps_its_risk(ledger: Ledger) -> None:
    ledger.sources.rate([RATING])
    given = Assessment({"risk": 0.4, "source": {"domain": "a.example", "reliability": None}})
    told = ledger.records.beside(given)
    assert told["risk"] == 0.4
    assert told["source"]["reliability"] > 70
    assert told["source"]["basis"] == "ratings"
    assert given["source"]["reliability"] is None
    unknown = Assessment({"risk": 0.4, "source": {"domain": "unknown.example"}})
    assert ledger.records.beside(unknown) is unknown


def test_a_record_is_computed_anew_after_a_minute_or_when_told(ledger: Ledger) -> None:
    clock = [0.0]
    ledger.records.clock = lambda: clock[0]
    assert ledger.records.of("a.example") is None
    ledger.sources.rate([RATING])
    assert ledger.records.of("a.example") is None
    clock[0] = 61.0
    assert ledger.records.of("a.example") is not None
    ledger.sources.rate([dataclasses.replace(RATING, rater="Other")])
    ledger.records.forget()
    record = ledger.records.of("a.example")
    assert record is not None
    assert len(record["ratings"]) == 2
