"""Lists, exports, reviews and sources, read back through the service."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import TEXT, Make


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    app = make()
    for number in range(3):
        given = {"id": f"a{number}", "text": f"Case {number}. {TEXT}", "url": "https://news.example.org/x"}
        app.test_client().post("/v1/articles", json=given)
    app.test_client().post("/v1/articles", json={"id": "=cmd", "text": "Too short."})
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_pages_lead_to_each_other(client: FlaskClient) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"/v1/articles?sort=oldest&limit=3{cursor}").get_json()
        seen += [item["id"] for item in page["articles"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == ["a0", "a1", "a2", "=cmd"]


def test_filters_restrict(client: FlaskClient) -> None:
    def ids(query: str) -> list[str]:
        return [item["id"] for item in client.get(f"/v1/articles?{query}").get_json()["articles"]]

    assert ids("label=insufficient_evidence") == ["=cmd"]
    assert len(ids("source=example.org&min_risk=0&max_risk=1&since=2020-01-01")) == 3
    assert ids("until=2020-01-01T00:00:00Z") == []


@pytest.mark.parametrize("query", ["since=soon", "limit=0", "limit=x", "label=odd", "cursor=abc", "format=csv&limit=3",
                                   "min_risk=2", "reviewed=1", "source="])  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/v1/articles?{query}").status_code == 400


def test_exports_hold_everything_and_no_formula(client: FlaskClient) -> None:
    lines = client.get("/v1/articles?format=ndjson&sort=oldest").data.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a0", "a1", "a2", "=cmd"]
    table = list(csv.DictReader(io.StringIO(client.get("/v1/articles?format=csv&sort=oldest").get_data(as_text=True))))
    assert [row["id"] for row in table] == ["a0", "a1", "a2", "'=cmd"]
    assert table[0]["domain"] == "example.org"


def test_a_review_sent_twice_under_one_key_is_stored_once(client: FlaskClient) -> None:
    given = {"verdict": "unreliable", "reviewer": "Ann", "reason": "No source is named."}
    for _ in range(2):
        answer = client.post("/v1/articles/a1/reviews", json=given, headers={"Idempotency-Key": "r1"})
        assert answer.status_code == 201
    assert [review["verdict"] for review in client.get("/v1/articles/a1/reviews").get_json()["reviews"]] == [
        "unreliable"
    ]


def test_agreement_counts_each_reviewer_s_last_word(client: FlaskClient) -> None:
    for verdict in ("unreliable", "reliable"):
        client.post("/v1/articles/a2/reviews", json={"verdict": verdict, "reviewer": "Bo"})
    told = client.get("/v1/reviews/summary").get_json()
    assert told["verdicts"]["reliable"] == 1
    lowest = told["thresholds"][0]
    assert lowest["flagged"] == told["n"]
    assert lowest["precision"] == lowest["unreliable"] / told["n"]
    risk = client.get("/v1/articles/a2").get_json()["risk"]  # all of them have the same text
    for each in told["thresholds"]:
        assert each["flagged"] == (told["n"] if risk >= each["threshold"] else 0)
        assert each["precision"] == (each["unreliable"] / told["n"] if each["flagged"] else None)


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("a1", {"verdict": "odd", "reviewer": "Ann"}, 400),
        ("a1", {"verdict": "mixed"}, 400),
        ("a1", {"verdict": "mixed", "reviewer": "Ann", "colour": 1}, 400),
        ("a1", {"verdict": "mixed", "reviewer": "Ann", "reason": 1}, 400),
        ("a1", {"verdict": "right", "reviewer": "Ann", "finding": {"signal": "odd"}}, 400),
        ("none", {"verdict": "mixed", "reviewer": "Ann"}, 404),
    ],
)
def test_a_review_that_cannot_be_is_refused(client: FlaskClient, path: str, given: object, status: int) -> None:
    assert client.post(f"/v1/articles/{path}/reviews", json=given).status_code == status


def test_ratings_are_imported_once_and_shown_with_their_source(client: FlaskClient) -> None:
    table = "domain,value,date\nexample.net,0.8,2026-01-02\nexample.net,0.2,2026-01-02\nno domain,1,2026-01-02\n"
    told = client.post("/v1/sources/ratings?rater=Desk", data=table, content_type="text/csv").get_json()
    assert (told["new"], told["refused"]) == (1, 2)
    assert {refusal["line"] for refusal in told["refusals"]} == {3, 4}
    assert client.post("/v1/sources/ratings?rater=Desk", data=table, content_type="text/csv").get_json()["same"] == 1
    source = client.get("/v1/sources/www.example.net").get_json()
    assert source["basis"] == "ratings"
    assert source["ratings"][0]["rater"] == "Desk"
    assert client.post("/v1/sources/ratings", data="x", content_type="text/plain").status_code == 400


def test_sources_and_their_history(client: FlaskClient) -> None:
    assert "example.org" in [line["domain"] for line in client.get("/v1/sources").get_json()["sources"]]
    history = client.get("/v1/sources/example.org/history?by=week").get_json()
    assert sum(period["articles"] for period in history["periods"]) == 3
    assert client.get("/v1/articles/a0").get_json()["source"]["articles"] == 3
    assert client.get("/v1/sources/unknown.example").status_code == 404
