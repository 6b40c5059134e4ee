"""A text cut at the ends of its findings, so that findings which overlap can all be marked in it, as HTML.

Every character of the text stands on the page once. What hangs on a stretch is told three ways: by how it looks, by a
`title` that works without scripts, and by `data-f`, the findings' references line by line, which the script reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from markupsafe import Markup, escape

from api.found import Found, Part

_LINE_ENDS = re.compile(r"\s*\n\s*")


@dataclass(slots=True)
class Segment:
    """A piece of text under the same marks throughout; badges stand after it, an anchor where a finding begins."""

    text: str
    styles: list[str] = field(default_factory=list)
    why: list[tuple[str, str]] = field(default_factory=list)
    """(reference of the finding, what is said of it)"""
    badges: list[str] = field(default_factory=list)
    anchor: str | None = None

    def html(self) -> Markup:
        """The piece as HTML; whatever is not ours is escaped here (`Markup.format` would cost five times as much)."""
        inner = escape(self.text)
        if not self.styles:
            return inner
        if "teaser" in self.styles:
            inner = Markup("<s>") + inner + Markup("</s>")  # a decoration of its own: it must not replace a hedge's
        anchor = f' id="{escape(self.anchor)}"' if self.anchor else ""
        why = escape("\n".join(why for _, why in self.why))
        references = escape(" ".join(reference for reference, _ in self.why))
        badges = "".join(
            f'<span class="badge {escape(badge.split()[0])}">{escape(badge)}</span>' for badge in self.badges
        )
        style = escape(" ".join(self.styles))
        return Markup(f'<mark class="{style}"{anchor} title="{why}" data-f="{references}">{inner}</mark>{badges}')  # noqa: S704 - every part of it is escaped above


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a finding, placed: `badges` stand behind it, `begins` is set where the finding begins."""

    part: Part
    reference: str
    badges: tuple[str, ...] = ()
    begins: bool = True


def marks_of(found: Iterable[Found], shift: int = 0) -> list[Mark]:
    """The parts of findings as marks, moved by `shift` characters; a finding's badges stand behind its last part."""
    marks: list[Mark] = []
    for one in found:
        first, last = min((p.start for p in one.parts), default=0), max((p.end for p in one.parts), default=0)
        for part in one.parts:
            placed = replace(part, start=part.start + shift, end=part.end + shift) if shift else part
            badges = one.badges if part.end == last else ()
            marks.append(Mark(placed, one.reference, badges, part.start == first))
    return marks


def paragraphs(text: str, marks: Sequence[Mark], prefix: str = "m") -> list[Markup]:
    """The text's lines as HTML (blank lines aside); ids are `prefix` and the place."""
    return [Markup("").join(segment.html() for segment in line) for line in lines(text, marks, prefix)]


def lines(text: str, marks: Sequence[Mark], prefix: str = "m") -> list[list[Segment]]:
    """The text's lines, each in segments that hold every character once."""
    told: list[list[Segment]] = []
    start = 0
    segments = list(_segments(text, marks, prefix))
    at, offset = 0, 0  # segment we are in, and where it begins
    for end, following in [*((m.start(), m.end()) for m in _LINE_ENDS.finditer(text)), (len(text), len(text))]:
        line: list[Segment] = []
        while at < len(segments) and offset < end:
            segment = segments[at]
            stop = offset + len(segment.text)
            piece = segment.text[max(0, start - offset) : end - offset]
            if piece:
                badges = segment.badges if stop <= end else []
                line.append(Segment(piece, segment.styles, segment.why, badges, segment.anchor))
                segment.anchor = None
            if stop > end:
                break
            at, offset = at + 1, stop
        if line:
            told.append(line)
        start = following
    return told


def _segments(text: str, marks: Sequence[Mark], prefix: str) -> Iterator[Segment]:
    begins: dict[int, list[Mark]] = {}
    ends: dict[int, list[Mark]] = {}
    for mark in marks:
        if 0 <= mark.part.start < mark.part.end <= len(text):
            begins.setdefault(mark.part.start, []).append(mark)
            ends.setdefault(mark.part.end, []).append(mark)
    active: list[Mark] = []
    for cut, following in pairwise(sorted({0, len(text), *begins, *ends})):
        closed = {id(mark) for mark in ends.get(cut, ())}
        opened = begins.get(cut, [])
        active = [mark for mark in active if id(mark) not in closed] + opened
        yield Segment(
            text[cut:following],
            list(dict.fromkeys(mark.part.style for mark in active)),
            list(dict.fromkeys((mark.reference, mark.part.why) for mark in active)),
            [badge for mark in ends.get(following, ()) for badge in mark.badges],
            f"{prefix}{cut}" if any(mark.begins for mark in opened) else None,
        )
