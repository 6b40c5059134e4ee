"""Which cue a piece of content belongs to: how the two stand to each other, as numbers of a learned table.

Beside distances it is told what a reader goes by: the words the piece begins and ends with and those around it, the
word that joins the clauses between ("but", "while", "after"), whether the cue has a piece right beside it already, and
what stands in quotation marks. Learned by training/ties.py.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from scorer.tagger import Run, Tags
from scorer.text import Text
from scorer.token_classes import (
    ARTICLE,
    CAPITALISED,
    CLASSES,
    DETERMINER,
    JOINERS,
    LAST_FUNCTION_WORD,
    MARKS,
    NUMBER,
    NUMBER_OF,
    QUOTE,
    token_classes,
)

FloatArray = NDArray[np.float32]

REACH = 3
"""A piece looks at so many cues before it and as many after it."""

BEFORE, AFTER, INSIDE = range(3)
"""Where a piece stands: before its cue, after it, around it."""

SIDES, FEATURES, BUCKETS = 3, 17, 4 * CLASSES
"""A table has one number for each side, feature and bucket."""

RIGHT_AFTER, RIGHT_BEFORE = 2, 4
"""Tokens between a cue and a piece right beside it, at the most."""

QUOTED = 5
"""Tokens in quotation marks that are somebody's words, whoever's."""

MAX_GAP = 2
"""Tokens between a source and its cue that may be the rest of its noun phrase."""

MARGIN = 3.0
"""A piece is also another cue's only where that is so little less likely, in log-odds, than the likeliest one."""

GAPS = (1, 2, 3, 4, 6, 9, 14, 22, 40, 80, 160)
"""Tokens between two runs that are told apart."""


def _numbers(words: str) -> frozenset[int]:
    return frozenset(NUMBER_OF[word] for word in words.split())


_FRAYED_MARKS = _numbers(", ; : — – - (")
_FRAYED_WORDS = {
    *_numbers(
        "but while although whereas and as when after before because if which who that or nor unless until whether"
    ),
    ARTICLE,
}
_FRAYED_BEFORE_NOUNS = _numbers("of to by from at with in")
_BEGIN_NOUNS = frozenset((ARTICLE, DETERMINER, CAPITALISED, NUMBER))
_NO_WORDS = frozenset((0, QUOTE, *(NUMBER_OF[mark] for mark in MARKS)))


def trimmed(text: Text, tags: Tags, of_words: NDArray[np.uint8]) -> Tags:
    """The tags with pieces of content that hold nothing dangling at their ends: no comma, no "and" or "that" with more
    of the sentence behind it, no preposition before its noun, no source whose cue comes next. What is nothing else is
    left out.
    """
    classes, ends = token_classes(text, of_words), set(text.sentence_tokens.tolist())
    begun = {first for first, _ in tags.cues}
    speakers = {cue: first for first, last in tags.sources for cue in range(last, last + MAX_GAP + 1) if cue in begun}
    content = []
    for first, last in tags.content:
        if last in speakers:
            last = max(first, speakers[last])
        while last > first and _is_frayed(classes[last - 1], 0 if last in ends else classes[last]):
            last -= 1
        if last > first:
            content.append((first, last))
    return tags._replace(content=content)


def _is_frayed(ending: int, behind: int) -> bool:
    """Whether content that ends with a token of this class, before one of that, has a loose end."""
    return (
        ending in _FRAYED_MARKS
        or (ending in _FRAYED_WORDS and behind not in _NO_WORDS)
        or (ending in _FRAYED_BEFORE_NOUNS and behind in _BEGIN_NOUNS)
    )


