"""Plain text split into title, body and tail (what was pasted along with the article: teasers, comments, share lines).

Everything is decided a line at a time, by what the line looks like and by what comes after it. A tail is cut off only
where hardly any prose follows: a heading such as "Read more" between two paragraphs stays in the body, which is always
one stretch.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from scorer import kernel

HEAD_LINES = 8
"""How many lines from the start are looked at for a title, a byline and a date."""

TITLE_CHARACTERS = 250
LABEL_CHARACTERS = 90
"""Longest line that can be a heading or a share line (measured: the longest real ones have about 60)."""

TEASER_CHARACTERS = 220
PROSE_CHARACTERS = 160
"""A line this long is prose however it ends."""

SENTENCE_CHARACTERS = 30
"""A line this long is prose where it ends like a sentence."""

PROMOTED_PROSE = 0.25
"""A promotion block is cut off where the prose after its heading is at most this share of the prose before it."""

COMMENTED_PROSE = 1.0
"""The same for a comments section, whose comments are prose."""

BODY_PROSE_CHARACTERS = 120
"""A tail needs at least this much prose before it."""

BARE_RUN = 3
"""So many lines in a row that are written like headlines in sentence case (one alone may be a subheading)."""

BARE_SHARE = 0.6
"""Under a heading that may also stand inside a text ("Read more") this share of the lines must be such headlines."""

OPENING = 4
"""First letters of a line that are looked up; nothing in letters that opens a longer line is shorter."""

_EDGE = " \t*•·|:…-–—>»«<#=[]()_.!▼▲→↓"
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_INNER_END = re.compile(r"[a-z0-9\"”’)][.!?][\"'”’)]* +[\"'“‘(]?[A-Z]")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*k?")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d{2}\b")
_YEAR_FIRST = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class TailLine:
    """A line outside the body: [start, end) in the normal text, and what it is."""

    start: int
    end: int
    kind: str
    """`teaser`, `heading` (of a promotion block), `boilerplate`; before the body also `byline` and `date`."""
    promoted: bool = False
    """Whether the line stands under a heading that promotes other pieces ("Popular posts", "You may also like")."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in the normal text. An inferred title stands at [title_start, title_end); it is empty where the title
    was given or none was found. The body is one stretch; all after it is the tail, and `head` holds the lines between
    title and body (byline, date, share line).
    """

    title_start: int
    title_end: int
    body_start: int
    body_end: int
    tail: tuple[TailLine, ...] = ()
    head: tuple[TailLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    labels: dict[str, str]
    openings: frozenset[str]
    """The first `OPENING` characters of all that announces something: most lines are told by them alone."""
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
    return _Rules(
        labels,
        frozenset(start[:OPENING] for start in starts),
        tuple(table["promotion_starts"]),
        tuple(table["boilerplate_starts"]),
        tuple(table["byline_starts"]),
        tuple(table["dateline_starts"]),
        frozenset(table["months"]),
    )


def label_of(line: str) -> str | None:
    """What a line announces: `promotion`, `promotion_weak`, `comments`, `boilerplate`, or None for anything else."""
    rules = _rules()
    bare = line.strip(_EDGE)
    opening = bare[:OPENING]
    if opening.lower() not in rules.openings and opening.isascii() and opening.replace(" ", "").isalpha():
        return None  # letters and blanks stay as they are in the key, so that nothing can be found under it
    key = _DIGITS.sub("0", bare.lower().replace("’", "'"))
    if not key:
        return "boilerplate"
    kind = rules.labels.get(key)
    if kind is not None:
        return kind
    if key.startswith(rules.promotion_starts) and len(key.split()) <= 7 and not _SENTENCE_END.search(line):
        return "promotion_weak"
    return "boilerplate" if key.startswith(rules.boilerplate_starts) else None


def is_headline(line: str) -> bool:
    """Whether a line is written like a headline in title case: no full stop, most longer words capitalised."""
    if not 18 <= len(line) <= TEASER_CHARACTERS or line[-1] in ".,;:…" or line[0] in "—–" or _INNER_END.search(line):
        return False
    words = _WORD.findall(line)
    if not 4 <= len(words) <= 32:
        return False
    long_words = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long_words)
    return len(long_words) >= 3 and capitals >= 0.75 * len(long_words)


def is_bare(line: str) -> bool:
    """Whether a line could be a headline in sentence case: it opens like a sentence, and no sentence ends in it."""
    if not 18 <= len(line) <= TEASER_CHARACTERS or line[-1] in ".,;:" or _INNER_END.search(line):
        return False
    if not (line[0].isupper() or line[0].isdigit() or line[0] in "\"'“‘"):
        return False
    return len(_WORD.findall(line)) >= 4 and byline_of(line) is None


def is_prose(line: str) -> bool:
    """Whether a line reads like a paragraph of running text."""
    if len(line) >= PROSE_CHARACTERS:
        return True
    if _INNER_END.search(line):
        return True
    return len(line) >= SENTENCE_CHARACTERS and _SENTENCE_END.search(line) is not None


def byline_of(line: str) -> str | None:
    """The name in a line such as "By Jane Doe" or "By JANE DOE and John Roe, Associated Press"; None elsewhere."""
    if len(line) > LABEL_CHARACTERS:
        return None
    text = line.strip(_EDGE)
    lowered = text.lower()
    for start in _rules().byline_starts:
        if lowered.startswith(start):
            name = text[len(start) :].strip(" :")
            words = _WORD.findall(name)
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
    lowered = line.strip(_EDGE).lower()
    if lowered.startswith(rules.dateline_starts) or _YEAR_FIRST.match(lowered):
        return True
    words = _WORD.findall(lowered)
    return len(words) <= 8 and any(word in rules.months for word in words) and _CLOCK.search(line) is not None


def split(text: str, has_title: bool, is_page: bool) -> Layout:
    """Find title, body and tail of a normal text. Linear in its length.

    `has_title`: the caller gave the title, so none is looked for. `is_page`: the text was extracted from a page, whose
    title is known as well.
    """
    lines, prose = _lines(text)
    if not lines:
        return Layout(0, 0, 0, len(text))
    title_start = title_end = 0
    first = 0
    if not has_title and not is_page and _is_title(text, lines):
        title_start, title_end = lines[0]
        first = 1
    head: list[TailLine] = []
    while first < min(len(lines) - 1, HEAD_LINES):
        kind = _head_kind(text[slice(*lines[first])])
        if kind is None:
            break
        head.append(TailLine(*lines[first], kind))
        first += 1
    body_last, tail = _tail(text, lines, prose, first)
    start = lines[first][0] if first else 0
    if first and body_last <= first:
        start = lines[first - 1][1]
    end = lines[body_last - 1][1] if body_last > first else start
    return Layout(title_start, title_end, start, end if tail else len(text), tuple(tail), tuple(head))


def _lines(text: str) -> tuple[list[tuple[int, int]], list[bool]]:
    """[start, end) of every line that is not blank, without the blanks around it, and which lines read like prose."""
    if kernel.native is not None:
        lines: tuple[list[tuple[int, int]], list[bool]] = kernel.native.lines(
            text, PROSE_CHARACTERS, SENTENCE_CHARACTERS
        )
        return lines
    found = []
    at = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = at + line.index(stripped[0])
            found.append((start, start + len(stripped)))
        at += len(line) + 1
    return found, [is_prose(text[start:end]) for start, end in found]


def _is_title(text: str, lines: list[tuple[int, int]]) -> bool:
    if len(lines) < 2:
        return False
    line = text[slice(*lines[0])]
    if not 14 <= len(line) <= TITLE_CHARACTERS or line.rstrip("\"'”’)")[-1:] in (".", ",", ";", ":", ""):
        return False
    words = len(_WORD.findall(line))
    if not 3 <= words <= 40 or (len(line) > PROSE_CHARACTERS and _INNER_END.search(line) and not is_headline(line)):
        return False
    if label_of(line) is not None or byline_of(line) is not None or is_date(line):
        return False
    # What follows must be an article: prose in one of the next lines.
    return any(is_prose(text[slice(*lines[i])]) for i in range(1, min(len(lines), HEAD_LINES)))


def _head_kind(line: str) -> str | None:
    if len(line) > LABEL_CHARACTERS:
        return None
    if byline_of(line) is not None:
        return "byline"
    if is_date(line) and not is_prose(line):
        return "date"
    return "boilerplate" if label_of(line) in ("boilerplate", "comments") and not is_prose(line) else None


def _tail(text: str, lines: list[tuple[int, int]], is_read: list[bool], first: int) -> tuple[int, list[TailLine]]:
    """Index of the first line behind the body, and the lines from there on."""
    count = len(lines)
    labels: dict[int, str] = {}
    prose = [0] * (count + 1)
    for i in range(first, count):
        start, end = lines[i]
        length = end - start
        if length >= PROSE_CHARACTERS:
            prose[i + 1] = prose[i] + length
            continue
        label = label_of(text[start:end])
        if label is not None:
            labels[i] = label
            prose[i + 1] = prose[i]
        else:
            prose[i + 1] = prose[i] + (length if is_read[i] else 0)
    cut = count
    for i, label in labels.items():
        before, after = prose[i], prose[count] - prose[i + 1]
        if before < BODY_PROSE_CHARACTERS or label == "boilerplate":
            continue
        allowed = {"promotion": PROMOTED_PROSE, "comments": COMMENTED_PROSE}.get(label, 0.0)
        if label == "promotion_weak" and after and _mostly_bare(text, lines[i + 1 :]):
            allowed = PROMOTED_PROSE
        if after <= allowed * before:
            cut = i
            break
    cut = _trim(text, lines, labels, first, cut, prose)
    return cut, _describe(text, lines, labels, cut)


def _trim(
    text: str, lines: list[tuple[int, int]], labels: dict[int, str], first: int, cut: int, prose: list[int]
) -> int:
    """Move the border up over share lines and a run of two or more bare headlines at the end of the body."""
    while cut > first:
        i = cut - 1
        if prose[i] - prose[first] < BODY_PROSE_CHARACTERS:
            break
        if i in labels:
            cut = i
            continue
        run = cut
        while run > first and run - 1 not in labels and is_headline(text[slice(*lines[run - 1])]):
            run -= 1
        if cut - run < 2:
            run = _bare_run(text, lines, labels, first, cut)
        if run == cut:
            break
        cut = run
    return cut


def _bare_run(text: str, lines: list[tuple[int, int]], labels: dict[int, str], first: int, cut: int) -> int:
    """Where a run of headlines in sentence case begins that ends the body; `cut` where there is none, or where what
    stands before it announces a list.
    """
    run = cut
    while run > first and run - 1 not in labels and is_bare(text[slice(*lines[run - 1])]):
        run -= 1
    if cut - run < BARE_RUN or run == first:
        return cut
    before = text[slice(*lines[run - 1])]
    return run if is_prose(before) and _SENTENCE_END.search(before) and before[-1] != ":" else cut


def _mostly_bare(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether the lines are short and mostly headlines; the first hundred are looked at."""
    looked_at = [text[start:end] for start, end in lines[:100]]
    bare = sum(is_bare(line) or is_headline(line) for line in looked_at)
    return bare >= 2 and bare >= BARE_SHARE * len(looked_at)


def _describe(text: str, lines: list[tuple[int, int]], labels: dict[int, str], cut: int) -> list[TailLine]:
    tail: list[TailLine] = []
    block = ""
    for i in range(cut, len(lines)):
        start, end = lines[i]
        line = text[start:end]
        label = labels.get(i)
        if label in ("promotion", "promotion_weak"):
            block = "promotion"
            tail.append(TailLine(start, end, "heading", True))
        elif label == "comments":
            block = "comments"
            tail.append(TailLine(start, end, "heading"))
        elif label is not None or end - start > TEASER_CHARACTERS:
            tail.append(TailLine(start, end, "boilerplate", block == "promotion"))
        elif block == "promotion" and _could_advertise(line):
            tail.append(TailLine(start, end, "teaser", True))
        elif block != "comments" or not is_prose(line):
            advertises = is_headline(line) or (block == "" and is_bare(line))
            tail.append(TailLine(start, end, "teaser" if advertises else "boilerplate"))
        else:
            tail.append(TailLine(start, end, "boilerplate"))
    return tail


def _could_advertise(line: str) -> bool:
    words = _WORD.findall(line)
    return len(words) >= 3 and line[0] not in "—–" and byline_of(line) is None and not is_date(line)
