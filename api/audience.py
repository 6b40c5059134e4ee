"""Who asks: a person with a browser, or a program."""

from __future__ import annotations

from flask import request


def page_wanted() -> bool:
    """Whether a person's browser asks, rather than a program: it prefers HTML and sends no key of its own."""
    known = ("application/problem+json", "application/json", "text/html")
    return request.authorization is None and request.accept_mimetypes.best_match(known) == "text/html"
