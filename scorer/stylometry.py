"""How a text is written, in about forty rates that need no list at run time: word classes are looked up by word id.

Rates are square roots of counts per 100 words, which gives counts of any size the same spread (Anscombe 1948); they
compare texts of any length. Paragraph length is left out on purpose: scraped texts lose their line ends.
"""

from __future__ import annotations

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

_QUOTES = (Shape.QUOTE_OPEN, Shape.QUOTE_CLOSE, Shape.QUOTE_STRAIGHT)


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
        shapes = np.bincount(text.shapes, minlength=len(Shape))
        words = float(max(1, len(text.words) - shapes[[Shape.PUNCTUATION, *_QUOTES, Shape.CURRENCY]].sum()))
        counts = np.bincount(self.patterns[text.words], minlength=len(self.memberships)) @ self.memberships
        per_100 = 100.0 / words
        found = dict(zip(self.names, np.sqrt(counts * per_100).tolist(), strict=True))
        capitals = shapes[Shape.UPPER]
        is_first = np.zeros(len(text.words), dtype=bool)
        is_first[text.sentence_tokens[:-1][text.sentence_tokens[:-1] < len(is_first)]] = True
        names = ((text.shapes == Shape.TITLE) & ~is_first).sum()
        upper = text.shapes == Shape.UPPER
        found |= {
            "number": _rate(shapes[Shape.INTEGER] + shapes[Shape.NUMBER], per_100),
            "money": _rate(shapes[Shape.CURRENCY], per_100),
            "name": _rate(names, per_100),
            "capitals": _rate(capitals, per_100),
            "capitals_in_a_row": _rate((upper[1:] & upper[:-1]).sum(), per_100),
            "scare_quote": _rate(_scare_quotes(text), per_100),
        }
        lengths = (text.ends - text.starts)[text.shapes < Shape.PUNCTUATION]
        found["word_length"] = float(lengths.mean()) if len(lengths) else 0.0
        found["long_word"] = float((lengths >= LONG_WORD).mean()) if len(lengths) else 0.0
        sentences = np.diff(text.sentence_tokens)
        found["sentence_length"] = float(np.log1p(sentences.mean())) if len(sentences) else 0.0
        found["sentence_length_spread"] = float(np.log1p(sentences.std())) if len(sentences) else 0.0
        found["variety"] = variety(text.words)
        return found


def variety(words: NDArray[np.int32]) -> float:
    """Share of distinct words in windows of VARIETY_WINDOW, 0 to 1; a shorter text is brought to that length by
    Herdan's law (types = tokens ** c).
    """
    whole = len(words) // VARIETY_WINDOW
    if whole:
        windows = np.sort(words[: whole * VARIETY_WINDOW].reshape(whole, VARIETY_WINDOW), axis=1)
        return float((np.count_nonzero(np.diff(windows, axis=1), axis=1) + 1).mean() / VARIETY_WINDOW)
    if len(words) < 2:
        return 1.0
    exponent = np.log(len(np.unique(words))) / np.log(len(words))
    return float(VARIETY_WINDOW ** (exponent - 1.0))


def _rate(count: float, per_100: float) -> float:
    return float(np.sqrt(count * per_100))


def _scare_quotes(text: Text) -> int:
    """Quotation marks around one word or two."""
    quote = (text.shapes >= Shape.QUOTE_OPEN) & (text.shapes <= Shape.QUOTE_STRAIGHT)
    word = text.shapes < Shape.PUNCTUATION
    if len(quote) < 4:
        return 0
    one = quote[:-2] & word[1:-1] & quote[2:]
    two = quote[:-3] & word[1:-2] & word[2:-1] & quote[3:]
    return int(one.sum() + two.sum())
