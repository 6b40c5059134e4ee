"""The page that scores, asked as a browser asks it."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.fetch import Fetched
from scorer.ledger import LedgerError
from tests.api.conftest import TEXT, Make
from tests.api.forms import send

HOSTILE = "<script>alert(1)</script> \"onmouseover='alert(2)' </mark></textarea><img src=x onerror=alert(3)>"


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    return make()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_hostile_html_is_shown_as_text(client: FlaskClient) -> None:
    answer = send(client, "/", title=HOSTILE, article=f"The mayor said {HOSTILE}. " + TEXT, url=HOSTILE)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    for live in ("<script>", "<img", "</mark></textarea>"):
        assert live not in page


def test_scripts_come_from_here_and_nothing_runs_inline(client: FlaskClient) -> None:
    answer = client.get("/?example=1")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    page = answer.get_data(as_text=True)
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"\s(?:style|on\w+)=\"", page) == []


def test_the_page_says_what_is_wrong(client: FlaskClient) -> None:
    answer = send(client, "/", title="", article="  ")
    assert answer.status_code == 400
    assert "Paste an article first" in answer.get_data(as_text=True)


def test_a_text_that_is_too_long_is_refused_by_its_limit(client: FlaskClient) -> None:
    answer = send(client, "/", article="word " * 500_000)
    assert answer.status_code == 413
    assert "MAX_TEXT_CHARACTERS" in answer.get_data(as_text=True)


def test_a_file_is_read_whatever_it_holds(client: FlaskClient) -> None:
    page = f"<html><body><article><h1>Power cut</h1><p>{TEXT}</p></article></body></html>".encode()
    answer = send(client, "/", file=(io.BytesIO(page), "page.html"))
    assert 'id="verdict"' in answer.get_data(as_text=True)
    refused = send(client, "/", file=(io.BytesIO(b"caf\xe9"), "latin.txt"))
    assert refused.status_code == 400
    assert "not valid UTF-8" in refused.get_data(as_text=True)


def test_an_address_names_the_source_and_is_fetched_only_where_that_is_on(make: Make, client: FlaskClient) -> None:
    named = send(client, "/", article=TEXT, url="https://www.harbour.example/a").get_data(as_text=True)
    assert "harbour.example" in named
    refused = send(client, "/", url="https://www.harbour.example/a")
    assert refused.status_code == 400
    assert "switched off" in refused.get_data(as_text=True)

    class Fetcher:
        def fetch(self, url: str) -> Fetched:
            return Fetched(TEXT.encode(), "text/plain", "utf-8", url)

    app = make()
    app.extensions["credence"].fetcher = Fetcher()
    assert 'id="verdict"' in send(app.test_client(), "/", url="https://x.example/a").get_data(as_text=True)


def test_the_csv_of_what_was_pasted_has_its_words(client: FlaskClient) -> None:
    answer = send(client, "/", "/findings.csv", article=TEXT)
    assert answer.mimetype == "text/csv"
    assert '"1,200"' in answer.get_data(as_text=True)


def test_a_score_is_shown_though_the_ledger_cannot_be_used(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make()

    def fail(*_: object) -> None:
        raise LedgerError("the ledger cannot be used: disk is full")

    monkeypatch.setattr(app.extensions["credence"].ledger.assessments, "remember_all", fail)
    page = send(app.test_client(), "/", article=TEXT).get_data(as_text=True)
    assert 'id="verdict"' in page
    assert "This is wrong" not in page


def test_the_example_can_be_read(client: FlaskClient) -> None:
    page = client.get("/?example=1").get_data(as_text=True)
    assert 'id="verdict"' in page
    assert 'class="cue' in page


def test_no_word_on_a_page_calls_anybody_a_liar(client: FlaskClient) -> None:
    for address in ("/", "/about", "/?example=1"):
        assert not re.search(r"\b(fake|liar|lies|false news)\b", client.get(address).get_data(as_text=True), re.I)