class Ground:
    """A text with its runs, as both sides of a tie see it. `heads` (HEADS,) are first words of cues, told apart."""

    def __init__(self, text: Text, tags: Tags, of_words: NDArray[np.uint8], heads: NDArray[np.int32]) -> None:
        n = len(text.words)
        self.cues, self.content = tags.cues, tags.content
        self.starts = [first for first, _ in tags.cues]
        self.classes = token_classes(text, of_words)
        self.sentence_tokens = text.sentence_tokens.tolist()
        self.sentence = np.repeat(np.arange(len(text.sentences)), np.diff(text.sentence_tokens)).tolist()
        self.heads = [_number(heads, text.words[first]) for first in self.starts]
        self.quoted = [False] * n
        for first, last, _ in tags.quotations:
            self.quoted[first:last] = [True] * (last - first)
        commas = [number == NUMBER_OF[","] for number in self.classes]
        marks = [number == QUOTE for number in self.classes]
        joins = (i if 0 < number <= len(JOINERS) else -1 for i, number in enumerate(self.classes))
        self.last_join = list(accumulate(joins, max))
        self.commas, self.marks = _counts(commas), _counts(marks)
        self.begun = [_counts(_begin(n, runs)) for runs in (tags.cues, tags.sources, tags.content)]
        content_starts = [first for first, _ in tags.content]
        content_ends = [last for _, last in tags.content]
        self.after, self.before = [], []
        for first, last in tags.cues:
            at = bisect_left(content_starts, last)
            near = at < len(content_starts) and content_starts[at] - last <= RIGHT_AFTER
            self.after.append(at if near else -1)
            at = bisect_right(content_ends, first) - 1
            near = at >= 0 and first - content_ends[at] <= RIGHT_BEFORE
            self.before.append(at if near else -1)

    def is_quoted(self, run: Run) -> bool:
        """Whether a run begins and ends in quotation marks."""
        return self.quoted[run[0]] and self.quoted[run[1] - 1]

    def is_quotation(self, run: Run) -> bool:
        """Whether a run is somebody's words, whoever's."""
        return run[1] - run[0] >= QUOTED and self.is_quoted(run)

    def near(self, piece: int) -> range:
        """The cues that a piece looks at."""
        at = bisect_left(self.starts, self.content[piece][0])
        return range(max(0, at - REACH), min(len(self.starts), at + REACH))

    def gap(self, piece: int, cue: int) -> int:
        """Tokens between the two."""
        left, right = self.between(piece, cue)
        return right - left

    def between(self, piece: int, cue: int) -> Run:
        """The tokens between the two."""
        (first, last), (cue_first, cue_last) = self.content[piece], self.cues[cue]
        left, right = (cue_last, first) if first >= cue_first else (last, cue_first)
        return min(left, right), right

    def is_together(self, piece: int, cue: int) -> bool:
        """Whether a piece begins or ends in its cue's sentence."""
        (first, last), here = self.content[piece], self.sentence[self.cues[cue][0]]
        return here in (self.sentence[first], self.sentence[last - 1])

    def beside(self, piece: int, other: int) -> int:
        """What stands at a cue's side: nothing, this piece, one in quotation marks, another."""
        if other < 0:
            return 0
        return 1 if other == piece else 2 if self.is_quoted(self.content[other]) else 3

    def looks(self, piece: int, cue: int, nearer: int) -> tuple[int, tuple[int, ...]]:
        """The side a piece stands on, and the bucket of each feature (FEATURES,). `nearer`: cues nearer to it."""
        (first, last), (cue_first, cue_last) = self.content[piece], self.cues[cue]
        classes, sentence, n = self.classes, self.sentence, len(self.classes)
        side = INSIDE if first <= cue_first < last else AFTER if first >= cue_first else BEFORE
        left, right = self.between(piece, cue)
        apart = min(abs(sentence[last - 1 if first < cue_first else first] - sentence[cue_first]), 3)
        cues, sources, pieces = (min(counts[right] - counts[left], 2) for counts in self.begun)
        quoted = int(self.is_quoted((first, last)))
        after, before = self.beside(piece, self.after[cue]), self.beside(piece, self.before[cue])
        opens = self.sentence_tokens[sentence[cue_first]]
        opening = classes[opens] if classes[opens] <= LAST_FUNCTION_WORD else 0
        join = self.last_join[right - 1] if right > left else -1
        joined = classes[join] if join >= left else 0
        return side, (
            bisect_right(GAPS, right - left),
            apart + 4 * self.heads[cue],
            cues + 3 * sources + 9 * pieces + 27 * min(apart, 2),
            classes[cue_first] + CLASSES * min(apart, 2),
            min(last - first, 12),
            min(self.commas[right] - self.commas[left], 3) + 4 * min(self.marks[right] - self.marks[left], 3),
            after + 4 * before + 16 * quoted,
            quoted + 2 * min(apart, 2) + 6 * min(cues, 1) + 12 * min(sources, 1) + 24 * after,
            classes[first] + CLASSES * after,
            classes[first - 1] if first else 0,
            (classes[last] if last < n else 0) + CLASSES * after,
            classes[last - 1],
            (opening if first > opens + 1 else opening + CLASSES) + 2 * CLASSES * (after > 1),
            joined + CLASSES * after,
            classes[cue_first - 1] if cue_first else 0,
            classes[cue_last] if cue_last < n else 0,
            min(nearer, 2) + 3 * after,
        )


