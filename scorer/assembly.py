"""Who said what: ties each cue to its source and each piece of content to its cues.

Every cue looks at the sources next to it; how far, how many sentences, commas and other cues stand between, what share
of that is content, and which word the cue begins with: each is a number from a learned table (`training/ties.py`), and
the sum decides. Every piece of content looks at the cues next to it (`scorer/content_ties.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.content_ties import GAPS, ContentTies, trimmed
from scorer.tagger import Run, Tags
from scorer.text import Text

IntArray = NDArray[np.intp]
FloatArray = NDArray[np.float32]

SLOTS = 6
"""Candidates of a cue: the three sources before it and the three after it, counted from its own position."""

FEATURES, BUCKETS = 9, 12
"""A table has one number for each slot, feature and bucket."""

HEADS = BUCKETS - 1
"""First words of cues that a table tells apart: what "according" ascribes stands elsewhere than what "said" does."""


@dataclass(slots=True)
class Link:
    """One attribution as runs of tokens; at least one of `source` and `cue` is given."""

    source: Run | None
    cue: Run | None
    content: list[Run] = field(default_factory=list)


def overlap(one: Run, other: Run) -> bool:
    """Whether two runs share a token."""
    return one[0] < other[1] and other[0] < one[1]


def hull_of(link: Link) -> Run:
    """The first token of a link's source, cue and content, and the one after its last."""
    first, last = link.cue or link.source or link.content[0]
    if link.source is not None:
        begun, ended = link.source
        first, last = begun if begun < first else first, ended if ended > last else last
    for begun, ended in link.content:
        first, last = begun if begun < first else first, ended if ended > last else last
    return first, last


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Counts of things to the left of each token, (n + 1,) each: what lies between two tokens is a difference.

    `heads` (n,) is the number of each token among the first words of cues, from 1; 0 for any other word.
    """

    commas: IntArray
    marks: IntArray
    content: IntArray
    sentence: IntArray
    heads: IntArray


def landmarks(text: Text, tags: Tags, comma: int, heads: NDArray[np.int32]) -> Landmarks:
    """Count once a text; `comma` is the word id of the comma, `heads` (HEADS,) are those of first words of cues."""
    n = len(text.words)
    covered = np.zeros(n + 1, dtype=np.intp)
    for first, last in tags.content:
        covered[first + 1 : last + 1] = 1
    commas, marks = np.zeros(n + 1, dtype=np.intp), np.zeros(n + 1, dtype=np.intp)
    np.cumsum(text.words == comma, out=commas[1:])
    np.cumsum((text.shapes >= 9) & (text.shapes <= 11), out=marks[1:])
    sentence = np.repeat(np.arange(len(text.sentences)), np.diff(text.sentence_tokens))
    number = np.where(text.words[:, None] == heads, np.arange(1, len(heads) + 1), 0).max(axis=1)
    return Landmarks(commas, marks, np.cumsum(covered), np.append(sentence, sentence[-1]), number)


def candidates(cues: IntArray, sources: IntArray, known: Landmarks) -> tuple[IntArray, IntArray]:
    """For k `cues` the `sources` they may be tied to (both (., 2) runs in order): who and how it looks.

    Returns indices into `sources` (k, SLOTS), -1 where there is none, and buckets (k, SLOTS, FEATURES).
    """
    position = np.searchsorted(sources[:, 0], cues[:, 0])
    who = position[:, None] + np.arange(-(SLOTS // 2), SLOTS - SLOTS // 2)
    who[(who < 0) | (who >= len(sources))] = -1
    theirs = sources[who]
    mine = cues[:, None, :]
    left = np.minimum(mine[..., 1], theirs[..., 1])
    right = np.maximum(mine[..., 0], theirs[..., 0])
    inside = right < left
    left = np.minimum(left, right)
    gap = right - left
    after = theirs[..., 0] >= mine[..., 0]
    sentences = np.minimum(known.sentence[right] - known.sentence[np.maximum(left - 1, 0)], 3)
    between = known.content[right] - known.content[left]
    rank = np.minimum(np.searchsorted(cues[:, 0], theirs[..., 0]) - np.arange(len(cues))[:, None] + 4, 8).clip(0)
    covered = np.where(between == 0, 0, np.where(between >= gap, 2, 1))
    buckets = np.stack(
        [
            np.where(inside, 0, np.searchsorted(GAPS, gap, side="right")),
            sentences * 2 + after,
            np.minimum(known.commas[right] - known.commas[left], 3),
            np.minimum(known.marks[right] - known.marks[left], 3),
            covered + 3 * (gap > 3) + 6 * inside,
            rank,
            np.minimum(theirs[..., 1] - theirs[..., 0], 5) + 6 * after,
            np.minimum(mine[..., 1] - mine[..., 0], 11) + 0 * gap,
            known.heads[mine[..., 0]] + 0 * gap,
        ],
        axis=-1,
    )
    return who, buckets


def weigh(table: FloatArray, who: IntArray, buckets: IntArray) -> FloatArray:
    """Log-odds (k, SLOTS) that cue and source belong together; -inf where there is none."""
    slots = np.arange(SLOTS)[:, None]
    weights = table[slots, np.arange(FEATURES), buckets]
    sums = weights[..., 0].copy()
    for feature in range(1, FEATURES):  # one after the other, so that the kernel's sums round alike
        sums += weights[..., feature]
    return np.where(who >= 0, sums, -np.inf).astype(np.float32)


class Assembly:
    """Builds attributions from tags with a learned table (SLOTS, FEATURES, BUCKETS) for sources, and `ContentTies`."""

    def __init__(
        self, sources: FloatArray, comma: int, heads: NDArray[np.int32], threshold: float, content: ContentTies
    ) -> None:
        self.sources, self.comma, self.heads, self.threshold = sources, comma, heads, threshold
        self.content = content

    def tables(self, of_words: NDArray[np.uint8]) -> tuple[Any, ...]:
        """As the kernel takes them; `of_words` as in `scorer.rule_words.RuleWords.begun`."""
        content = self.content
        return (
            self.sources, content.table, self.comma, self.heads, of_words, self.threshold, content.floor,
            content.quotation_floor, content.lone_floor,
        )  # fmt: skip

    def assemble(self, text: Text, tags: Tags) -> list[Link]:
        """Attributions in order of their cues. Linear in the number of tags."""
        links = [Link(None, cue) for cue in tags.cues]
        if not links:
            return []
        tags = trimmed(text, tags, self.content.of_words)
        for link, number in zip(links, self._sources(text, tags), strict=True):
            if number >= 0:
                link.source = tags.sources[number]
        for (first, last), numbers in zip(tags.content, self.content.owners(text, tags), strict=True):
            for number in numbers:
                cue_first, cue_last = links[number].cue or (0, 0)
                if first <= cue_first < last:  # the cue stands inside: what follows it is its content
                    if cue_last < last:
                        links[number].content.append((cue_last, last))
                else:
                    links[number].content.append((first, last))
        return links

    def _sources(self, text: Text, tags: Tags) -> list[int]:
        """For each cue the number of its source; -1: none."""
        if not tags.sources:
            return [-1] * len(tags.cues)
        known = landmarks(text, tags, self.comma, self.heads)
        cues = np.array(tags.cues, dtype=np.intp)
        who, buckets = candidates(cues, np.array(tags.sources, dtype=np.intp), known)
        odds = weigh(self.sources, who, buckets)
        rows, slot = np.arange(len(cues)), odds.argmax(axis=1)
        found: list[int] = np.where(odds[rows, slot] > self.threshold, who[rows, slot], -1).tolist()
        return found
