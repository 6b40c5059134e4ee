"""How a teaser is worded: the features that tell one which lures from one which informs.

Traits that the literature on clickbait names (lists, forward reference, second person, questions, quotations without a
speaker) beside the words themselves. Weights are learned by training/links.py.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np

from scorer import kernel

Features = dict[str, float]

MAX_WORDS = 40
"""Words of a teaser that are read one by one."""

LISTED_WITHIN = 4
"""How many words behind a number may name what it counts ("15 slow-cooker dinners")."""

LISTS = (
    "before_number", "listed", "not_listed", "numerals", "persons", "pointed_at", "pointing", "questions",
)  # fmt: skip
"""Lists of `teasers.json` by which words stand where; the kernel knows them by their place here."""

SETS = ("second_person", "forward_reference", "superlative", "urging", "news")
"""Lists whose words are counted wherever they stand; the kernel knows them by their place behind `LISTS`."""

WORD = re.compile(r"[^\W_][\w'’-]*")
# What pages put before a headline: "3 days ago", "Next Post:", "11 Photos", a place in a list ("04"), marks. Each round
# takes at least one character and no two branches begin alike, so that nothing is tried twice.
_LEAD_IN = re.compile(
    r"(?:advertisement|next post|previous post|\d{1,3} (?:hours?|days?|weeks?|months?|mins?|minutes?) ago"
    r"|\d{1,3} photos|0\d\b|[^\w\"“‘'$#&(\[])\s*",
    re.IGNORECASE,
)
_LISTED = re.compile(r"(?:the |top )*([1-9]\d{0,2}) +(.{0,80})", re.IGNORECASE)
_MARKS = {"question": "?", "exclamation": "!", "ellipsis": "…", "price": "$", "quotation": "“"}
_OPENING_QUOTES, _CLOSING_QUOTES = "\"“‘'", "\"”’'"


class Buckets:
    """Names of the features that tell how large a number is: the first border above it, "words<6"."""

    __slots__ = ("borders", "names")

    def __init__(self, name: str, *borders: float) -> None:
        self.borders = borders
        self.names = (*(f"{name}<{border}" for border in borders), name + "<inf")

    def of(self, value: float) -> str:
        """The name for a number."""
        return self.names[bisect_right(self.borders, value)]


_WORDS, _QUESTION_WORDS = Buckets("words", 4, 6, 9, 12, 16, 24), Buckets("question_words", 5, 8, 12)


@cache
def lists() -> dict[str, frozenset[str]]:
    """The word lists of `teasers.json`."""
    table = json.loads((resources.files("scorer") / "teasers.json").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in table.items() if name != "origin"}


def without_lead_in(text: str) -> str:
    """A teaser without what the page puts before it; the text itself where nothing would be left."""
    at = 0
    first = text[:1]
    if first.isalpha() and first not in "AaNnPp":  # as most begin: no branch of the pattern does
        return text
    while (found := _LEAD_IN.match(text, at)) is not None:
        at = found.end()
    return text[at:] or text


def bait_features(text: str) -> Features:
    """Features of a teaser's wording, by name."""
    text = without_lead_in(text)
    written = WORD.findall(text)
    words = [word.lower().replace("’", "'") for word in written]
    names: Features = {"bias": 1.0}
    if not words:
        return names
    names |= {"word:" + ("#" if word[0].isdigit() else word): 1.0 for word in words[:MAX_WORDS]}
    names[_WORDS.of(len(words))] = 1.0
    _add_lists(names, text, words)
    _add_traits(names, words)
    _add_marks(names, text, written)
    return names


def _add_lists(names: Features, text: str, words: list[str]) -> None:
    """Listicles: a number in front, or one followed by what lists are made of."""
    table = lists()
    found = _LISTED.match(text)
    if found is not None:
        after = [word.lower() for word in WORD.findall(found.group(2))[:8]]
        if after and after[0] not in table["not_listed"] and any(word.endswith("s") for word in after):
            names["listicle"] = 1.0
        if not table["listed"].isdisjoint(after):
            names["listed"] = 1.0
    opening = next((word for word in words[:4] if word not in table["before_number"]), "")
    if opening in table["numerals"] or (opening.isdigit() and len(opening) <= 2):
        names["number_opens"] = 1.0
    for at, word in enumerate(words[:MAX_WORDS]):
        if word.isdigit() and not table["listed"].isdisjoint(words[at + 1 : at + 1 + LISTED_WITHIN]):
            names["listed_inside"] = 1.0


