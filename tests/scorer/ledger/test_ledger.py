"""The ledger: its migrations give its tables, and it keeps no words unless told to."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import make_url

from scorer import Article, Scorer
from scorer.assessment import Assessment
from scorer.ledger import Ledger, LedgerError, assessments
from scorer.ledger.assessments import row_of
from scorer.ledger.strip import without_text
from scorer.ledger.tables import Base

ARTICLE = Article(
    text="The mayor said that 1,200 homes were dark. " * 8, id="a", url="https://www.news.example.co.uk/x"
)


def test_migrations_lead_to_the_tables_and_can_be_run_again(ledger: Ledger) -> None:
    ledger.migrate()
    with ledger.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_same_answer_is_stored_once(ledger: Ledger, scorer: Scorer) -> None:
    for _ in range(2):
        ledger.remember(ARTICLE, scorer.score(ARTICLE))
    with ledger.database.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*), min(domain) from assessments").one() == (1, "example.co.uk")


def test_of_an_answer_that_is_there_no_row_is_made_and_a_deleted_one_is_stored_again(
    ledger: Ledger, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    row = assessments.row_of
    monkeypatch.setattr(assessments, "row_of", lambda *about: made.append(about) or row(*about))
    assessment = scorer.score(ARTICLE)
    for _ in range(3):
        ledger.remember(ARTICLE, assessment)
    assert len(made) == (1 if ledger.database.is_sqlite else 3)
    ledger.remember(replace(ARTICLE, reach=500), assessment)
    found = ledger.recall("a")
    assert found is not None
    assert found.reach == 500
    ledger.retention.forget_article("a")
    ledger.remember(ARTICLE, assessment)
    assert ledger.recall("a") is not None
    ledger.close()
    ledger.remember(replace(ARTICLE, text=ARTICLE.text + "!"), assessment)
    with ledger.database.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from assessments").scalar() == 2


def test_what_many_threads_store_at_once_is_all_there(ledger: Ledger, scorer: Scorer) -> None:
    assessment = scorer.score(ARTICLE)
    articles = [replace(ARTICLE, id=str(number)) for number in range(60)]
    told = [replace(assessment, fields={**assessment.fields, "id": article.id}) for article in articles]
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(ledger.remember, articles, told))
    with ledger.database.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(distinct article_id) from assessments").scalar() == 60


def test_a_row_that_cannot_be_stored_fails_alone(ledger: Ledger, scorer: Scorer) -> None:
    """Threads' rows go into one transaction; what is wrong with one of them is no reason to refuse the others."""
    assessment = scorer.score(ARTICLE)
    good, bad = row_of(ARTICLE, assessment, False) | {"article_id": "g"}, row_of(ARTICLE, assessment, False)
    bad["model"] = None  # no row may be without
    storing = ledger.assessments._store
    written, begun = storing._write, Event()

    def slowly(rows: Sequence[Mapping[str, Any]]) -> None:
        begun.set()
        time.sleep(0.2)  # so that the others line up behind the first
        written(rows)

    storing._write = slowly  # type: ignore[method-assign]
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(ledger.remember, ARTICLE, assessment)
        begun.wait()
        second, third = (threads.submit(ledger.remember_many, [row]) for row in (good, bad))
        first.result()
        second.result()
        with pytest.raises(LedgerError):
            third.result()
    assert ledger.recall("a") is not None
    with ledger.database.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from assessments where article_id = 'g'").scalar() == 1


def test_whether_any_of_some_articles_was_scored(ledger: Ledger, scorer: Scorer) -> None:
    ledger.remember(ARTICLE, scorer.score(ARTICLE))
    assert ledger.assessments.any_of(["b", "a"])
    assert not ledger.assessments.any_of(["b", "c"])
    assert not ledger.assessments.any_of([])


def test_what_a_database_cannot_hold_is_stored_as_a_question(ledger: Ledger, scorer: Scorer) -> None:
    article = Article(text="The mayor\0 said so \ud800 on Monday. " * 8, id="nul\0", title="Dark\0 homes")
    keeping = Ledger(ledger.database.url, keep_text=True)
    keeping.remember(article, scorer.score(article))
    keeping.close()
    found = ledger.recall("nul\0")
    assert found is not None
    assert found.text is not None
    assert found.text.startswith("The mayor\ufffd said so \ufffd on")


