"""Who answers for the article: byline, date, corrections, contact, named outlet, own reporting, wire credit.

Each is 1 (there), 0 (a page that could show it does not) or None (plain text cannot tell).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.document import Document
from scorer.findings import Finding, Signal
from scorer.lexicon import key_of
from scorer.lines import byline_of
from scorer.store import Model
from scorer.text import TOKEN

NAME = "transparency"

PRIOR_WEIGHTS: Mapping[str, float] = {
    "byline": -0.10,
    "date": -0.05,
    "corrections": -0.05,
    "contact": -0.05,
    "named_outlet": -0.05,
    "original_reporting": -0.06,
    "wire_credit": -0.04,
}
"""Log-odds a unit of each feature: 1 where the trait is there, -1 where a page that could show it lacks it, 0 where
nobody can tell (corrections and wire credits are never held against a page that has none). Argued in
docs/signals/transparency.md; bounded: all together within -0.40 and +0.31."""

PRIOR_BOUNDS = (-0.40, 0.31)
"""Least and most that the prior weights together add to the log-odds."""

DOTTED_I = "\u0130"
"""The one letter whose small form is two, so that places in a lowered text are others."""

COMMON_WORDS = 300
"""The most frequent words are no help in telling whether a phrase may occur."""

ANCHOR, PLACE_BITS = 3, 14
"""Phrases are looked up by so many of their characters, the rarest together, in 2 ** PLACE_BITS places."""

FREQUENT = " etaoinsrhldcumfpgwybvk"
"""Characters of English from the most frequent one down; all others are rarer."""

FREQUENT_TOGETHER = frozenset((
    " ap", " by", "act", "ad ", "app", "bli", "by ", "com", "con", "d b", "d m", "d p", "d w", "ded",
    "ead", "epu", "fro", "ing", "kin", "ld ", "lly", "men", "mor", "n b", "old", "omm", "por", "pre",
    "pri", "pub", "rep", "res", "rom", "s b", "ubl", "ver", "was", "we ", "wit", "y t", "y w",
))  # fmt: skip
"""Characters of phrases that are rare one by one and come together more than twice an article (measured on 300)."""

_CLASSES = ("correction", "wire", "original", "aggregated")
_NEVER_AGAINST = frozenset(("corrections", "wire_credit"))
_NAMES = {
    "byline": "a byline",
    "date": "a date",
    "corrections": "a correction note",
    "contact": "a contact",
    "named_outlet": "a named outlet",
    "original_reporting": "own reporting",
    "wire_credit": "a wire credit",
}


class _Phrases:
    """Set phrases in four classes, found without reading the text once for each.

    A phrase is looked for in the body only where the body holds its rarest word (word ids fall with frequency).
    """

    def __init__(self, words: Sequence[str]) -> None:
        table = json.loads((resources.files("scorer.signals") / "transparency.json").read_text(encoding="utf-8"))
        listed = [(kind, phrase) for kind in _CLASSES for phrase in table[kind]]
        wanted = {key_of(token) for _, phrase in listed for token in TOKEN.findall(phrase)}
        id_of = {word: number for number, word in enumerate(words) if word in wanted}
        self.always: list[tuple[str, str]] = []
        self.by_word: dict[int, list[tuple[str, str]]] = {}
        self.is_trigger = np.zeros(len(words), dtype=bool)
        for kind, phrase in listed:
            # The word at either end may be a part of a longer one in the text ("source" of "sources").
            known = [id_of[key] for token in TOKEN.findall(phrase) if (key := key_of(token)) in id_of and key.isalpha()]
            if known and max(known) >= COMMON_WORDS:
                self.by_word.setdefault(max(known), []).append((kind, phrase))
                self.is_trigger[max(known)] = True
            else:
                self.always.append((kind, phrase))
        self.all = listed
        self.trigger: dict[tuple[str, str], int] = {
            phrase: word for word, phrases in self.by_word.items() for phrase in phrases
        }
        self.phrases = tuple(phrase for _, phrase in listed)
        self.tables = _chains(self.phrases)

    def find(self, document: Document) -> dict[str, list[tuple[int, int]]]:
        """By class, where phrases stand in the normal text: the first place of each phrase that occurs."""
        text = document.content.text
        if kernel.native is not None and DOTTED_I not in text:
            return self._by_kernel(document)
        lowered = text.lower().replace("’", "'")
        if len(lowered) != len(text):  # a letter whose small form is two: positions would not agree
            lowered = text
        start, end = document.body.start, document.body.end
        words = document.body.words
        triggers = set(words[self.is_trigger[words]].tolist())
        listed = self.always + [phrase for number in sorted(triggers) for phrase in self.by_word[number]]
        found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in _CLASSES}
        for phrases, first, last in ((listed, start, end), (self.all, 0, start), (self.all, end, len(text))):
            if first < last:
                for kind, phrase in phrases:
                    at = lowered.find(phrase, first, last)
                    if at >= 0:
                        found[kind].append((at, at + len(phrase)))
        return found

    def _by_kernel(self, document: Document) -> dict[str, list[tuple[int, int]]]:
        """The same, by the compiled kernel: one pass over the text, whatever the number of phrases."""
        text, start, end = document.content.text, document.body.start, document.body.end
        found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in _CLASSES}
        for in_body, first, last in ((True, start, end), (False, 0, start), (False, end, len(text))):
            if first < last:
                places = kernel.native.phrases(text, first, last, self.phrases, *self.tables)
                for number, at in places:
                    listed = self.all[number]
                    word = self.trigger.get(listed) if in_body else None
                    if word is None or (document.body.words == word).any():
                        found[listed[0]].append((at, at + len(listed[1])))
        return found


def _chains(phrases: Sequence[str]) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]:
    """For each place the last phrase whose anchor leads there, and for each phrase the one before it that does so, too;
    -1 where there is none. Third, where the anchor stands in each phrase.
    """
    first_of = np.full(1 << PLACE_BITS, -1, dtype=np.int16)
    following = np.full(len(phrases), -1, dtype=np.int16)
    anchors = [_anchor(phrase) for phrase in phrases]
    for number, (phrase, anchor) in enumerate(zip(phrases, anchors, strict=True)):
        place = _place(phrase[anchor : anchor + ANCHOR])
        following[number], first_of[place] = first_of[place], number
    return first_of, following, np.array(anchors, dtype=np.int16)


def _anchor(phrase: str) -> int:
    """Where those characters of a phrase stand, ASCII in a row, that hardly any other words hold."""
    rank = [FREQUENT.find(character) % 64 for character in phrase]
    places = [at for at in range(len(phrase) - ANCHOR + 1) if phrase[at : at + ANCHOR].isascii()]
    rare = [at for at in places if phrase[at : at + ANCHOR] not in FREQUENT_TOGETHER]
    return max(rare or places, key=lambda at: sum(rank[at : at + ANCHOR]))


def _place(anchor: str) -> int:
    """Where a phrase is looked up."""
    one, two, three = map(ord, anchor)
    return (one * 40_503 + two * 30_103 + three * 9_973 & 0xFFFF) >> (16 - PLACE_BITS)


def build(model: Model) -> Callable[[Document, Mapping[str, Signal]], Signal]:
    """Return the measure. Its value is the share of the traits that are there among those that could be told."""
    phrases = _Phrases(model.part("lexicon").meta["words"])

    def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
        return _measure(document, phrases.find(document))

    return measure


def _measure(document: Document, found: Mapping[str, list[tuple[int, int]]]) -> Signal:
    spans: list[Finding] = []
    correction = _first(document, found["correction"], "correction", spans)
    wire = _first(document, found["wire"], "wire_credit", spans)
    original, aggregated = len(found["original"]), len(found["aggregated"])
    page = document.page
    traits: dict[str, int | None] = {
        "byline": _present(_byline(document, spans)),
        "date": _present(any(line.kind == "date" for line in document.layout.head)),
        "corrections": _present(correction),
        "contact": None,
        "named_outlet": None,
        "original_reporting": None if original == aggregated else int(original > aggregated),
        "wire_credit": _present(wire),
    }
    if page is not None:
        said = {
            "byline": page.author is not None,
            "date": page.date is not None,
            "corrections": page.corrected,
            "contact": page.contact,
            "named_outlet": page.site_name is not None,
            "wire_credit": False,
        }
        traits.update({name: int(bool(traits[name]) or there) for name, there in said.items()})
    if len(spans) > 1:
        spans.sort(key=lambda span: (span["start"], span["end"]))
    value, summary, features = _told(tuple(traits.items()))
    return Signal(NAME, value, summary, traits, spans, features.copy())


@lru_cache(maxsize=512)
def _told(listed: tuple[tuple[str, int | None], ...]) -> tuple[float | None, str, dict[str, float]]:
    """The value of traits, their summary, and what the verdict weighs of them: many articles have the same traits."""
    traits = dict(listed)
    features = {
        name: 1.0 if there else 0.0 if name in _NEVER_AGAINST else -1.0 for name, there in listed if there is not None
    }
    value = list(traits.values()).count(1) / len(features) if features else None
    return value, _summary(traits), features


def _present(there: bool) -> int | None:
    return 1 if there else None


def _first(document: Document, places: list[tuple[int, int]], kind: str, spans: list[Finding]) -> bool:
    """Whether a phrase of a class was found; the first of them in the text is the evidence."""
    if not places:
        return False
    start, end = document.content.span(*min(places))
    spans.append({"start": start, "end": end, "kind": kind})
    return True


def _byline(document: Document, spans: list[Finding]) -> bool:
    """A line that signs the article: above the body, or the first or last of the body's own lines."""
    for line in document.layout.head:
        if line.kind == "byline":
            start, end = document.content.span(line.start, line.end)
            spans.append({"start": start, "end": end, "kind": "byline"})
            return True
    text = document.content.text
    start, end = document.layout.body_start, document.layout.body_end
    cut = text.rfind("\n", start, end) + 1
    if cut > start and end - cut <= 120 and byline_of(text[cut:end]) is not None:
        first, last = document.content.span(cut, end)
        spans.append({"start": first, "end": last, "kind": "byline"})
        return True
    return False


def _summary(traits: Mapping[str, int | None]) -> str:
    there = [_NAMES[name] for name, value in traits.items() if value]
    absent = [_NAMES[name] for name, value in traits.items() if value == 0 and name not in _NEVER_AGAINST]
    if not there and not absent:
        return "the text alone does not say who answers for it"
    parts = []
    if there:
        parts.append("has " + ", ".join(there))
    if absent:
        parts.append("lacks " + ", ".join(absent))
    return "; ".join(parts)
