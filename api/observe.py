"""Each request has an id, a line in the log (never a word of the article) and a place in the metrics."""

from __future__ import annotations

import logging
import random
import re
import sys
import time
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, g

from api.asked import this_request
from api.desk import Desk, desk
from api.parameters import only
from api.streams import in_one_piece, limit_silence

blueprint = Blueprint("observe", __name__)

_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")

log = logging.getLogger("credence.requests")


def register(app: Flask) -> None:
    """Give requests their ids, and note every answer. After `desk.install`."""
    at: Desk = app.extensions["credence"]

    @app.before_request
    def begin() -> None:
        asked, about = this_request(), g._get_current_object()
        given = asked.headers.get("X-Request-Id", "")
        # drawn without the system's help, which costs a call; `random` is seeded anew in every process that is forked
        about.request_id = given if _ID.fullmatch(given) else f"{random.getrandbits(64):016x}"
        about.began = time.monotonic()
        limit_silence(asked.environ, at.settings.timeout_seconds)

    @app.after_request
    def end(response: Response) -> Response:
        asked, known = this_request(), g._get_current_object()
        seconds = time.monotonic() - known.get("began", time.monotonic())
        response.headers["X-Request-Id"] = known.get("request_id", "")
        method, endpoint, status = asked.method, asked.endpoint or "unknown", response.status_code
        # The endpoint, not the path: an article's id is the caller's own word and may be anything.
        about = {
            "request_id": known.get("request_id"), "method": method, "endpoint": endpoint, "status": status,
            "milliseconds": round(1000 * seconds, 2), "key": known.get("key_id"),
        }  # fmt: skip

        def tell() -> None:
            at.metrics.answered(endpoint, status, seconds)
            if log.isEnabledFor(logging.INFO):
                note(**about)

        # Under gunicorn an article's caller need not wait for this: it is done once the answer has been sent.
        wire = asked.environ.get("gunicorn.socket")
        if wire is not None and method == "POST" and status == 200 and not response.is_streamed:
            response.call_on_close(in_one_piece(wire))
            response.call_on_close(tell)
        else:
            tell()
        return response


def note(**about: Any) -> None:
    """A line in the log. Not by `log.info`, which walks up the stack for a place that is always this one."""
    told = about["method"], about["endpoint"], about["status"]
    record = logging.LogRecord(log.name, logging.INFO, __file__, 0, "%s %s %s", told, None)
    record.credence = about
    log.handle(record)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counters in Prometheus's text form."""
    only()
    return Response(desk().metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


class JsonLines(logging.Formatter):
    """A log line as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The record, with what a request noted."""
        told = {"time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower()}
        about = getattr(record, "credence", None)
        told |= about if about is not None else {"message": record.getMessage()}
        return orjson.dumps(told).decode()


def log_to_stderr() -> None:
    """Write a line a request to standard error: for `credence serve`; who embeds the application decides alone."""
    logging.logThreads = logging.logMultiprocessing = False  # no line tells them; gunicorn's own tell the process
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
