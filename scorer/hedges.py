"""Finds wording that leaves open whether a statement is true ("reportedly", "could be", "not confirmed by").

Every token gets the log-odds that it is a cue from a table of learned weights; the tokens that pass are joined with the
small words of their phrase by one pattern over the tokens' classes. Where none passes but the sentence as a whole is
likely to be hedged, its likeliest token is taken.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.lexicon import Shape
from scorer.store import Part
from scorer.text import Text

CLASSES = {
    "M": "modal",
    "L": "modal",
    "B": "evidential",
    "K": "evidential",
    "E": "evidential",
    "P": "modal",
    "D": "distancing",
    "I": "conditional",
}
"""Letter of a cue word -> class of its hedge; a cue of any other letter is `vague` ("some", "widely")."""

HEDGE_CLASSES = (*dict.fromkeys(CLASSES.values()), "negated", "vague")
"""All of them; a hedge's number is its place."""

# k stands for a token that passed as a cue; the other letters are those of training/data/hedges.json.
_PHRASE = re.compile(
    r"(?P<negated>N[abh]{0,4}Cy?)"  # not yet been confirmed by
    r"|(?P<conditional>I[abO]{0,3}C)"  # if it is confirmed
    r"|(?P<cue>[bh]{0,2}a{0,2}k(?:a{0,2}k)*(?:th?b{1,2}|h?b{1,2}|t(?!y))?)"  # are widely believed to be
)

OTHER = ord("z")
"""Letter of a word that has no class in hedging grammar."""

COARSE = np.arange(256, dtype=np.uint8)
"""Letter -> letter of the wider class: what settles a figure's status is told apart more finely than few labelled
sentences allow here.
"""
for _fine, _wide in (("HUT", "E"), ("X", "P"), ("J", "D"), ("Y", "R"), ("i", "O"), ("q", "S"), ("l", ","), ("vw", "z")):
    COARSE[[ord(_letter) for _letter in _fine]] = ord(_wide)

CUE_WORDS = 45_000
"""Words (by frequency) that have a weight of their own."""

_PAIRS = 1 << 16
_LETTERS = 128
_FIRST = 0
_BEFORE = CUE_WORDS
_AFTER = _BEFORE + _PAIRS
_CLASS = _AFTER + _PAIRS
_CLASS_BEFORE = _CLASS + _LETTERS
_CLASS_AFTER = _CLASS_BEFORE + _LETTERS * _LETTERS
_BEGINS = _CLASS_AFTER + _LETTERS * _LETTERS
TABLE_SIZE = _BEGINS + 2 * _LETTERS
SLOTS = 7


