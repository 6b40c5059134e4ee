"""When not to answer: too short, not English, not an article, unlike anything the model learned from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from scorer.document import Document
from scorer.lexicon import Shape
from scorer.text import Text

MIN_WORDS = 60
"""Fewest words of body text that are judged: about three sentences of news."""

_WORD_SHAPES = np.isin(
    np.arange(16), [Shape.LOWER, Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL, Shape.HYPHENATED]
)

PROFILE = ("function_share", "known_share", "number_share", "word_share", "words_a_sentence")
"""What a body is compared by with the articles the model learned from."""


class Abstention:
    """Decides whether a document can be judged.

    `meta` holds `function_words` (word ids of the commonest English words), `first_ending` (ids from here on are words
    the lexicon does not know), `min_english` (lowest share of function words in English text) and `bounds`: for each
    name of `PROFILE` the lowest and highest value that is still like the training articles.
    """

    def __init__(self, meta: Mapping[str, Any]) -> None:
        self.first_ending = int(meta["first_ending"])
        self.is_function = np.zeros(int(meta["vocabulary"]), dtype=bool)
        self.is_function[np.asarray(meta["function_words"], dtype=np.int64)] = True
        self.min_english = float(meta["min_english"])
        self.bounds: Mapping[str, tuple[float, float]] = {name: tuple(pair) for name, pair in meta["bounds"].items()}

    def judge(self, document: Document) -> tuple[str | None, str, list[str]]:
        """The reason not to score (None to score), the language ("en", or "und" for any other) and warnings."""
        body = document.body
        words = int(_WORD_SHAPES[body.shapes].sum())
        profile = self.profile(body)
        english = words < 5 or profile["function_share"] >= self.min_english
        language = "en" if english else "und"
        warnings: list[str] = []
        if words < 2 * MIN_WORDS:
            warnings.append(f"short text: {words} words")
        if document.page is not None and not document.page.is_article:
            return "not_an_article", language, warnings
        if not english:
            return "language", language, warnings
        if words < MIN_WORDS:
            return "too_short", language, warnings
        odd = [name for name, (low, high) in self.bounds.items() if not low <= profile[name] <= high]
        if odd:
            warnings.append("unlike the articles the model learned from: " + ", ".join(sorted(odd)))
            return "unlike_training", language, warnings
        return None, language, warnings

    def profile(self, body: Text) -> dict[str, float]:
        """The measures of `PROFILE`: shares of 0 to 1, and mean words a sentence."""
        is_word = _WORD_SHAPES[body.shapes]
        words = max(1, int(is_word.sum()))
        ids = body.words[is_word]
        numbers = int(np.isin(body.shapes, (Shape.INTEGER, Shape.NUMBER)).sum())
        tokens = max(1, len(body.tokens))
        return {
            "function_share": float(self.is_function[ids].sum()) / words,
            "known_share": float((ids < self.first_ending).sum()) / words,
            "number_share": numbers / tokens,
            "word_share": words / tokens,
            "words_a_sentence": words / max(1, len(body.sentences)),
        }
