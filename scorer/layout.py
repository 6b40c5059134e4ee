"""Plain text split into title, body and tail (what was pasted along with the article: teasers, comments, share lines).

Everything is decided a line at a time, by what the line looks like and by what comes after it. A tail is cut off only
where hardly any prose follows: a heading such as "Read more" between two paragraphs stays in the body, which is always
one stretch.
"""

from __future__ import annotations

from itertools import accumulate

from scorer import kernel
from scorer.lines import (
    EDGE,
    INNER_END,
    LABEL_CHARACTERS,
    PROSE_CHARACTERS,
    SENTENCE_CHARACTERS,
    SENTENCE_END,
    TEASER_CHARACTERS,
    WORD,
    byline_of,
    is_bare,
    is_date,
    is_headline,
    is_prose,
    label_of,
    packed_openings,
    suspects,
)
from scorer.values import value

HEAD_LINES = 8
"""How many lines from the start are looked at for a title, a byline and a date."""

TITLE_CHARACTERS = 250
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


@value(frozen=True, slots=True)
class TailLine:
    """A line outside the body: [start, end) in the normal text, and what it is."""

    start: int
    end: int
    kind: str
    """`teaser`, `heading` (of a promotion block), `boilerplate`; before the body also `byline` and `date`."""
    promoted: bool = False
    """Whether the line stands under a heading that promotes other pieces ("Popular posts", "You may also like")."""


@value(frozen=True, slots=True)
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


def split(text: str, has_title: bool, is_page: bool) -> Layout:
    """Find title, body and tail of a normal text. Linear in its length.

    `has_title`: the caller gave the title, so none is looked for. `is_page`: the text was extracted from a page, whose
    title is known as well.
    """
    lines, prose, announcing = _lines(text)
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
    body_last, tail = _tail(text, lines, prose, announcing, first)
    start = lines[first][0] if first else 0
    if first and body_last <= first:
        start = lines[first - 1][1]
    end = lines[body_last - 1][1] if body_last > first else start
    return Layout(title_start, title_end, start, end if tail else len(text), tuple(tail), tuple(head))


def _lines(text: str) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """[start, end) of every line that is not blank, without the blanks around it; how many characters of prose it is;
    which lines may announce something.
    """
    if kernel.native is not None:
        told: tuple[list[tuple[int, int]], list[int], list[int]] = kernel.native.lines(
            text, PROSE_CHARACTERS, SENTENCE_CHARACTERS, EDGE, packed_openings()
        )
        return told
    found = []
    at = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = at + line.index(stripped[0])
            found.append((start, start + len(stripped)))
        at += len(line) + 1
    prose = [end - start if is_prose(text[start:end]) else 0 for start, end in found]
    return found, prose, suspects(text, found)


def _is_title(text: str, lines: list[tuple[int, int]]) -> bool:
    if len(lines) < 2:
        return False
    line = text[slice(*lines[0])]
    if not 14 <= len(line) <= TITLE_CHARACTERS or line.rstrip("\"'”’)")[-1:] in (".", ",", ";", ":", ""):
        return False
    words = len(WORD.findall(line))
    if not 3 <= words <= 40 or (len(line) > PROSE_CHARACTERS and INNER_END.search(line) and not is_headline(line)):
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


def _tail(
    text: str, lines: list[tuple[int, int]], prose: list[int], announcing: list[int], first: int
) -> tuple[int, list[TailLine]]:
    """Index of the first line behind the body, and the lines from there on."""
    cut = len(lines)
    told = [(i, label_of(text[slice(*lines[i])])) for i in announcing if i >= first]
    labels = {i: label for i, label in told if label is not None}
    if labels:
        prose = [0 if i in labels else amount for i, amount in enumerate(prose)]
        cut = _first_block(text, lines, labels, [0] * first + list(accumulate(prose[first:], initial=0)))
    cut = _trim(text, lines, labels, first, cut, prose)
    return cut, _describe(text, lines, labels, cut) if cut < len(lines) else []


def _first_block(text: str, lines: list[tuple[int, int]], labels: dict[int, str], read: list[int]) -> int:
    """Index of the first heading that cuts off what follows it; `read` is the prose before each line."""
    for i, label in labels.items():
        before, after = read[i], read[-1] - read[i + 1]
        if before < BODY_PROSE_CHARACTERS or label == "boilerplate":
            continue
        allowed = {"promotion": PROMOTED_PROSE, "comments": COMMENTED_PROSE}.get(label, 0.0)
        if label == "promotion_weak" and after and _mostly_bare(text, lines[i + 1 :]):
            allowed = PROMOTED_PROSE
        if after <= allowed * before:
            return i
    return len(lines)


def _trim(
    text: str, lines: list[tuple[int, int]], labels: dict[int, str], first: int, cut: int, prose: list[int]
) -> int:
    """Move the border up over share lines and a run of two or more bare headlines at the end of the body."""
    before = sum(prose[first : cut - 1])
    while cut > first and before >= BODY_PROSE_CHARACTERS:
        run = cut
        if cut - 1 in labels:
            run = cut - 1
        else:
            while run > first and run - 1 not in labels and is_headline(text[slice(*lines[run - 1])]):
                run -= 1
            if cut - run < 2:
                run = _bare_run(text, lines, labels, first, cut)
        if run == cut:
            break
        before -= sum(prose[run - 1 : cut - 1])
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
    return run if is_prose(before) and SENTENCE_END.search(before) and before[-1] != ":" else cut


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
    words = WORD.findall(line)
    return len(words) >= 3 and line[0] not in "—–" and byline_of(line) is None and not is_date(line)
