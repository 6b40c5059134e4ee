"""The attribution tagger: which tokens are a source, a cue, or content.

Tokens are rows of learned tables, looked up by word id and shape; a few layers of matrix products see ever wider
windows (dilated convolutions, Strubell et al. 2017) and the strongest values of the sentence and its neighbours; the
runs of tokens most likely to be right are then chosen (`scorer/runs.py`). numpy only; learned by
training/attribution.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.lexicon import Shape
from scorer.network import Network
from scorer.quotes import Quotation, line_starts, quotations
from scorer.runs import EXACT, MAX_GROUP, MAX_RUN, MIN_BEGIN, MIN_RUN, Candidates, candidates, choose
from scorer.store import Part
from scorer.text import Text
from scorer.word_table import unpacked

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.intp]

LABELS = ("O", "B-source", "I-source", "B-cue", "I-cue")
BEGINS_CUE = LABELS.index("B-cue")

FLAGS = 17
"""What a token is told beside its word and shape (`inputs`), a bit each."""

_PLACES = np.arange(FLAGS, dtype=np.int32)

Run = tuple[int, int]


class Tags(NamedTuple):
    """What was found, as half-open runs of tokens in order: sources, cues and content pieces, and the quotations; and
    the network's scores of every token (`Network.scores`), None where none were computed.
    """

    sources: list[Run]
    cues: list[Run]
    content: list[Run]
    quotations: list[Quotation]
    scores: FloatArray | None = None
    doubles: int = 0
    """How many of the quotations, the first ones, are in double marks."""


class Packed(NamedTuple):
    """`Tags` for what only the kernel reads: the runs as it has them, in bytes."""

    sources: bytes
    cues: bytes
    content: bytes
    quotations: list[Quotation]
    scores: FloatArray
    doubles: int


Tagged = Tags | Packed


class Inputs(NamedTuple):
    """A text as the tagger sees it: n tokens, m sentences.

    Attributes:
        words, shapes: (n,) ids.
        flags: (n,), a bit for each of the FLAGS.
        sentences: (m + 1,), sentence i holds tokens sentences[i]:sentences[i + 1]; every token is in one.
        quotations: in double marks and in single ones.
        starts, ends: (n,), where each token stands, in characters.
    """

    words: NDArray[np.int32]
    shapes: NDArray[np.int32]
    flags: NDArray[np.int32]
    sentences: NDArray[np.int32]
    quotations: list[Quotation]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    doubles: int = 0
    """How many of the quotations, the first ones, are in double marks."""

    def flag_columns(self) -> FloatArray:
        """float32 (n, FLAGS): the flags as zeros and ones."""
        return (self.flags[:, None] >> _PLACES & 1).astype(np.float32)


def inputs(text: Text, cue_words: NDArray[np.bool_]) -> Inputs:
    """Read a text (of at least one token) for the tagger; `cue_words` (V,) tells the words that mostly stand in cues.

    The layers see a few tokens to either side; that a cue or a quotation stands before or after in the sentence,
    however far, they are told.
    """
    if kernel.native is not None:
        found, every, doubles = kernel.native.marks(
            text.normal, text.tokens, text.shapes, text.starts, text.ends, text.sentences, text.sentence_tokens,
            text.words, cue_words.view(np.uint8),
        )  # fmt: skip
        bits = np.frombuffer(found, kernel.INT32)
        return Inputs(text.words, text.shapes, bits, text.sentence_tokens, every, text.starts, text.ends, doubles)
    n = len(text.words)
    lines = line_starts(text)
    sentences = text.sentence_tokens
    line_tokens = np.append(sentences[lines], n)
    double, single = quotations(text, lines)
    flags = np.zeros((n, FLAGS), dtype=np.int32)
    flags[:, 0] = 1
    flags[sentences[:-1], 1] = 1
    flags[sentences[1:] - 1, 2] = 1
    flags[line_tokens[:-1], 3] = 1
    flags[line_tokens[1:] - 1, 4] = 1
    flags[1:, 5] = text.starts[1:] > text.ends[:-1]
    flags[: line_tokens[1], 6] = 1
    for first, last, closed in double:
        flags[first:last, 7 if closed else 8] = 1
        flags[first, 9] = 1
        if closed:
            flags[last - 1, 10] = 1
    for first, last, _ in single:
        flags[first:last, 11] = 1
    begins = np.repeat(sentences[:-1], np.diff(sentences))
    ends = np.repeat(sentences[1:], np.diff(sentences))
    telling = cue_words[text.words]
    for column, marked in ((12, telling), (14, flags[:, 7] + flags[:, 8] > 0)):
        count = np.concatenate([[0], np.cumsum(marked)])
        flags[:, column] = count[:-1] > count[begins]
        flags[:, column + 1] = count[ends] > count[1:]
    flags[:, 16] = telling
    bits = (flags << _PLACES).sum(axis=1, dtype=np.int32)
    return Inputs(text.words, text.shapes, bits, sentences, double + single, text.starts, text.ends, len(double))


class Tagger:
    """Finds sources, cues and content pieces in a text."""

    def __init__(self, part: Part) -> None:
        self.network = Network(unpacked(part))
        self.cue_words = np.asarray(part.arrays["cue_words"]) > 0
        self.thresholds = Thresholds(**part.meta["thresholds"])

    def tag(self, text: Text) -> Tags:
        """Tag a text; linear in its length."""
        if not len(text.words):
            return Tags([], [], [], [])
        given = inputs(text, self.cue_words)
        return decode(self.network.scores(given), given, self.thresholds)

    def tag_for_kernel(self, text: Text) -> Tagged:
        """The same for a text of at least one token; where there is a kernel, only that can read it."""
        given = inputs(text, self.cue_words)
        scores = self.network.scores(given)
        if kernel.native is None:
            return decode(scores, given, self.thresholds)
        runs = _runs_of_kernel(scores, given, self.thresholds, is_packed=True)
        return Packed(*runs, quotations=given.quotations, scores=scores, doubles=given.doubles)


MAX_FILLED = 2
"""A hole of this many tokens inside content is content, unless a source or a cue stands in it."""


MAX_TAIL = 2
"""Content that stops this close to its sentence's end goes on to the end."""


