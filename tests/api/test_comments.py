"""The front in the Perspective API's shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.analyze_error import KINDS, STATUSES
from api.comments import ATTRIBUTES
from api.gate import Gate
from tests.api.conftest import TEXT, Make

ALL: dict[str, Any] = {name: {} for name in ATTRIBUTES}


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    return make()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def analyze(client: FlaskClient, text: str = TEXT, **fields: Any) -> Any:
    given = {"comment": {"text": text}, "requestedAttributes": ALL, **fields}
    return json.loads(client.post("/v1alpha1/comments:analyze", json=given).data)


def test_every_attribute_has_its_scores_in_the_documented_form(client: FlaskClient) -> None:
    headline = "You won't believe what this council did to 1,200 homes\n\n"
    told = analyze(client, headline + TEXT, spanAnnotations=True, clientToken="t1")
    assert set(told["attributeScores"]) == set(ATTRIBUTES)
    for scores in told["attributeScores"].values():
        assert scores["summaryScore"]["type"] == "PROBABILITY"
        assert 0 <= scores["summaryScore"]["value"] <= 1
        for span in scores["spanScores"]:
            assert 0 <= span["begin"] < span["end"] <= len(headline + TEXT)
    assert told["languages"] == told["detectedLanguages"] == ["en"]
    assert told["clientToken"] == "t1"


def test_a_score_below_its_threshold_is_left_out(client: FlaskClient) -> None:
    told = analyze(client, requestedAttributes={"UNRELIABLE": {"scoreThreshold": 1}})
    assert "attributeScores" not in told


def test_do_not_store_is_honoured(app: Flask, client: FlaskClient) -> None:
    listing = app.extensions["credence"].ledger.listing
    before = len(listing.page().items)
    analyze(client, "Never stored. " + TEXT, doNotStore=True)
    assert len(listing.page().items) == before
    analyze(client, "Stored. " + TEXT)
    assert len(listing.page().items) == before + 1


FRENCH = (
    "Le gouvernement a annoncé mardi que les travaux du pont commenceront en septembre. Selon la ministre, le coût de "
    "l'opération est estimé à trois millions d'euros, une somme que les élus locaux jugent excessive. "
)


@pytest.mark.parametrize(
    ("fields", "message", "kind"),
    [
        ({"comment": {"text": "  "}}, "Comment must be non-empty.", "COMMENT_EMPTY"),
        ({"comment": {"text": "x" * 2_000_001}}, "MAX_TEXT_CHARACTERS", "COMMENT_TOO_LONG"),
        ({"comment": {"text": TEXT, "type": "MARKDOWN"}}, "Unknown text type", "INVALID_REQUEST"),
        ({"languages": ["fr"]}, "request languages: fr", "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
        (
            {"comment": {"text": FRENCH}},
            "detect",
            "LANGUAGE_DETECTION_FAILED",
        ),
        ({"requestedAttributes": {"TOXICITY": {}}}, "Unknown requested attribute: TOXICITY", "INVALID_REQUEST"),
        ({"requestedAttributes": {}}, "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"),
        ({"requestedAttributes": {"CLICKBAIT": {"scoreThreshold": 2}}}, "between 0 and 1", "INVALID_REQUEST"),
        ({"requestedAttributes": {"CLICKBAIT": {"scoreType": "ODDS"}}}, "score type ODDS is not", "INVALID_REQUEST"),
        ({"doNotStore": "yes"}, "doNotStore", "INVALID_REQUEST"),
        ({"context": {"entries": [{}], "articleAndParentComment": {"a": 1}}}, "either entries", "INVALID_REQUEST"),
    ],
)
def test_errors_are_those_that_api_documents(client: FlaskClient, fields: Any, message: str, kind: str) -> None:
    error = analyze(client, **fields)["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert message in error["message"]
    assert [detail["errorType"] for detail in error["details"]] == [kind]


def test_every_kind_of_error_is_documented(root: Path) -> None:
    told = (root / "docs/api.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in told] == []
    assert [name for name in STATUSES.values() if f"`{name}`" not in told] == []


def test_what_google_s_clients_add_to_the_address_is_taken_and_the_rest_refused(client: FlaskClient) -> None:
    given = {"comment": {"text": TEXT}, "requestedAttributes": {"UNRELIABLE": {}}, "doNotStore": True}
    assert client.post("/v1alpha1/comments:analyze?alt=json&prettyPrint=false", json=given).status_code == 200
    refused = client.post("/v1alpha1/comments:analyze?colour=red", json=given)
    assert refused.get_json()["error"]["details"][0]["errorType"] == "INVALID_REQUEST"


def test_a_page_has_no_spans_for_they_would_stand_elsewhere(client: FlaskClient) -> None:
    page = {"text": f"<html><body><p>{TEXT}</p></body></html>", "type": "HTML"}
    told = analyze(client, comment=page, spanAnnotations=True)
    assert all("spanScores" not in scores for scores in told["attributeScores"].values())


def test_failures_around_the_scoring_have_google_s_form_too(make: Make) -> None:
    app = make()
    given = {"comment": {"text": TEXT}, "requestedAttributes": {"UNRELIABLE": {}}}
    desk = app.extensions["credence"]
    desk.gate = Gate(0, max_waiting=0, wait_seconds=0)
    busy = app.test_client().post("/v1alpha1/comments:analyze", json=given)
    assert (busy.status_code, busy.get_json()["error"]["status"]) == (503, "UNAVAILABLE")
    assert busy.headers["Retry-After"]
    guarded = make(host="0.0.0.0", trusted_hosts=("localhost",))
    _, reader = guarded.extensions["credence"].ledger.keys.create("reader", ["read"])
    for key, code, status in (("", 401, "UNAUTHENTICATED"), (f"?key={reader}", 403, "PERMISSION_DENIED")):
        answer = guarded.test_client().post(f"/v1alpha1/comments:analyze{key}", json=given)
        assert (answer.status_code, answer.get_json()["error"]["status"]) == (code, status)
