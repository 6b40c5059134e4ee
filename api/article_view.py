"""What the page of an article shows, from an assessment: pure, the same right after scoring and years later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from api.drawings import lanes, waterfall
from api.found import SWITCHES, Found, findings
from api.marks import marks_of, paragraphs
from scorer import words

MAX_FINDINGS_LISTED = 200
"""Findings listed beside the text; the rest are marked in the text and stand in the CSV."""

MAX_QUOTE_CHARACTERS = 160
"""Longest quotation in that list, in code points."""

TERMS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """An assessment with what is known around it; `text` and `title` are None where they are not at hand."""

    fields: Mapping[str, Any]
    text: str | None = None
    title: str | None = None
    url: str | None = None
    date: str | None = None
    hidden: Sequence[str] = ()
    """Kinds of finding that are switched off at first."""


def view(shown: Shown) -> dict[str, Any]:
    """What the template `article_body.html` needs."""
    fields, text, title = shown.fields, shown.text, shown.title
    found = findings(fields["signals"], text, title)
    counts = Counter(one.switch for one in found if one.is_counted)
    listed = found[:MAX_FINDINGS_LISTED]
    return {
        "result": fields,
        "address": address(fields["id"]),
        "url": shown.url,
        "link": shown.url if is_web(shown.url) else None,
        "date": shown.date,
        "title": title,
        "verdict": words.verdict(fields),
        "risk_words": words.risk(fields),
        "meaning": words.meaning(fields),
        "no_claim": words.NO_CLAIM,
        "steps": waterfall(fields) if fields["risk"] is not None else [],
        "signal_names": words.SIGNALS,
        "switches": [(switch, name, counts[switch], switch not in shown.hidden) for switch, name in SWITCHES.items()],
        "lanes": lanes(found, None if text is None else len(text)),
        "findings": [(one, snippet(one.quote)) for one in listed],
        "unlisted": len(found) - len(listed),
        "around": [one for one in found if one.kind == "teaser" and one.start is None],
        "terms": _terms(fields, text),
        "has_text": text is not None,
        **_reading(found, text, title),
    }


def address(identifier: str) -> str:
    """Where the page of an article stands."""
    return "/articles/" + quote(identifier, safe="")


def is_web(url: str | None) -> bool:
    """Whether an address may be made a link: an article may come with any words for one."""
    return url is not None and url.lower().startswith(("http://", "https://"))


def snippet(words_quoted: str | None) -> str | None:
    """A quotation on one line, cut to a length that fits a list."""
    if words_quoted is None:
        return None
    line = " ".join(words_quoted.split())
    return line if len(line) <= MAX_QUOTE_CHARACTERS else line[: MAX_QUOTE_CHARACTERS - 1].rstrip() + "…"


def _reading(found: list[Found], text: str | None, title: str | None) -> dict[str, Any]:
    """Headline and body with their evidence marked."""
    if text is None:
        return {"headline": [], "body": [], "first_is_title": False}
    in_title = [one for one in found if one.in_title]
    marks = marks_of(one for one in found if not one.in_title)
    title = title or ""
    stands_in_text = bool(title) and text.lstrip().startswith(title)
    headline: list[Markup] = []
    if stands_in_text:  # the title is the text's first line: its evidence is marked there
        marks += marks_of(in_title, len(text) - len(text.lstrip()))
    elif title:
        headline = paragraphs(title, marks_of(in_title), "t")
    return {"headline": headline, "body": paragraphs(text, marks), "first_is_title": stands_in_text}


def _terms(fields: Mapping[str, Any], text: str | None) -> list[tuple[str, float]]:
    if text is None:
        return []
    terms = ((fields.get("text_model") or {}).get("top_terms") or [])[:TERMS_SHOWN]
    return [(" ".join(text[t["start"] : t["end"]].split()), t["contribution"]) for t in terms]