EXACT_SOURCE = 0.5
"""As `scorer.runs.EXACT`, for sources: a name is whole or wrong, "the Department of" is no source."""

_RULES = (
    MAX_RUN, MAX_GROUP, MIN_RUN, MIN_BEGIN, EXACT, EXACT_SOURCE, MAX_FILLED, MAX_TAIL, int(Shape.PUNCTUATION)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a finding is worth showing, as chances; chosen by cross-validation (training/attribution.py).

    Attributes:
        cue, source: expected matches that a run must exceed.
        content: chance above which a token is content.
        silent: a sentence without a cue, where one begins with this chance at least, gets its best one all the same:
            that something is ascribed can be surer than which words say so.
        least: expected matches under which not even such a run is taken.
    """

    cue: float
    source: float
    content: float
    silent: float
    least: float

    def odds_of_content(self) -> float:
        """Log-odds above which a token is content."""
        return math.log(self.content / (1 - self.content))


def decode(scores: FloatArray, given: Inputs, thresholds: Thresholds) -> Tags:
    """Runs of each role for `Network.scores`, none over a sentence's end; sources and cues share no token."""
    if kernel.native is not None:
        runs = _runs_of_kernel(scores, given, thresholds, is_packed=False)
        return Tags(*runs, quotations=given.quotations, scores=scores, doubles=given.doubles)
    columns = len(LABELS)
    tags = np.ascontiguousarray(scores[:, :columns].T)  # a row a label: reductions over five rows are fast
    chances = np.exp(tags - tags.max(axis=0))
    chances /= chances.sum(axis=0)
    without = np.multiply.reduceat(1 - chances[BEGINS_CUE].astype(np.float64), given.sentences[:-1])
    is_silent = without < 1 - thresholds.silent
    content = scores[:, columns + 1] - scores[:, columns] > thresholds.odds_of_content()
    sentence = np.repeat(np.arange(len(given.sentences) - 1), np.diff(given.sentences))
    stop = given.sentences[1:].astype(np.intp)[sentence]
    edges = np.stack([given.starts, given.ends], axis=1)
    sources = candidates(chances[1], chances[2], edges, stop)
    cues = candidates(chances[3], chances[4], edges, stop)
    labels = np.zeros(len(scores), dtype=np.int8)
    source_runs, cue_runs = _place(
        labels, (sources, choose(sources, thresholds.source, EXACT_SOURCE)), (cues, choose(cues, thresholds.cue))
    )
    has_cue, has_source = np.zeros((2, len(given.sentences) - 1), dtype=bool)
    has_cue[sentence[[first for first, _ in cue_runs]]] = True
    has_source[sentence[[first for first, _ in source_runs]]] = True
    asked = ~has_cue & is_silent
    added = _best_in(labels, cues, sentence, asked, thresholds.least)
    has_cue[sentence[[first for first, _ in added]]] = True
    cue_runs = sorted(cue_runs + added)
    source_runs = sorted(source_runs + _best_in(labels, sources, sentence, has_cue & ~has_source, thresholds.least))
    pieces = _pieces(content, labels, given)
    return Tags(source_runs, cue_runs, pieces, given.quotations, scores, given.doubles)


_Runs = tuple[Any, Any, Any]


def _runs_of_kernel(scores: FloatArray, given: Inputs, thresholds: Thresholds, *, is_packed: bool) -> _Runs:
    """The runs of `decode` by the compiled kernel, as lists or in bytes; exponentials stay numpy's."""
    softened = kernel.native.softened(scores, thresholds.odds_of_content())
    powers = np.frombuffer(softened, kernel.FLOAT32, len(LABELS) * len(scores))
    np.exp(powers, powers)
    found: _Runs = kernel.native.runs(
        softened, given.sentences, given.starts, given.ends, given.shapes, given.quotations,
        (thresholds.source, thresholds.cue, thresholds.least, thresholds.silent), _RULES, is_packed,
    )  # fmt: skip
    return found


def _place(
    labels: NDArray[np.int8], sources: tuple[Candidates, IntArray], cues: tuple[Candidates, IntArray]
) -> tuple[list[Run], list[Run]]:
    """Mark runs in `labels` (1 a source, 2 a cue), the surest first; where two roles overlap the surer one stays."""
    items = [
        (-weight, role, first, last)
        for role, (found, chosen) in enumerate((sources, cues), 1)
        for weight, first, last in zip(
            found.matches[chosen].tolist(), found.first[chosen].tolist(), found.last[chosen].tolist(), strict=True
        )
    ]
    placed: tuple[list[Run], list[Run]] = ([], [])
    for _, role, first, last in sorted(items):
        if not labels[first:last].any():
            labels[first:last] = role
            placed[role - 1].append((first, last))
    return placed


def _best_in(
    labels: NDArray[np.int8],
    found: Candidates,
    sentence: NDArray[np.intp],
    asked: NDArray[np.bool_],
    least: float,
) -> list[Run]:
    """The best candidate of each sentence `asked` for, on free tokens; marked in `labels`."""
    best: dict[int, tuple[float, int, int]] = {}
    for i in np.flatnonzero(asked[sentence[found.first]] & (found.matches > least)).tolist():
        first, last = int(found.first[i]), int(found.last[i])
        where, value = int(sentence[first]), float(found.matches[i]) + EXACT * float(found.chance[i])
        if value > best.get(where, (0.0,))[0] and not labels[first:last].any():
            best[where] = (value, first, last)
    for _, first, last in best.values():
        labels[first:last] = 3
    return [(first, last) for _, first, last in best.values()]


def _pieces(content: NDArray[np.bool_], labels: NDArray[np.int8], given: Inputs) -> list[Run]:
    """Content as runs: small holes filled, quotations whole, no run over a sentence's end outside a quotation."""
    n = len(content)
    taken = labels > 0
    count = np.concatenate([[0], np.cumsum(content)])
    named = np.concatenate([[0], np.cumsum(taken)])
    border = np.zeros(n + 1, dtype=bool)
    border[given.sentences] = True
    for first, last, closed in given.quotations:
        border[first + 1 : last] = False
        if closed and 2 * (count[last] - count[first]) > last - first and named[last] == named[first]:
            content[first:last] = True
    parts = np.concatenate([[0], np.cumsum(border[1:n])])
    pieces: list[Run] = []
    for first, last in _split_runs(content, border[:n]):
        if pieces:
            begun, ended = pieces[-1]
            if first - ended <= MAX_FILLED and parts[first] == parts[ended - 1] and named[first] == named[ended]:
                pieces[-1] = (begun, last)
                continue
        pieces.append((first, last))
    ends = np.append(np.flatnonzero(border)[1:], n)
    ends -= given.shapes[ends - 1] == Shape.PUNCTUATION  # the full stop is the sentence's
    reach = ends[np.minimum(parts[[last - 1 for _, last in pieces]], len(ends) - 1)].tolist() if pieces else []
    return [
        (first, end if 0 < end - last <= MAX_TAIL and named[end] == named[last] else last)
        for (first, last), end in zip(pieces, reach, strict=True)
    ]


def _split_runs(mask: NDArray[np.bool_], border: NDArray[np.bool_]) -> list[Run]:
    """Runs of True; one also ends where the next token is a border."""
    before = np.concatenate([[False], mask[:-1]])
    firsts = np.flatnonzero(mask & (~before | border))
    after = np.concatenate([mask[1:] & ~border[1:], [False]])
    return list(zip(firsts.tolist(), (np.flatnonzero(mask & ~after) + 1).tolist(), strict=True))
