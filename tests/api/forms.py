"""Sending a page's form as a browser does: with the token that stands in it."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def token(client: FlaskClient, page: str) -> str:
    """The token in a page's forms."""
    found = TOKEN.search(client.get(page).get_data(as_text=True))
    assert found is not None, f"{page} has no form with a token"
    return found[1]


def send(client: FlaskClient, page: str, action: str | None = None, **fields: Any) -> TestResponse:
    """The answer to a form that stands on `page` and goes to `action` (else to the same address)."""
    return client.post(action or page, data={"csrf_token": token(client, page), **fields})
