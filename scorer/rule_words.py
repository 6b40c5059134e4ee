"""What the rules for attributions ask of a word, worked out once a model: classes by word id, for the compiled kernel.

The word lists of scorer/agents.py, scorer/passives.py and scorer/source_runs.py become bits of a number for each word
of the lexicon, so that membership is one look into a table. Words that the lexicon lacks are known by what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import agents, passives, source_runs
from scorer.lexicon import Lexicon

PARTICIPLE_BITS = 32
"""Participles of the passive, none among them (number 0): each is a bit of `follows`."""

TRIGGER, PARTICIPLE = 14, 26
"""Bits of the words at which the rules of `scorer.agents` and `scorer.passives` may find something."""

BEGINS = 64
"""The same in one bit above the classes of `scorer.token_classes`."""

TAIL_WORDS = 3
"""Words of the longest phrase after a participle that belongs to its cue."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Tables with a row for each of the V word ids, one for no word at all, and one for each of k words without an id.

    Attributes:
        classes: int64 (V + 1 + k,), bit i for the i-th of `class_words`, bit 0 where a word without an id may hide.
        follows: int32, bit p where the word may stand after participle number p.
        participles: uint8, number of the participle; 0 none.
        tail_words: uint8, number of the word in `tails`; 0 none.
        needs: uint8 (PARTICIPLE_BITS,), whether a participle asks for a word of `follows`.
        tails: uint8 (., PARTICIPLE_BITS + TAIL_WORDS), phrases after participles, the first that fits counts: for
            which (0: for all that have their "be"), then the words, 0 behind the last.
        lacking: words without an id -> their rows.
    """

    classes: NDArray[np.int64]
    follows: NDArray[np.int32]
    participles: NDArray[np.uint8]
    tail_words: NDArray[np.uint8]
    needs: NDArray[np.uint8]
    tails: NDArray[np.uint8]
    lacking: dict[str, int]

    def arrays(self) -> tuple[Any, ...]:
        """As the kernel takes them."""
        return (
            self.classes, self.follows, self.participles, self.tail_words, self.needs, self.tails, self.lacking,
        )  # fmt: skip

    def begun(self, of_words: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The classes of `scorer.token_classes` of each word id, with BEGINS: as the kernel takes them."""
        begins = self.classes[: len(of_words)] >> TRIGGER | self.classes[: len(of_words)] >> PARTICIPLE
        return of_words | (begins & 1).astype(np.uint8) * np.uint8(BEGINS)


def class_words() -> list[Iterable[str]]:
    """The words of each class, in the order of their bits from bit 1 on (scorer/kernel/src/links.h)."""
    runs, by, passive = source_runs.lists(), agents.rules(), passives.rules()
    of_runs = (
        "joins", "joins_halves", "frayed_starts", "frayed_ends", "apposition_starts", "relatives", "wants_noun",
        "no_noun", "bodies", "goes_on_with", "within_names", "dates", "phrase_ends",
    )  # fmt: skip
    return [
        *(runs[name] for name in of_runs),
        agents.trigger_words(), by["participles"], by["from"], ("from",), ("that",), by["documents"],
        by["documents"] | agents.KINDS_OF_DOCUMENT, by["showing"], by["article"], by["joins"], by["breaks"], ("by",),
        passive["participles"], passive["befalling"], passive["be"], passive["have"] | passive["modals"],
        passive["own_voice"], passive["adverbs"], passive["under_way"], passive["judging"], passive["not_judged"],
        passive["not_befallen"], ("being",), ("it",), ("it", "it's"), (".", "to", "that"),
        (",",), (".",), (".", "!", "?"), ("“", "”", '"', ";", ":"), ("according",),
        passive["occasions"],
    ]  # fmt: skip


def rule_words(lexicon: Lexicon) -> RuleWords:
    """The tables for the words of this lexicon."""
    passive = passives.rules()
    participles = {word: number for number, word in enumerate(passive["participles"], 1)}
    if len(participles) >= PARTICIPLE_BITS:
        raise ValueError(f"at most {PARTICIPLE_BITS - 1} participles of the passive, got {len(participles)}")
    classes = [set(map(passives.plain, words)) for words in class_words()]
    phrases = _phrases(passive, participles)
    tail_words = {word: number for number, word in enumerate(sorted({w for _, tail in phrases for w in tail}), 1)}
    needed: Mapping[str, list[str]] = {word: passive["needs_after"].get(word, []) for word in participles}
    every = set().union(*classes, participles, tail_words, *needed.values())
    vocabulary = len(lexicon)
    unknown = sorted(word for word in every if word not in lexicon.id_of)
    lacking = {word: vocabulary + number for number, word in enumerate(unknown, 1)}
    rows = {word: lexicon.id_of[word] if word in lexicon.id_of else lacking[word] for word in every}
    size = vocabulary + 1 + len(lacking)
    found = RuleWords(
        np.zeros(size, np.int64), np.zeros(size, np.int32), np.zeros(size, np.uint8), np.zeros(size, np.uint8),
        np.zeros(PARTICIPLE_BITS, np.uint8), _tails(phrases, tail_words), lacking,
    )  # fmt: skip
    for bit, words in enumerate(classes, 1):
        found.classes[[rows[word] for word in words]] |= np.int64(1 << bit)
    for word in lacking:
        found.classes[lexicon.word_id(word)] |= 1
    for word, number in tail_words.items():
        found.tail_words[rows[word]] = number
    for word, number in participles.items():
        found.participles[rows[word]] = number
        found.needs[number] = word in passive["needs_after"]
        found.follows[[rows[after] for after in needed[word]]] |= np.int32(1 << number)
    return found


def _phrases(passive: Mapping[str, Any], participles: Mapping[str, int]) -> list[tuple[int, list[str]]]:
    """(number of the participle or 0, words) of every phrase, in the order in which they are tried."""
    found = [(0, tail) for tail in passive["after"]]
    found += [(participles[word], tail) for word, tails in passive["bare"].items() for tail in tails]
    return found


def _tails(phrases: list[tuple[int, list[str]]], tail_words: Mapping[str, int]) -> NDArray[np.uint8]:
    tails = np.zeros((len(phrases), PARTICIPLE_BITS + TAIL_WORDS), np.uint8)
    for row, (participle, words) in zip(tails, phrases, strict=True):
        if len(words) > TAIL_WORDS:
            raise ValueError(f"a phrase after a participle has at most {TAIL_WORDS} words, got {words}")
        row[participle] = 1
        row[PARTICIPLE_BITS : PARTICIPLE_BITS + len(words)] = [tail_words[word] for word in words]
    return tails
