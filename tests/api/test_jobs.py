"""Batches uploaded to the page, each scored by a real process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.job_upload import MAX_JOB_ARTICLES
from api.jobs import MAX_JOBS, Job, Jobs, is_locked
from scorer.ledger import Ledger
from scorer.ledger.engine import now
from scorer.settings import SettingError, Settings
from tests.api.conftest import LONG_TEXT, TEXT, Make
from tests.api.forms import send

PATIENCE_SECONDS = 120


def jobs_of(app: Flask) -> Jobs:
    jobs: Jobs = app.extensions["credence"].jobs
    return jobs


def lines(count: int, text: str = TEXT) -> bytes:
    return b"".join(
        json.dumps({"id": f"n{n}", "text": text, "source": "a.example"}).encode() + b"\n" for n in range(count)
    )


def upload(client: FlaskClient, content: bytes, name: str = "mine.jsonl", **fields: str) -> str:
    answer = send(client, "/batch", file=(io.BytesIO(content), name), **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location.rpartition("/")[2]


def begin(app: Flask, count: int) -> str:
    """A batch so long that it still runs when it is looked at, put there without the upload."""
    folder = jobs_of(app).create("long.jsonl", "", "none", "jsonl")
    (folder / "input.jsonl").write_bytes(lines(count, LONG_TEXT))
    jobs_of(app).ready(folder, count)
    return folder.name


def job_of(app: Flask, identifier: str) -> Job:
    job = jobs_of(app).get(identifier, None)
    assert job is not None
    return job


def until(app: Flask, identifier: str, right: Callable[[Job], bool]) -> Job:
    """The job once it is as expected; nothing tells when, so it is looked at again and again."""
    pause, end = threading.Event(), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        job = job_of(app, identifier)
        if right(job):
            return job
        pause.wait(0.05)
    raise AssertionError(f"still {job.state} ({job.detail})")


def ended(app: Flask, identifier: str) -> Job:
    return until(app, identifier, lambda job: not job.is_live and not is_locked(job.folder))


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    return make()


@pytest.fixture(scope="module")
def done(app: Flask) -> Job:
    """A batch of three, one of them broken, that was scored."""
    content = lines(2) + b"{broken\n" + json.dumps({"id": "=1+1", "text": "Too short."}).encode()
    return ended(app, upload(app.test_client(), content, "mine & yours.jsonl"))


def test_a_batch_is_scored_and_told(app: Flask, done: Job) -> None:
    assert (done.state, done.done, done.asked["articles"]) == ("done", 4, 4)
    html = app.test_client().get(f"/batch/{done.id}").get_data(as_text=True)
    assert "mine _ yours.jsonl" in html
    assert "1 line could not be scored" in html
    assert "line 3: not valid JSON" in html
    assert 'href="/articles/n0"' in html
    assert app.extensions["credence"].ledger.recall("n1") is not None


def test_what_was_uploaded_is_gone_and_no_text_is_kept(app: Flask, done: Job) -> None:
    assert not done.input.exists()
    kept = b"".join(path.read_bytes() for path in done.folder.iterdir() if path.is_file())
    assert b"The council said" not in kept
    found = app.extensions["credence"].ledger.recall("n1")
    assert found.text is None


def test_nobody_else_on_the_machine_can_read_it(app: Flask, done: Job) -> None:
    for folder in (done.folder, done.folder.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_results_are_taken_as_lines_or_as_a_table(app: Flask, done: Job) -> None:
    client = app.test_client()
    answer = client.get(f"/batch/{done.id}/results", buffered=True)
    told = [json.loads(line) for line in answer.data.splitlines()]
    assert [one["id"] for one in told] == ["n0", "n1", None, "=1+1"]
    assert "spans" not in told[0]["signals"][0]
    assert "filename=mine___yours-scored.jsonl" in answer.headers["Content-Disposition"]
    table = list(csv.DictReader(io.StringIO(client.get(f"/batch/{done.id}/results?format=csv").get_data(as_text=True))))
    assert [row["id"] for row in table] == ["n0", "n1", "", "'=1+1"]
    assert float(table[0]["risk"]) == told[0]["risk"]


def test_the_page_of_a_running_batch_reloads_itself_without_scripts(app: Flask) -> None:
    client = app.test_client()
    identifier = upload(client, lines(400))
    html = client.get(f"/batch/{identifier}").get_data(as_text=True)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in html
    told = client.get(f"/batch/{identifier}/status").get_json()
    assert told["state"] in ("waiting", "running")
    assert client.get(f"/batch/{identifier}/results").status_code == 404
    send(client, f"/batch/{identifier}", f"/batch/{identifier}/cancel")
    ended(app, identifier)


def test_cancelling_keeps_what_was_scored(app: Flask) -> None:
    client = app.test_client()
    identifier = begin(app, 4_000)
    until(app, identifier, lambda job: job.done > 0 or not job.is_live)
    send(client, f"/batch/{identifier}", f"/batch/{identifier}/cancel")
    job = ended(app, identifier)
    assert job.state == "cancelled"
    assert 0 < job.done < 4_000
    assert len(job.results.read_bytes().splitlines()) == job.done
    assert not job.input.exists()
    assert client.get(f"/batch/{identifier}/results", buffered=True).status_code == 200


def test_a_batch_outlives_its_service_and_is_gone_on_with(tmp_path: Path) -> None:
    settings = Settings(db=str(tmp_path / "ledger.sqlite"))
    ledger = Ledger(settings.db_url)
    ledger.migrate()
    ledger.close()
    first = Jobs(settings)
    folder = first.create("mine.jsonl", "", "none", "jsonl")
    (folder / "input.jsonl").write_bytes(lines(2_500, LONG_TEXT))
    first.ready(folder, 2_500)
    pause, end = threading.Event(), time.monotonic() + PATIENCE_SECONDS
    while not (folder / "results.jsonl.part.json").exists() and time.monotonic() < end:
        pause.wait(0.05)
    first.close()  # as if the service's processes had ended
    second = Jobs(settings)
    try:
        job = second.get(folder.name, None)
        assert job is not None
        assert job.state == "interrupted"
        assert 0 < job.done < 2_500
        second.resume(job)
        while (job := second.get(folder.name, None)) is not None and job.is_live and time.monotonic() < end:
            pause.wait(0.05)
        assert job is not None
        assert (job.state, job.done) == ("done", 2_500)
        ids = [json.loads(line)["id"] for line in job.results.read_bytes().splitlines()]
        assert ids == [f"n{n}" for n in range(2_500)]
    finally:
        second.close()


def test_a_killed_process_is_told_as_interrupted(app: Flask) -> None:
    client = app.test_client()
    identifier = begin(app, 4_000)
    until(app, identifier, lambda job: job.done > 0)
    jobs_of(app)._children[-1].kill()
    job = ended(app, identifier)
    assert job.state == "interrupted"
    html = client.get(f"/batch/{identifier}").get_data(as_text=True)
    assert "The service stopped while this was being scored" in html
    assert "Go on" in html
    send(client, f"/batch/{identifier}", f"/batch/{identifier}/cancel")
    assert ended(app, identifier).state == "cancelled"


def test_deleting_removes_everything(app: Flask) -> None:
    client = app.test_client()
    identifier = upload(client, lines(1))
    job = ended(app, identifier)
    send(client, f"/batch/{identifier}", f"/batch/{identifier}/delete")
    assert not job.folder.exists()
    assert client.get(f"/batch/{identifier}").status_code == 404


def test_results_expire(app: Flask, done: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    later = now() + timedelta(hours=24, minutes=5)
    jobs = jobs_of(app)
    elsewhere = Jobs(Settings(jobs=str(done.folder.parent), job_hours=1_000))
    monkeypatch.setattr("api.jobs.now", lambda: later)
    elsewhere.sweep()
    assert done.folder.exists()
    jobs.sweep()
    assert not done.folder.exists()
    elsewhere.close()


def test_a_batch_belongs_to_its_key(make: Make) -> None:
    app = make()
    keys = app.extensions["credence"].ledger.keys
    secrets = {name: keys.create(name, scopes)[1] for name, scopes in
               {"ann": ["score"], "bo": ["score"], "boss": ["admin"], "reader": ["read"]}.items()}  # fmt: skip
    clients = {name: app.test_client() for name in secrets}
    for name, client in clients.items():
        send(client, "/login", key=secrets[name])
    identifier = upload(clients["ann"], lines(1))
    ended(app, identifier)
    assert clients["ann"].get(f"/batch/{identifier}").status_code == 200
    assert clients["boss"].get(f"/batch/{identifier}").status_code == 200
    assert clients["bo"].get(f"/batch/{identifier}").status_code == 404
    assert "mine.jsonl" not in clients["bo"].get("/batch").get_data(as_text=True)
    assert clients["reader"].get("/batch").status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("", b"", 400, "Choose a file first"),
        ("a.jsonl", b"", 400, "no article"),
        ("a.jsonl", b"[1]\n", 400, "must be a JSON object"),
        ("a.jsonl", b"nonsense\n", 400, "Not valid JSON"),
        ("a.json", b'[{"text": "x"}]', 400, "one JSON array"),
        ("a.csv", b"a,b\n1,2\n", 400, "none of them text, html or title"),
        ("a.jsonl.gz", b"\x1f\x8b", 400, "unpack it first"),
        ("a.pdf", b"%PDF", 400, "neither JSONL nor CSV"),
        ("a.jsonl", b"{}\n" * (MAX_JOB_ARTICLES + 1), 413, "MAX_JOB_ARTICLES"),
    ],
)
def test_what_cannot_be_scored_is_refused_at_once(
    app: Flask, name: str, content: bytes, status: int, words: str
) -> None:
    before = {job.id for job in jobs_of(app).every(None)}
    answer = send(app.test_client(), "/batch", file=(io.BytesIO(content), name))
    html = answer.get_data(as_text=True)
    assert (answer.status_code, words in html) == (status, True), html
    assert str(jobs_of(app).folder) not in html
    assert {job.id for job in jobs_of(app).every(None)} == before


def test_too_large_a_file_is_refused(make: Make) -> None:
    client = make(max_job_bytes=5_000).test_client()
    answer = send(client, "/batch", file=(io.BytesIO(b"x" * 10_000), "a.jsonl"))
    assert answer.status_code == 413
    assert "5,000" in answer.get_data(as_text=True)


def test_there_is_room_for_so_many_and_no_more(make: Make) -> None:
    app = make()
    for _ in range(MAX_JOBS):
        folder = jobs_of(app).create("mine.jsonl", "", "none", "jsonl")
    answer = send(app.test_client(), "/batch", file=(io.BytesIO(lines(1)), "a.jsonl"))
    assert answer.status_code == 400
    assert "delete one first" in answer.get_data(as_text=True)
    assert len(list(folder.parent.iterdir())) == MAX_JOBS


def test_nobody_reaches_outside_the_folder(app: Flask) -> None:
    for identifier in ("..", "../../etc", "0" * 23, "z" * 24):
        assert jobs_of(app).get(identifier, None) is None


def test_a_table_is_read_too(app: Flask) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([["id", "text", "reach"], ["t1", TEXT, "1200"], ["t2", TEXT + "\n\nMore.", ""]])
    job = ended(app, upload(app.test_client(), table.getvalue().encode(), "mine.csv", explain="full"))
    assert (job.state, job.asked["articles"]) == ("done", 2)
    assert app.extensions["credence"].ledger.recall("t1").reach == 1_200


def test_settings_of_batches_are_checked() -> None:
    with pytest.raises(SettingError, match="job_hours"):
        Settings.read({"CREDENCE_JOB_HOURS": "0"})
    assert Settings(db="/var/lib/credence/ledger.sqlite").jobs_folder == Path("/var/lib/credence/credence-jobs")
    assert Settings(db="postgresql://host/credence").jobs_folder == Path.cwd() / "credence-jobs"
    assert Settings(jobs="/srv/jobs").jobs_folder == Path("/srv/jobs")
    assert os.environ.get("CREDENCE_JOBS") is None
