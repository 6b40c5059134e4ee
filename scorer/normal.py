"""Normalisation with an exact offset map: disguises are undone, and every position leads back to the caller's text.

The normal form is meant for reading by machine: compatibility forms folded (NFKC), accents and combining marks dropped,
look-alike letters of other scripts replaced by the Latin letter they imitate, invisible characters removed, every kind
of blank a plain space and every kind of line end a newline. Spaced-out words are joined, loaded words in leetspeak get
their letters back. Typographic quotation marks and dashes stay.
"""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.article import Span
from scorer.values import value

_KEPT = "‘’‚‛“”„‟«»‹›–—―…•€£¥₹"
_ALTERED = re.compile(rf"[^\n\x20-\x7e{_KEPT}]")
_LINE_ENDS = {"\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"}
_INVISIBLE_CATEGORIES = {"Cf", "Cs", "Co", "Cn"}
_MARK_CATEGORIES = {"Mn", "Me", "Mc"}


# The first only tells cheaply whether the second need be looked for.
_MAYBE_SPACED = re.compile(r" [A-Za-z] [A-Za-z] [A-Za-z] ")
_SPACED = re.compile(r"(?<!\w)[A-Za-z](?: [A-Za-z]){4,200}(?!\w)")
_LEET_SIGN = re.compile(r"[013457@$](?=[A-Za-z])")
_LEET_BEFORE = re.compile(r"(?<![\w@$])[A-Za-z013457@$]{0,23}\Z")
_LEET_WORD = re.compile(r"[A-Za-z013457@$]{4,24}(?![\w@$])")


@cache
def _leetspeak() -> tuple[frozenset[str], tuple[dict[int, str], ...]]:
    """Words that are read in leetspeak, and the readings of its signs that are tried."""
    table = json.loads((resources.files("scorer") / "leetspeak.json").read_text(encoding="utf-8"))
    letters: dict[str, str] = table["letters"]
    return frozenset(table["words"].split()), tuple(str.maketrans({**letters, "1": one}) for one in table["one"])


def spaced_words(text: str) -> list[tuple[int, int]]:
    """[start, end) of words of five or more letters written with a blank between their letters.

    Where the run opens with "a" or "I" and the rest is a loaded word ("a s h o c k i n g"), the first is a word itself.
    """
    if _MAYBE_SPACED.search(text) is None:
        return []
    found = []
    for match in _SPACED.finditer(text):
        start, end = match.span()
        if text[start] in "aAI" and match.group()[2:].replace(" ", "").lower() in _leetspeak()[0]:
            start += 2
        found.append((start, end))
    return found


def leet_words(text: str, signs: Sequence[int]) -> list[tuple[int, str]]:
    """Where a loaded word stands in leetspeak, and the word: "v4ccine" is "vaccine", "B2B" and "4th" are themselves.

    `signs` are the places where a sign of leetspeak stands before a letter (`Signs.leet`).
    """
    words, readings = _leetspeak()
    found: list[tuple[int, str]] = []
    reached = 0
    for sign in signs:
        if sign < reached:
            continue
        before = _LEET_BEFORE.search(text[max(reached, sign - 24) : sign])
        if before is None:
            continue
        start = sign - len(before.group())
        match = _LEET_WORD.match(text, start)
        if match is None:
            continue
        reached = match.end()
        word = next((word for reading in readings if (word := match.group().translate(reading)).lower() in words), None)
        if word is not None:
            found.append((start, word))
    return found


class Signs(NamedTuple):
    """What a text shows at one look: where a character has another normal form, where a sign of leetspeak stands before
    a letter, whether there may be letters with blanks between them.
    """

    altered: array[int]
    leet: array[int]
    spaced: bool


def signs_of(text: str) -> Signs:
    """What a text shows of disguises. Linear in its length."""
    if kernel.native is not None:
        altered, leet, spaced = kernel.native.signs(text, _KEPT)
        return Signs(array("i", altered), array("i", leet), spaced)
    return Signs(
        array("i", [match.start() for match in _ALTERED.finditer(text)]),
        array("i", [match.start() for match in _LEET_SIGN.finditer(text)]),
        _MAYBE_SPACED.search(text) is not None,
    )


@cache
def confusables() -> dict[str, str]:
    """Look-alike character -> the ASCII letter or digit it imitates (Unicode's confusables table, see data file)."""
    table = json.loads((resources.files("scorer") / "confusables.json").read_text(encoding="utf-8"))
    return dict(table["map"])


def is_unseen_control(character: str) -> bool:
    """Whether this is a control character of ASCII that is no blank: nothing is shown in its place."""
    return (character < " " and not character.isspace()) or character == "\x7f"


