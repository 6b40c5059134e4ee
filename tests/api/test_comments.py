"""The front in the Perspective API's shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.comments import ATTRIBUTES
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


@pytest.mark.parametrize(
    ("fields", "message", "kind"),
    [
        ({"comment": {"text": "  "}}, "non-empty", "COMMENT_EMPTY"),
        ({"comment": {"text": "x" * 2_000_001}}, "MAX_TEXT_CHARACTERS", "COMMENT_TOO_LONG"),
        ({"languages": ["fr"]}, "request languages: fr", "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
        ({"requestedAttributes": {"TOXICITY": {}}}, "TOXICITY", None),
        ({"requestedAttributes": {}}, "at least one", None),
        ({"requestedAttributes": {"CLICKBAIT": {"scoreThreshold": 2}}}, "between 0 and 1", None),
        ({"doNotStore": "yes"}, "doNotStore", None),
    ],
)
def test_errors_have_that_api_s_form(client: FlaskClient, fields: Any, message: str, kind: str | None) -> None:
    error = analyze(client, **fields)["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert message in error["message"]
    assert [detail["errorType"] for detail in error.get("details", [])] == ([kind] if kind else [])
