"""Finds number expressions: numerals, number words, money, percentages, ranges, scores, as runs of tokens.

Every token becomes one letter (its part in number grammar); one pattern over the letters then finds the expressions.
Whether an expression is a checkable quantity or a date, an age, a name is not decided here (scorer/signals/figures.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.lexicon import Shape
from scorer.text import Text

OTHER = ord("Z")
"""Letter of a token that has no part in number grammar and none in its neighbourhood."""

SHORT, THREE, LONG, MIXED = (ord(c) for c in "12NX")
"""Letters of numerals: one or two digits; three; longer or with a point; with letters or a hyphen ("3bn", "5-4")."""

_PERCENT = r"(?:P?p|eE|P+)"
_WORDS = r"[two](?:[two]|s(?:&[two])?)*"
_NUMBER = rf"(?:[12]2+|[12NX]|{_WORDS}|a(?:Ha)?s+|Ha?s+|vs+|h(?:fh)*|aH|Hf|F)"
_ONE = rf"c?{_NUMBER}s*{_PERCENT}?m?"
PATTERN = re.compile(
    rf"(?:(?<=T){_ONE}&{_ONE}"  # between 3,000 and 5,000
    rf"|{_ONE}"
    rf"(?:r{_ONE}|-c?[12NX]s*{_PERCENT}?m?"  # 3,000 to 5,000, 10-12
    r"|(?:[:/][12NX]){1,3}"  # 10:30, 9/11, 50/46
    r"|i(?:[12]|t)"  # 7 in 10
    rf"|uf{_NUMBER}"  # 4 out of 5
    r")?)"
)
_TOO_COMMON = (b"o", b"aH")  # "one" and "a half" alone are rarely counts
_ADJOINING = re.compile(r"\d{1,3}(?: \d{3})+")


@dataclass(frozen=True, slots=True)
class Quantities:
    """n number expressions of a text, in order, none overlapping.

    Attributes:
        letters: uint8, the letter of each token of the text.
        first, last: int64 (n,), expression i is tokens first[i], ..., last[i] - 1.
    """

    letters: NDArray[np.uint8]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


class Finder:
    """Finds quantities with a table word id -> letter, and letters of the few words that the lexicon lacks."""

    def __init__(self, table: NDArray[np.uint8], rare: Mapping[str, str]) -> None:
        self.table = np.array(table, dtype=np.uint8)
        self.rare = {word: ord(letter) for word, letter in rare.items()}

    def find(self, text: Text) -> Quantities:
        """All number expressions of a text. Linear in its length."""
        if kernel.native is not None:
            written, first, last = kernel.native.quantities(
                text.words, text.shapes, text.starts, text.ends, self.table, text.tokens, text.normal, self.rare
            )
            return Quantities(
                np.frombuffer(written, kernel.UINT8),
                np.frombuffer(first, kernel.INT64),
                np.frombuffer(last, kernel.INT64),
            )
        letters = self.letters(text)
        starts: list[int] = []
        stops: list[int] = []
        for first, last in _matches(letters):
            if last - first <= 2 and letters[first:last].tobytes() in _TOO_COMMON:
                continue
            if last - first > 1:
                last = _on_one_line(text, first, last)
                if letters[first] in (SHORT, THREE) and letters[first + 1] == THREE and last > first + 1:
                    run = text.normal[text.starts[first] : text.ends[last - 1]]
                    grouped = _ADJOINING.match(run)
                    if grouped is None:  # "95 200 people" needs single blanks; else two numbers
                        last = first + 1
            starts.append(first)
            stops.append(last)
        return Quantities(letters, np.array(starts, dtype=np.int64), np.array(stops, dtype=np.int64))

    def letters(self, text: Text) -> NDArray[np.uint8]:
        """The letter of each token: by its word, by its digits where it is a numeral."""
        letters = self.table[text.words]
        shapes = text.shapes
        letters[shapes == Shape.CURRENCY] = ord("c")
        numeric = np.flatnonzero((shapes >= Shape.INTEGER) & (shapes <= Shape.ALPHANUMERIC))
        tokens = text.tokens
        last = len(tokens) - 1
        # looked up once: an enum's member costs several times what the comparison does
        whole, number = int(Shape.INTEGER), int(Shape.NUMBER)
        for at, shape in zip(numeric.tolist(), shapes[numeric].tolist(), strict=True):
            token = tokens[at]
            if not token[0].isdigit():
                letters[at] = OTHER
                continue
            if shape == whole:
                letters[at] = SHORT if len(token) < 3 else THREE if len(token) == 3 else LONG
            else:
                letters[at] = LONG if "-" not in token and shape == number else MIXED
            if at < last:
                rare = self.rare.get(tokens[at + 1].lower())
                if rare is not None:
                    letters[at + 1] = rare
        return letters


_BEGINS = np.zeros(256, dtype=np.bool_)
_BEGINS[np.frombuffer(b"c12NXtwoaHsvhF", dtype=np.uint8)] = True


def _matches(letters: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """`PATTERN.finditer` over the letters, asked only where an expression can begin: few tokens are numbers."""
    written, reached = letters.tobytes().decode("latin-1"), 0
    for at in np.flatnonzero(_BEGINS[letters]).tolist():
        if at >= reached:
            match = PATTERN.match(written, at)
            if match is not None:
                reached = match.end()
                yield match.span()


def _on_one_line(text: Text, first: int, last: int) -> int:
    """End of the run from `first` before a line end, so that no expression spans lines."""
    stop = text.normal.find("\n", text.starts[first], text.ends[last - 1])
    return last if stop < 0 else max(first + 1, int(np.searchsorted(text.starts, stop)))
