"""What a line of plain text looks like: prose, a headline, a byline, a date, or the heading of something else."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

LABEL_CHARACTERS = 90
"""Longest line that can be a heading or a share line (measured: the longest real ones have about 60)."""

TEASER_CHARACTERS = 220
PROSE_CHARACTERS = 160
"""A line this long is prose however it ends."""

SENTENCE_CHARACTERS = 30
"""A line this long is prose where it ends like a sentence."""

OPENING = 4
"""First letters of a line that are looked up; nothing in letters that opens a longer line is shorter."""

EDGE = " \t*•·|:…-–—>»«<#=[]()_.!▼▲→↓"
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
INNER_END = re.compile(r"[a-z0-9\"”’)][.!?][\"'”’)]* +[\"'“‘(]?[A-Z]")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*k?")
WORD = re.compile(r"[^\W\d_][\w'’-]*")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d{2}\b")
_YEAR_FIRST = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class _Rules:
    labels: dict[str, str]
    openings: frozenset[str]
    """The first `OPENING` characters of all that announces something: most lines are told by them alone."""
    packed: array[int]
    """Those of them that are ASCII as numbers for the kernel, a character each eight bits."""
    promotion_starts: tuple[str, ...]
    boilerplate_starts: tuple[str, ...]
    byline_starts: tuple[str, ...]
    dateline_starts: tuple[str, ...]
    months: frozenset[str]


@cache
def _rules() -> _Rules:
    table = json.loads((resources.files("scorer") / "layout.json").read_text(encoding="utf-8"))
    labels: dict[str, str] = {}
    for kind in ("boilerplate", "promotion_weak", "comments", "promotion"):
        labels.update(dict.fromkeys(table[kind], kind))
    starts = (*labels, *table["promotion_starts"], *table["boilerplate_starts"])
    openings = frozenset(start[:OPENING] for start in starts)
    return _Rules(
        labels,
        openings,
        array("i", [int.from_bytes(opening.encode(), "little") for opening in openings if opening.isascii()]),
        tuple(table["promotion_starts"]),
        tuple(table["boilerplate_starts"]),
        tuple(table["byline_starts"]),
        tuple(table["dateline_starts"]),
        frozenset(table["months"]),
    )


def suspects(text: str, lines: Sequence[tuple[int, int]]) -> list[int]:
    """Which of the lines, none of them long prose, may announce something; `label_of` knows of the others that they do
    not.
    """
    short = ((i, start, end) for i, (start, end) in enumerate(lines) if end - start < PROSE_CHARACTERS)
    return [i for i, start, end in short if _may_announce(text[start:end].strip(EDGE))]


def packed_openings() -> array[int]:
    """How lines begin that announce something, for the kernel."""
    return _rules().packed


def _may_announce(bare: str) -> bool:
    opening = bare[:OPENING]
    if opening.lower() in _rules().openings:
        return True
    # letters and blanks stay as they are in the key, so that nothing can be found under it
    return not (opening.isascii() and opening.replace(" ", "").isalpha())


def label_of(line: str) -> str | None:
    """What a line announces: `promotion`, `promotion_weak`, `comments`, `boilerplate`, or None for anything else."""
    rules = _rules()
    bare = line.strip(EDGE)
    if not _may_announce(bare):
        return None
    key = _DIGITS.sub("0", bare.lower().replace("’", "'"))
    if not key:
        return "boilerplate"
    kind = rules.labels.get(key)
    if kind is not None:
        return kind
    if key.startswith(rules.promotion_starts) and len(key.split()) <= 7 and not SENTENCE_END.search(line):
        return "promotion_weak"
    return "boilerplate" if key.startswith(rules.boilerplate_starts) else None


def is_headline(line: str) -> bool:
    """Whether a line is written like a headline in title case: no full stop, most longer words capitalised."""
    if not 18 <= len(line) <= TEASER_CHARACTERS or line[-1] in ".,;:…" or line[0] in "—–" or INNER_END.search(line):
        return False
    words = WORD.findall(line)
    if not 4 <= len(words) <= 32:
        return False
    long_words = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long_words)
    return len(long_words) >= 3 and capitals >= 0.75 * len(long_words)


def is_bare(line: str) -> bool:
    """Whether a line could be a headline in sentence case: it opens like a sentence, and no sentence ends in it."""
    if not 18 <= len(line) <= TEASER_CHARACTERS or line[-1] in ".,;:" or INNER_END.search(line):
        return False
    if not (line[0].isupper() or line[0].isdigit() or line[0] in "\"'“‘"):
        return False
    return len(WORD.findall(line)) >= 4 and byline_of(line) is None


def is_prose(line: str) -> bool:
    """Whether a line reads like a paragraph of running text."""
    if len(line) >= PROSE_CHARACTERS:
        return True
    if INNER_END.search(line):
        return True
    return len(line) >= SENTENCE_CHARACTERS and SENTENCE_END.search(line) is not None


def byline_of(line: str) -> str | None:
    """The name in a line such as "By Jane Doe" or "By JANE DOE and John Roe, Associated Press"; None elsewhere."""
    if len(line) > LABEL_CHARACTERS:
        return None
    text = line.strip(EDGE)
    lowered = text.lower()
    for start in _rules().byline_starts:
        if lowered.startswith(start):
            name = text[len(start) :].strip(" :")
            words = WORD.findall(name)
            capitals = sum(word[0].isupper() for word in words)
            if (
                1 <= len(words) <= 14
                and words[0][0].isupper()
                and capitals >= 0.6 * len(words)
                and name[-1:] not in "?!"
            ):
                return name
    return None


def is_date(line: str) -> bool:
    """Whether a short line is a date or a time stamp ("Updated 24 October 2024, 10:31 GMT")."""
    if len(line) > LABEL_CHARACTERS or not any(c.isdigit() for c in line):
        return False
    rules = _rules()
    lowered = line.strip(EDGE).lower()
    if lowered.startswith(rules.dateline_starts) or _YEAR_FIRST.match(lowered):
        return True
    words = WORD.findall(lowered)
    return len(words) <= 8 and any(word in rules.months for word in words) and _CLOCK.search(line) is not None
