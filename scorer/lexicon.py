"""Words become integers once: the lexicon shared by every learned part.

A token is two small integers: a word id (its lower-case form) and a shape (how it is written). A word the lexicon does
not hold gets the id of its ending (the longest known one of 3, 2, 1 letters), so that tables indexed by word id have
something to say about every token.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

SHAPE_BITS = 4
CACHE_LIMIT = 400_000
"""Surface forms remembered a process; past it the memory is dropped and refills (about 40 MB at the most)."""


class Shape(IntEnum):
    """How a token is written."""

    LOWER = 0
    TITLE = 1
    UPPER = 2
    MIXED = 3
    INITIAL = 4
    INTEGER = 5
    NUMBER = 6
    ALPHANUMERIC = 7
    PUNCTUATION = 8
    QUOTE_OPEN = 9
    QUOTE_CLOSE = 10
    QUOTE_STRAIGHT = 11
    CURRENCY = 12
    HYPHENATED = 13


WORD_BITS = (1 << Shape.PUNCTUATION) - 1
"""Shapes of words and numbers without a hyphen, a bit each."""


_SINGLE = {
    **dict.fromkeys("“„‟«‹‘‛", Shape.QUOTE_OPEN),
    **dict.fromkeys("”»›’", Shape.QUOTE_CLOSE),
    '"': Shape.QUOTE_STRAIGHT,
    "'": Shape.QUOTE_STRAIGHT,
    **dict.fromkeys("$£€¥₹", Shape.CURRENCY),
}


def shape_of(token: str) -> Shape:
    """The shape of a non-empty token."""
    first = token[0]
    if len(token) == 1:
        if first in _SINGLE:
            return _SINGLE[first]
        if first.isalpha():
            return Shape.INITIAL if first.isupper() else Shape.LOWER
    if not any(c.isalnum() for c in token):
        return Shape.PUNCTUATION
    if token.isdigit():
        return Shape.INTEGER
    if first.isdigit():
        return Shape.NUMBER if not any(c.isalpha() for c in token) else Shape.ALPHANUMERIC
    if any(c.isdigit() for c in token):
        return Shape.ALPHANUMERIC
    letters = [c for c in token if c.isalpha()]
    if all(c.isupper() for c in letters):
        return Shape.UPPER if len(letters) > 1 else Shape.INITIAL
    if "-" in token:
        return Shape.HYPHENATED
    if first.isupper():
        return Shape.TITLE if not any(c.isupper() for c in letters[1:]) else Shape.MIXED
    return Shape.LOWER if not any(c.isupper() for c in letters) else Shape.MIXED


def key_of(token: str) -> str:
    """The form under which a word is looked up: lower case, typographic apostrophes straight, digits masked."""
    lowered = token.lower()
    if lowered.isalpha():  # as most are
        return lowered
    lowered = lowered.replace("’", "'")
    if any(c.isdigit() for c in lowered):
        # '1,500' and '2,300' are one word; years keep their length, ordinals and units their letters
        lowered = "".join("0" if c.isdigit() else c for c in lowered)
    return lowered


class Lexicon(dict[str, int]):
    """Token as written -> packed integer `word << SHAPE_BITS | shape`, by `map(lexicon.__getitem__, tokens)`.

    `words` is every known lower-case form in id order, starting with the empty string (id 0, never met in text); then
    come the endings, written with a leading '~' ('~ing', with '~' alone for anything else).
    """

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.words = tuple(words)
        self.id_of = {word: number for number, word in enumerate(self.words)}
        if "~" not in self.id_of:
            raise ValueError("a lexicon needs the catch-all ending '~'")

    def __len__(self) -> int:
        """Number of word ids (not of remembered surface forms)."""
        return len(self.words)

    def word_id(self, word: str) -> int:
        """Id of a form as `key_of` gives it; that of its ending where the word is unknown."""
        found = self.id_of.get(word)
        if found is not None:
            return found
        for length in (3, 2, 1):
            found = self.id_of.get("~" + word[-length:])
            if found is not None and len(word) > length:
                return found
        return self.id_of["~"]

    def __missing__(self, token: str) -> int:
        if dict.__len__(self) > CACHE_LIMIT:
            self.clear()
        packed = self.packed(token)
        if len(token) <= 64:
            self[token] = packed
        return packed

    def packed(self, token: str) -> int:
        """The same as `lexicon[token]`, worked out anew."""
        return self.word_id(key_of(token)) << SHAPE_BITS | shape_of(token)
