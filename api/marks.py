"""A text cut at the ends of its findings, so that findings which overlap can all be marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from scorer import words

_LINE_ENDS = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch [start, end) to be shown as `kind` (a class of the stylesheet), with why, and a badge after it."""

    start: int
    end: int
    kind: str
    why: str
    badges: tuple[str, ...] = ()


@dataclass(slots=True)
class Segment:
    """A piece of text under the same marks throughout; `badges` stand after it, `anchor` is set where a mark begins."""

    text: str
    kinds: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    badges: list[str] = field(default_factory=list)
    anchor: str | None = None


def marks_of(signals: Iterable[Mapping[str, Any]], text: str) -> list[Mark]:
    """What is to be marked in the text: every finding but the headline's, and teasers that stand in it."""
    found: list[Mark] = []
    for signal in signals:
        if signal["name"] == "headline":
            continue
        for span in signal.get("spans", ()):
            found += _attribution(span) if span["kind"] == "attribution" else [_mark(span, text)]
        for teaser in signal.get("teasers", ()):
            place = _place(teaser, text)
            if place is not None:
                found.append(Mark(*place, "teaser", teaser_words(teaser)))
    return found


def headline_marks(signals: Iterable[Mapping[str, Any]]) -> list[Mark]:
    """What is to be marked in the title."""
    return [_mark(span, "") for signal in signals if signal["name"] == "headline" for span in signal.get("spans", ())]


def paragraphs(text: str, marks: Sequence[Mark]) -> list[list[Segment]]:
    """The text in paragraphs, each in segments that hold every character once (blank lines aside)."""
    told: list[list[Segment]] = []
    start = 0
    segments = list(_segments(text, marks))
    at, offset = 0, 0  # segment we are in, and where it begins
    for end, following in [*((m.start(), m.end()) for m in _LINE_ENDS.finditer(text)), (len(text), len(text))]:
        paragraph: list[Segment] = []
        while at < len(segments) and offset < end:
            segment = segments[at]
            stop = offset + len(segment.text)
            piece = segment.text[max(0, start - offset) : end - offset]
            if piece:
                ends_here = stop <= end
                paragraph.append(
                    Segment(piece, segment.kinds, segment.why, segment.badges if ends_here else [], segment.anchor)
                )
                segment.anchor = None
            if stop > end:
                break
            at, offset = at + 1, stop
        if paragraph:
            told.append(paragraph)
        start = following
    return told


def _segments(text: str, marks: Sequence[Mark]) -> Iterator[Segment]:
    usable = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    begins: dict[int, list[Mark]] = {}
    ends: dict[int, list[Mark]] = {}
    for mark in usable:
        begins.setdefault(mark.start, []).append(mark)
        ends.setdefault(mark.end, []).append(mark)
    cuts = sorted({0, len(text), *begins, *ends})
    active: list[Mark] = []
    for cut, following in pairwise(cuts):
        closed = {id(mark) for mark in ends.get(cut, ())}
        active = [mark for mark in active if id(mark) not in closed] + begins.get(cut, [])
        badges = [badge for mark in ends.get(following, ()) for badge in mark.badges]
        kinds = list(dict.fromkeys(mark.kind for mark in active))
        why = list(dict.fromkeys(mark.why for mark in active if mark.why))
        anchor = f"m{cut}" if cut in begins else None
        yield Segment(text[cut:following], kinds, why, badges, anchor)


def _mark(span: Mapping[str, Any], text: str) -> Mark:
    kind = span["kind"]
    if kind == "figure":
        badges = ["sourced" if span["sourced"] else "no source", *(["unconfirmed"] if span["unconfirmed"] else [])]
        return Mark(
            span["start"],
            span["end"],
            "figure",
            f"Figure: {words.figure(span, lambda at: text[at[0] : at[1]])}",
            tuple(badges),
        )
    why = WHY.get(kind, kind.replace("_", " "))
    if kind == "hedge" and span.get("class"):
        why = f"{why} ({span['class']})"
    return Mark(span["start"], span["end"], kind if kind in WHY else "other", why)


def _attribution(span: Mapping[str, Any]) -> Iterator[Mark]:
    who = words.attribution(span)
    if span.get("source"):
        yield Mark(span["source"][0], span["source"][1], "source", f"Source: {who}")
    if span.get("cue"):
        yield Mark(span["cue"][0], span["cue"][1], "cue", f"Cue: says that the claim comes from {who}")
    for piece in span.get("content") or ():
        yield Mark(piece[0], piece[1], "content", f"Ascribed to {who}")


def _place(teaser: Mapping[str, Any], text: str) -> tuple[int, int] | None:
    if isinstance(teaser.get("start"), int) and isinstance(teaser.get("end"), int):
        return teaser["start"], teaser["end"]
    words_of = teaser.get("text") or ""
    at = text.rfind(words_of) if words_of else -1
    return (at, at + len(words_of)) if at >= 0 else None


def teaser_words(teaser: Mapping[str, Any]) -> str:
    """What is the matter with a teaser."""
    about = "related to the article" if teaser["related"] >= 0.5 else "unrelated to the article"
    return f"Teaser: {about}{', worded as bait' if teaser['bait'] >= 0.5 else ''}"


WHY = {
    "hedge": "Hedge: leaves open whether it is so",
    "approximator": "Approximate: rounded, which is no doubt about the truth",
    "loaded": "Loaded wording",
    "unsupported": "The body does not bear this out",
    "altered": "Disguised letters",
}
"""Kind of finding -> what is said where the pointer rests on it."""