class _Replacements(dict[str, str]):
    """Normal form of one character, worked out at first sight (bounded by the size of Unicode)."""

    def __missing__(self, character: str) -> str:
        self[character] = replacement = _fold(character)
        return replacement


def _fold(character: str) -> str:
    if character in _LINE_ENDS:
        return "\n"
    category = unicodedata.category(character)
    if category in _INVISIBLE_CATEGORIES or category in _MARK_CATEGORIES or is_unseen_control(character):
        return ""
    if character.isspace() or category == "Cc":  # what is left of those are remains of a wrong decoding
        return " "
    look_alike = confusables().get(character)
    if look_alike is not None:
        return look_alike
    folded = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) != "Mn")
    # A compatibility form may open into blanks or look-alikes of its own; a blank alone must stay one character.
    return "".join(" " if c.isspace() else confusables().get(c, c) for c in folded) or ""


_replacements = _Replacements()


@value(frozen=True, slots=True)
class Normal:
    """A text in normal form and the way back.

    `starts[i]`, `ends[i]` are where character i of `text` stands in `raw` (int32); both None where the positions are
    the same, as they are in most articles.
    """

    raw: str
    text: str
    starts: NDArray[np.int32] | None
    ends: NDArray[np.int32] | None

    def span(self, start: int, end: int) -> Span:
        """The span of `raw` that gave characters [start, end) of `text`; combining marks go with their letter."""
        if self.starts is None or self.ends is None:
            return Span(int(start), int(end))
        if start >= end:
            at = int(self.starts[start]) if start < len(self.starts) else len(self.raw)
            return Span(at, at)
        return Span(int(self.starts[start]), int(self.ends[end - 1]))

    def places(self, starts: NDArray[np.int32], ends: NDArray[np.int32]) -> tuple[Sequence[int], Sequence[int]]:
        """What `span` says of many stretches [starts[i], ends[i]), none of them empty; read by index."""
        if self.starts is None or self.ends is None:
            return starts.data, ends.data  # memory views give plain integers, one at a time
        return self.starts[starts].data, self.ends[ends - 1].data


def normalise(raw: str) -> Normal:
    """Bring a text to normal form. Linear in its length."""
    signs = signs_of(raw)
    if not signs.altered:
        return _words_restored(Normal(raw, raw, None, None), signs)
    normal = _letters_restored(raw, signs.altered)
    return _words_restored(normal, signs_of(normal.text))


def _words_restored(normal: Normal, signs: Signs) -> Normal:
    """Loaded words in leetspeak with their letters, spaced-out words without their blanks."""
    text = normal.text
    leet = leet_words(text, signs.leet) if signs.leet else []
    if leet:
        pieces, done = [], 0
        for at, word in leet:
            pieces += [text[done:at], word]
            done = at + len(word)
        text = "".join([*pieces, text[done:]])
    spaced = spaced_words(text) if leet or signs.spaced else []
    if not spaced:
        return normal if text is normal.text else Normal(normal.raw, text, normal.starts, normal.ends)
    kept = np.ones(len(text), dtype=bool)
    pieces, done = [], 0
    for start, end in spaced:
        kept[start + 1 : end : 2] = False
        pieces += [text[done:start], text[start:end:2]]
        done = end
    starts = np.arange(len(text), dtype=np.int32) if normal.starts is None else normal.starts
    ends = np.arange(1, len(text) + 1, dtype=np.int32) if normal.ends is None else normal.ends
    return Normal(normal.raw, "".join([*pieces, text[done:]]), starts[kept], ends[kept])


def _letters_restored(raw: str, altered: Iterable[int]) -> Normal:
    pieces: list[str] = []
    lengths_differ = False
    edits: list[tuple[int, int, bool]] = []  # position in raw, characters it became, is it a combining mark
    done = 0
    for at in altered:
        character = raw[at]
        # a CRLF is one line end, carried by its newline
        ends_line = character == "\r" and raw.startswith("\n", at + 1)
        replacement = "" if ends_line else _replacements[character]
        pieces.append(raw[done:at])
        pieces.append(replacement)
        done = at + 1
        if len(replacement) != 1:
            lengths_differ = True
            edits.append((at, len(replacement), unicodedata.category(character) in _MARK_CATEGORIES))
    pieces.append(raw[done:])
    text = "".join(pieces)
    if not lengths_differ:
        return Normal(raw, text, None, None)
    repeats = np.ones(len(raw), dtype=np.int32)
    ends = np.arange(1, len(raw) + 1, dtype=np.int32)
    for at, became, is_mark in reversed(edits):
        repeats[at] = became
        # a mark belongs to the letter before it, and a run of marks to the letter before the run
        if is_mark and at > 0:
            ends[at - 1] = ends[at]
    return Normal(raw, text, np.repeat(np.arange(len(raw), dtype=np.int32), repeats), np.repeat(ends, repeats))
