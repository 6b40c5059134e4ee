"""Makes the runs of tokens found as sources whole: a name or a noun phrase cut short, a clause parted from its name.

The tagger gives each token a chance of its own; these are the few joints where that leaves half a phrase, and where a
rule knows better (measured: docs/model/experiments.md, Attribution).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np

from scorer.assembly import Link
from scorer.content_ties import MAX_GAP
from scorer.lexicon import Shape
from scorer.tagger import Run, Tags
from scorer.text import Text

MAX_SOURCE = 40
"""A source whose name is made whole grows to no more tokens than this."""

MAX_NOUN = 5
"""Tokens that a noun phrase cut short grows by at most."""

MAX_APPOSITION = 20
"""Tokens from the comma after a name to the cue after what is said of it in between."""

MAX_ACCORDING = 12
"""Tokens that the source of an "according to" grows by at most."""

_WORDS = np.zeros(len(Shape), dtype=bool)
_WORDS[[Shape.LOWER, Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.HYPHENATED]] = True


@cache
def lists() -> dict[str, frozenset[str]]:
    """Word lists, by the names they have in scorer/signals/source_runs.json."""
    table = json.loads((resources.files("scorer") / "signals" / "source_runs.json").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in table.items() if name != "origin"}


def mend(text: Text, links: Sequence[Link], tags: Tags) -> list[Link]:
    """The links with sources made whole, and content that leaves them out. Linear in the number of tags."""
    cues_of: dict[Run, list[Run]] = {}
    for link in links:
        if link.source is not None and link.cue is not None:
            cues_of.setdefault(link.source, []).append(link.cue)
    parted = {run[1]: run for run in tags.sources if run not in cues_of}
    taken = {at for run in (*tags.sources, *tags.cues) for at in range(*run)}
    whole = {
        source: _whole(text, _with_name(text, source, parted), cues, text.sentence_of(source[1] - 1)[1], taken)
        for source, cues in cues_of.items()
    }
    for link in links:
        if link.source in whole:
            link.source = whole[link.source]
            link.content = _beside(text, link.source, link.content)
    return list(links)


def _with_name(text: Text, source: Run, parted: dict[int, Run]) -> Run:
    """One source of a name and the clause beside it ("Nora Quist," "who runs the ferry,"), unless each has its cue."""
    first, last = source
    before = parted.get(first)
    if last - first < 2 or before is None or text.tokens[first].lower() not in lists()["relatives"]:
        return source
    return (before[0], last) if text.sentence_of(before[0]) == text.sentence_of(first) else source


def _whole(text: Text, source: Run, cues: Sequence[Run], end: int, taken: set[int]) -> Run | None:
    """The source grown to the end of its name or noun phrase, without what frays; None where nothing is left."""
    words = lists()
    first, last = source
    closing = text.tokens[last - 1].lower()
    # a period inside a sentence ends none: "Gov." and "J.J." go on, too
    if (last - first > 1 and closing in words["joins"]) or (len(closing) > 1 and closing[-1] == "."):
        while last < min(end, first + MAX_SOURCE) and text.tokens[last][0].isupper() and last not in taken:
            last += 1
    last = _name_end(text, (first, last), end, taken)
    last = _apposed_end(text, _noun_end(text, (first, last), cues, end, taken), cues, end, taken)
    last = _according_end(text, (first, last), cues, taken)
    while last > first and text.tokens[last - 1].lower() in words["frayed_ends"]:
        last -= 1
    while first < last and text.tokens[first].lower() in words["frayed_starts"]:
        first += 1
    return (first, last) if first < last else None


def _name_end(text: Text, source: Run, end: int, taken: set[int]) -> int:
    """Where the name of a body ends that goes on after its kind, "the Center | for Harbour Safety and Rescue", or after
    its first half, "the Center for Harbour Safety | and Rescue".
    """
    words, tokens = lists(), text.tokens
    first, last = source
    if last >= end or not _goes_on(text, source):
        return last
    at = last
    while at < min(end, first + MAX_SOURCE) and at not in taken and tokens[at] not in words["dates"]:
        if tokens[at][0].isupper():
            last = at + 1
        elif tokens[at] not in words["within_names"]:
            break
        at += 1
    return last


def _goes_on(text: Text, source: Run) -> bool:
    """Whether the token after a source goes on with the name of a body that the source ends in."""
    words, tokens = lists(), text.tokens
    first, last = source
    body = last - 1
    if tokens[last] not in words["goes_on_with"]:  # then it may join a second half
        if tokens[last] not in words["joins_halves"] or not tokens[body][0].isupper():
            return False
        while body > first and tokens[body] not in words["goes_on_with"]:
            if not tokens[body][0].isupper() and tokens[body] not in words["within_names"]:
                return False
            body -= 1
        body -= 1
    return body >= first and tokens[body].lower() in words["bodies"] and tokens[body][0].isupper()


def _noun_end(text: Text, source: Run, cues: Sequence[Run], end: int, taken: set[int]) -> int:
    """Where the source's noun phrase ends that was cut short: "the two pariah" before "states have denied"."""
    last = source[1]
    near = min((cue[0] for cue in cues if 0 < cue[0] - last <= MAX_GAP), default=end)
    wanting = text.tokens[last - 1].lower() in lists()["wants_noun"]
    at = last
    while at < min(near, end, last + MAX_NOUN) and at not in taken and _is_noun(text, at):
        at += 1
    return at if wanting or at == near else last


