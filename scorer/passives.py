"""Claims in the passive that name nobody: "are believed to be", "it is thought", "have been accused of"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Lexicon
from scorer.tagger import Run
from scorer.text import Text
from scorer.token_classes import QUOTES

BY_REACH = 12
"""Tokens after the verb among which a "by" names who says it; a sentence's end comes first."""

BEFORE = 7
"""Tokens before the verb among which its auxiliary stands."""

_SETS = frozenset(
    ("be", "have", "modals", "own_voice", "adverbs", "under_way", "judging", "not_judged", "not_befallen", "occasions")
)


@cache
def rules() -> Mapping[str, Any]:
    """Word lists, by the names they have in scorer/signals/passives.json."""
    table: dict[str, Any] = json.loads(
        (resources.files("scorer") / "signals" / "passives.json").read_text(encoding="utf-8")
    )
    return {name: frozenset(value) if name in _SETS else value for name, value in table.items()}


class Passives:
    """Finds sourceless passives by verb, auxiliary and what follows (scorer/signals/passives.json)."""

    def __init__(self, words: Mapping[str, int], size: int) -> None:
        self.participles: NDArray[np.bool_] = np.zeros(size, dtype=bool)
        self.participles[[words[word] for word in rules()["participles"] if word in words]] = True
        self.befalling: NDArray[np.bool_] = np.zeros(size, dtype=bool)
        self.befalling[[words[word] for word in rules()["befalling"] if word in words]] = True

    @classmethod
    def of(cls, lexicon: Lexicon) -> Passives:
        """For the words of this lexicon."""
        return cls(lexicon.id_of, len(lexicon))

    def find(self, text: Text) -> list[Run]:
        """Verb groups of such claims, as runs of tokens in order."""
        found: list[Run] = []
        for at in self.participles[text.words].nonzero()[0].tolist():
            run = self._at(text, at, *text.sentence_of(at))
            if run is not None and (not found or run[0] >= found[-1][1]):
                found.append(run)
        return found

    def befalls(self, text: Text, cue: Run) -> bool:
        """Whether a cue tells what is done to the "source" before it ("have been filmed"): nobody speaks there."""
        first, last = cue
        if last - first < 2 or not self.befalling[text.words[last - 1]]:
            return False
        return not rules()["be"].isdisjoint(token.lower() for token in text.tokens[first : last - 1])

    def is_occasion(self, text: Text, cue: Run) -> bool:
        """Whether a cue tells on what occasion somebody speaks: "when asked why", "Asked about it, she said", but not
        "“Why?” asked Bly".
        """
        first, last = cue
        if not self.befalling[text.words[first]]:
            return False
        if text.sentence_of(first)[0] == first:
            return not first or text.shapes[first - 1] not in QUOTES
        return last - first == 1 and first > 0 and text.tokens[first - 1].lower() in rules()["occasions"]

    @staticmethod
    def _at(text: Text, at: int, start: int, end: int) -> Run | None:
        """The claim with the participle `at`, in the sentence [start, end)."""
        lists = rules()
        words = list(map(plain, text.tokens[max(start, at - BEFORE) : at + 1]))
        here = len(words) - 1
        first = here
        be = False
        while first > 0:
            word = words[first - 1]
            if word in lists["be"]:
                be = True
            elif not (_is_adverb(word) or (be and word in lists["have"] | lists["modals"])):
                break
            first -= 1
        while first < here and _is_adverb(words[first]):
            first += 1
        if not be:
            return _bare(text, words, at, end)
        if not lists["own_voice"].isdisjoint(words[max(0, first - 1) : here]):
            return None  # "can be expected to" is the writer's own reckoning
        if first and words[first - 1] == "it":
            first -= 1
        after = list(map(plain, text.tokens[at + 1 : min(end, at + BY_REACH)]))
        needed = lists["needs_after"].get(words[here])
        if needed is not None and (not after or after[0] not in needed) and words[first] not in ("it", "it's"):
            judged = words[here] in lists["judging"] and after and after[0] not in lists["not_judged"]
            if not judged or not after[0][0].isalpha():
                return None  # "were considered healthy", but not "is considered for the post"
        if here and words[here - 1] == "being" and words[here] in lists["under_way"]:
            return None  # "is being considered" is an act, not a view
        for word in after:
            if word == "by":
                return None
            if word in (".", "to", "that"):
                break  # a "by" in what is claimed names nobody who claims it
        tail: list[str] = next(tail for tail in lists["after"] if after[: len(tail)] == tail)
        return at - here + first, at + 1 + len(tail)


def _bare(text: Text, words: list[str], at: int, end: int) -> Run | None:
    """A passive whose "be" is left out: "a mayor accused of fraud", "a ship believed to have sunk"."""
    lists = rules()
    tails = lists["bare"].get(words[-1], ())
    before = words[-2] if len(words) > 1 else ""
    if not tails or not before[:1].isalpha() or before in lists["not_befallen"] | lists["have"] | lists["modals"]:
        return None
    after = list(map(plain, text.tokens[at + 1 : min(end, at + BY_REACH)]))
    tail = next((tail for tail in tails if after[: len(tail)] == tail), None)
    if tail is None or "by" in after[: after.index(".") if "." in after else None]:
        return None
    return at, at + 1 + len(tail)


def plain(word: str) -> str:
    """A word as the lists of the rules spell it: in lower case, with straight apostrophes."""
    return word.lower().replace("’", "'")


def _is_adverb(word: str) -> bool:
    return word in rules()["adverbs"] or (len(word) > 4 and word.endswith("ly"))
