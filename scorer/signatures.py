"""Words with their speaker's name beneath or before them: a post ("… — Ann Bly (@annbly) June 4, 2020"), a signed
quotation ("“…” — Ann Bly, Daily News"), a turn of a transcript ("BLY: …").

No verb ascribes them, so the tagger, which learned from verbs, gives them to a neighbour or to nobody, or ends with
their first sentence. Their forms are closed and read by rule; the dash or the colon is the cue.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from scorer.assembly import Link
from scorer.lexicon import Shape
from scorer.quotes import Quotation
from scorer.tagger import Run
from scorer.text import Text

DASHES = frozenset(("—", "–", "--", "―"))

ADDRESSES = ("http://", "https://", "pic.twitter.com/")

LONGEST_POST = 340
"""Characters of the longest post, the addresses it names included: 280 of its own."""

LONGEST_NAME = 60
"""Characters between a post's dash and its handle."""

TURNS = 3
"""A label of several words, or of somebody's initials, that opens so many lines is a speaker's."""

INTERVIEW = 4
"""Turns that an interview has at least."""

NO_SPEAKERS = frozenset(("PHOTO", "PHOTOS", "VIDEO", "FACTS", "CLIP"))
"""Last words of labels that say what follows, not who speaks."""

NO_NAMES = frozenset(
    (
        "THE",
        "A",
        "AN",
        "OF",
        "AND",
        "OR",
        "ON",
        "IN",
        "AT",
        "TO",
        "FOR",
        "BY",
        "WITH",
        "FROM",
        "WHAT",
        "WHY",
        "HOW",
        "WHO",
    )
)
"""Words of headings, which no speaker's label has."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_CAPITALISED = r"[A-Z][\w.’'-]{0,30}"
_HANDLE = re.compile(rf"\s?\(@\w{{1,20}}\)(?:\s?(?:{_MONTHS})\s\d{{1,2}},\s\d{{4}}|(?=\s*(?:\n|$)))")
_NAME = re.compile(
    rf"\s?(?:Editorial, )?(?P<name>{_CAPITALISED}(?: (?:de|del|der|van|von|bin|al|la|of|the|{_CAPITALISED})){{1,5}})"
    r"(?=,? ?\n|,? ?$|, | \()[^\n]{0,60}(?=\n|$)"
)
_SHOUTED = r"[^\W\d_a-z](?:[^\W\d_a-z]|[.’'-]){1,30}"
_TURN = re.compile(
    rf"\n(?P<name>{_SHOUTED}(?: {_SHOUTED}){{0,4}})(?:,? [(\[][^)\]\n]{{2,40}}[)\]]|, [^\W\d_a-z][^:\n]{{2,40}})?:(?= )"
)

_STOPS = frozenset((".", "!", "?", "…", "...", "....", "]"))
_FIRST_PERSON = frozenset(("i", "we", "my", "our"))
_THIRD_PERSON = frozenset(("he", "she", "they", "who"))


class Signature(NamedTuple):
    """One signature as runs of tokens.

    Attributes:
        name: who speaks.
        mark: the dash before the name, the colon after it.
        whole: mark, name and what else belongs to them ("(@annbly) June 4, 2020").
        words: what is signed.
    """

    name: Run
    mark: Run
    whole: Run
    words: Run


def signatures(text: Text, quotations: Sequence[Quotation]) -> list[Signature]:
    """All signatures of a text in order, none overlapping. Linear in its length."""
    found = [*_turns(text), *_posts(text), *_signed(text, quotations)]
    if not found:
        return found
    kept: list[Signature] = []
    for one in sorted(found, key=_hull):
        if not kept or _hull(kept[-1])[1] <= _hull(one)[0]:
            kept.append(one)
    return kept


def _hull(one: Signature) -> Run:
    return min(one.whole[0], one.words[0]), max(one.whole[1], one.words[1])


def _turns(text: Text) -> list[Signature]:
    """Turns of two at least: a single label may be a place ("NEW DELHI: …") or a heading."""
    matches = _labels(text)
    if len(matches) < 2:
        return []
    opened = Counter(match["name"] for match in matches)
    surnames, initials = _named(text)
    labels = [
        match
        for match in matches
        if (names := match["name"].split())[-1] in surnames
        or (opened[match["name"]] >= TURNS and (len(names) > 1 or names[0] in initials))
    ]
    turns: list[Signature] = []
    if len(labels) < 2:
        return turns
    for match, end in zip(labels, _turn_ends(text, labels), strict=True):
        words = text.tokens_in(match.end(), end)
        name, colon = text.tokens_in(*match.span("name")), text.token_at(match.end() - 1)
        if words[0] < words[1]:
            turns.append(Signature(name, (colon, colon + 1), (name[0], colon + 1), words))
    return turns


def _turn_ends(text: Text, labels: Sequence[re.Match[str]]) -> list[int]:
    """Where the turns behind these labels, two at least, end.

    With its line; in an interview, where half of the lines have a label, with the next label, since what stands
    between belongs to the speaker.
    """
    normal, begun = text.normal, [label.start() for label in labels]
    lines = sum(1 for line in normal[begun[0] : begun[-1]].split("\n") if line.strip())
    ends = [normal.find("\n", label.end(), text.end) for label in labels]
    if len(labels) >= INTERVIEW and len(labels) * 2 >= lines:
        ends[:-1] = begun[1:]
    return [end if end >= 0 else text.end for end in ends]


def _labels(text: Text) -> list[re.Match[str]]:
    """Labels of speakers at the beginnings of lines. Only lines with a colon are looked at: most texts have few."""
    normal, end = text.normal, text.end
    found = []
    line = max(0, text.start - 1)
    colon = normal.find(":", line, end)
    while colon >= 0:
        line = normal.rfind("\n", line, colon)
        match = _TURN.match(normal, line, end) if line >= 0 else None
        if match and _is_label(match["name"]):
            found.append(match)
        line = normal.find("\n", colon, end)
        colon = normal.find(":", line, end) if line >= 0 else -1
    return found


def _is_label(name: str) -> bool:
    words = name.split()
    return name.isupper() and words[-1] not in NO_SPEAKERS and NO_NAMES.isdisjoint(words)


def _named(text: Text) -> tuple[set[str], set[str]]:
    """Capitalised words behind a capitalised word, in capitals; and the initials of two such words."""
    titles = text.shapes == Shape.TITLE
    behind = np.flatnonzero(titles[1:] & (titles[:-1] | (text.shapes[:-1] == Shape.INITIAL))) + 1
    pairs = [(text.tokens[token - 1], text.tokens[token]) for token in behind.tolist()]
    return {last.upper() for _, last in pairs}, {first[0] + last[0] for first, last in pairs}


def _posts(text: Text) -> list[Signature]:
    normal, begin = text.normal, text.start
    posts: list[Signature] = []
    if normal.find("@", begin, text.end) < 0:  # a single character is found sooner than two
        return posts
    handle = normal.find("(@", begin, text.end)
    while handle >= 0:
        dash, name = _dash_before(normal, max(begin, handle - LONGEST_NAME), handle)
        match = _HANDLE.match(normal, handle - normal[handle - 1].isspace(), text.end) if dash >= 0 else None
        if match:
            words = _post(text, begin, dash)
            begin = match.end()
            if words is not None:
                whole = text.tokens_in(dash, begin)
                posts.append(Signature(_name(text, name, match.start()), (whole[0], whole[0] + 1), whole, words))
        handle = normal.find("(@", handle + 2, text.end)
    return posts


def _name(text: Text, start: int, end: int) -> Run:
    """The tokens of a name without what it ends with that is no word ("Ann Bly 🐺")."""
    first, last = text.tokens_in(start, end)
    trimmed = last
    while trimmed > first and not text.tokens[trimmed - 1][-1].isalnum():
        trimmed -= 1
    return first, trimmed if trimmed > first else last


def _dash_before(normal: str, start: int, end: int) -> tuple[int, int]:
    """Where the last dash of normal[start:end] stands and ends that has a name behind it on its line; or -1, -1."""
    at, dash = max((normal.rfind(dash, start, end), dash) for dash in DASHES)
    name = normal[at + len(dash) : end]
    return (at, at + len(dash)) if at >= 0 and name.strip() and "\n" not in name else (-1, -1)


def _signed(text: Text, quotations: Sequence[Quotation]) -> list[Signature]:
    """Those of quotations that begin their line (others are a sentence's own) and are sentences (no song's name)."""
    tokens, signed = text.tokens, []
    for first, last, _ in quotations:
        if last >= len(tokens) or tokens[last] not in DASHES or tokens[last - 2] not in _STOPS:
            continue
        match = _NAME.match(text.normal, int(text.ends[last]), text.end)
        if match and (not first or "\n" in text.normal[text.ends[first - 1] : text.starts[first]]):
            whole = last, text.tokens_in(match.start(), match.end())[1]
            signed.append(Signature(text.tokens_in(*match.span("name")), (last, last + 1), whole, (first, last)))
    return signed


def _post(text: Text, begin: int, dash: int) -> Run | None:
    """What stands before a post's signature: its line, without the addresses at its end.

    Of a line that holds more than a post can (line breaks were lost) its last sentence alone.
    """
    normal = text.normal
    start = max(begin, normal.rfind("\n", begin, dash) + 1)
    end = _without_addresses(normal, start, dash)
    first, last = text.tokens_in(start, end)
    if first < last and end - start > LONGEST_POST:
        first = max(first, text.sentence_of(last - 1)[0])
        if text.ends[last - 1] - text.starts[first] > LONGEST_POST:
            return None
    return (first, last) if first < last else None


def _without_addresses(normal: str, start: int, end: int) -> int:
    """Where the words of normal[start:end] end that are no addresses; `start` where there are no others."""
    while True:
        while start < end and normal[end - 1].isspace():
            end -= 1
        reach = max(start, end - LONGEST_POST)
        word = max(reach, *(normal.rfind(blank, reach, end) + 1 for blank in " \xa0\t"))
        address = min((at for head in ADDRESSES if (at := normal.find(head, word, end)) >= 0), default=-1)
        if address < 0:
            return end
        end = address


def apart(text: Text, links: Sequence[Link], signed: Sequence[Signature]) -> list[Link]:
    """The links, and those of what is signed behind them; what is signed is nobody else's.

    Only who has the same name, or a pronoun right before it, keeps it too ("he tweeted:"). "I" in it is who signs it.
    """
    hulls = [_hull(one) for one in signed]
    ends = [end for _, end in hulls]
    found = []
    for link in links:
        left: Link | None = link
        runs = [run for run in (link.source, link.cue, *link.content) if run is not None]
        near = {i for first, last in runs for i in _over(hulls, ends, first, last)}
        for i in sorted(near):
            left = left and _beside(text, left, signed[i])
        if left is not None:
            found.append(left)
    return found + [Link(one.name, one.mark, [one.words]) for one in signed]


def _over(hulls: Sequence[Run], ends: Sequence[int], first: int, last: int) -> Iterator[int]:
    """Which of the stretches, in order and apart from each other, hold some of the tokens first, ..., last - 1."""
    at = bisect_right(ends, first)
    while at < len(hulls) and hulls[at][0] < last:
        yield at
        at += 1


def _beside(text: Text, link: Link, signature: Signature) -> Link | None:
    """What a signature leaves of a link; None for nothing."""
    begin, end = signature.words
    runs = [run for run in (link.source, link.cue) if run is not None]
    if any(_overlap(run, signature.whole) for run in runs):
        return None
    inside = [_overlap(run, signature.words) for run in runs]
    source = _words(text, link.source)
    if all(inside):
        content = [(max(first, begin), min(last, end)) for first, last in link.content]
        is_whose = bool(source & _FIRST_PERSON)
    else:
        is_whose = any(inside)
        announces = bool(source & _THIRD_PERSON) and _is_before(text, link, begin)
        if not is_whose and (announces or source & _words(text, signature.name)):
            return link
        content = [
            part for first, last in link.content for part in ((first, min(last, begin)), (max(first, end), last))
        ]
    content = [(first, last) for first, last in content if first < last]
    return None if is_whose or (link.content and not content) else Link(link.source, link.cue, content)


def _is_before(text: Text, link: Link, begin: int) -> bool:
    """Whether a link's cue stands in the line before the one that begins with a token."""
    if link.cue is None or link.cue[1] > begin:
        return False
    start, end = int(text.ends[link.cue[1] - 1]), int(text.starts[begin])
    return (
        end - start <= LONGEST_POST
        and sum(not line.isspace() for line in text.normal[start:end].split("\n") if line) <= 1
    )


def _words(text: Text, run: Run | None) -> set[str]:
    """The words of a run in lower case, "we" of "we're"; none of no run."""
    tokens = text.tokens[slice(*run)] if run is not None else []
    return {token.replace("’", "'").split("'")[0].lower() for token in tokens if token[0].isalnum()}


def _overlap(one: Run, other: Run) -> bool:
    return one[0] < other[1] and other[0] < one[1]
