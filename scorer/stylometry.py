"""How a text is written, in about forty rates that need no list at run time: word classes are looked up by word id.

Rates are square roots of counts per 100 words, which gives counts of any size the same spread (Anscombe 1948); they
compare texts of any length. Paragraph length is left out on purpose: scraped texts lose their line ends.
"""

from __future__ import annotations

from math import log1p, sqrt

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
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


RATES = ("number", "money", "name", "capitals", "capitals_in_a_row", "scare_quote")
"""Measured beside the classes of words: square roots of counts per 100 words."""

SIZES = ("word_length", "long_word", "sentence_length", "sentence_length_spread")
"""Characters of a word, share of long ones; logarithms of tokens of a sentence and of how they spread."""

Measures = tuple[int, int, dict[str, float]]
"""Words and numbers of a text; distinct words of whole windows; the rates of classes, RATES and SIZES by name."""


class Stylometry:
    """Counts word classes with one model part.

    `patterns` int (V,): which set of classes each word id belongs to; `memberships` uint8 (sets, classes); the classes'
    names in `meta["classes"]`.
    """

    def __init__(self, part: Part) -> None:
        self.patterns: NDArray[np.uint16] = np.asarray(part.arrays["patterns"], dtype=np.uint16)
        self.memberships: NDArray[np.uint8] = np.ascontiguousarray(part.arrays["memberships"], dtype=np.uint8)
        self.names: tuple[str, ...] = (*part.meta["classes"], *RATES, *SIZES)
        self._tables = kernel.tables(
            "HBq", self.patterns, self.memberships, np.array([LONG_WORD, VARIETY_WINDOW], dtype=np.int64)
        )
        self._unmeasured = dict.fromkeys(self.names, 0.0)

    def measure(self, text: Text) -> tuple[int, dict[str, float]]:
        """How many words and numbers a text of at least one token has, and its measures by name."""
        measured = self._measured if kernel.native is None else self._measured_by_kernel
        words, distinct, found = measured(text)
        whole = len(text.words) // VARIETY_WINDOW
        found["variety"] = distinct / (whole * VARIETY_WINDOW) if whole else _variety_of_few(text.words)
        return words, found

    def _measured(self, text: Text) -> Measures:
        kinds, borders = text.shapes, text.sentence_tokens
        shapes = np.bincount(kinds, minlength=SHAPES).tolist()
        sets = np.bincount(self.patterns[text.words], minlength=len(self.memberships))
        capitals = kinds == _UPPER
        named = kinds == _TITLE
        named[borders[:-1]] = False
        counts = (
            *(sets @ self.memberships).tolist(),
            shapes[_INTEGER] + shapes[_NUMBER],
            shapes[_CURRENCY],
            int(np.count_nonzero(named)),
            shapes[_UPPER],
            int(np.count_nonzero(capitals[1:] & capitals[:-1])),
            _scare_quotes(kinds),
        )
        per_100 = 100.0 / max(1, len(kinds) - sum(shapes[shape] for shape in _NO_WORDS))
        words = sum(shapes[:WORD_SHAPES])
        lengths = (text.ends - text.starts)[kinds < WORD_SHAPES]
        average = len(kinds) / (len(borders) - 1)
        apart = borders[1:] - borders[:-1] - average
        sizes = (
            int(lengths.sum()) / max(1, words),
            int(np.count_nonzero(lengths >= LONG_WORD)) / max(1, words),
            log1p(average),
            log1p(sqrt(float((apart * apart).sum()) / len(apart))),
        )
        values = (*(sqrt(count * per_100) for count in counts), *sizes)
        return words, _distinct(text.words), dict(zip(self.names, values, strict=True))

    def _measured_by_kernel(self, text: Text) -> Measures:
        measures: Measures = kernel.native.style_measures(
            self._tables, self._unmeasured, text.words, text.shapes, text.starts, text.ends, text.sentence_tokens
        )
        return measures


def variety(words: NDArray[np.int32]) -> float:
    """Share of distinct words in windows of VARIETY_WINDOW, 0 to 1; a shorter text is brought to that length by
    Herdan's law (types = tokens ** c).
    """
    whole = len(words) // VARIETY_WINDOW
    return _distinct(words) / (whole * VARIETY_WINDOW) if whole else _variety_of_few(words)


def _distinct(words: NDArray[np.int32]) -> int:
    """Distinct words of whole windows side by side, added up."""
    whole = len(words) // VARIETY_WINDOW
    windows = np.sort(words[: whole * VARIETY_WINDOW].reshape(whole, VARIETY_WINDOW), axis=1)
    return int(np.count_nonzero(windows[:, 1:] != windows[:, :-1])) + whole


def _variety_of_few(words: NDArray[np.int32]) -> float:
    if len(words) < 2:
        return 1.0
    exponent = np.log(len(np.unique(words))) / np.log(len(words))
    return float(VARIETY_WINDOW ** (exponent - 1.0))


def _scare_quotes(shapes: NDArray[np.int32]) -> int:
    """Quotation marks around one word or two, the first after a word: a quotation closes after punctuation."""
    at = np.flatnonzero((shapes >= _FIRST_QUOTE) & (shapes <= _LAST_QUOTE))
    first, apart = at[:-1], at[1:] - at[:-1]
    opens = (shapes[first] != _CLOSING) & (shapes[first - 1] < WORD_SHAPES)
    return int(np.count_nonzero(opens & ((apart == 2) | (apart == 3))))
