"""Signing in to the pages: a key given once, remembered by the browser in a signed cookie.

The cookie names the key and says until when; it never holds the key. The ledger is asked for the key at each request,
so that a revoked one is out at once. Without keys nobody signs in; the cookie carries what forms need (api/csrf.py).
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Request, g, redirect, render_template, request, session, url_for
from flask import Response as FlaskResponse
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response

from api.desk import desk
from api.parameters import only
from scorer.ledger.keys import Key
from scorer.settings import Settings

blueprint = Blueprint("session", __name__)

SESSION_HOURS = 12
"""How long a sign-in lasts: a working day."""

MAX_NEXT_CHARACTERS = 2_000
"""Longest address, in code points, that a sign-in leads back to."""


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies, sent over TLS alone where the request came by TLS."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Who sent no cookie (programs do not) has an empty session, and no signer is made to find that out."""
        return super().open_session(app, request) if "HTTP_COOKIE" in request.environ else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: FlaskResponse) -> None:
        """Set the cookie where a view looked at the session; what nobody looked at is as it was."""
        if session.accessed:
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the cookie may only go over TLS (a proxy in front says so by X-Forwarded-Proto)."""
        return request.is_secure


def register(app: Flask, settings: Settings) -> None:
    """Sign cookies with the operator's secret, else with one that lasts as long as the service."""
    app.secret_key = settings.secret or secrets.token_hex(32)
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_NAME="credence",
        SESSION_COOKIE_HTTPONLY=True,
        # Lax: a link in a mail leads to the article, and no form of another site is sent with the cookie.
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
    )

    @app.context_processor
    def who() -> dict[str, Key | bool | None]:
        """For templates: the key that is signed in, and whether keys are asked for."""
        return {"signed_in": g.get("key"), "keys_asked": g.get("asks", False)}


@blueprint.get("/login")
def ask() -> str:
    """The page that asks for a key."""
    only("next")
    return render_template("login.html", next=_local(request.args.get("next")), problem=None)


@blueprint.post("/login")
def sign_in() -> Response | tuple[str, int]:
    """Remember the key that was given; a wrong one is asked for again."""
    only()
    target = _local(request.form.get("next"))
    key = desk().ledger.keys.verify(request.form.get("key", "").strip())
    if key is None:
        problem = "This key is unknown or was revoked. Copy the whole key: it begins with cred_."
        return render_template("login.html", next=target, problem=problem), 401
    session.clear()  # what was signed before the sign-in counts no more
    session["key"], session["until"] = key.id, time.time() + SESSION_HOURS * 3600
    return redirect(target, 303)


@blueprint.post("/logout")
def sign_out() -> Response:
    """Forget who was signed in."""
    only()
    session.clear()
    return redirect(url_for("session.ask"), 303)


def remembered_key() -> Key | None:
    """The key that this browser signed in with; None where it did not, too long ago, or the key was revoked."""
    identifier, until = session.get("key"), session.get("until")
    if not isinstance(identifier, str) or not isinstance(until, float) or time.time() > until:
        return None
    return desk().ledger.keys.valid(identifier)


def to_login() -> Response:
    """The way to the page that asks for a key, and back from there."""
    return redirect(url_for("session.ask", next=request.full_path.rstrip("?")[:MAX_NEXT_CHARACTERS]), 303)


def _local(target: str | None) -> str:
    """An address on this service, whatever was given: nobody is led elsewhere by our sign-in."""
    given = (target or "/")[:MAX_NEXT_CHARACTERS]
    parts = urlsplit(given)
    # browsers take a backslash for a slash, and skip control characters
    odd = "\\" in given or any(ord(character) < 33 for character in given)
    if parts.scheme or parts.netloc or odd or not given.startswith("/") or given.startswith("//"):
        return "/"
    return given