class ContentTies:
    """Ties pieces of content to cues with a learned table (SIDES, FEATURES, BUCKETS).

    `floor`: log-odds under which a piece that no cue claims is left to nobody; `quotation_floor`: the same for one in
    quotation marks, which is somebody's words; `lone_floor`: log-odds above which a cue that has nothing takes the
    piece of its sentence that is likeliest its own, whoever else has it.
    """

    def __init__(
        self, table: FloatArray, of_words: NDArray[np.uint8], heads: NDArray[np.int32], floor: float,
        quotation_floor: float, lone_floor: float,
    ) -> None:  # fmt: skip
        self.table, self.of_words, self.heads = table, of_words, heads
        self.floor, self.quotation_floor, self.lone_floor = floor, quotation_floor, lone_floor

    def owners(self, text: Text, tags: Tags) -> list[list[int]]:
        """For each piece of content the numbers of its cues, in order; there has to be a cue. Linear in the pieces."""
        ground = Ground(text, tags, self.of_words, self.heads)
        found: list[list[int]] = []
        likeliest: dict[int, tuple[float, int]] = {}
        for piece, run in enumerate(tags.content):
            odds = {cue: self._odds(side, buckets) for cue, (side, buckets) in candidates(ground, piece).items()}
            floor = self.quotation_floor if ground.is_quotation(run) else self.floor
            best = max(odds, key=lambda cue: odds[cue])
            close = {cue: value for cue, value in odds.items() if value > odds[best] - MARGIN}
            found.append([cue for cue, value in close.items() if value > 0 or (cue == best and value > floor)])
            for cue, value in close.items():
                if ground.is_together(piece, cue) and value > likeliest.get(cue, (-np.inf, 0))[0]:
                    likeliest[cue] = value, piece
        for cue in set(likeliest).difference(*found):
            value, piece = likeliest[cue]
            if value > self.lone_floor:
                found[piece] = sorted([*found[piece], cue])
        return found

    def _odds(self, side: int, buckets: Sequence[int]) -> float:
        total = np.float32(0)
        for feature, bucket in enumerate(buckets):  # one after the other, as the kernel adds them
            total += self.table[side, feature, bucket]
        return float(total)


def candidates(ground: Ground, piece: int) -> dict[int, tuple[int, tuple[int, ...]]]:
    """The cues that a piece of content looks at, with how each looks (`Ground.looks`)."""
    gaps = {cue: ground.gap(piece, cue) for cue in ground.near(piece)}
    return {cue: ground.looks(piece, cue, sum(other < gap for other in gaps.values())) for cue, gap in gaps.items()}


def _number(heads: NDArray[np.int32], word: int) -> int:
    """The number of a word among first words of cues, from 1; 0 for any other."""
    found = np.flatnonzero(heads == word)
    return int(found[0]) + 1 if len(found) else 0


def _begin(n: int, runs: Sequence[Run]) -> list[bool]:
    begins = [False] * n
    for first, _ in runs:
        begins[first] = True
    return begins


def _counts(marked: Sequence[bool]) -> list[int]:
    """How many are marked before each of n + 1 places."""
    return [0, *accumulate(marked)]