def token_features(text: Text, table: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Table indices of every token, (n, SLOTS): word, pairs with its neighbours, classes."""
    n = len(text.tokens)
    words: NDArray[np.int64] = np.zeros(n + 2, dtype=np.int64)
    words[1:-1] = text.words
    letters: NDArray[np.int64] = np.zeros(n + 2, dtype=np.int64)
    letters[1:-1] = COARSE[table[text.words]]
    here, before, after = words[1:-1], words[:-2], words[2:]
    begins = np.zeros(n, dtype=np.int64)
    begins[text.sentence_tokens[:-1][text.sentence_tokens[:-1] < n]] = 1
    return np.stack(
        [
            np.where(here < CUE_WORDS, here, 0) + _FIRST,
            (before * 31_337 + here * 7) % _PAIRS + _BEFORE,
            (here * 31_337 + after * 7) % _PAIRS + _AFTER,
            letters[1:-1] + _CLASS,
            letters[:-2] * _LETTERS + letters[1:-1] + _CLASS_BEFORE,
            letters[1:-1] * _LETTERS + letters[2:] + _CLASS_AFTER,
            begins * _LETTERS + letters[1:-1] + _BEGINS,
        ],
        axis=1,
    )


DOUBTS = 512
"""Steps of a token's log-odds that are told apart in what it adds to the doubt about its sentence."""

_STEPS = np.float32(16)
"""Of them in one unit."""


COULD_BE = np.float32(1.0)
"""More log-odds of "could be" and "the storm could cause" than of "could" otherwise, an ability as often."""

EFFECT, COULD, NOBODY, NEVER = 1, 2, 3, 4
"""Of words: what may come of something ("cause", "cost"), "could" itself, who can or cannot ("anyone"), and what is no
cue by itself ("the").
"""

FAINT = np.float32(3.0)
"""How far below the limit the likeliest token of a sentence in doubt may lie: many words that hardly hedge make up a
long sentence's doubt, and then none of them is shown.
"""


def doubt(log_odds: float) -> float:
    """The doubt of a sentence that is hedged with these log-odds: -log P(no token is a cue)."""
    return float(np.logaddexp(0.0, log_odds))


class Hedge(NamedTuple):
    """Tokens first, ..., last - 1 are one cue of class `kind`."""

    first: int
    last: int
    kind: str


class Hedger:
    """Finds hedges with a learned part (`hedges`)."""

    def __init__(self, part: Part) -> None:
        self.table = np.array(part.arrays["letters"], dtype=np.uint8)
        # parts made before "could" was told by its verb know of none
        self.effects = np.array(part.arrays.get("effects", np.zeros_like(self.table)), dtype=np.uint8)
        # as they are stored, in a quarter of the room: a text's words look all over them
        self.weights = np.array(part.arrays["weights"])
        self.unit = np.float32(part.meta["unit"])
        bias = float(part.meta["bias"])
        self.limit = float(part.meta["threshold"]) - bias
        # whole multiples of 2**-20: their sums are exact in double precision, whatever the order
        middles = (np.arange(DOUBTS) - DOUBTS // 2 + 0.5) / float(_STEPS) + bias
        self.doubts = np.rint(np.logaddexp(0.0, middles) * 2**20) / 2**20
        # parts made before whole sentences were judged have none
        self.doubt = doubt(float(part.meta.get("sentence_threshold", np.inf)))

    @property
    def tables(self) -> tuple[Any, ...]:
        """What the compiled kernel finds hedges with, but for what it is told of each word."""
        limits = self.limit, float(COULD_BE), float(FAINT)
        sizes = CUE_WORDS, _PAIRS, _LETTERS
        return COARSE, _CARRIES, _NEWS, self.weights, self.unit, self.doubts, limits, self.doubt, sizes

    def letters(self, text: Text) -> NDArray[np.uint8]:
        """The letter of each token in hedging grammar."""
        if kernel.native is not None:
            return np.frombuffer(kernel.native.letters(self.table, text.words), kernel.UINT8)
        return self.table[text.words]

    def log_odds(self, text: Text) -> NDArray[np.float32]:
        """What the weights of each token's features add up to, (n,)."""
        columns = token_features(text, self.table).T
        score: NDArray[np.float32] = self.weights[columns[0]] * self.unit
        for column in columns[1:]:  # one after the other, so that the kernel's sums round alike
            score += self.weights[column] * self.unit
        return score

    def find(self, text: Text, letters: NDArray[np.uint8]) -> list[Hedge]:
        """All hedges in order, none overlapping. Linear in the length."""
        return [Hedge(first, last, HEDGE_CLASSES[kind]) for first, last, kind in self.rows(text, letters).tolist()]

    def rows(self, text: Text, letters: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The same as numbers, (n, 3): first token, the one past the last, place of the class in HEDGE_CLASSES."""
        if not len(letters):
            return np.zeros((0, 3), dtype=np.int64)
        if kernel.native is not None:
            found = kernel.native.hedges(
                text.words, text.shapes, text.sentence_tokens, letters, *self.tables, self.effects
            )
            return np.frombuffer(found, kernel.INT64).reshape(-1, 3)
        letters = COARSE[letters]
        score = self.log_odds(text)
        month = (letters == ord("M")) & (text.shapes != Shape.LOWER)  # "May announced"
        told = np.concatenate((np.zeros(2, np.uint8), letters))
        passive = (told[1:-1] == ord("b")) | ((told[1:-1] == ord("a")) & (told[:-2] == ord("b")))
        active = (letters == ord("B")) & ~passive  # "they thought" tells, "are thought to" hedges
        meant = np.append(self.effects[text.words], np.zeros(2, np.uint8))
        able = (_CARRIES[letters] == 0) & ~month & ~active & (meant[:-2] != NEVER)
        behind = np.append(letters[1:], np.uint8(0))
        is_effect = (meant[1:-1] == EFFECT) | ((behind == ord("a")) & (meant[2:] == EFFECT))
        ability = (told[1:-1] == ord("O")) | (np.append(np.uint8(0), meant[:-3]) == NOBODY)
        opens = (behind == ord("b")) | ((meant[:-2] == COULD) & is_effect & ~ability)
        lifted = score + _NEWS[letters] + np.where((letters == ord("M")) & opens, COULD_BE, np.float32(0))
        lifted[~able] = -np.inf
        cue = self._with_likeliest(text, score, lifted, lifted > np.float32(self.limit))
        recoded = np.where(cue, np.uint8(ord("k")), letters)
        written = recoded.tobytes().decode("latin-1")
        phrases = []
        for match in _PHRASE.finditer(written):
            first, last = match.span()
            kind = match.lastgroup or "cue"
            if kind == "cue":
                core = chr(letters[first + match[0].index("k")])
                kind = CLASSES.get(core, "vague")
            phrases.append((first, last, HEDGE_CLASSES.index(kind)))
        return np.array(phrases, dtype=np.int64).reshape(-1, 3)

    def _with_likeliest(
        self, text: Text, score: NDArray[np.float32], lifted: NDArray[Any], cue: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """The cues, and the likeliest token of each sentence that has none and is in doubt as a whole."""
        steps = np.clip(np.floor(score * _STEPS) + DOUBTS // 2, 0, DOUBTS - 1).astype(np.int64)
        begins = text.sentence_tokens[:-1]
        in_doubt = (np.add.reduceat(self.doubts[steps], begins) > self.doubt) & ~np.logical_or.reduceat(cue, begins)
        for s in np.flatnonzero(in_doubt).tolist():
            first, last = text.sentence_tokens[s : s + 2].tolist()
            likeliest = first + int(lifted[first:last].argmax())
            cue[likeliest] = lifted[likeliest] > np.float32(self.limit) - FAINT
        return cue


_CARRIES = np.zeros(256, dtype=np.uint8)
_CARRIES[np.frombuffer(b"NCabhtycIO,GRSAm", dtype=np.uint8)] = 1  # words that only carry a phrase, never make one

# The labelled sentences are an encyclopaedia's, which uses plain words of doubt in other senses more than news does.
_NEWS = np.zeros(256, dtype=np.float32)
for _letter, _lift in (("M", 2.0), ("E", 2.5), ("K", 2.5), ("D", 2.0), ("B", 2.5), (chr(OTHER), -1.0)):
    _NEWS[ord(_letter)] = _lift
