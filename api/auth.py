"""API keys: who may do what. Without keys nobody is asked, and the service listens to this machine alone."""

from __future__ import annotations

import threading
import time

from flask import Flask, g, request

from api.desk import desk
from api.problem import ProblemError
from scorer.ledger.keys import Key

OPEN = {"static", "health.alive", "health.ready", "documentation.docs", "catalogue.openapi"}
"""Endpoints that answer without a key: they tell nothing that was scored."""

SCOPES = {
    "articles.score": "score",
    "batch.score": "score",
    "comments.analyze": "score",
    "page.score": "score",
    "reviews.add": "review",
    "sources.rate": "admin",
    "observe.metrics": "admin",
}
"""Endpoint -> scope. Others need `read` to be read, and `admin` for anything else."""

REMEMBERED_SECONDS = 1.0
"""How long a process believes that there are no keys; a revoked key is refused at once all the same."""


class Guard:
    """Knows whether keys are asked for: always when other machines can reach the service, else once there are any."""

    def __init__(self, always: bool) -> None:
        self.always = always
        self._lock = threading.Lock()
        self._looked, self._found = -REMEMBERED_SECONDS, False

    def asks(self) -> bool:
        """Whether a request needs a key."""
        if self.always or self._found:  # keys once seen stay asked for until the service starts anew
            return True
        with self._lock:
            if time.monotonic() - self._looked >= REMEMBERED_SECONDS:
                self._found = any(True for _ in desk().ledger.keys.every())
                self._looked = time.monotonic()
        return self._found


def register(app: Flask, always: bool) -> None:
    """Ask every request for its key, where keys are asked for."""
    guard = Guard(always)

    @app.before_request
    def check() -> None:
        g.key_id = None
        if request.endpoint is None or request.endpoint in OPEN or request.method == "OPTIONS" or not guard.asks():
            return
        given = _given()
        key = None if given is None else desk().ledger.keys.verify(given)
        if key is None:
            detail = "this key is unknown or revoked" if given else "send it as 'Authorization: Bearer cred_…'"
            # browsers ask for a name and a password on Basic: the key is the password
            raise ProblemError("unauthorized", detail, {"WWW-Authenticate": 'Basic realm="Credence", Bearer'})
        _check_scope(key)
        g.key_id = key.id


def owner() -> str:
    """Who sends this request, for what is kept apart by sender: the key's id, or "" without keys."""
    return g.get("key_id") or ""


def scope_of(endpoint: str, method: str) -> str:
    """The scope that a request needs."""
    return SCOPES.get(endpoint) or ("read" if method in ("GET", "HEAD") else "admin")


def _check_scope(key: Key) -> None:
    scope = scope_of(request.endpoint or "", request.method)
    if not key.may(scope):
        raise ProblemError("forbidden", f"this needs a key with the scope '{scope}'; yours has {', '.join(key.scopes)}")


def _given() -> str | None:
    sent = request.authorization
    if sent is not None:
        return sent.password if sent.type == "basic" else sent.token if sent.type == "bearer" else ""
    if request.endpoint == "comments.analyze":
        return request.args.get("key")  # where that API's clients put it
    return None
