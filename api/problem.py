"""Errors as JSON (RFC 9457) or as a page: one catalogue, one place where each failure becomes an answer."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from api import analyze_error
from api.audience import prefers_page
from scorer.article import CredenceError
from scorer.problems import TITLES, type_of

CATALOGUE: dict[str, tuple[int, str]] = {
    "invalid_input": (400, TITLES["invalid_input"]),
    "bad_parameter": (400, "A query parameter is unknown or has a value it cannot have"),
    "bad_request": (400, "The request is not well-formed HTTP"),
    "unknown_model": (400, "There is no such model"),
    "url_refused": (400, "This address is not fetched"),
    "untrusted_host": (400, "The service does not answer to this host name"),
    "unauthorized": (401, "An API key is needed"),
    "forbidden": (403, "The API key does not allow this"),
    "cross_origin": (403, "Requests from pages of other sites are refused"),
    "form_expired": (403, "The form is not, or no longer, valid"),
    "not_found": (404, "There is nothing here"),
    "method_not_allowed": (405, "This resource does not know the method"),
    "precondition_failed": (412, "The caller has this answer already"),
    "too_large": (413, TITLES["too_large"]),
    "unsupported_media_type": (415, "This content type is not read here"),
    "idempotency_key_reused": (422, "The Idempotency-Key belongs to another request"),
    "too_slow": (422, TITLES["too_slow"]),
    "rate_limited": (429, "Too many requests"),
    "http_error": (400, "The request cannot be answered"),
    "internal_error": (500, TITLES["internal_error"]),
    "fetch_failed": (502, "The page cannot be fetched"),
    "busy": (503, "Too many articles wait"),
    "draining": (503, "The service is about to stop"),
    "model_error": (503, TITLES["model_error"]),
    "ledger": (503, "The ledger cannot be used just now"),
}
"""Kind of failure -> HTTP status and title; docs/api.md explains each (a test holds it complete)."""

RETRY_AFTER_SECONDS = 5


class ProblemError(Exception):
    """A failure that only the service knows; `kind` is in `CATALOGUE`."""

    def __init__(self, kind: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.headers = kind, detail, headers or {}


def answer(kind: str, detail: str, status: int | None = None, headers: dict[str, str] | None = None) -> Response:
    """A problem as a response: as a page to who asked for one (browsers do), else as JSON."""
    usual, title = CATALOGUE[kind]
    status = status or usual
    if request.endpoint == analyze_error.ENDPOINT:
        response = analyze_error.of_problem(kind, detail, status)
        response.headers.extend(headers or {})
    elif prefers_page():
        response = Response(render_template("problem.html", title=title, status=status, detail=detail), status, headers)
    else:
        body = {"type": type_of(kind), "title": title, "status": status, "detail": detail}
        response = Response(orjson.dumps(body), status, mimetype="application/problem+json", headers=headers)
    response.headers["Vary"] = "Accept"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


_HTTP_KINDS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 429: "rate_limited"}


def kind_of(status: int) -> str:
    """The kind of a failure that only its HTTP status is known of."""
    return _HTTP_KINDS.get(status, "internal_error" if status >= 500 and status != 501 else "http_error")


def register(app: Flask) -> None:
    """Answer every failure of the application with a problem."""

    @app.errorhandler(ProblemError)
    def own(error: ProblemError) -> Response:
        return answer(error.kind, error.detail, headers=error.headers)

    @app.errorhandler(CredenceError)
    def known(error: CredenceError) -> Response:
        return answer(error.kind if error.kind in CATALOGUE else "invalid_input", str(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None or status < 400:
            return error.get_response()  # type: ignore[return-value]  # a redirect is no failure
        kind = kind_of(status)
        detail = error.description or error.name
        if status == 404:
            detail = f"no such resource: {request.path}"
        elif status == 405:
            detail = f"{request.path} does not know {request.method}"
        elif status == 413:
            most, usual = request.max_content_length or 0, current_app.config["MAX_CONTENT_LENGTH"]
            name = "max_body_bytes" if most == usual else "max_job_bytes"
            detail = f"the body passes the limit {name}, {most:,} bytes"
        elif request.trusted_hosts is not None and status == 400 and "host" in detail.lower():
            kind = "untrusted_host"
        headers: dict[str, str] = {}
        allowed: Any = getattr(error, "valid_methods", None)
        if allowed:
            headers["Allow"] = ", ".join(sorted(allowed))
        return answer(kind, detail, status, headers)

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        # The type and the place alone: an exception's text may quote the article.
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
        app.logger.error("%s %s failed: %s at %s", request.method, request.path, type(error).__name__, place)
        return answer("internal_error", "the failure was logged on the server; the article was not")
