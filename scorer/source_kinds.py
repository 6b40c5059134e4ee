"""Of what kind a source is, by what its words and those beside it tell together.

`scorer.mentions` reads the kind by the head noun and word lists. Lists end somewhere, and a head alone misleads: "a
state university survey" is a document, "Senate leader Ann Bly" a person. Here the words of the source, its head, the
lists they are in and the kind by rule add up to one score for each kind (`training/source_labels.py` learned them).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.certainty import NOTHING, rows_of
from scorer.lexicon import Lexicon, Shape
from scorer.mentions import KINDS, Described
from scorer.names import word_lists
from scorer.store import Part
from scorer.tagger import Run
from scorer.text import Text

BITS = 14
"""The table has 2 ** BITS rows; which features share one is chance."""

LISTS = (
    "person_nouns", "document_nouns", "organisation_nouns", "vague_nouns", "titles", "demonyms", "parties", "places",
    "male_names", "female_names", "organisation_names", "quantifiers",
)  # fmt: skip
"""The lists of scorer/signals/sources.json that are looked at, bit by bit; the bit after them marks words that end a
head ("of", "who")."""

BY_RULE = 0
"""The feature that tells the kind by rule."""

_PLACES = {kind: place for place, kind in enumerate(KINDS)}
_NAMED = _PLACES["named"]
_SPLIT = 1 << len(LISTS)
_CAPITALISED = np.isin(np.arange(len(Shape)), [Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL])


def list_masks(lexicon: Lexicon) -> NDArray[np.int32]:
    """For each word of the lexicon the bits of the LISTS it is in, and the one of the words that end a head."""
    masks = np.zeros(len(lexicon), dtype=np.int32)
    for bit, name in enumerate((*LISTS, "splits")):
        known = [lexicon.id_of[word] for word in word_lists()[name] if word in lexicon.id_of]
        masks[known] |= 1 << bit
    return masks


class SourceKinds:
    """The weights of a model's part `sources`: int8 (2 ** BITS, kinds), a unit and a bias for each of KINDS."""

    def __init__(
        self, table: NDArray[np.int8], units: Sequence[float], biases: Sequence[float], masks: NDArray[np.int32]
    ) -> None:
        self.table, self.masks = np.asarray(table), masks
        self.units, self.biases = np.array(units), np.array(biases)

    @classmethod
    def of(cls, part: Part, lexicon: Lexicon) -> SourceKinds:
        """The weights of a part."""
        meta = part.meta["kinds"]
        return cls(part.arrays["kinds"], meta["units"], meta["biases"], list_masks(lexicon))

    def named(self, text: Text, sources: Sequence[Run], described: Sequence[Described]) -> list[Described]:
        """The sources with their kinds. One that was led back to somebody keeps that one's."""
        if not sources:
            return []
        told = bytes(2 * _PLACES[one.kind] + (one.resolved is not None) for one in described)
        if kernel.native is not None:
            seen = kernel.native.source_kinds(
                text.words, text.shapes, text.sentence_tokens, list(sources), told, self.masks, self.table, BITS,
                len(KINDS), _SPLIT,
            )  # fmt: skip
            sums = np.frombuffer(seen, dtype=np.int64).reshape(-1, len(KINDS))
        else:
            rows = [
                rows_of(features(text, run, one >> 1, bool(one & 1), self.masks), BITS)
                for run, one in zip(sources, told, strict=True)
            ]
            sums = np.array([self.table[one].sum(axis=0, dtype=np.int64) for one in rows])
        odds = self.odds(sums)
        return [
            one if is_led_back(text, run, one) else Described(KINDS[kind], one.resolved, one.key)
            for run, one, kind in zip(sources, described, likeliest(odds, text, sources), strict=True)
        ]

    def odds(self, sums: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-odds of each of KINDS, up to a constant, for the sums of table rows (k, kinds)."""
        found: NDArray[np.float64] = sums * self.units + self.biases
        return found


def likeliest(odds: NDArray[np.float64], text: Text, sources: Sequence[Run]) -> list[int]:
    """The likeliest kind of each source, as a place in KINDS: `named` only where the source shows a name."""
    best: list[int] = odds.argmax(axis=1).tolist()
    for number, kind in enumerate(best):
        if kind == _NAMED and not shows_name(text, sources[number]):
            others = odds[number].copy()
            others[_NAMED] = -np.inf
            best[number] = int(others.argmax())
    return best


def is_led_back(text: Text, source: Run, described: Described) -> bool:
    """Whether a source is one word that stands for a fuller mention: what is known of that holds for it."""
    return described.resolved is not None and source[1] - source[0] == 1


def shows_name(text: Text, source: Run) -> bool:
    """Whether a source is a pronoun or holds a name: "the mayor" names nobody, though the text may elsewhere."""
    first, last = source
    if last - first == 1:
        return True
    common = word_lists()["function_words"]
    return any(token[0].isupper() and token.lower() not in common for token in text.tokens[first:last])


def features(text: Text, source: Run, kind: int, led_back: bool, masks: NDArray[np.int32]) -> list[tuple[int, int]]:
    """The features of a source whose kind by rule is the place `kind` in KINDS."""
    words, shapes = text.words, text.shapes
    first, last = source
    begins, ends = text.sentence_of(first)
    head = next((i for i in range(first + 1, last) if masks[words[i]] & _SPLIT), last) - 1
    lists = [int(mask) & (_SPLIT - 1) for mask in masks[words[first:last]]]
    before = int(np.bitwise_or.reduce(lists[: head - first])) if head > first else 0
    at_head = lists[head - first]
    found = [
        (BY_RULE, kind),
        (1, int(words[first])),
        (2, int(words[last - 1])),
        (3, int(words[head])),
        (4, 2 * kind + led_back),
        (5, int(words[first - 1]) if first > begins else NOTHING),
        (6, int(words[last]) if last < ends else NOTHING),
        (7, 8 * kind + min(7, int(_CAPITALISED[shapes[first:last]].sum()))),
        (8, at_head),
        (9, lists[-1]),
        (10, before),
        (11, lists[0]),
        (12, at_head * len(KINDS) + kind),
    ]
    found += [(13, bit * len(KINDS) + kind) for bit in range(len(LISTS)) if before >> bit & 1]
    found += [(14, int(word)) for word in words[first:last]]
    if last - first == 1:
        found.append((15 + kind, int(words[first])))
    return found
