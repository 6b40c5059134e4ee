"""The queue, worked as a person works it, by forms alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.queue_order import ordered
from api.reviewer_agreement import table
from scorer.ledger import Ledger
from scorer.ledger.engine import now
from scorer.ledger.queue import Candidate, Verdict
from scorer.worth import Record
from tests.api.conftest import Make
from tests.api.forms import send, token
from tests.api.scored import remember


@pytest.fixture
def app(make: Make) -> Flask:
    app = make()
    for name, risk in (("unsure", 0.5), ("rather", 0.7), ("sure", 0.95)):
        remember(ledger_of(app), name, risk, f"{name}.example")
    return app


def ledger_of(app: Flask) -> Ledger:
    ledger: Ledger = app.extensions["credence"].ledger
    return ledger


def desk(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    assert send(client, "/queue", "/queue/name", reviewer=name).status_code == 303
    return client


def shown(client: FlaskClient, address: str = "/queue") -> str:
    found = re.search(r'name="article" value="([^"]*)"', client.get(address).get_data(as_text=True))
    return found[1] if found else ""


def seen(client: FlaskClient, address: str = "/queue") -> str:
    found = re.search(r'name="seen" value="(\d+)"', client.get(address).get_data(as_text=True))
    assert found is not None
    return found[1]


def judge(client: FlaskClient, article: str, verdict: str, at: str = "0", **more: str) -> object:
    return send(client, "/queue", article=article, verdict=verdict, seen=at, **more)


def verdicts(app: Flask, article: str) -> list[tuple[str, str]]:
    return [(review.reviewer, review.verdict) for review in ledger_of(app).reviews.of(article)]


def test_who_reviews_is_asked_first(app: Flask) -> None:
    assert "Who reviews?" in app.test_client().get("/queue").get_data(as_text=True)
    assert send(app.test_client(), "/queue", "/queue/name", reviewer="  ").status_code == 400
    assert send(app.test_client(), "/queue", article="unsure", verdict="mixed", seen="0").status_code == 403


def test_the_most_uncertain_comes_first_and_then_the_next(app: Flask) -> None:
    client = desk(app, "Ann")
    assert shown(client) == "unsure"
    judge(client, "unsure", "mixed", reason="one\r\nsource")
    assert shown(client) == "rather"
    assert verdicts(app, "unsure") == [("Ann", "mixed")]
    assert ledger_of(app).reviews.of("unsure")[0].reason == "one\nsource"
    assert "Your verdicts today</dt><dd>1<" in client.get("/queue").get_data(as_text=True)


def test_the_score_is_folded_away(app: Flask) -> None:
    html = desk(app, "Ann").get("/queue").get_data(as_text=True)
    before, _, folded = html.partition("What the model says, and why it is here")
    assert "Risk" not in re.sub(r"<[^>]+>", "", before)
    assert "50" in folded


def test_skipped_articles_come_last_and_undo_brings_them_back(app: Flask) -> None:
    client = desk(app, "Ann")
    send(client, "/queue", "/queue/skip", article="unsure")
    assert shown(client) == "rather"
    send(client, "/queue", "/queue/skip", article="rather")
    send(client, "/queue", "/queue/skip", article="sure")
    assert shown(client) == "unsure"  # the one skipped longest ago
    back = send(client, "/queue", "/queue/undo").location
    assert shown(client, back) == "sure"


def test_a_verdict_is_taken_back(app: Flask) -> None:
    client = desk(app, "Ann")
    judge(client, "unsure", "satire")
    back = send(client, "/queue", "/queue/undo").location
    assert shown(client, back) == "unsure"
    assert verdicts(app, "unsure") == []
    answer = send(client, "/queue", "/queue/undo")
    assert answer.status_code == 303
    assert "Nothing to undo" in client.get("/queue").get_data(as_text=True)


def test_undo_takes_nothing_of_anybody_else(app: Flask) -> None:
    ann, bo = desk(app, "Ann"), desk(app, "Bo")
    judge(ann, "unsure", "mixed")
    judge(bo, "unsure", "satire")
    send(ann, "/queue", "/queue/undo")
    assert verdicts(app, "unsure") == [("Bo", "satire")]


def test_a_second_tab_asks_which_verdict_is_meant(app: Flask) -> None:
    client = desk(app, "Ann")
    at = seen(client)
    judge(client, "unsure", "mixed", at)
    answer = send(client, "/queue", article="unsure", verdict="unreliable", seen=at)
    assert answer.status_code == 409
    html = answer.get_data(as_text=True)
    assert "You judged this article “mixed”" in html
    assert "Change it to “unreliable”" in html
    assert verdicts(app, "unsure") == [("Ann", "mixed")]
    judge(client, "unsure", "unreliable", at, again="1")
    assert verdicts(app, "unsure") == [("Ann", "mixed"), ("Ann", "unreliable")]


def test_two_reviewers_at_once_lose_nothing_and_are_told(app: Flask) -> None:
    ann, bo = desk(app, "Ann"), desk(app, "Bo")
    at = seen(ann)
    assert seen(bo) == at
    judge(ann, "unsure", "mixed", at)
    judge(bo, "unsure", "unreliable", at)
    assert verdicts(app, "unsure") == [("Ann", "mixed"), ("Bo", "unreliable")]
    assert "Meanwhile Ann found it “mixed”. Both stand." in bo.get("/queue").get_data(as_text=True)


def test_what_is_no_verdict_is_refused(app: Flask) -> None:
    client = desk(app, "Ann")
    assert send(client, "/queue", article="unsure", verdict="lies", seen="0").status_code == 400
    assert send(client, "/queue", article="unsure", verdict="mixed", seen="x").status_code == 400
    assert send(client, "/queue", article="nothing", verdict="mixed", seen="0").status_code == 404
    assert client.get("/queue?n=99999").status_code == 404
    assert verdicts(app, "unsure") == []


def test_an_empty_queue_says_so(make: Make) -> None:
    assert "Nothing waits for you" in desk(make(), "Ann").get("/queue").get_data(as_text=True)


def test_with_keys_the_key_s_name_stands_beside_the_verdict(app: Flask) -> None:
    keys = ledger_of(app).keys
    secret, reader = keys.create("Copy desk", ["review"])[1], keys.create("Reader", ["read"])[1]
    client = app.test_client()
    send(client, "/login", key=secret)
    judge(client, "unsure", "mixed")
    assert verdicts(app, "unsure") == [("Copy desk", "mixed")]
    other = app.test_client()
    send(other, "/login", key=reader)
    assert other.get("/queue").status_code == 403


def test_a_form_of_the_queue_needs_its_token(app: Flask) -> None:
    client = desk(app, "Ann")
    token(client, "/queue")
    assert client.post("/queue", data={"article": "unsure", "verdict": "mixed", "seen": "0"}).status_code == 403


def test_the_order_weighs_readers_records_and_what_was_skipped() -> None:
    moment = now()
    plain, read, odd = (
        Candidate(number, name, domain, 0.5, reach, moment, 0)
        for number, (name, domain, reach) in enumerate(
            [("plain", "a.example", None), ("read", "a.example", 50_000), ("odd", "b.example", None)], 1
        )
    )
    records = {"b.example": Record(0.95, 0.9, 1.0, 40)}
    assert [one.candidate.article_id for one in ordered([plain, read, odd], records, [])] == ["read", "odd", "plain"]
    later = ordered([plain, read, odd], records, [2])
    assert [one.candidate.article_id for one in later] == ["odd", "plain", "read"]
    assert "50,000 people read it" in later[-1].reasons
    assert "it reads worse than its source’s record" in later[0].reasons


def test_agreement_compares_only_what_both_can_say() -> None:
    found = table(
        [
            Verdict("a", "Ann", "mixed", "mixed"),
            Verdict("a", "Bo", "not_an_article", "mixed"),
            Verdict("b", "Ann", "reliable", "insufficient_evidence"),
            Verdict("c", "Ann", "reliable", None),
        ]
    )
    assert (found.model.judgements, found.people.judgements, found.reviewers) == (1, 2, 2)
    assert dict(found.counts)["mixed"] == [0, 1, 0, 0]
