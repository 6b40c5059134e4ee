"""Words with their speaker's name beneath or before them: a post ("… — Ann Bly (@annbly) June 4, 2020"), a signed
quotation ("“…” — Ann Bly, Daily News"), a turn of a transcript ("BLY: …").

No verb ascribes them, so the tagger, which learned from verbs, gives them to a neighbour or to nobody, or ends with
their first sentence. Their forms are closed and read by rule; the dash or the colon is the cue.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np

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

    def hull(self) -> Run:
        """The first token of mark, name and words, and the one after their last."""
        return min(self.whole[0], self.words[0]), max(self.whole[1], self.words[1])


def signatures(text: Text, quotations: Sequence[Quotation]) -> list[Signature]:
    """All signatures of a text in order, none overlapping. Linear in its length."""
    found = _turns(text) + _posts(text) + _signed(text, quotations)
    if not found:
        return found
    kept: list[Signature] = []
    reached = 0
    for (first, last), one in sorted(((one.hull(), one) for one in found), key=itemgetter(0)):
        if first >= reached:
            kept.append(one)
            reached = last
    return kept


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
