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

BY_REACH = 12
"""Tokens after the verb among which a "by" names who says it; a sentence's end comes first."""


_SETS = frozenset(
    ("be", "have", "modals", "own_voice", "adverbs", "under_way", "judging", "not_judged", "not_befallen")
)


@cache
def _rules() -> Mapping[str, Any]:
    table: dict[str, Any] = json.loads(
        (resources.files("scorer") / "signals" / "passives.json").read_text(encoding="utf-8")
    )
    return {name: frozenset(value) if name in _SETS else value for name, value in table.items()}


class Passives:
    """Finds sourceless passives by verb, auxiliary and what follows (scorer/signals/passives.json)."""

    def __init__(self, words: Mapping[str, int], size: int) -> None:
        self.participles: NDArray[np.bool_] = np.zeros(size, dtype=bool)
        self.participles[[words[word] for word in _rules()["participles"] if word in words]] = True
        self.befalling: NDArray[np.bool_] = np.zeros(size, dtype=bool)
        self.befalling[[words[word] for word in _rules()["befalling"] if word in words]] = True

    @classmethod
    def of(cls, lexicon: Lexicon) -> Passives:
        """For the words of this lexicon."""
        return cls(lexicon.id_of, len(lexicon))

    def find(self, text: Text) -> list[Run]:
        """Verb groups of such claims, as runs of tokens in order."""
        found: list[Run] = []
        for at in np.flatnonzero(self.participles[text.words]).tolist():
            run = self._at(text, at)
            if run is not None and (not found or run[0] >= found[-1][1]):
                found.append(run)
        return found

    def befalls(self, text: Text, source: Run, cue: Run, reach: int) -> bool:
        """Whether the cue tells what is done to the "source" before it ("have been filmed"): nobody speaks there."""
        if not (0 <= cue[0] - source[1] <= reach and cue[1] - cue[0] > 1 and self.befalling[text.words[cue[1] - 1]]):
            return False
        return not _rules()["be"].isdisjoint(token.lower() for token in text.tokens[cue[0] : cue[1] - 1])

    @staticmethod
    def _at(text: Text, at: int) -> Run | None:
        rules = _rules()
        sentence = int(np.searchsorted(text.sentence_tokens, at, side="right")) - 1
        start, end = int(text.sentence_tokens[sentence]), int(text.sentence_tokens[sentence + 1])
        words = [token.lower().replace("’", "'") for token in text.tokens[max(start, at - 7) : min(end, at + BY_REACH)]]
        here = min(7, at - start)
        first = here
        be = False
        while first > 0:
            word = words[first - 1]
            if word in rules["be"]:
                be = True
            elif not (_is_adverb(word) or (be and word in rules["have"] | rules["modals"])):
                break
            first -= 1
        while first < here and _is_adverb(words[first]):
            first += 1
        if not be:
            return _bare(words, here, at)
        if not rules["own_voice"].isdisjoint(words[max(0, first - 1) : here]):
            return None  # "can be expected to" is the writer's own reckoning
        if first and words[first - 1] == "it":
            first -= 1
        after = words[here + 1 :]
        needed = rules["needs_after"].get(words[here])
        if needed is not None and (not after or after[0] not in needed) and words[first] not in ("it", "it's"):
            judged = words[here] in rules["judging"] and after and after[0] not in rules["not_judged"]
            if not judged or not after[0][0].isalpha():
                return None  # "were considered healthy", but not "is considered for the post"
        if here and words[here - 1] == "being" and words[here] in rules["under_way"]:
            return None  # "is being considered" is an act, not a view
        for word in after:
            if word == "by":
                return None
            if word in (".", "to", "that"):
                break  # a "by" in what is claimed names nobody who claims it
        tail: list[str] = next(tail for tail in rules["after"] if after[: len(tail)] == tail)
        return at - here + first, at + 1 + len(tail)


def _bare(words: list[str], here: int, at: int) -> Run | None:
    """A passive whose "be" is left out: "a mayor accused of fraud", "a ship believed to have sunk"."""
    rules = _rules()
    before = words[here - 1] if here else ""
    if not before[:1].isalpha() or before in rules["not_befallen"] or before in rules["have"] | rules["modals"]:
        return None
    after = words[here + 1 :]
    tails = rules["bare"].get(words[here], ())
    tail = next((tail for tail in tails if after[: len(tail)] == tail), None)
    if tail is None or "by" in after[: after.index(".") if "." in after else None]:
        return None
    return at, at + 1 + len(tail)


def _is_adverb(word: str) -> bool:
    return word in _rules()["adverbs"] or (len(word) > 4 and word.endswith("ly"))
