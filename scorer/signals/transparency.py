"""Who answers for the article: byline, date, corrections, contact, named outlet, own reporting, wire credit.

Each is 1 (there), 0 (a page that could show it does not) or None (plain text cannot tell).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from scorer.document import Document
from scorer.findings import Finding, Signal
from scorer.layout import byline_of
from scorer.store import Model

NAME = "transparency"

PRIOR_WEIGHTS: Mapping[str, float] = {
    "byline": -0.10,
    "date": -0.05,
    "corrections": -0.05,
    "contact": -0.05,
    "named_outlet": -0.05,
    "original_reporting": -0.06,
    "wire_credit": -0.04,
}
"""Log-odds a unit of each feature: 1 where the trait is there, -1 where a page that could show it lacks it, 0 where
nobody can tell (corrections and wire credits are never held against a page that has none). Argued in
docs/signals/transparency.md; bounded: all together within -0.40 and +0.31."""

_NEVER_AGAINST = frozenset(("corrections", "wire_credit"))
_NAMES = {
    "byline": "a byline",
    "date": "a date",
    "corrections": "a correction note",
    "contact": "a contact",
    "named_outlet": "a named outlet",
    "original_reporting": "own reporting",
    "wire_credit": "a wire credit",
}


@dataclass(frozen=True, slots=True)
class _Phrases:
    correction: tuple[str, ...]
    wire: tuple[str, ...]
    original: tuple[str, ...]
    aggregated: tuple[str, ...]


@cache
def _phrases() -> _Phrases:
    table = json.loads((resources.files("scorer.signals") / "transparency.json").read_text(encoding="utf-8"))
    return _Phrases(*(tuple(table[name]) for name in ("correction", "wire", "original", "aggregated")))


def build(model: Model) -> Callable[[Document, Mapping[str, Signal]], Signal]:
    """Return the measure. Its value is the share of the traits that are there among those that could be told."""
    _phrases()
    return measure


def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
    """Measure one document."""
    spans: list[Finding] = []
    text = document.content.text
    lowered = text.lower().replace("’", "'")
    if len(lowered) != len(text):  # a letter whose small form is two: positions would not agree
        lowered = text
    phrases = _phrases()
    correction = _first(document, lowered, phrases.correction, "correction", spans)
    wire = _first(document, lowered, phrases.wire, "wire_credit", spans)
    original = sum(phrase in lowered for phrase in phrases.original)
    aggregated = sum(phrase in lowered for phrase in phrases.aggregated)
    page = document.page
    traits: dict[str, int | None] = {
        "byline": _present(_byline(document, spans)),
        "date": _present(any(line.kind == "date" for line in document.layout.head)),
        "corrections": _present(correction),
        "contact": None,
        "named_outlet": None,
        "original_reporting": None if original == aggregated else int(original > aggregated),
        "wire_credit": _present(wire),
    }
    if page is not None:
        said = {
            "byline": page.author is not None,
            "date": page.date is not None,
            "corrections": page.corrected,
            "contact": page.contact,
            "named_outlet": page.site_name is not None,
            "wire_credit": False,
        }
        traits.update({name: int(bool(traits[name]) or there) for name, there in said.items()})
    features = {
        name: 1.0 if there else 0.0 if name in _NEVER_AGAINST else -1.0
        for name, there in traits.items()
        if there is not None
    }
    known = [name for name, there in traits.items() if there is not None]
    spans.sort(key=lambda span: (span["start"], span["end"]))
    return Signal(
        NAME,
        sum(bool(traits[name]) for name in known) / len(known) if known else None,
        _summary(traits),
        metrics=traits,
        spans=spans,
        features=features,
    )


def _present(there: bool) -> int | None:
    return 1 if there else None


def _first(document: Document, lowered: str, phrases: tuple[str, ...], kind: str, spans: list[Finding]) -> bool:
    """Whether one of the phrases stands in the text; the first found is the evidence."""
    for phrase in phrases:
        at = lowered.find(phrase)
        if at >= 0:
            start, end = document.content.span(at, at + len(phrase))
            spans.append({"start": start, "end": end, "kind": kind})
            return True
    return False


def _byline(document: Document, spans: list[Finding]) -> bool:
    """A line that signs the article: above the body, or the first or last of the body's own lines."""
    for line in document.layout.head:
        if line.kind == "byline":
            start, end = document.content.span(line.start, line.end)
            spans.append({"start": start, "end": end, "kind": "byline"})
            return True
    text = document.content.text
    start, end = document.layout.body_start, document.layout.body_end
    cut = text.rfind("\n", start, end) + 1
    if cut > start and end - cut <= 120 and byline_of(text[cut:end]) is not None:
        first, last = document.content.span(cut, end)
        spans.append({"start": first, "end": last, "kind": "byline"})
        return True
    return False


def _summary(traits: Mapping[str, int | None]) -> str:
    there = [_NAMES[name] for name, value in traits.items() if value]
    absent = [_NAMES[name] for name, value in traits.items() if value == 0 and name not in _NEVER_AGAINST]
    if not there and not absent:
        return "the text alone does not say who answers for it"
    parts = []
    if there:
        parts.append("has " + ", ".join(there))
    if absent:
        parts.append("lacks " + ", ".join(absent))
    return "; ".join(parts)
