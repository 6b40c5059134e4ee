"""Plain text split into title, body and tail (what was pasted along with the article: teasers, comments, share lines)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TailLine:
    """A line outside the body: [start, end) in the normal text, and what it is."""

    start: int
    end: int
    kind: str
    """`teaser`, `heading` (of a promotion block), `boilerplate`."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in the normal text. An inferred title stands at [title_start, title_end); it is empty where the title
    was given or none was found. The body is one stretch; all after it is the tail."""

    title_start: int
    title_end: int
    body_start: int
    body_end: int
    tail: tuple[TailLine, ...] = ()


def split(text: str, has_title: bool, is_page: bool) -> Layout:
    """Find title, body and tail of a normal text."""
    return Layout(0, 0, 0, len(text))
