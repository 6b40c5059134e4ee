"""Errors in the Perspective API's form: Google's error body, with that API's own kinds of error in its details."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

ENDPOINT = "comments.analyze"

KINDS = (
    "COMMENT_EMPTY",
    "COMMENT_TOO_LONG",
    "NO_REQUESTED_ATTRIBUTES",
    "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
    "LANGUAGE_DETECTION_FAILED",
    "INVALID_REQUEST",
)
"""That API's `errorType`: five causes, and INVALID_REQUEST for any other fault of the request's form
(https://github.com/conversationai/perspectiveapi/blob/main/2-api/limits.md)."""

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
"""HTTP status -> Google's name of it (google.rpc.Code)."""


class AnalyzeError(Exception):
    """A request that this front refuses; `about` are the fields of its detail."""

    def __init__(self, message: str, kind: str = "INVALID_REQUEST", **about: Any) -> None:
        super().__init__(message)
        self.kind, self.about = kind, about

    def answer(self) -> Response:
        """Status 400 with its kind."""
        return google_error(400, str(self), {"errorType": self.kind, **self.about})


def google_error(code: int, message: str, detail: dict[str, Any] | None = None) -> Response:
    """A failure as Google's APIs tell it."""
    error: dict[str, Any] = {"code": code, "message": message, "status": STATUSES.get(code, "UNKNOWN")}
    if detail:
        error["details"] = [{"@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error", **detail}]
    return Response(orjson.dumps({"error": error}), code, mimetype="application/json")


def of_problem(kind: str, detail: str, status: int) -> Response:
    """A failure that is not this front's own (a key, a limit, the ledger), in the form its clients can read."""
    if kind == "too_large":
        return AnalyzeError(f"Comment text too long. {detail}", "COMMENT_TOO_LONG").answer()
    code = status if status in STATUSES else 400 if status < 500 else 500
    return google_error(code, detail, {"errorType": "INVALID_REQUEST"} if code == 400 else None)
