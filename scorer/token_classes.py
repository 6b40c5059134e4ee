"""Classes of tokens by which content is told from what dangles at its ends, and tied to its cues.

Function words and marks have a class each; any other word is told by its ending, or by how it is written.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Lexicon, Shape
from scorer.text import Text

JOINERS = (
    "but", "while", "although", "though", "whereas", "and", "as", "when", "after", "before", "because", "if", "which",
    "who", "that",
)  # fmt: skip
"""Words that join clauses: the last one between a cue and a piece says whether the piece goes on with it."""

_FUNCTION_WORDS = (
    "however", "or", "nor", "since", "so", "for", "yet", "unless", "until", "despite", "with", "without", "by", "in",
    "on", "at", "of", "to", "from", "whom", "whose", "where", "whether",
)  # fmt: skip
MARKS = (",", ".", ";", ":", "?", "!", "—", "–", "-", "(", ")", "…", "―")
_GROUPS = (
    ("the", "a", "an"),
    ("this", "these", "those", "his", "her", "their", "its", "my", "our", "your"),
    ("he", "she", "it", "they", "we", "you", "i"),
)
_ENDINGS = ("ing", "ed", "ly")
_FIRST_GROUP = 1 + len(JOINERS) + len(_FUNCTION_WORDS) + len(MARKS)
LAST_FUNCTION_WORD = len(JOINERS) + len(_FUNCTION_WORDS)
WORD = _FIRST_GROUP + len(_GROUPS) + len(_ENDINGS)
"""Class of any other word; 0 is that of no word at all."""

CAPITALISED, NUMBER, QUOTE, CLASSES = WORD + 1, WORD + 2, WORD + 3, WORD + 4
ARTICLE, DETERMINER = _FIRST_GROUP, _FIRST_GROUP + 1

_CAPITALS = (Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL)
QUOTES = (Shape.QUOTE_OPEN, Shape.QUOTE_CLOSE, Shape.QUOTE_STRAIGHT)
_NUMBERS = (Shape.INTEGER, Shape.NUMBER)
NUMBER_OF = {word: number for number, word in enumerate((*JOINERS, *_FUNCTION_WORDS, *MARKS), 1)}
"""Numbers of the words and marks that are a class by themselves."""


def word_classes(lexicon: Lexicon) -> NDArray[np.uint8]:
    """The class of each word id, (V,)."""
    singles = dict(NUMBER_OF)
    for number, words in enumerate(_GROUPS, _FIRST_GROUP):
        singles.update(dict.fromkeys(words, number))
    endings = _FIRST_GROUP + len(_GROUPS)

    def class_of(word: str) -> int:
        by_ending = (endings + number for number, ending in enumerate(_ENDINGS) if word.endswith(ending))
        return singles.get(word) or next(by_ending, WORD)

    return np.array([class_of(word) for word in lexicon.words], dtype=np.uint8)


def token_classes(text: Text, of_words: NDArray[np.uint8]) -> list[int]:
    """The class of each token; a word of no class of its own is told by how it is written."""
    by_shape = np.full(len(Shape), WORD, dtype=np.uint8)
    for shapes, number in ((_CAPITALS, CAPITALISED), (_NUMBERS, NUMBER), (QUOTES, QUOTE)):
        by_shape[list(shapes)] = number
    classes = of_words[text.words]
    plain = (classes == WORD) | np.isin(text.shapes, QUOTES)
    found: list[int] = np.where(plain, by_shape[text.shapes], classes).tolist()
    return found
