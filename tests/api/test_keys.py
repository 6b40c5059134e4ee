"""Keys, scopes, rate limits; and what is seen from outside: ids, logs, metrics, readiness, docs."""

from __future__ import annotations

import base64
import json
import logging
import socket

import pytest
from flask import Flask

from api.auth import OPEN, scope_of
from api.server import serve
from scorer.settings import SettingError, Settings
from tests.api.conftest import TEXT, Make


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    return make()


def test_without_keys_nobody_is_asked_and_with_one_everybody(make: Make) -> None:
    app = make()
    client, keys = app.test_client(), app.extensions["credence"].ledger.keys
    first, secret = keys.create("desk", ["score", "read"])
    assert client.get("/v1/signals").status_code == 401
    assert client.get("/healthz").status_code == 200
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.post("/v1/articles", json={"id": "k", "text": TEXT}, headers=bearer).status_code == 200
    basic = base64.b64encode(f"any:{secret}".encode()).decode()
    assert client.get("/v1/articles/k", headers={"Authorization": f"Basic {basic}"}).status_code == 200
    refused = client.post("/v1/articles/k/reviews", json={"verdict": "mixed"}, headers=bearer)
    assert refused.status_code == 403
    assert "'review'" in json.loads(refused.data)["detail"]
    keys.revoke(first.id)
    assert client.get("/v1/articles/k", headers=bearer).status_code == 401
    assert client.get("/v1/articles/k").status_code == 401


def test_a_service_others_can_reach_always_asks(make: Make) -> None:
    client = make(host="0.0.0.0", trusted_hosts=("localhost",)).test_client()
    assert client.get("/v1/articles").status_code == 401


def test_it_does_not_listen_to_other_machines_without_a_key(tmp_path: object) -> None:
    with pytest.raises(SettingError, match="credence keys create"):
        serve(Settings(host="0.0.0.0", port=0, db=f"{tmp_path}/ledger.sqlite"))


def test_nothing_that_changes_the_ledger_is_open(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN and "POST" in (rule.methods or ()):
            assert scope_of(rule.endpoint, "POST") in ("score", "review", "admin")
    assert scope_of("anything.new", "POST") == "admin"


def test_who_asks_too_often_is_told_when_to_come_back(make: Make) -> None:
    client = make(rate_limit="2/hour").test_client()
    first = client.get("/v1/signals")
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("2", "1")
    assert 0 < int(first.headers["RateLimit-Reset"]) <= 3_601
    client.get("/v1/signals")
    third = client.get("/v1/signals")
    assert (third.status_code, third.mimetype) == (429, "application/problem+json")
    assert int(third.headers["Retry-After"]) > 0
    assert client.get("/healthz").status_code == 200


def test_a_limit_that_cannot_be_read_is_named(make: Make) -> None:
    with pytest.raises(SettingError, match="rate_limit"):
        make(rate_limit="lots")


def test_an_answer_carries_the_request_s_id_and_the_log_no_article(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "credence.requests")
    answer = app.test_client().post(
        "/v1/articles", json={"id": "secret-slug", "text": TEXT}, headers={"X-Request-Id": "abc-1"}
    )
    assert answer.headers["X-Request-Id"] == "abc-1"
    noted = [record.__dict__["credence"] for record in caplog.records if hasattr(record, "credence")]
    assert noted[-1]["request_id"] == "abc-1"
    assert noted[-1]["endpoint"] == "articles.score"
    assert "secret-slug" not in str(noted)
    assert "council" not in str(noted)


def test_under_gunicorn_an_answer_is_noted_once_it_was_sent(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "credence.requests")
    here, there = socket.socketpair()

    def noted() -> list[str]:
        return [r.__dict__["credence"]["request_id"] for r in caplog.records if hasattr(r, "credence")]

    with here, there:
        about = {"gunicorn.socket": here}
        headers = {"X-Request-Id": "sent-1"}
        answer = app.test_client().post("/v1/articles", json={"text": TEXT}, headers=headers, environ_overrides=about)
        assert noted() == []
        answer.close()  # as gunicorn does, whether the client took the answer or had gone
        assert noted() == ["sent-1"]
        app.test_client().get("/healthz", headers={"X-Request-Id": "sent-2"}, environ_overrides=about)
        assert noted()[-1] == "sent-2", "what may have no body, and so no end, is noted at once"


def test_programs_have_no_session(app: Flask) -> None:
    answer = app.test_client().post("/v1/articles", json={"text": TEXT})
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers.getlist("Cache-Control") == ["no-store"]


def test_metrics_count_what_was_scored(make: Make) -> None:
    client = make().test_client()
    client.post("/v1/articles", json={"text": TEXT})
    client.post("/v1/articles", json={"text": "Too short."})
    told = client.get("/metrics").get_data(as_text=True)
    assert 'credence_abstentions_total{reason="too_short"} 1.0' in told
    assert 'credence_stage_seconds_count{stage="score"} 2.0' in told
    assert "credence_risk_count 1.0" in told
    drift = float(next(line for line in told.splitlines() if line.startswith("credence_risk_drift ")).split()[1])
    assert 0 < drift <= 1


def test_not_ready_while_draining(make: Make) -> None:
    app = make()
    client = app.test_client()
    app.extensions["credence"].draining.set()
    assert client.get("/readyz").status_code == 503
    assert client.post("/v1/articles", json={"text": TEXT}).status_code == 200


def test_the_docs_page_asks_nobody_else_for_anything(app: Flask) -> None:
    page = app.test_client().get("/docs").get_data(as_text=True)
    assert "/v1alpha1/comments:analyze" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
