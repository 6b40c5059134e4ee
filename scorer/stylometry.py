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


Counts = tuple[list[int], list[int], int, int, int, int, int, int]
"""Tokens of each shape and of each class of words; names inside sentences, capitals in a row, scare quotes; characters
of all words, long words; distinct words of whole windows."""


class Stylometry:
    """Counts word classes with one model part.

    `patterns` int (V,): which set of classes each word id belongs to; `memberships` uint8 (sets, classes); the classes'
    names in `meta["classes"]`.
    """

    def __init__(self, part: Part) -> None:
        self.patterns: NDArray[np.int32] = np.asarray(part.arrays["patterns"], dtype=np.int32)
        self.members: NDArray[np.uint8] = np.ascontiguousarray(part.arrays["memberships"], dtype=np.uint8)
        self.memberships: NDArray[np.float64] = self.members.astype(np.float64)
        self.names: tuple[str, ...] = tuple(part.meta["classes"])

    def features(self, text: Text) -> dict[str, float]:
        """Named measures of a text with at least one word; rates are square roots of counts per 100 words."""
        counted = self._counted if kernel.native is None else self._counted_by_kernel
        shapes, classes, names, in_a_row, scare_quotes, characters, long_words, distinct = counted(text)
        per_100 = 100.0 / max(1, len(text.words) - sum(shapes[shape] for shape in _NO_WORDS))
        found = {name: sqrt(number * per_100) for name, number in zip(self.names, classes, strict=True)}
        found |= {
            "number": sqrt((shapes[_INTEGER] + shapes[_NUMBER]) * per_100),
            "money": sqrt(shapes[_CURRENCY] * per_100),
            "name": sqrt(names * per_100),
            "capitals": sqrt(shapes[_UPPER] * per_100),
            "capitals_in_a_row": sqrt(in_a_row * per_100),
            "scare_quote": sqrt(scare_quotes * per_100),
        }
        count = max(1, sum(shapes[:WORD_SHAPES]))
        found["word_length"] = characters / count
        found["long_word"] = long_words / count
        lengths = text.sentence_tokens[1:] - text.sentence_tokens[:-1]
        apart = lengths - len(text.words) / len(lengths)
        found["sentence_length"] = log1p(len(text.words) / len(lengths))
        found["sentence_length_spread"] = log1p(sqrt(float((apart * apart).sum()) / len(lengths)))
        whole = len(text.words) // VARIETY_WINDOW
        found["variety"] = distinct / (whole * VARIETY_WINDOW) if whole else _variety_of_few(text.words)
        return found

    def _counted(self, text: Text) -> Counts:
        kinds = text.shapes
        classes = np.bincount(self.patterns[text.words], minlength=len(self.memberships)) @ self.memberships
        capitals = kinds == _UPPER
        named = kinds == _TITLE
        named[text.sentence_tokens[:-1]] = False
        lengths = (text.ends - text.starts)[kinds < WORD_SHAPES]
        return (
            np.bincount(kinds, minlength=SHAPES).tolist(),
            [int(number) for number in classes.tolist()],
            int(np.count_nonzero(named)),
            int(np.count_nonzero(capitals[1:] & capitals[:-1])),
            _scare_quotes(kinds),
            int(lengths.sum()),
            int(np.count_nonzero(lengths >= LONG_WORD)),
            _distinct(text.words),
        )

    def _counted_by_kernel(self, text: Text) -> Counts:
        counts: Counts = kernel.native.style_counts(
            text.words, text.shapes, text.starts, text.ends, text.sentence_tokens, self.patterns, self.members,
            len(self.names), LONG_WORD, VARIETY_WINDOW,
        )  # fmt: skip
        return counts


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
