"""`/batch`: upload articles, watch them being scored, read and take the results. Works without any script."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, cast

import orjson
from flask import Blueprint, Flask, Response, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.auth import may, owner
from api.desk import desk
from api.job_results import ORDERS, Order, arranged, as_csv, counts, rows, summary
from api.job_upload import MAX_JOB_ARTICLES, check, form_of, shown_name
from api.jobs import Job, Jobs
from api.listing import LABELS
from api.parameters import choice, only, whole
from api.problem import CATALOGUE, ProblemError
from scorer.article import InvalidInput
from scorer.assessment import EXPLAIN

blueprint = Blueprint("jobs", __name__, url_prefix="/batch")

LINES = 50
"""Articles a page of the results holds."""

HEAD_BYTES = 2_000
"""How much of a file is looked at to tell its form."""

SWEEP_SECONDS = 600
"""How often, at the most, each process looks for batches that have expired."""

STATES = {
    "waiting": "Waiting for its turn",
    "running": "Being scored",
    "done": "Done",
    "failed": "Ended by an error",
    "cancelled": "Cancelled",
    "interrupted": "Interrupted",
}
"""State -> what it is called."""


def register(app: Flask) -> None:
    """Let an upload be as large as a batch may be. Before `csrf.register`, which reads the form."""
    looked = time.monotonic()

    @app.before_request
    def allow() -> None:
        nonlocal looked
        if time.monotonic() - looked > SWEEP_SECONDS:  # expired results go, whoever asks for whatever
            looked = time.monotonic()
            desk().jobs.sweep()
        if request.endpoint == "jobs.start":
            request.max_content_length = desk().settings.max_job_bytes


@blueprint.get("")
def every() -> str:
    """The form, and the batches there are."""
    only()
    return _list()


@blueprint.post("")
def start() -> AnyResponse | tuple[str, int]:
    """Take a file and start scoring it."""
    only()
    sent = request.files.get("file")
    explain = request.form.get("explain", "summary")
    try:
        if sent is None or not sent.filename:
            raise InvalidInput("choose a file first")
        if explain not in EXPLAIN:
            raise InvalidInput(f"the evidence kept must be one of {', '.join(EXPLAIN)}")
        head = sent.stream.read(HEAD_BYTES)
        sent.stream.seek(0)
        form = form_of(sent.filename, head)
        folder = _jobs().create(shown_name(sent.filename), owner(), explain, form)
        try:
            target = folder / f"input.{form}"
            sent.save(target)
            sent.close()
            articles = check(target, form, desk().settings.max_line_bytes)
        except BaseException:
            _jobs().discard(folder)
            raise
    except InvalidInput as error:
        words = str(error).replace(str(desk().settings.jobs_folder), "")
        return _list(words[:1].upper() + words[1:] + "."), CATALOGUE[error.kind][0]
    _jobs().ready(folder, articles)
    return redirect(url_for(".show", identifier=folder.name), 303)


@blueprint.get("/<identifier>")
def show(identifier: str) -> str:
    """One batch: how far it is, and what came out."""
    only("order", "label", "page")
    job = _job(identifier)
    order = cast(Order, choice("order", ORDERS) or "riskiest")
    label = choice("label", ("", *LABELS, "error")) or None
    number = whole("page", 1, 1, 1_000_000)
    found = rows(job.path("table.jsonl")) if not job.is_live else []
    arrangement = arranged(found, order, label)
    here: dict[str, Any] = {"identifier": job.id, "order": order, "label": label}
    return render_template(
        "job.html",
        job=job,
        state_words=STATES[job.state],
        counts=counts(job.progress),
        expires=_jobs().expires(job),
        summary=summary(found) if found else None,
        rows=arrangement[(number - 1) * LINES : number * LINES],
        found=len(arrangement),
        first=(number - 1) * LINES + 1,
        order=order,
        label=label,
        labels=(*LABELS, "error"),
        before=url_for(".show", **here, page=number - 1) if number > 1 else None,
        after=url_for(".show", **here, page=number + 1) if number * LINES < len(arrangement) else None,
    )


@blueprint.get("/<identifier>/status")
def status(identifier: str) -> Response:
    """How far it is, for the page's script."""
    only()
    job = _job(identifier)
    told = {
        "state": job.state,
        "words": STATES[job.state],
        "done": job.done,
        "articles": job.asked["articles"],
        "share": job.share,
        "counts": counts(job.progress),
    }
    return Response(orjson.dumps(told), mimetype="application/json")


@blueprint.get("/<identifier>/results")
def download(identifier: str) -> AnyResponse:
    """The results as a file: an assessment a line, or a table of figures."""
    only("format")
    job = _job(identifier)
    if job.is_live or not job.results.exists():
        raise ProblemError("not_found", "this batch has no results yet")
    name = job.asked["name"].rpartition(".")[0] or job.asked["name"]
    if choice("format", ("jsonl", "csv")) == "csv":
        pieces: Iterator[bytes] = as_csv(job.results)
        answer = Response(pieces, content_type="text/csv; charset=utf-8")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{_plain(name)}-scored.csv")
        return answer
    return send_file(
        job.results, mimetype="application/x-ndjson", as_attachment=True, download_name=f"{_plain(name)}-scored.jsonl"
    )


@blueprint.post("/<identifier>/cancel")
def cancel(identifier: str) -> AnyResponse:
    """Stop it; what was scored stays."""
    only()
    job = _job(identifier)
    if job.is_live or job.state == "interrupted":
        _jobs().cancel(job)
    return redirect(url_for(".show", identifier=job.id), 303)


@blueprint.post("/<identifier>/resume")
def resume(identifier: str) -> AnyResponse:
    """Go on where it was interrupted."""
    only()
    job = _job(identifier)
    _jobs().resume(job)
    return redirect(url_for(".show", identifier=job.id), 303)


@blueprint.post("/<identifier>/delete")
def delete(identifier: str) -> AnyResponse:
    """Remove it with its results now."""
    only()
    _jobs().delete(_job(identifier))
    return redirect(url_for(".every"), 303)


def _list(problem: str | None = None) -> str:
    settings = desk().settings
    return render_template(
        "batch.html",
        problem=problem,
        jobs=_jobs().every(_whose()),
        states=STATES,
        most_articles=MAX_JOB_ARTICLES,
        most_bytes=settings.max_job_bytes,
        hours=settings.job_hours,
        keep_text=settings.keep_text,
    )


def _jobs() -> Jobs:
    return desk().jobs


def _whose() -> str | None:
    """Whose batches are seen: one's own, and everybody's by who may do anything."""
    return None if g.get("key") is None or may("admin") else owner()


def _job(identifier: str) -> Job:
    job = _jobs().get(identifier, _whose())
    if job is None:
        raise ProblemError("not_found", "there is no such batch: it was deleted, it expired, or it is another key's")
    return job


def _plain(name: str) -> str:
    """A file's name for a header: ASCII, nothing that any system gives a meaning."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name)