def _apposed_end(text: Text, last: int, cues: Sequence[Run], end: int, taken: set[int]) -> int:
    """Where what is said of a name between two commas ends, if a cue of its follows: "Lee, a harbour pilot, said"."""
    tokens = text.tokens
    comma = last - 1 if tokens[last - 1] == "," else last
    if comma + 2 >= end or tokens[comma] != "," or tokens[comma + 1].lower() not in lists()["apposition_starts"]:
        return last
    near = min((cue[0] for cue in cues if 0 < cue[0] - comma <= MAX_APPOSITION), default=comma)
    if near <= comma + 3 or tokens[near - 1] != ",":
        return last
    inside = range(comma + 1, near - 1)
    return near if all(tokens[at] not in ("“", "”", '"', ";", ":") and at not in taken for at in inside) else last


def _according_end(text: Text, source: Run, cues: Sequence[Run], taken: set[int]) -> int:
    """Where the source after "according to" ends: at the next comma, or with the sentence where that began before it.

    So do 363 of the 391 of PolNeAR's part `train`: "according to the office | for roads".
    """
    words, tokens = lists(), text.tokens
    first, last = source
    cue = next((cue for cue in cues if cue[1] == first and tokens[cue[0]].lower() == "according"), None)
    if cue is None:
        return last
    begin, end = text.sentence_of(first)
    at = last
    while at < min(end, last + MAX_ACCORDING) and at not in taken and tokens[at] not in words["phrase_ends"]:
        at += 1
    at_end = at == end or (at == end - 1 and tokens[at] in (".", "!", "?"))
    return at if (at < end and tokens[at] == ",") or (at_end and begin < cue[0]) else last


def _beside(text: Text, source: Run | None, content: Sequence[Run]) -> list[Run]:
    """Content that begins after the source it began in, without splinters."""
    if source is None:
        return list(content)
    first, last = source
    pieces = [(max(a, last) if first <= a < last else a, b) for a, b in content]
    pieces = [(a + (text.tokens[a] == ","), b) for a, b in pieces if a < b]
    pieces = [(a, b) for a, b in pieces if a < b]
    if len(pieces) > 1:  # a word by itself beside a longer piece is a splinter
        pieces = [(a, b) for a, b in pieces if b - a > 1] or pieces
    return pieces


def _is_noun(text: Text, at: int) -> bool:
    """Whether the word may be part of a noun phrase, by what it is not."""
    word = text.tokens[at].lower()
    return bool(_WORDS[text.shapes[at]]) and word not in lists()["no_noun"] and not word.endswith(("ly", "ing", "ed"))
