"""What was found in an article as one list: the marks in the text, the table, the CSV and reviews all come from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.letters import disguise
from scorer import words
from scorer.findings import is_counted

Span = tuple[int, int]

SWITCHES = {
    "attribution": "who says what",
    "figure": "figures",
    "hedge": "hedges",
    "loaded": "loaded words",
    "headline": "headline",
    "altered": "disguised letters",
    "teaser": "teasers",
}
"""Kinds of finding that a reader switches on and off, with what they are called."""

_SWITCH_OF = {"approximator": "hedge", "unsupported": "headline", "lure": "headline"}

HEADINGS = {
    "attribution": "Attribution",
    "figure": "Figure",
    "hedge": "Hedge",
    "approximator": "Rounded",
    "loaded": "Loaded wording",
    "unsupported": "Headline",
    "altered": "Disguised letters",
    "teaser": "Teaser",
}

WHY = {
    "hedge": "leaves open whether it is so",
    "vague wording": "names no number and nobody in particular, which by itself leaves nothing open",
    "approximator": "a rounded quantity, which is no doubt about the truth",
    "loaded": "wording that takes a side",
    "unsupported": "the text does not take this up",
}
"""Kind of finding -> what is said of it."""

HEDGES = {
    "modal": "by may, might, could or their like",
    "evidential": "by how it is known: reportedly, it is believed",
    "distancing": "by keeping it at a distance",
    "conditional": "by a condition: if confirmed",
    "negated": "by saying that it is not confirmed",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch [start, end) of the text or the title, shown as `style`, and what is said of it."""

    start: int
    end: int
    style: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. `start` and `end` are None for a teaser whose place is not known; positions count in the title where
    `in_title`. `quote` is None where the text is not at hand.
    """

    signal: str
    kind: str
    start: int | None
    end: int | None
    in_title: bool
    why: str
    quote: str | None
    badges: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    flagged: bool = False
    standing: str = "counted"
    """Of an attribution that counts nowhere: "unclear" or "writer"."""

    @property
    def is_counted(self) -> bool:
        """Whether it is more than shown."""
        return self.standing == "counted"

    @property
    def switch(self) -> str:
        """The kind it is switched on and off with."""
        return _SWITCH_OF.get(self.kind, self.kind if self.kind in SWITCHES else "other")

    @property
    def heading(self) -> str:
        """Its kind in words."""
        return HEADINGS.get(self.kind, self.kind.replace("_", " ").capitalize())

    @property
    def reference(self) -> str:
        """`signal:start:end`, as a review names it."""
        return self.signal if self.start is None else f"{self.signal}:{self.start}:{self.end}"

    @property
    def anchor(self) -> str | None:
        """The id of the place in the page where it begins."""
        return None if not self.parts else f"{'t' if self.in_title else 'm'}{min(part.start for part in self.parts)}"


def findings(signals: Iterable[Mapping[str, Any]], text: str | None, title: str | None) -> list[Found]:
    """Every finding: those of the title, those of the text in order, then teasers of which no place is known."""
    told: list[Found] = []
    for signal in signals:
        in_title = signal["name"] == "headline"
        told += (_span(signal["name"], span, title if in_title else text, in_title) for span in signal.get("spans", ()))
        told += (_teaser(signal["name"], teaser, text) for teaser in signal.get("teasers", ()))
    return sorted(told, key=lambda found: (not found.in_title, found.start is None, found.start or 0, found.end or 0))


def _span(signal: str, span: Mapping[str, Any], text: str | None, in_title: bool) -> Found:
    kind, start, end = span["kind"], span["start"], span["end"]
    quote = None if text is None else text[start:end]
    if kind == "attribution":
        parts = tuple(_attribution(span))
        standing = span.get("standing", "counted")
        return Found(signal, kind, start, end, in_title, attribution_words(span), quote, (), parts, standing=standing)
    badges: tuple[str, ...] = ()
    called = words.kind_of(span)
    if kind == "figure":
        badges = ("sourced" if span["sourced"] else "no source", *(["unconfirmed"] if span["unconfirmed"] else []))
        why = words.figure(span, None if text is None else lambda at: " ".join(text[at[0] : at[1]].split()))
    elif kind == "altered":
        why, badges = disguise(quote, span.get("how"))
    else:
        why = WHY.get(called, called.replace("_", " "))
        if kind == "hedge" and span.get("class") in HEDGES:
            why = f"{why}, {HEDGES[span['class']]}"
    heading = HEADINGS.get(called, called.replace("_", " ").capitalize())
    style = kind if kind in HEADINGS else "other"
    return Found(
        signal, kind, start, end, in_title, why, quote, badges, (Part(start, end, style, f"{heading}: {why}"),)
    )


def attribution_words(span: Mapping[str, Any]) -> str:
    """Who says it, in words."""
    who = "nobody is named as the source" if not span.get("source") else f"the source is {words.attribution(span)}"
    return who if is_counted(span) else f"{who}; {words.doubt(span)}"


def _attribution(span: Mapping[str, Any]) -> Iterator[Part]:
    who = words.attribution(span)
    if not is_counted(span):
        for name in ("source", "cue"):
            if span.get(name):
                yield _part(span[name], "unclear", f"{name.capitalize()}: {words.doubt(span)}")
        return
    if span.get("source"):
        yield _part(span["source"], "source", f"Source: {who}")
    if span.get("cue"):
        told = f"ascribes what is said to {who}" if span.get("source") else "says it without naming who does"
        yield _part(span["cue"], "cue", f"Cue: {told}")
    for piece in span.get("content") or ():
        yield _part(piece, "content", f"Content: ascribed to {who}")


def _part(place: Sequence[int], style: str, why: str) -> Part:
    return Part(place[0], place[1], style, why)


def _teaser(signal: str, teaser: Mapping[str, Any], text: str | None) -> Found:
    place, quote, why = _place(teaser, text), teaser.get("text"), teaser_words(teaser)
    flagged = bool(teaser.get("flagged"))
    if place is None:
        return Found(signal, "teaser", None, None, False, why, quote, flagged=flagged)
    quote = text[slice(*place)] if text is not None else quote
    part = Part(*place, "teaser", f"Teaser: {why}")
    return Found(signal, "teaser", *place, False, why, quote, (), (part,), flagged)


def _place(teaser: Mapping[str, Any], text: str | None) -> Span | None:
    if isinstance(teaser.get("start"), int) and isinstance(teaser.get("end"), int):
        return teaser["start"], teaser["end"]
    quoted = teaser.get("text") or ""
    at = text.rfind(quoted) if text and quoted else -1
    return (at, at + len(quoted)) if at >= 0 else None


def teaser_words(teaser: Mapping[str, Any]) -> str:
    """What is the matter with a teaser."""
    about = "about the same matter as the article" if teaser["related"] >= 0.5 else "has nothing to do with the article"
    return f"{about}{', and is worded as bait' if teaser['bait'] >= 0.5 else ''}"
