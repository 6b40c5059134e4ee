"""Of what kind a source is, by what its words and those beside it tell together.

`scorer.mentions` reads the kind by the head noun and word lists. Lists end somewhere, and a head alone misleads: "a
state university survey" is a document, "Senate leader Ann Bly" a person. Here the words of the source, its head, the
lists they are in and the kind by rule add up to one score for each kind (`training/source_labels.py` learned them).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.certainty import NOTHING, rows_of
from scorer.lexicon import Lexicon
from scorer.mentions import KINDS, Described
from scorer.names import CAPITAL_SHAPES, word_lists
from scorer.store import Part
from scorer.tagger import Run
from scorer.text import Text

BITS = 14
"""The table has 2 ** BITS rows; which features share one is chance."""

LISTS = (
    "persons", "document_nouns", "organisation_nouns", "vague_nouns", "titles", "demonyms", "parties", "places",
    "male_names", "female_names", "organisation_names", "quantifiers",
)  # fmt: skip
"""The lists of scorer/signals/sources.json that are looked at, bit by bit; the bit after them marks words that end a
head ("of", "who")."""

BY_RULE = 0
"""The feature that tells the kind by rule."""

PLACES = {kind: place for place, kind in enumerate(KINDS)}
"""Where each of KINDS stands among them."""

_SPLIT = 1 << len(LISTS)


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
        self.units, self.biases = np.array(units, np.float64), np.array(biases, np.float64)

    @classmethod
    def of(cls, part: Part, lexicon: Lexicon) -> SourceKinds:
        """The weights of a part."""
        meta = part.meta["kinds"]
        return cls(part.arrays["kinds"], meta["units"], meta["biases"], list_masks(lexicon))

    def named(self, text: Text, sources: Sequence[Run], described: Sequence[Described]) -> dict[Run, Described]:
        """The sources with their kinds. One that was led back to somebody keeps that one's."""
        if not sources:
            return {}
        rows = [
            rows_of(features(text, run, PLACES[one.kind], one.resolved is not None, self.masks), BITS)
            for run, one in zip(sources, described, strict=True)
        ]
        sums = np.array([self.table[one].sum(axis=0, dtype=np.int64) for one in rows])
        return dict(zip(sources, settled(self.odds(sums), text, sources, described), strict=True))

    def weights(self) -> tuple[Any, ...]:
        """As the kernel takes them."""
        return self.table, self.units, self.biases, BITS, self.masks, _SPLIT

    def odds(self, sums: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-odds of each of KINDS, up to a constant, for the sums of table rows (k, kinds)."""
        found: NDArray[np.float64] = sums * self.units + self.biases
        return found


def settled(
    odds: NDArray[np.float64], text: Text, sources: Sequence[Run], described: Sequence[Described]
) -> list[Described]:
    """The sources with their likeliest kinds: one kind for all that stand for the same, by their odds added up.

    `named` is only what shows a name; what was led back to a name is somebody who can be told.
    """
    rows: list[list[float]] = odds.tolist()
    same: dict[str, list[int]] = {}
    for number, one in enumerate(described):
        same.setdefault(one.key, []).append(number)
    found = list(described)
    for numbers in same.values():
        telling = [rows[n] for n in numbers if not is_led_back(sources[n], described[n])]
        if not telling:
            continue
        summed = telling[0]
        for row in telling[1:]:
            summed = list(map(add, summed, row))
        for number in numbers:
            one = described[number]
            kind = max(_may_be(text, sources[number], one), key=lambda kind: summed[PLACES[kind]])
            if kind != one.kind:
                found[number] = Described(kind, one.resolved, one.key)
    return found


_TOLD = ("named", "organisation", "document")
_NAMELESS = tuple(kind for kind in KINDS if kind != "named")


def _may_be(text: Text, source: Run, described: Described) -> Sequence[str]:
    """The kinds that a source may be of."""
    if described.resolved is not None and _holds_name(described.resolved.split()):
        return _TOLD
    return KINDS if shows_name(text, source) else _NAMELESS


def is_led_back(source: Run, described: Described) -> bool:
    """Whether a source is one word that stands for a fuller mention: what is known of that holds for it."""
    return described.resolved is not None and source[1] - source[0] == 1


def shows_name(text: Text, source: Run) -> bool:
    """Whether a source is a pronoun or holds a name: "the mayor" names nobody, though the text may elsewhere."""
    first, last = source
    return last - first == 1 or _holds_name(text.tokens[first:last])


def _holds_name(words: Sequence[str]) -> bool:
    common = word_lists()["function_words"]
    for word in words:  # noqa: SIM110 - this runs for every source, and a generator costs as much again
        if word[0].isupper() and word.lower() not in common:
            return True
    return False


def features(text: Text, source: Run, kind: int, led_back: bool, masks: NDArray[np.int32]) -> list[tuple[int, int]]:
    """The features of a source whose kind by rule is the place `kind` in KINDS."""
    words = text.words
    first, last = source
    capitals = sum(shape in CAPITAL_SHAPES for shape in text.shapes[first:last].tolist())
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
        (7, 8 * kind + min(7, capitals)),
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
