"""Forms of this service are sent from its own pages alone: each carries a token that only they can know.

Beside the check of `Origin` and `Sec-Fetch-Site` (api/security.py), which old browsers and some proxies leave out.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, g, request, session

from api.asked import this_request
from api.problem import ProblemError

FIELD, HEADER = "csrf_token", "X-CSRF-Token"

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""What a form sends; no endpoint for programs takes these."""


def register(app: Flask) -> None:
    """Give templates `csrf_token()`, and refuse forms without the right one. After `auth.register`."""
    app.jinja_env.globals["csrf_token"] = token

    @app.before_request
    def check() -> None:
        asked = this_request()
        if asked.method in ("GET", "HEAD", "OPTIONS") or asked.endpoint is None:
            return
        if not g.get("by_session") and asked.mimetype not in FORMS:
            return
        sent = asked.authorization
        if sent is not None and sent.type == "bearer":
            return  # no browser adds that by itself
        known = session.get("csrf")
        given = request.headers.get(HEADER)
        if isinstance(known, str) and given is None and request.mimetype in FORMS:
            given = request.form.get(FIELD)
        if not isinstance(known, str) or given is None or not hmac.compare_digest(known.encode(), given.encode()):
            raise ProblemError(
                "form_expired",
                f"this form was not sent from a page of this service, or too long ago: load the page again and send it "
                f"once more (programs: an API key as bearer, or the header {HEADER})",
            )


def token() -> str:
    """The token of this browser's forms."""
    if not isinstance(session.get("csrf"), str):
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])
