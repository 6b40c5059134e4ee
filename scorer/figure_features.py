"""What is looked at to tell a checkable quantity from a date, an age, a name: integers that index a table of weights.

The same function serves training and scoring, so that the two cannot drift apart.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scorer.quantities import LONG, MIXED, SHORT, THREE, Quantities
from scorer.text import Text

CONTEXT_WORDS = 20_000
"""Words (the most frequent ones of the lexicon) that have a learned weight as neighbours of a number."""

CONTEXT_OFFSETS = (-2, -1, 0, 1)
"""Neighbours looked at: before the expression (negative), after it (0 is the next token)."""

LETTERS = 128
"""Letters are ASCII."""
_SHAPES = 16
_LENGTHS = np.array((4, 10, 40))


class Form(IntEnum):
    """How a number expression is written."""

    ONE_DIGIT = 0
    TWO_DIGITS = 1
    THREE_DIGITS = 2
    YEAR = 3
    LONG = 4
    GROUPED = 5
    DECIMAL = 6
    MONEY = 7
    PERCENT = 8
    SCALED = 9
    INDEFINITE = 10
    RANGE = 11
    YEARS = 12
    SCORE = 13
    RATIO = 14
    CLOCK = 15
    SLASHES = 16
    ORDINAL = 17
    DECADE = 18
    AGE = 19
    HYPHENATED = 20
    CODE = 21
    SMALL_WORD = 22
    WORD = 23
    FRACTION = 24


MIXED_CHARACTERS = 40
"""Characters of a number with letters or hyphens that are looked at."""

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_MIXED = re.compile(
    r"(?P<ORDINAL>\d+(?:st|nd|rd|th)(?:-\w+)*)$"
    r"|(?P<DECADE>\d+s)$"
    r"|(?P<CLOCK>\d+(?:[.]\d+)?[ap]m)$"
    r"|(?P<SCALED>\d+(?:[.,]\d+)*(?:[kmb]|bn|tn|mn|million|billion|trillion))$"
    r"|(?P<AGE>\d+-(?:year|month|week|day)s?-olds?)$"
    r"|(?P<YEARS>(?:1[5-9]|20)\d\d-\d{2,4})$"
    r"|(?P<SCORE>\d+-\d+)$"
    r"|(?P<HYPHENATED>\d+(?:[.,]\d+)*(?:-[a-z]+)+)$",
    re.IGNORECASE,
)

BASES: dict[str, int] = {}
"""Where each group of weights begins in the table."""

TABLE_SIZE = 0
for _name, _size in (
    ("form", len(Form)),
    *((f"letter{k}", 2 * LETTERS) for k in (-3, -2, -1, 0, 1, 2)),
    ("form_before", len(Form) * LETTERS),
    ("form_after", len(Form) * LETTERS),
    ("shape_before", len(Form) * _SHAPES),
    ("shape_after", len(Form) * _SHAPES),
    ("sides", _SHAPES * _SHAPES),
    ("place", 8),
    ("date", 4 * len(Form)),
    ("plural", 4 * len(Form)),
):
    BASES[_name] = TABLE_SIZE
    TABLE_SIZE += _size


def form_of(letters: str, token: str) -> Form:
    """How an expression is written, from the letters of its tokens and its first token."""
    if len(letters) == 1:
        code = ord(letters)
        if code == SHORT:
            return Form.ONE_DIGIT if len(token) == 1 else Form.TWO_DIGITS
        if code == THREE:
            return Form.THREE_DIGITS
        if code == LONG:
            if token.isdigit():
                return Form.YEAR if len(token) == 4 and _YEAR.match(token) else Form.LONG
            return Form.GROUPED if "," in token else Form.DECIMAL
        if code == MIXED:
            return form_of_mixed(token[:MIXED_CHARACTERS])
        return {"w": Form.SMALL_WORD, "h": Form.INDEFINITE, "F": Form.FRACTION}.get(letters, Form.WORD)
    for marks, form in _MARKS:
        if not marks.isdisjoint(letters):
            if form is Form.RANGE and letters in ("N-N", "NrN") and _YEAR.fullmatch(token):
                return Form.YEARS
            return form
    return Form.GROUPED if letters[0] in "12" else Form.WORD


@lru_cache(4_096)
def form_of_mixed(token: str) -> Form:
    """How a number with letters or hyphens is written, by its first `MIXED_CHARACTERS`."""
    found = _MIXED.match(token)
    return Form[found.lastgroup] if found is not None and found.lastgroup else Form.CODE


_PLAIN = (Form.ONE_DIGIT, Form.TWO_DIGITS, Form.THREE_DIGITS, Form.YEAR, Form.LONG, Form.SMALL_WORD, Form.WORD)
"""Forms that say nothing of their own: what stands around them weighs apart from what stands around "$3bn"."""

_IS_PLAIN = np.isin(np.arange(len(Form)), _PLAIN)

IDIOMS = frozenset(("9/11", "24/7", "24–7", "24-7", "50/50", "7/7"))
"""Written like a score or a share, yet names."""

_MARKS = (
    (frozenset("cm"), Form.MONEY),
    (frozenset("peP"), Form.PERCENT),
    (frozenset(":"), Form.CLOCK),
    (frozenset("/"), Form.SLASHES),
    (frozenset("iu"), Form.RATIO),
    (frozenset("h"), Form.INDEFINITE),
    (frozenset("HF"), Form.FRACTION),
    (frozenset("sav"), Form.SCALED),
    (frozenset("r-&"), Form.RANGE),
)


def features(text: Text, found: Quantities) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Table indices (n, k), 0 <= i < TABLE_SIZE, and neighbouring words (n, len(CONTEXT_OFFSETS)), 0 for rare ones."""
    n = len(found.first)
    written = found.letters.tobytes().decode("latin-1")
    bounds = zip(found.first.tolist(), found.last.tolist(), strict=True)
    form = np.fromiter((_form(text, written[a:b], a, b) for a, b in bounds), dtype=np.int64, count=n)
    letters = np.concatenate((np.zeros(3, np.int64), np.minimum(found.letters, LETTERS - 1), np.zeros(3, np.int64)))
    shapes = np.concatenate((np.full(3, 15), text.shapes, np.full(3, 15)))
    words = np.concatenate((np.zeros(3, np.int64), text.words, np.zeros(3, np.int64)))
    before, after = found.first + 3, found.last + 3  # places in the padded arrays
    near = {k: letters[before + k] if k < 0 else letters[after + k] for k in range(-3, 3)}
    plain = _IS_PLAIN[form]
    month = ord("M")
    date = 2 * ((near[-1] == month) | (near[-2] == month) | (near[-3] == month)) + (
        (near[0] == month) | (near[1] == month)
    )
    sentence = np.searchsorted(text.sentence_tokens, found.first, side="right") - 1
    sentence = np.minimum(np.maximum(sentence, 0), max(0, len(text.sentence_tokens) - 2))
    begins = text.sentence_tokens[sentence] == found.first
    length = (
        text.sentence_tokens[np.minimum(sentence + 1, len(text.sentence_tokens) - 1)] - text.sentence_tokens[sentence]
    )
    place = 4 * begins + np.searchsorted(_LENGTHS, length, side="right")
    columns = [
        form + BASES["form"],
        *(near[k] + plain * LETTERS + BASES[f"letter{k}"] for k in range(-3, 3)),
        form * LETTERS + near[-1] + BASES["form_before"],
        form * LETTERS + near[0] + BASES["form_after"],
        form * _SHAPES + shapes[before - 1] + BASES["shape_before"],
        form * _SHAPES + shapes[after] + BASES["shape_after"],
        shapes[before - 1] * _SHAPES + shapes[after] + BASES["sides"],
        place + BASES["place"],
        form * 4 + date + BASES["date"],
        form * 4 + _plural(text, found) + BASES["plural"],
    ]
    context = np.stack([words[before + k] if k < 0 else words[after + k] for k in CONTEXT_OFFSETS], axis=1)
    context[context >= CONTEXT_WORDS] = 0
    return np.ascontiguousarray(np.array(columns).T), context


def _form(text: Text, letters: str, first: int, last: int) -> Form:
    if letters in ("1/2", "1/1", "1-1", "X") and text.normal[text.starts[first] : text.ends[last - 1]] in IDIOMS:
        return Form.CODE
    return form_of(letters, text.tokens[first])


def _plural(text: Text, found: Quantities) -> NDArray[np.int64]:
    """1 where a lower-case word in -s follows, 2 where one follows that, else 0."""
    tokens, last = text.tokens, len(text.tokens)
    code = np.zeros(len(found.first), dtype=np.int64)
    for i, after in enumerate(found.last.tolist()):
        for step in (1, 2):
            if after + step <= last:
                word = tokens[after + step - 1]
                if not word.islower():
                    break
                if len(word) > 3 and word[-1] == "s" and word[-2] not in "siu":
                    code[i] = step
                    break
    return code


WORD_FORMS = (Form.SMALL_WORD, Form.WORD, Form.FRACTION)
CERTAIN_CLAIMS = (Form.MONEY, Form.PERCENT, Form.SCALED, Form.GROUPED, Form.INDEFINITE)
CERTAIN_OTHERS = (Form.YEAR, Form.CLOCK, Form.ORDINAL, Form.DECADE, Form.AGE, Form.YEARS)
