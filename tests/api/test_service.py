"""The service, asked as a program asks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.problem import CATALOGUE
from scorer.settings import Settings
from tests.api.conftest import Make
from tests.api.forms import send

FOR_PROGRAMS = ("/v1", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")
"""How the paths of the interface begin; the others are pages for people."""

TEXT = (
    "The council said on Monday that 1,200 homes had lost power. Officials expect repairs to take a week. "
    "A spokeswoman for the grid told reporters that the figure was not confirmed.\n\n"
) * 3


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(Settings(db=str(tmp_path_factory.mktemp("ledger") / "credence.sqlite"), max_body_bytes=6_000_000))
    yield app
    app.extensions["credence"].ledger.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def schema(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((root / "scorer/schema/assessment.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("explain", ["none", "summary", "full"])
def test_an_answer_keeps_to_the_schema(client: FlaskClient, root: Path, explain: str) -> None:
    answer = client.post(f"/v1/articles?explain={explain}&include=text", json={"title": "Power cut", "text": TEXT})
    assert answer.status_code == 200
    jsonschema.validate(answer.json, schema(root))
    assert answer.json is not None
    assert answer.json["text"] == TEXT


def test_text_html_and_json_are_read(client: FlaskClient) -> None:
    page = f"<html><head><title>Power cut</title></head><body><article><p>{TEXT}</p></article></body></html>"
    assert client.post("/v1/articles", data=TEXT, content_type="text/plain").status_code == 200
    assert client.post("/v1/articles", data=page, content_type="text/html; charset=utf-8").status_code == 200


def test_another_base_rate_shifts_the_risk_and_nothing_else_but_base(client: FlaskClient) -> None:
    usual = client.post("/v1/articles", json={"text": TEXT}).get_json()
    rare = client.post("/v1/articles?base_rate=0.05", json={"text": TEXT}).get_json()
    assert rare["base_rate"] == 0.05
    assert rare["signals"] == usual["signals"]


def test_what_was_scored_can_be_read_back_without_its_words(client: FlaskClient, root: Path) -> None:
    given = {"id": "a/1", "title": "Zyxwvut in the headline", "text": TEXT, "url": "https://news.example.co.uk/power"}
    client.post("/v1/articles", json=given)
    found = client.get("/v1/articles/a%2F1?include=text").get_json()
    jsonschema.validate(found, schema(root))
    assert found["ledger"]["domain"] == "example.co.uk"
    assert not found["ledger"]["text_kept"]
    for word in ("Zyxwvut", "council", "spokeswoman", "homes"):
        assert word not in json.dumps(found)


@pytest.mark.parametrize(
    ("path", "request_options", "kind"),
    [
        ("/v1/articles", {"data": b"", "content_type": "text/plain"}, "invalid_input"),
        ("/v1/articles", {"data": b"caf\xe9", "content_type": "text/plain"}, "invalid_input"),
        ("/v1/articles", {"data": b"{", "content_type": "application/json"}, "invalid_input"),
        ("/v1/articles", {"data": b"[" * 100_000, "content_type": "application/json"}, "invalid_input"),
        ("/v1/articles", {"json": [1]}, "invalid_input"),
        ("/v1/articles", {"json": {"text": 1}}, "invalid_input"),
        ("/v1/articles", {"data": b"x", "content_type": "text/plain; charset=punycode"}, "invalid_input"),
        ("/v1/articles", {"json": {"text": "x" * 2_000_001}}, "too_large"),
        ("/v1/articles", {"data": b"x" * 6_000_001, "content_type": "text/plain"}, "too_large"),
        ("/v1/articles", {"data": b"x", "content_type": "application/pdf"}, "unsupported_media_type"),
        ("/v1/articles?explain=lots", {"json": {"text": "x"}}, "bad_parameter"),
        ("/v1/articles?base_rate=nan", {"json": {"text": "x"}}, "bad_parameter"),
        ("/v1/articles?colour=red", {"json": {"text": "x"}}, "bad_parameter"),
        ("/v1/articles?model=../../etc", {"json": {"text": "x"}}, "unknown_model"),
        ("/v1/articles", {"json": {"text": "x"}, "headers": {"Origin": "http://elsewhere.example"}}, "cross_origin"),
        ("/v1/articles", {"json": {"text": "x"}, "headers": {"Host": "elsewhere.example"}}, "untrusted_host"),
        ("/v1/signals", {"json": {}}, "method_not_allowed"),
        ("/v1/nothing", {"json": {}}, "not_found"),
    ],
)
def test_every_error_is_a_problem(client: FlaskClient, path: str, request_options: dict[str, Any], kind: str) -> None:
    answer = client.post(path, **request_options)
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["type"] == f"urn:credence:problem:{kind.replace('_', '-')}"
    assert answer.status_code == problem["status"] == CATALOGUE[kind][0]
    assert "Content-Security-Policy" in answer.headers


def test_an_article_that_takes_too_long_is_refused_and_named(make: Make) -> None:
    client = make(article_seconds=1e-9).test_client()
    answer = client.post("/v1/articles", json={"text": TEXT})
    assert answer.status_code == 422
    problem = json.loads(answer.data)
    assert problem["type"] == "urn:credence:problem:too-slow"
    assert "article_seconds" in problem["detail"]
    assert send(client, "/", article=TEXT).status_code == 422
    streamed = client.post("/v1/articles/batch", json=[{"id": "a", "text": TEXT}]).get_json()
    assert "too-slow" in json.dumps(streamed)


def test_an_error_inside_tells_nothing_of_the_article(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret words of the article")

    monkeypatch.setattr(app.extensions["credence"].default, "verdict", None)
    monkeypatch.setattr("scorer.scorer.read_document", fail)
    answer = client.post("/v1/articles", json={"text": "secret words"})
    assert answer.status_code == 500
    assert b"secret" not in answer.data
    assert "secret" not in caplog.text


def test_without_its_ledger_the_service_says_come_back(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scorer.ledger import LedgerError

    def fail(*_: object) -> None:
        raise LedgerError("the ledger cannot be used: disk is full")

    monkeypatch.setattr(app.extensions["credence"].ledger.assessments, "remember_all", fail)
    answer = client.post("/v1/articles", json={"text": TEXT})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/v1/signals", "/v1/models", "/v1/schema", "/v1/schema/article", "/openapi.json"]
)
def test_what_can_be_asked_answers_json(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert json.loads(client.get(path).data)
    assert client.get(f"{path}?x=1").status_code == 400


def test_the_documentation_names_every_problem_endpoint_and_parameter(app: Flask, root: Path) -> None:
    from api.interface import PARAMETERS, PATHS

    told = (root / "docs/api.md").read_text(encoding="utf-8")
    paths = {
        re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule.rule).replace("{identifier}", "{id}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(FOR_PROGRAMS)
    }
    assert paths == set(PATHS)
    for path in [*paths, "/"]:
        assert f"`{path}`" in told, path
    for kind in CATALOGUE:
        assert f"`{kind.replace('_', '-')}`" in told, kind
    for name in PARAMETERS:
        assert f"`{name}`" in told, name


def test_every_reference_in_the_description_leads_somewhere(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    components = document["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named <= set(components)
    for schema in components.values():
        jsonschema.Draft202012Validator.check_schema(schema)
