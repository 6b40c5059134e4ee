"""Pages opened as a person opens them, watched: what goes wrong on a page fails the test that opened it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

LOOKS = tuple((width, scheme) for width in (1280, 390) for scheme in ("light", "dark"))
"""Width in pixels and colour scheme that every page is looked at with."""


@contextmanager
def watched(browser: Browser, **context_options: Any) -> Iterator[Page]:
    """A fresh page; fails where it throws an error, loses something it needs, or asks another host for anything."""
    context = browser.new_context(**context_options)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(f"page error: {error}"))
    opened.on("console", lambda message: errors.append(message.text) if _is_error(message) else None)
    opened.on(
        "response", lambda response: errors.append(f"{response.status} {response.url}") if _lost(response) else None
    )
    opened.on(
        "request", lambda request: None if _ours(request.url) else errors.append(f"foreign request: {request.url}")
    )
    yield opened
    context.close()
    assert errors == []


def _is_error(message: ConsoleMessage) -> bool:
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def _lost(response: Response) -> bool:
    """A failure of ours, or something the page needs and does not get; a refused form (400) is an answer."""
    answers = ("document", "fetch")
    return response.status >= 500 or (response.status >= 400 and response.request.resource_type not in answers)


def _ours(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))
