"""How a text is written, in about forty rates that need no list at run time: word classes are looked up by word id.

Rates are square roots of counts per 100 words, which gives counts of any size the same spread (Anscombe 1948); they
compare texts of any length. Paragraph length is left out on purpose: scraped texts lose their line ends.
"""

from __future__ import annotations

from math import log1p, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Shape
from scorer.store import Part
from scorer.text import Text

VARIETY_WINDOW = 100
"""Words over which distinct ones are counted: a fixed window makes variety comparable across lengths (Covington &
McFall 2010, moving-average type-token ratio, here over windows side by side)."""

LONG_WORD = 7
"""Characters of a long word."""

SHAPES = len(Shape)
WORD_SHAPES = int(Shape.PUNCTUATION)
"""Shapes under this one are words and numbers."""

_NO_WORDS = [
    int(s) for s in (Shape.PUNCTUATION, Shape.QUOTE_OPEN, Shape.QUOTE_CLOSE, Shape.QUOTE_STRAIGHT, Shape.CURRENCY)
]
_TITLE, _UPPER, _INTEGER, _NUMBER, _CURRENCY = map(
    int, (Shape.TITLE, Shape.UPPER, Shape.INTEGER, Shape.NUMBER, Shape.CURRENCY)
)
_CLOSING = int(Shape.QUOTE_CLOSE)
_FIRST_QUOTE, _LAST_QUOTE = int(Shape.QUOTE_OPEN), int(Shape.QUOTE_STRAIGHT)


class Stylometry:
    """Counts word classes with one model part.

    `patterns` int (V,): which set of classes each word id belongs to; `memberships` uint8 (sets, classes); the classes'
    names in `meta["classes"]`.
    """

    def __init__(self, part: Part) -> None:
        self.patterns: NDArray[np.int32] = np.asarray(part.arrays["patterns"], dtype=np.int32)
        self.memberships: NDArray[np.float64] = np.asarray(part.arrays["memberships"], dtype=np.float64)
        self.names: tuple[str, ...] = tuple(part.meta["classes"])

    def features(self, text: Text) -> dict[str, float]:
        """Named measures of a text with at least one word; rates are square roots of counts per 100 words."""
        kinds = text.shapes
        shapes = np.bincount(kinds, minlength=SHAPES)
        words = float(max(1, len(kinds) - shapes[_NO_WORDS].sum()))
        per_100 = 100.0 / words
        counts = np.bincount(self.patterns[text.words], minlength=len(self.memberships)) @ self.memberships
        found = dict(zip(self.names, np.sqrt(counts * per_100).tolist(), strict=True))
        capitals = kinds == _UPPER
        named = kinds == _TITLE
        named[text.sentence_tokens[:-1]] = False
        found |= {
            "number": _rate(shapes[_INTEGER] + shapes[_NUMBER], per_100),
            "money": _rate(shapes[_CURRENCY], per_100),
            "name": _rate(np.count_nonzero(named), per_100),
            "capitals": _rate(shapes[_UPPER], per_100),
            "capitals_in_a_row": _rate(np.count_nonzero(capitals[1:] & capitals[:-1]), per_100),
            "scare_quote": _rate(_scare_quotes(kinds), per_100),
        }
        lengths = (text.ends - text.starts)[kinds < WORD_SHAPES]
        count = max(1, len(lengths))
        found["word_length"] = float(lengths.sum()) / count
        found["long_word"] = float(np.count_nonzero(lengths >= LONG_WORD)) / count
        sentences = text.sentence_tokens[1:] - text.sentence_tokens[:-1]
        found["sentence_length"] = log1p(float(sentences.mean()))
        found["sentence_length_spread"] = log1p(float(sentences.std()))
        found["variety"] = variety(text.words)
        return found


def variety(words: NDArray[np.int32]) -> float:
    """Share of distinct words in windows of VARIETY_WINDOW, 0 to 1; a shorter text is brought to that length by
    Herdan's law (types = tokens ** c).
    """
    whole = len(words) // VARIETY_WINDOW
    if whole:
        windows = np.sort(words[: whole * VARIETY_WINDOW].reshape(whole, VARIETY_WINDOW), axis=1)
        changes = np.count_nonzero(windows[:, 1:] != windows[:, :-1])
        return (changes + whole) / (whole * VARIETY_WINDOW)
    if len(words) < 2:
        return 1.0
    exponent = np.log(len(np.unique(words))) / np.log(len(words))
    return float(VARIETY_WINDOW ** (exponent - 1.0))


def _rate(count: int | np.integer[Any], per_100: float) -> float:
    return sqrt(int(count) * per_100)


def _scare_quotes(shapes: NDArray[np.int32]) -> int:
    """Quotation marks around one word or two, the first after a word: a quotation closes after punctuation."""
    at = np.flatnonzero((shapes >= _FIRST_QUOTE) & (shapes <= _LAST_QUOTE))
    first, apart = at[:-1], at[1:] - at[:-1]
    opens = (shapes[first] != _CLOSING) & (shapes[first - 1] < WORD_SHAPES)
    return int(np.count_nonzero(opens & ((apart == 2) | (apart == 3))))
