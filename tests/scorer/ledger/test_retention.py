"""How long things are kept: what is pruned, what is deleted when somebody asks, and a copy made while serving."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from scorer.article import Article, InvalidInput
from scorer.ledger import Ledger
from scorer.ledger.assessments import content_digest
from scorer.ledger.retention import Deleted, OutputExists, age
from scorer.ratings import Rating
from tests.scorer.ledger.assessed import remember

FUTURE = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("given", "days"), [("90d", 90), ("12w", 84), ("6 months", 180), ("2Y", 730)])
def test_an_age_is_read_as_people_write_it(given: str, days: int) -> None:
    assert age(given).days == days


@pytest.mark.parametrize("given", ["", "90", "d", "-1d", "1h"])
def test_an_age_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput, match="as 90d"):
        age(given)


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    for name, source in (("a", "a.example"), ("b", "b.example")):
        remember(ledger, name, source=source)
        ledger.reviews.add(name, "mixed", "Ann")
        ledger.sources.rate([Rating(source, "Desk", "0.5", "0-1", 0.5)])
    return ledger


def test_what_is_younger_is_kept(filled: Ledger) -> None:
    past = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    assert filled.retention.prune(past) == Deleted()
    assert filled.retention.prune(FUTURE) == Deleted(assessments=2, reviews=2)
    assert filled.sources.file("a.example") is not None  # ratings stay


def test_a_review_stays_while_its_article_does(filled: Ledger) -> None:
    assert filled.retention.forget_article("a") == Deleted(assessments=1, reviews=1)
    assert filled.reviews.of("a") == []
    assert len(filled.reviews.of("b")) == 1


def test_all_of_a_source_can_be_forgotten(filled: Ledger) -> None:
    assert filled.retention.forget_source("a.example") == Deleted(assessments=1, reviews=1, ratings=1)
    assert filled.sources.file("a.example") is None
    assert filled.recall("b") is not None


def test_a_content_can_be_forgotten_by_its_hash(filled: Ledger) -> None:
    digest = content_digest(Article(text="b"))
    assert filled.retention.forget_content(digest) == Deleted(assessments=1, reviews=1)
    assert filled.recall("b") is None


def test_more_than_one_chunk_is_deleted(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorer.ledger.retention.CHUNK", 3)
    for number in range(7):
        remember(ledger, str(number))
    assert ledger.retention.prune(FUTURE).assessments == 7


def test_a_copy_is_whole_while_somebody_writes(tmp_path: Path) -> None:
    ledger, target = Ledger(f"sqlite:///{tmp_path / 'a.sqlite'}"), tmp_path / "copy.sqlite"
    ledger.migrate()
    remember(ledger, "before")
    with ledger.database.writing() as session:
        session.connection().exec_driver_sql("delete from assessments")  # not committed: no part of the copy
        ledger.retention.backup(target)
    ledger.close()
    copy = Ledger(f"sqlite:///{target}")
    assert copy.recall("before") is not None
    copy.close()
    assert not list(tmp_path.glob("*.part"))
    with pytest.raises(OutputExists, match="exists"):
        ledger.retention.backup(target)
    ledger.close()


def test_a_server_is_copied_with_its_own_tool(postgresql: str, tmp_path: Path) -> None:
    ledger = Ledger(postgresql.format("postgres"))
    with pytest.raises(InvalidInput, match="pg_dump"):
        ledger.retention.backup(tmp_path / "x")
