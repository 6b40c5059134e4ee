"""Batches, tags, repeats, limits: scoring as a moderation tool uses it."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.batch import MAX_BATCH_ARTICLES
from api.gate import Gate
from api.problem import ProblemError
from tests.api.conftest import TEXT, Make
from tests.service import until


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    return make(max_line_bytes=5_000)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_an_array_is_answered_in_order_with_errors_in_place(client: FlaskClient, root: Path) -> None:
    answer = client.post(
        "/v1/articles/batch", json=[{"id": "a", "text": TEXT}, {"id": "b"}, 7, {"id": "d", "text": TEXT}]
    )
    told = answer.get_json()
    assert [item["id"] for item in told] == ["a", "b", None, "d"]
    assert told[1]["error"]["type"] == "urn:credence:problem:invalid-input"
    schema = json.loads((root / "scorer/schema/assessment.json").read_text(encoding="utf-8"))
    jsonschema.validate(told[0], schema)
    assert client.post("/v1/articles/batch", json=[]).get_json() == []


def test_lines_are_answered_line_by_line(client: FlaskClient) -> None:
    lines = [json.dumps({"id": "1", "text": TEXT}), "", "{broken", "x" * 6_000, json.dumps({"id": "5", "text": TEXT})]
    answer = client.post("/v1/articles/batch", data="\n".join(lines), content_type="application/x-ndjson")
    told = [json.loads(line) for line in answer.data.splitlines()]
    assert [item["id"] for item in told] == ["1", None, None, "5"]
    assert [item["error"]["line"] for item in told[1:3]] == [3, 4]
    assert told[2]["error"]["type"].endswith("too-large")
    assert client.get("/v1/articles/5").status_code == 200


def test_a_stream_is_bounded_by_the_line_and_not_as_a_whole(make: Make) -> None:
    lines = "\n".join(json.dumps({"id": str(number), "text": TEXT}) for number in range(10))
    client = make(max_body_bytes=len(lines) // 3).test_client()
    answer = client.post("/v1/articles/batch", data=lines, content_type="application/x-ndjson")
    assert [json.loads(line)["id"] for line in answer.data.splitlines()] == [str(number) for number in range(10)]
    assert client.post("/v1/articles/batch", data=lines, content_type="application/json").status_code == 413


def test_work_stops_when_the_client_has_gone(app: Flask, client: FlaskClient) -> None:
    lines = "\n".join(json.dumps({"id": f"gone-{number}", "text": TEXT}) for number in range(5))
    answer = client.post("/v1/articles/batch", data=lines, content_type="application/x-ndjson", buffered=False)
    next(iter(answer.response))
    answer.close()
    ledger = app.extensions["credence"].ledger
    assert [ledger.recall(f"gone-{number}") is not None for number in range(5)] == [True, False, False, False, False]


def test_an_array_past_its_limit_is_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/articles/batch", json=[{}] * (MAX_BATCH_ARTICLES + 1))
    assert answer.status_code == 413
    assert "MAX_BATCH_ARTICLES" in json.loads(answer.data)["detail"]


def test_the_tag_names_content_and_versions(client: FlaskClient) -> None:
    first = client.post("/v1/articles", json={"text": TEXT})
    again = client.post("/v1/articles", json={"text": TEXT})
    other = client.post("/v1/articles?base_rate=0.1", json={"text": TEXT})
    assert first.headers["ETag"] == again.headers["ETag"] != other.headers["ETag"]
    known = client.post("/v1/articles", json={"text": TEXT}, headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 412
    read = client.get(first.headers["Content-Location"])
    unchanged = client.get(first.headers["Content-Location"], headers={"If-None-Match": read.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_the_source_s_record_stands_beside_the_risk_and_never_in_it(make: Make) -> None:
    client = make().test_client()
    given = {"text": TEXT, "url": "https://news.example.org/power"}
    alone = client.post("/v1/articles", json={**given, "url": "https://other.example/power"}).get_json()
    first = client.post("/v1/articles", json=given).get_json()
    assert (first["source"]["articles"], first["source"]["basis"]) == (1, "articles")
    ratings = "domain,value\nexample.org,0.9\n"
    client.post("/v1/sources/ratings?rater=Desk", data=ratings, content_type="text/csv")
    rated = client.post("/v1/articles", json={**given, "id": "b"}).get_json()
    assert (rated["source"]["articles"], rated["source"]["basis"]) == (2, "both")
    assert [rating["rater"] for rating in rated["source"]["ratings"]] == ["Desk"]
    assert alone["risk"] == first["risk"] == rated["risk"]
    read = client.get("/v1/articles/b").get_json()
    assert read["source"] == rated["source"]
    line = client.post("/v1/articles/batch", json=[{**given, "id": "c"}]).get_json()[0]
    assert line["source"]["articles"] == 3


def test_a_request_may_be_sent_again_but_its_key_not_with_another(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "order-66"}
    first = client.post("/v1/articles", json={"text": TEXT}, headers=key)
    again = client.post("/v1/articles", json={"text": TEXT}, headers=key)
    assert again.get_json() == first.get_json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert client.post("/v1/articles", json={"text": "Other. " + TEXT}, headers=key).status_code == 422


def test_a_threshold_costs_more_precision_where_unreliable_articles_are_rare(client: FlaskClient) -> None:
    usual = client.get("/v1/models/2026.11").get_json()
    rare = client.get("/v1/models/2026.11?base_rate=0.05").get_json()
    assert usual["base_rate"] == 0.3
    for here, there in zip(usual["thresholds"], rare["thresholds"], strict=True):
        assert there["recall"] == here["recall"]
        assert (there["precision"] or 0) <= (here["precision"] or 0)
        assert there["flagged"] <= here["flagged"]
    assert rare["thresholds"][5]["precision"] < usual["thresholds"][5]["precision"]
    assert client.get("/v1/models/1999.01").status_code == 404


def test_linked_data_says_the_same(client: FlaskClient) -> None:
    given = {"text": TEXT, "url": "https://news.example.org/power"}
    plain = client.post("/v1/articles", json=given).get_json()
    answer = client.post("/v1/articles", json=given, headers={"Accept": "application/ld+json"})
    linked = json.loads(answer.data)
    assert answer.mimetype == "application/ld+json"
    assert linked["reviewRating"]["ratingValue"] == 1 - plain["risk"]
    aspects = {review["credence:signal"]: review["reviewAspect"] for review in linked["associatedReview"]}
    assert (aspects["headline"], aspects["attribution"]) == ("Clickbait", "Source Types")
    assert aspects["figures"] == "figures"
    assert linked["itemReviewed"]["publisher"]["url"] == "https://example.org/"


def test_past_the_queue_a_caller_is_told_to_come_back(app: Flask, client: FlaskClient) -> None:
    desk = app.extensions["credence"]
    usual, desk.gate = desk.gate, Gate(1, max_waiting=0, wait_seconds=1)
    with desk.gate.enter():
        answer = client.post("/v1/articles", json={"text": TEXT})
    desk.gate = usual
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert json.loads(answer.data)["type"] == "urn:credence:problem:busy"


def test_nobody_waits_for_ever() -> None:
    told: list[int] = []
    gate = Gate(1, max_waiting=1, wait_seconds=0, tell=told.append)
    with gate.enter(), pytest.raises(ProblemError, match="queue_seconds"), gate.enter():
        pass
    with gate.enter() as waited:
        assert waited >= 0
    assert told == [1, 0]


def test_places_go_to_who_came_first() -> None:
    gate = Gate(1, max_waiting=8, wait_seconds=60)
    order: list[int] = []

    def come(number: int) -> None:
        with gate.enter():
            order.append(number)

    comers = [threading.Thread(target=come, args=(number,)) for number in range(6)]
    with gate.enter():
        for number, comer in enumerate(comers):
            comer.start()
            until(lambda number=number: gate.waiting == number + 1, "it waits")  # type: ignore[misc]
    for comer in comers:
        comer.join()
    assert order == list(range(6))
    gate.max_waiting = 0
    with gate.patient(), pytest.raises(ProblemError, match="max_queue"), gate.enter():
        pass
