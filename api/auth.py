"""API keys: who may do what. Without keys nobody is asked, and the service listens to this machine alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from flask import Flask, g, request
from werkzeug.wrappers import Response

from api.asked import this_request
from api.audience import page_wanted
from api.desk import desk
from api.problem import ProblemError
from api.session import remembered_key, to_login
from scorer.ledger.keys import Key

OPEN = {
    "static", "health.alive", "health.ready", "documentation.docs", "catalogue.openapi",
    "session.ask", "session.sign_in", "session.sign_out",
}  # fmt: skip
"""Endpoints that answer without a key: they tell nothing that was scored."""

PROBES = ("health.alive", "health.ready", "catalogue.openapi")
"""Endpoints that answer also where the ledger cannot be asked for keys."""

SCOPES = {
    "articles.score": "score",
    "batch.score": "score",
    "comments.analyze": "score",
    "page.score": "score",
    "page.table": "score",
    "article_page.ask": "review",
    "article_page.review": "review",
    "reviews.add": "review",
    "sources.rate": "admin",
    "queue.show": "review",
    "queue.note": "review",
    "queue.skip": "review",
    "queue.undo": "review",
    "queue.name": "review",
    "jobs.every": "score",
    "jobs.show": "score",
    "jobs.status": "score",
    "jobs.download": "score",
    "jobs.start": "score",
    "jobs.cancel": "score",
    "jobs.resume": "score",
    "jobs.delete": "score",
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
    def check() -> Response | None:
        known, asked = g._get_current_object(), this_request()
        endpoint = asked.endpoint
        known.key = known.key_id = None
        known.by_session = False
        if endpoint in ("static", None) or endpoint in PROBES or asked.method == "OPTIONS":
            return None
        known.asks = guard.asks()
        if not known.asks:
            return None
        given = _given()
        key = remembered_key() if given is None else desk().ledger.keys.verify(given)
        if key is None and endpoint not in OPEN:
            return _refuse(given)
        if key is not None and endpoint not in OPEN:
            _check_scope(key)
        if key is not None:
            known.key, known.key_id, known.by_session = key, key.id, given is None
        return None

    @app.context_processor
    def allowed() -> dict[str, Callable[[str], bool]]:
        """For templates: whether who looks may do what a scope allows."""
        return {"may": may}


def may(scope: str) -> bool:
    """Whether who sends this request is allowed something; without keys everybody is."""
    return not g.get("asks") or (g.get("key") is not None and g.key.may(scope))


def _refuse(given: str | None) -> Response:
    """Ask for a key: browsers by the page that signs them in, programs by a problem."""
    if given is None and request.method in ("GET", "HEAD") and page_wanted():
        return to_login()
    detail = "this key is unknown or revoked" if given else "send it as 'Authorization: Bearer cred_…'"
    # Who opens the address by hand is asked for a name and a password on Basic: the key is the password. Scripts of our
    # pages are not, or the browser would ask in the middle of them.
    is_script = request.headers.get("Sec-Fetch-Mode") not in (None, "navigate")
    challenge = "Bearer" if is_script else 'Basic realm="Credence", Bearer'
    raise ProblemError("unauthorized", detail, {"WWW-Authenticate": challenge})


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
