"""Disguised letters: what was done to the text so that it reads the same to people and differs to machines.

Reported, never weighed: reading undoes the disguise (scorer/normal.py), so it moves no score, and `features` is empty.
Value: `altered_share`, altered characters per character that is no blank, 0 to 1. Kinds of alteration (`how`):
`look_alike`, `invisible`, `direction`, `combining`, `styled`, `soft_hyphen`, `spaced`, `leetspeak`. Ordinary spelling
is none: an accent on a letter that takes it, Greek or Cyrillic words, a Greek letter at the edge of an acronym, emoji
sequences.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from scorer.document import Document
from scorer.findings import Finding, Signal
from scorer.normal import confusables, is_unseen_control, leet_words, signs_of, spaced_words
from scorer.store import Model

NAME = "obfuscation"

MAX_SPANS = 1_000
"""Spans reported at the most; the share counts them all."""

MAX_WORD_CHARACTERS = 60
"""A span reaches no further than this to either side of an altered character."""

HOW_IN_WORDS = {
    "look_alike": "look-alike letters",
    "invisible": "invisible characters",
    "direction": "direction marks",
    "combining": "stacked marks",
    "styled": "styled letters",
    "soft_hyphen": "soft hyphens",
    "spaced": "spaced-out words",
    "leetspeak": "digits for letters",
}

LAST_LATIN = 0x24F
_TYPESETTING = ((0x1E00, 0x1EFF), (0x2010, 0x2027), (0x202F, 0x205E), (0x20A0, 0x20BF), (0x2122, 0x2122))
"""Past the Latin blocks: Vietnamese and Celtic letters, quotation marks and dashes, currencies, the trade mark."""

_ORDINARY_COMPOSED = ((0xC0, 0x17F), (0x1EA0, 0x1EF9))
"""Letters that European and Vietnamese spelling makes of a letter and a mark."""

CLEAR_MARKS = 2
"""From so many marks that no spelling has, every combining mark on a Latin letter counts: they are no accident."""

_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
_STYLED = re.compile(r"<(?:wide|font|circle|square)>")


def build(model: Model) -> Callable[[Document, Mapping[str, Signal]], Signal]:
    """Return the measure; it needs nothing of the model."""

    def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
        raw, title = document.content.raw, document.title.origin.raw
        hidden = document.page.hidden_characters if document.page is not None else None
        unseen = f" {hidden} characters that the page hides from its readers were left out." if hidden else ""
        spans: list[Finding] = []
        counts: Counter[str] | None = None
        if document.content.text is not raw or document.title.origin.text is not title:  # reading had something to undo
            spans, counts = _found(document)
        if not counts:
            metrics = {"altered_share": 0.0, "hidden_characters": hidden}
            return Signal(NAME, 0.0, "No disguised letters." + unseen, metrics)
        letters = len(raw) + len(title) - raw.count(" ") - raw.count("\n")
        share = min(1.0, sum(counts.values()) / max(1, letters))
        named = ", ".join(HOW_IN_WORDS[how] for how, _ in counts.most_common())
        spans.sort(key=lambda span: (span["start"], span["end"]))
        summary = f"{_percent(share)} of the characters are disguised ({named}); they were read as what they imitate."
        metrics = {"altered_share": share, "hidden_characters": hidden}
        return Signal(NAME, share, summary + unseen, metrics, spans[:MAX_SPANS])

    return measure


def _found(document: Document) -> tuple[list[Finding], Counter[str]]:
    """The spans of what is disguised in the text, and how many characters each kind has altered in text and title."""
    raw, title = document.content.raw, document.title.origin.raw
    spans: list[Finding] = []
    counts: Counter[str] = Counter()
    if document.content.text is not raw:
        signs = signs_of(raw)
        found = disguises(raw, signs.altered)
        spans = _words(raw, found)
        counts.update([how for _, how in found])
        for start, end in spaced_words(raw) if signs.spaced else ():
            spans.append({"start": start, "end": end, "kind": "altered", "how": "spaced"})
            counts["spaced"] += (end - start + 1) // 2
        for start, word in leet_words(raw, signs.leet):
            spans.append({"start": start, "end": start + len(word), "kind": "altered", "how": "leetspeak"})
            counts["leetspeak"] += sum(not character.isalpha() for character in raw[start : start + len(word)])
    if document.title.origin.text is not title:
        counts.update([how for _, how in disguises(title, signs_of(title).altered)])
    return spans, counts


def disguises(raw: str, altered: Iterable[int]) -> list[tuple[int, str]]:
    """Position and kind of every character in disguise, in order; `altered` are those that have another normal form."""
    found: list[tuple[int, str]] = []
    accents: list[tuple[int, str]] = []
    for at in altered:
        how = _kind(raw[at])
        on_top = how == "combining" and bool(found) and found[-1] == (at - 1, "combining")  # of a mark that is one
        if how is not None and (on_top or _in_disguise(raw, at, how)):
            found.append((at, how))
        elif how == "combining" and _is_latin(raw[at - 1 : at]):
            accents.append((at, how))
    if accents and sum(how == "combining" for _, how in found) >= CLEAR_MARKS:
        found = sorted(found + accents)
    return found


@cache
def _kind(character: str) -> str | None:
    """What a character would be if it stood in a Latin word; None where it is ordinary anywhere."""
    if character == "\xad":
        return "soft_hyphen"
    code = ord(character)
    if code <= LAST_LATIN and not is_unseen_control(character):
        return None
    if any(first <= code <= last for first, last in _TYPESETTING):
        return None
    if character in _DIRECTION:
        return "direction"
    category = unicodedata.category(character)
    if category == "Cf" or is_unseen_control(character):
        return "invisible"
    if category in ("Mn", "Me"):
        return "invisible" if "VARIATION SELECTOR" in unicodedata.name(character, "") else "combining"
    if character in confusables() and not _STYLED.match(unicodedata.decomposition(character)):
        return "look_alike"
    folded = unicodedata.normalize("NFKC", character)
    if _STYLED.match(unicodedata.decomposition(character)) and folded.isascii() and folded.isalnum():
        return "styled"
    return None


def _in_disguise(raw: str, at: int, how: str) -> bool:
    """Whether the character at this place is a disguise there rather than ordinary spelling."""
    if how == "combining":
        base = raw[at - 1 : at] if at else ""
        if not base or unicodedata.category(base) in ("Mn", "Me"):
            stack = raw[max(0, at - 2) : at + 1]  # Vietnamese stacks two marks on a vowel
            return _is_latin(_letter_near(raw, at, -1)) and not _is_ordinary(unicodedata.normalize("NFC", stack))
        return _is_latin(base) and not _is_ordinary(unicodedata.normalize("NFC", base + raw[at]))
    if how in ("invisible", "soft_hyphen", "direction"):
        return _is_latin(_letter_near(raw, at, -1))
    start, end = _word_around(raw, at)
    word = raw[start:end]
    if how == "styled":
        return not any(unicodedata.east_asian_width(c) == "W" for c in word)
    latin = [c for c in word if _is_latin(c)]
    if not latin:
        return False
    greek_on_acronym = 0x370 <= ord(raw[at]) < 0x400 and at in (start, end - 1) and all(c.isupper() for c in latin)
    return not greek_on_acronym


def _letter_near(raw: str, at: int, step: int) -> str:
    """The nearest character to one side that is no invisible one or mark, '' at the border (8 steps at the most)."""
    for distance in range(1, 9):
        index = at + step * distance
        if not 0 <= index < len(raw):
            return ""
        if not _is_hidden(raw[index]):
            return raw[index]
    return ""


def _is_ordinary(composed: str) -> bool:
    """Whether a letter and its mark, composed, are one letter of ordinary spelling."""
    return len(composed) == 1 and any(first <= ord(composed) <= last for first, last in _ORDINARY_COMPOSED)


def _word_around(raw: str, at: int) -> tuple[int, int]:
    """The run of letters, marks and invisible characters around a position."""
    start, end = at, at + 1
    while start > 0 and at - start < MAX_WORD_CHARACTERS and _belongs(raw[start - 1]):
        start -= 1
    while end < len(raw) and end - at < MAX_WORD_CHARACTERS and _belongs(raw[end]):
        end += 1
    return start, end


@cache
def _belongs(character: str) -> bool:
    return character.isalnum() or _is_hidden(character)


def _is_hidden(character: str) -> bool:
    """Marks and characters that take no place of their own."""
    return unicodedata.category(character) in ("Mn", "Me", "Cf") or is_unseen_control(character)


def _is_latin(character: str) -> bool:
    return bool(character) and character.isalpha() and (character < "\u0250" or "\u1e00" <= character <= "\u1eff")


def _words(raw: str, found: list[tuple[int, str]]) -> list[Finding]:
    """One span a word that holds altered characters; `how` is the kind of its first."""
    spans: list[Finding] = []
    reached = -1
    for at, how in found:
        if at < reached or len(spans) >= MAX_SPANS:
            continue
        start, end = _word_around(raw, at)
        spans.append({"start": max(start, reached, 0), "end": end, "kind": "altered", "how": how})
        reached = end
    return spans


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\u00a0%" if share >= 0.001 else "Under 0.1\u00a0%"
