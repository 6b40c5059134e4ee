"""What a teaser has in common with its article: words, names and what the page says of the list that it stands in.

Named features of a small linear model, learned by training/links.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scorer.bait import WORD, Features, lists
from scorer.lexicon import key_of

if TYPE_CHECKING:
    from scorer.text import Text

MAX_IDF = 10.0
"""Inverse document frequency given to words the lexicon does not hold: names, mostly."""

COMPANY_DISCOUNT = 0.5
"""How much of its weight a word loses that every teaser of the page holds."""

BODY_WORDS = 1_500
"""How much of the body a teaser is compared with."""


@lru_cache(50_000)
def stem(word: str) -> str:
    """A word without plural, possessive and the commonest verb endings (more than Harman's S stemmer, 1991)."""
    for ending in ("'s", "’s"):
        if word.endswith(ending):
            word = word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith("ing"):
        return word[:-3].rstrip("e")
    if len(word) > 4 and word.endswith("ed"):
        return word[:-2].rstrip("e")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article is about: stems of its title, and of its body with how often each occurs."""

    title: frozenset[str]
    body: Mapping[str, int]
    names: frozenset[str]


def topic_of(title: Text, body: Text) -> Topic:
    """The topic of an article, from its title and the first `BODY_WORDS` tokens of its body."""
    tokens = body.tokens[:BODY_WORDS]
    counts: dict[str, int] = {}
    names = set()
    for token, count in Counter(tokens).items():  # a body says most of its words more than once
        if len(token) > 1:
            key = stem(token.lower())
            counts[key] = counts.get(key, 0) + count
            if len(token) > 2 and token[0].isupper():
                names.add(key)
    heading = frozenset(stem(token.lower()) for token in title.tokens if len(token) > 1)
    return Topic(heading, counts, frozenset(names))


class Wording:
    """Idf of words, from the table of the part `links` (one value a lexicon id)."""

    def __init__(self, id_of: Mapping[str, int], idf: NDArray[np.floating]) -> None:
        self.id_of = id_of
        self.idf = np.asarray(idf)  # a plain view: a mapped array asks Python at each look-up

    def idf_of(self, word: str) -> float:
        """Inverse document frequency of a lower-case word; `MAX_IDF` for an unknown one."""
        number = self.id_of.get(key_of(word))
        return MAX_IDF if number is None else float(self.idf.item(number))


def relation_features(text: str, topic: Topic, wording: Wording, company: Mapping[str, float]) -> Features:
    """Words that a teaser shares with the article. `company`: share of the page's teasers that hold a stem; what all of
    them hold says nothing of this one (the name of the town, of the series).
    """
    written = WORD.findall(text)
    capital = set()
    weights: dict[str, float] = {}
    for at, spelled in enumerate(written):
        if len(spelled) < 2:
            continue
        word = spelled.lower()
        key = stem(word)
        if at and len(spelled) > 2 and spelled[0].isupper():
            capital.add(key)
        weight = max(0.0, wording.idf_of(word) - 2.0) * (1.0 - COMPANY_DISCOUNT * company.get(key, 0.0))
        weights[key] = max(weight, weights.get(key, 0.0))
    total = sum(weights.values()) or 1.0
    titled = [weights[k] for k in weights if k in topic.title]
    bodied = [weights[k] * min(1.0, 0.4 + math.log1p(topic.body[k]) / 3) for k in weights if k in topic.body]
    named = [weights[k] for k in weights if k in capital and k in topic.names]
    return {
        "bias": 1.0,
        "title_share": sum(titled) / total,
        "title_sum": min(2.0, sum(titled) / 10),
        "title_best": max(titled, default=0.0) / 10,
        "body_share": sum(bodied) / total,
        "body_sum": min(2.0, sum(bodied) / 10),
        "body_best": max(bodied, default=0.0) / 10,
        "name_share": sum(named) / total,
        "name_best": max(named, default=0.0) / 10,
        "no_title": float(not titled),
        "no_body": float(not bodied),
        "length": min(2.0, len(weights) / 10),
    }


@lru_cache(4_096)
def list_names(near: tuple[str, ...], far: tuple[str, ...], heading: str) -> tuple[str, ...]:
    """What a page says of the list a link stands in: "Related stories", "Most read", `class="trending"`."""
    table = lists()
    said = table["relation_headings"].intersection(WORD.findall(heading.lower())[:8])
    named = table["relation_names"].intersection(near + far)
    names = sorted({"under:" + word for word in said} | {"in:" + name for name in named})
    return tuple(names) if heading else ("under:nothing", *names)


def company_of(texts: Iterable[str]) -> dict[str, float]:
    """Share of the teasers of a page that hold each stem (0 where there are fewer than five to compare)."""
    unique = list(dict.fromkeys(texts))
    if len(unique) < 5:
        return {}
    counts = Counter(key for text in unique for key in {stem(word.lower()) for word in WORD.findall(text)})
    return {key: (count - 1) / (len(unique) - 1) for key, count in counts.items() if count > 1}
