"""Who asks: a person with a browser, or a program."""

from __future__ import annotations

from flask import request


def prefers_page() -> bool:
    """Whether the caller names HTML and likes it better than JSON; programs that take anything get JSON."""
    accepted = request.accept_mimetypes
    return bool(accepted["text/html"] > max(accepted["application/json"], accepted["application/problem+json"]))


def page_wanted() -> bool:
    """Whether a person's browser asks, which sends no key of its own."""
    return request.authorization is None and prefers_page()
