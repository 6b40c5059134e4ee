"""When not to answer: too short, not English, not an article, unlike anything the model learned from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from scorer import kernel
from scorer.document import Document
from scorer.lexicon import Shape
from scorer.text import Text

MIN_WORDS = 60
"""Fewest words of body text that are judged: about three sentences of news."""

_WORD_SHAPES = np.isin(
    np.arange(16), [Shape.LOWER, Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL, Shape.HYPHENATED]
)

COMMON_WORDS = 200
"""Word ids up to this one are the commonest words: the lexicon is ordered by document count."""

MIN_WORDS_FOR_LANGUAGE = 8

MAX_CAPITALS = 0.5
"""A text of which more than this share of the words is in capitals is not judged: there names cannot be told from other
words, and names are no words to the text model. Of 2,964 articles learned from two are such texts."""

MIN_KNOWN = 0.5
"""A text of which the lexicon knows less than this share, and which has few common words, is in another language: in
Spanish it knows about .37 of the words, in recipes, tables and code .6 and more (training/data/abstention.jsonl)."""

_NUMBER_SHAPES = np.isin(np.arange(16), [Shape.INTEGER, Shape.NUMBER])
_WORD_BITS, _NUMBER_BITS = (int(np.sum(1 << np.flatnonzero(shapes))) for shapes in (_WORD_SHAPES, _NUMBER_SHAPES))
_SHAPE_BITS = (_WORD_BITS, _NUMBER_BITS, 1 << Shape.UPPER)

PROFILE = ("common_share", "known_share", "number_share", "word_share", "words_a_sentence")
"""What a body is compared by with the articles the model learned from."""


class Abstention:
    """Decides whether a document can be judged.

    `meta` holds `first_ending` (ids from here on are words the lexicon does not know), `min_english` (lowest share of
    common words in English text) and `bounds`: for each name of `PROFILE` the lowest and highest value that is still
    like the training articles.
    """

    def __init__(self, meta: Mapping[str, Any]) -> None:
        self.first_ending = int(meta["first_ending"])
        self.min_english = float(meta["min_english"])
        self.bounds = sorted((name, low, high) for name, (low, high) in meta["bounds"].items())

    def judge(self, document: Document) -> tuple[str | None, str, list[str]]:
        """The reason not to score (None to score), the language ("en", or "und" for any other) and warnings."""
        body = document.body
        measured = profile(body, self.first_ending)
        reason, odd = self.reason(measured)
        language = "und" if reason == "language" else "en"
        if document.page is not None and not document.page.is_article:
            reason = "not_an_article"
        warnings = []
        if reason == "unlike_training":
            warnings.append("unlike the articles the model learned from: " + ", ".join(odd))
        elif reason is None and measured["words"] < 2 * MIN_WORDS:
            warnings.append(f"short text ({measured['words']:.0f} words): read the interval rather than the risk")
        return reason, language, warnings

    def reason(self, measured: Mapping[str, float]) -> tuple[str | None, list[str]]:
        """Why a body with this `profile` is not scored (None: it is), and which measures are out of bounds."""
        known = measured["common_share"] >= self.min_english or measured["known_share"] >= MIN_KNOWN
        if measured["words"] >= MIN_WORDS_FOR_LANGUAGE and not known:
            return "language", []
        if measured["words"] < MIN_WORDS:
            return "too_short", []
        odd = [name for name, low, high in self.bounds if not low <= measured[name] <= high]
        if measured["capital_share"] > MAX_CAPITALS:
            odd.append("capitals")
        return ("unlike_training" if odd else None), odd


def profile(body: Text, first_ending: int) -> dict[str, float]:
    """What a body is judged by: `words` (a count), the measures of `PROFILE` (shares of 0 to 1; mean words) and
    `capital_share` of the words.
    """
    if kernel.native is not None:
        found, common, known, numbers, capitals = kernel.native.kinds(
            body.words, body.shapes, _SHAPE_BITS, COMMON_WORDS, first_ending
        )
    else:
        ids = body.words[_WORD_SHAPES[body.shapes]]
        found, common, known = len(ids), int((ids <= COMMON_WORDS).sum()), int((ids < first_ending).sum())
        numbers, capitals = int(_NUMBER_SHAPES[body.shapes].sum()), int((body.shapes == Shape.UPPER).sum())
    words, tokens = found or 1, len(body.tokens) or 1
    return {
        "words": float(found),
        "common_share": common / words,
        "known_share": known / words,
        "number_share": numbers / tokens,
        "word_share": words / tokens,
        "words_a_sentence": words / (len(body.sentences) or 1),
        "capital_share": capitals / words,
    }