def _add_traits(names: Features, words: list[str]) -> None:
    table = lists()
    held = set(words)
    if words[0] in table["questions"]:
        names["opens_question"] = 1.0
        names["opens:" + words[0]] = 1.0
    if words[0] == "how":
        names["how_to" if words[1:2] == ["to"] else "how_other"] = 1.0
    for name in SETS:
        common = len(held & table[name])
        if common:
            names[name] = min(2.0, common)
    if words[0] in table["persons"]:
        names["unnamed_person"] = 1.0
    if any(first in table["pointing"] and second in table["pointed_at"] for first, second in pairwise(words)):
        names["points_ahead"] = 1.0


def _add_marks(names: Features, text: str, written: list[str]) -> None:
    for name, mark in _MARKS.items():
        if mark in text:
            names[name] = 1.0
    shouted = sum(word.isupper() and len(word) > 3 for word in written)
    if shouted:
        names["shouted"] = min(1.0, shouted / 3)
    if text[:1] in _OPENING_QUOTES:
        names["opens_quoting"] = 1.0
        if text[-1:] in _CLOSING_QUOTES:
            names["only_quotes"] = 1.0
    if text[-1:] == "?":
        names[_QUESTION_WORDS.of(len(written))] = 1.0
    if not any(word[0].isupper() for word in written[1:]):
        names["no_name"] = 1.0
    if text.endswith(("…", "...", "... ")):
        names["cut"] = 1.0


class Bait:
    """A linear model over `bait_features`: `weights` by name, others weigh nothing."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights
        table = lists()
        words = {word for name in (*LISTS, *SETS) for word in table[name]}
        words |= {name.partition(":")[2] for name in weights if name.startswith(("word:", "opens:"))}
        self.number_of = {word: number for number, word in enumerate(sorted(words))}
        held_by = [(1 << place, table[name]) for place, name in enumerate((*LISTS, *SETS))]
        self.members = np.array(
            [sum(bit for bit, held in held_by if word in held) for word in self.number_of], np.int32
        )
        self.of_words = np.array([weights.get("word:" + word, 0.0) for word in self.number_of])
        self.of_openings = np.array([weights.get("opens:" + word, 0.0) for word in self.number_of])
        self.of_traits = np.array([weights.get(name, 0.0) for name in traits()])
        self.tables = kernel.tables(
            "idddq", self.members, self.of_words, self.of_openings, self.of_traits,
            np.array([MAX_WORDS, LISTED_WITHIN], dtype=np.int64),
        )  # fmt: skip

    def log_odds(self, text: str) -> float:
        """Log-odds that a teaser lures."""
        if kernel.native is None:
            return score(bait_features(text), self.weights)
        odds: float = kernel.native.bait(self.tables, self.number_of, without_lead_in(text))
        return odds


def score(features: Features, weights: Mapping[str, float]) -> float:
    """Log-odds of a linear model; names it does not know weigh nothing. Added up one after the other, so that the
    kernel's sum rounds alike under every Python.
    """
    total = 0.0
    for name, value in features.items():
        total += value * weights.get(name, 0.0)
    return total


def traits() -> tuple[str, ...]:
    """Names of all features but single words, in the order of the kernel's table."""
    return (
        "bias", "word:#", *_WORDS.names, "listicle", "listed", "number_opens", "listed_inside",
        "opens_question", "how_to", "how_other", *SETS, "unnamed_person", "points_ahead", *_MARKS, "shouted",
        "opens_quoting", "only_quotes", *_QUESTION_WORDS.names, "no_name", "cut",
    )  # fmt: skip
