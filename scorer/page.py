"""HTML page -> main text, metadata, and the links around it with where each stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page."""

    text: str
    href: str
    place: str
    """`body`, `around` or `navigation`."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page gives: text (paragraphs parted by newlines), title, metadata (None where the page does not say)."""

    text: str
    title: str = ""
    url: str | None = None
    author: str | None = None
    date: str | None = None
    modified: str | None = None
    site_name: str | None = None
    language: str | None = None
    is_article: bool = True
    links: tuple[Link, ...] = ()


def read_page(html: str, url: str | None = None) -> Page:
    """Read a page."""
    raise NotImplementedError
