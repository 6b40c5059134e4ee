"""The attribution tagger: which tokens are a source, a cue, or content.

Tokens are rows of learned tables, looked up by word id and shape; a few layers of matrix products see ever wider
windows (dilated convolutions, Strubell et al. 2017) and the strongest values of the sentence and its neighbours; the
best label sequences are found for all sentences at once (Viterbi 1967). numpy only; learned by training/attribution.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.network import Network
from scorer.quotes import Quotation, line_starts, quotations
from scorer.store import Part
from scorer.text import Text

FloatArray = NDArray[np.float32]

LABELS = ("O", "B-source", "I-source", "B-cue", "I-cue")
FLAGS = 12
"""Columns of `flags`."""

Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tags:
    """What was found, as half-open runs of tokens in order: sources, cues and content pieces, and the quotations."""

    sources: list[Run]
    cues: list[Run]
    content: list[Run]
    quotations: list[Quotation]


@dataclass(frozen=True, slots=True)
class Inputs:
    """A text as the tagger sees it: n tokens, m sentences.

    Attributes:
        words, shapes: (n,) ids.
        flags: float32 (n, FLAGS), zeros and ones.
        sentences: (m + 1,), sentence i holds tokens sentences[i]:sentences[i + 1]; every token is in one.
        quotations: in double marks and in single ones.
    """

    words: NDArray[np.int32]
    shapes: NDArray[np.int32]
    flags: FloatArray
    sentences: NDArray[np.int32]
    quotations: list[Quotation]


def inputs(text: Text) -> Inputs:
    """Read a text (of at least one token) for the tagger."""
    n = len(text.words)
    lines = line_starts(text)
    sentences = text.sentence_tokens
    line_tokens = np.append(sentences[lines], n)
    double, single = quotations(text, lines)
    flags = np.zeros((n, FLAGS), dtype=np.float32)
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
    return Inputs(text.words, text.shapes, flags, sentences, double + single)


class Tagger:
    """Finds sources, cues and content pieces in a text."""

    def __init__(self, part: Part) -> None:
        self.network = Network(part)
        self.transitions: FloatArray = np.array(part.meta["transitions"], dtype=np.float32)
        self.content_bias = float(part.meta["content_bias"])

    def tag(self, text: Text) -> Tags:
        """Tag a text; linear in its length."""
        if not len(text.words):
            return Tags([], [], [], [])
        given = inputs(text)
        return decode(self.network.scores(given), given, self.transitions, self.content_bias)


CERTAIN = 2.6
"""A token parts the stretches that are decoded where "neither source nor cue" scores this much above all else: log-odds,
about nine to one."""

MAX_STRETCH = 32
"""Longest stretch decoded as one; nearly every source and cue is shorter than 20 tokens."""

MAX_FILLED = 2
"""A hole of this many tokens inside content is content, unless a source or a cue stands in it."""


MAX_TAIL = 2
"""Content that stops this close to its sentence's end goes on to the end."""


def decode(scores: FloatArray, given: Inputs, transitions: FloatArray, content_bias: float) -> Tags:
    """The best label sequences for `Network.scores`; `transitions` (5, 5) from row to column label, as log-scores."""
    if kernel.native is not None:
        found = kernel.native.decode(
            scores, given.sentences, given.quotations, transitions, CERTAIN, content_bias, MAX_FILLED, MAX_TAIL
        )
        return Tags(*found, given.quotations)
    tags = scores[:, : len(LABELS)]
    uncertain = np.flatnonzero(tags[:, 0] - tags[:, 1:].max(axis=1) < np.float32(CERTAIN))
    labels = np.zeros(len(tags), dtype=np.int8)
    if len(uncertain):
        _viterbi(tags[uncertain], uncertain, given.sentences, transitions, labels)
    content = scores[:, len(LABELS) + 1] - scores[:, len(LABELS)] > content_bias
    return Tags(_labelled(labels, 1), _labelled(labels, 3), _pieces(content, labels, given), given.quotations)


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


def _viterbi(
    scores: FloatArray,
    tokens: NDArray[np.intp],
    sentences: NDArray[np.int32],
    transitions: FloatArray,
    labels: NDArray[np.int8],
) -> None:
    """Write into `labels` the best labels of `tokens` (increasing), whose log-scores are `scores`.

    Neighbouring tokens of a sentence are decoded together; all stretches advance in step, longest first, so that the
    loop is as long as the longest stretch, not as the text.
    """
    sentence = np.searchsorted(sentences, tokens, side="right")
    new = np.ones(len(tokens), dtype=bool)
    new[1:] = (np.diff(tokens) > 1) | (np.diff(sentence) > 0)
    begins = np.flatnonzero(new)
    within = np.arange(len(tokens)) - np.repeat(begins, np.diff(np.append(begins, len(tokens))))
    begins = np.flatnonzero(within % MAX_STRETCH == 0)
    lengths = np.diff(np.append(begins, len(tokens)))
    order = np.argsort(-lengths, kind="stable")
    begins, lengths = begins[order], lengths[order]
    longest = int(lengths[0])
    active = np.searchsorted(-lengths, -np.arange(1, longest + 1), side="right")
    best = scores[begins] + transitions[0]
    back = np.zeros((longest, len(begins), len(LABELS)), dtype=np.int8)
    for step in range(1, longest):
        k = active[step]
        paths = best[:k, :, None] + transitions
        came = paths.argmax(axis=1)
        back[step, :k] = came
        best[:k] = paths.max(axis=1) + scores[begins[:k] + step]
    last = best.argmax(axis=1)
    for step in range(longest - 1, -1, -1):
        k = active[step]
        labels[tokens[begins[:k] + step]] = last[:k]
        last[:k] = back[step, np.arange(k), last[:k]]


def _labelled(labels: NDArray[np.int8], begin: int) -> list[Run]:
    """Runs of a role whose first token is labelled `begin` and every other one `begin` + 1."""
    inside = (labels == begin) | (labels == begin + 1)
    # an I with nothing of its role before it opens a run as a B does
    opens = (labels == begin) | (inside & ~np.concatenate([[False], inside[:-1]]))
    firsts = np.flatnonzero(opens)
    closes = inside & ~np.concatenate([inside[1:] & ~opens[1:], [False]])
    return list(zip(firsts.tolist(), (np.flatnonzero(closes) + 1).tolist(), strict=True))