def test_a_ledger_of_the_first_version_is_brought_up_to_this_one(ledger_url: str) -> None:
    from alembic import command

    ledger, upgrade = Ledger(ledger_url), command.upgrade
    try:
        command.upgrade = lambda config, _: upgrade(config, "0001")
        ledger.migrate()
    finally:
        command.upgrade = upgrade
    with ledger.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into assessments (article_id, content_sha256, domain, scored_at, model, rules, schema, base_rate,"
            " label, assessment) values ('old', 'x', 'a.example', '2026-01-02 03:04:05+00:00', '1', '1', 'v1', 0.3,"
            " 'mixed', '{\"id\": \"old\"}')"
        )
    ledger.migrate()
    found = ledger.recall("old")
    assert found is not None
    assert found.scored_at.isoformat() == "2026-01-02T03:04:05+00:00"
    ledger.close()


def test_an_address_that_is_none_is_told_without_its_password() -> None:
    with pytest.raises(LedgerError, match=r"postgresql\+psycopg://me:\*\*\*@localhost:1/x cannot be used"):
        Ledger("postgresql+psycopg://me:secret@localhost:1/x").check()


def test_many_are_stored_at_once_and_what_is_there_stays(ledger: Ledger, scorer: Scorer) -> None:
    rows = [
        row_of(replace(ARTICLE, id=str(number)), Assessment({**scorer.score(ARTICLE).fields, "id": str(number)}), False)
        for number in (1, 2, 2)
    ]
    ledger.remember_many(rows[:1])
    ledger.remember_many(rows)
    ledger.remember_many([])
    assert [found.assessment["id"] for found in ledger.listing.export()] == ["1", "2"]


def test_of_many_all_are_stored_or_none_and_the_ledger_goes_on(ledger: Ledger, scorer: Scorer) -> None:
    row = row_of(ARTICLE, scorer.score(ARTICLE), False)
    with pytest.raises(LedgerError, match="cannot be used"):
        ledger.remember_many([row, {**row, "article_id": "2", "label": None}])
    assert list(ledger.listing.export()) == []
    ledger.remember_many([row])
    assert len(list(ledger.listing.export())) == 1


def test_what_the_driver_says_is_told_without_the_password(ledger_url: str, scorer: Scorer) -> None:
    ledger = Ledger(ledger_url)
    with pytest.raises(LedgerError, match="assessments") as told:  # nobody made the tables
        ledger.remember(ARTICLE, scorer.score(ARTICLE))
    ledger.close()
    assert "cannot be used" in str(told.value)
    assert f":{make_url(ledger_url).password}@" not in str(told.value)


def test_text_is_kept_only_where_it_was_turned_on(tmp_path: Path, scorer: Scorer) -> None:
    for keep in (False, True):
        path = tmp_path / f"{keep}.sqlite"
        ledger = Ledger(f"sqlite:///{path}", keep_text=keep)
        ledger.migrate()
        ledger.remember(ARTICLE, scorer.score(ARTICLE))
        ledger.close()
        stored = b"".join(file.read_bytes() for file in tmp_path.glob(f"{keep}.sqlite*"))
        assert (b"mayor" in stored) is keep


def test_words_of_the_article_are_taken_out_wherever_they_stand() -> None:
    span = {"start": 0, "end": 3, "kind": "figure", "sourced": True, "source": "Zed", "hedge": "Zed", "why": "by 'Zed'"}
    said = {
        "start": 0,
        "end": 3,
        "kind": "attribution",
        "source": [0, 1],
        "cue": [1, 2],
        "content": [],
        "resolved": "Zed",
    }
    signal = {
        "name": "links", "summary": 'It says "Zed".', "spans": [span, said], "metrics": {"n": 1},
        "teasers": [{"text": "Zed", "href": "/zed", "related": 0.1, "bait": 0.9, "flagged": True}],
    }  # fmt: skip
    model = {"contribution": 0.1, "top_terms": [{"start": 0, "end": 3, "term": "Zed", "contribution": 0.1}]}
    kept = without_text(
        {"text": "Zed", "title": "Zed", "signals": [signal], "warnings": ["“Zed”"], "text_model": model}
    )
    assert "zed" not in str(kept).lower()
    assert kept["signals"][0]["teasers"][0]["flagged"] is True
