"""Signing in to the pages, and forms that other sites cannot send."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scorer.settings import SettingError, Settings
from tests.api.conftest import TEXT, Make
from tests.api.forms import send, token

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def app(make: Make) -> Flask:
    return make()


@pytest.fixture
def key(app: Flask) -> str:
    return new_key(app, "score", "read", "review")


def new_key(app: Flask, *scopes: str) -> str:
    secret: str = app.extensions["credence"].ledger.keys.create("Night desk", scopes)[1]
    return secret


def signed_in(app: Flask, secret: str) -> FlaskClient:
    client = app.test_client()
    assert send(client, "/login", key=secret).status_code == 303
    return client


def test_without_keys_nobody_is_asked_to_sign_in(app: Flask) -> None:
    page = app.test_client().get("/", headers=BROWSER)
    assert page.status_code == 200
    assert "Sign in" not in page.get_data(as_text=True)


def test_a_browser_without_a_key_is_led_to_the_sign_in_and_back(app: Flask, key: str) -> None:
    client = app.test_client()
    refused = client.get("/sources?q=ex", headers=BROWSER)
    assert (refused.status_code, refused.location) == (303, "/login?next=/sources?q%3Dex")
    assert send(client, refused.location, "/login", key=key, next="/sources?q=ex").location == "/sources?q=ex"
    assert "Signed in: Night desk" in client.get("/", headers=BROWSER).get_data(as_text=True)


def test_a_program_without_a_key_is_told_so(app: Flask, key: str) -> None:
    assert app.test_client().get("/sources").status_code == 401


def test_a_wrong_key_is_asked_for_again(app: Flask, key: str) -> None:
    client = app.test_client()
    answer = send(client, "/login", key=key[:-1] + "x")
    assert answer.status_code == 401
    assert "unknown or was revoked" in answer.get_data(as_text=True)
    assert client.get("/", headers=BROWSER).status_code == 303


def test_the_cookie_holds_no_key_and_scripts_cannot_read_it(app: Flask, key: str) -> None:
    client = app.test_client()
    sent = send(client, "/login", key=key).headers["Set-Cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent
    assert key.rpartition("_")[2] not in sent
    assert "Secure" not in sent
    over_tls = app.test_client().get("/login", base_url="https://localhost")
    assert "Secure" in over_tls.headers["Set-Cookie"]


def test_a_revoked_key_signs_everybody_out_at_once(app: Flask, key: str) -> None:
    client = signed_in(app, key)
    assert client.get("/").status_code == 200
    app.extensions["credence"].ledger.keys.revoke(key.split("_")[1])
    assert client.get("/", headers=BROWSER).status_code == 303


def test_a_sign_in_ends_after_a_working_day(app: Flask, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(app, key)
    later = time.time() + 12 * 3600 + 1
    monkeypatch.setattr("api.session.time.time", lambda: later)
    assert client.get("/", headers=BROWSER).status_code == 303


def test_signing_out(app: Flask, key: str) -> None:
    client = signed_in(app, key)
    assert send(client, "/", "/logout").location == "/login"
    assert client.get("/", headers=BROWSER).status_code == 303


@pytest.mark.parametrize(
    "target",
    ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)", "/\n/x"],
)
def test_nobody_is_led_elsewhere(app: Flask, key: str, target: str) -> None:
    assert send(app.test_client(), "/login", key=key, next=target).location == "/"


def test_what_a_key_does_not_allow_is_refused_to_its_session_too(app: Flask) -> None:
    client = signed_in(app, new_key(app, "read"))
    answer = send(client, "/", title="A headline", article=TEXT)
    assert answer.status_code == 403
    assert b"'score'" in answer.data


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/", data={"article": TEXT}).status_code == 403
    found = token(client, "/")
    assert client.post("/", data={"article": TEXT, "csrf_token": found + "x"}).status_code == 403
    assert app.test_client().post("/", data={"article": TEXT, "csrf_token": found}).status_code == 403
    assert client.post("/", data={"article": TEXT, "csrf_token": found}).status_code == 200


def test_programs_need_no_token_and_sessions_do(app: Flask, key: str) -> None:
    body = {"id": "a", "text": TEXT}
    assert (
        app.test_client().post("/v1/articles", json=body, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    )
    client = signed_in(app, key)
    assert client.post("/v1/articles", json=body).status_code == 403
    header = {"X-CSRF-Token": token(client, "/")}
    assert client.post("/v1/articles", json=body, headers=header).status_code == 200


def test_a_problem_is_a_page_for_people_and_json_for_programs(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/nowhere", headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert client.get("/nowhere").mimetype == "application/problem+json"


def test_several_services_share_sessions_by_their_secret(make: Make) -> None:
    first, second = (make(secret="s" * 32) for _ in range(2))
    client = first.test_client()
    found = token(client, "/")
    other = second.test_client()
    other.set_cookie("credence", client.get_cookie("credence").value)  # type: ignore[union-attr]
    assert other.post("/", data={"article": TEXT, "csrf_token": found}).status_code == 200


def test_a_short_secret_is_refused_and_none_is_shown() -> None:
    with pytest.raises(SettingError, match="32 characters"):
        Settings.read({"CREDENCE_SECRET": "short"})
    assert "hush" not in repr(Settings(secret="hush" * 8))
