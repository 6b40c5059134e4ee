"""Text is read once: tokens, integers, sentences, with positions that lead back to the caller's own text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.article import Span
from scorer.lexicon import SHAPE_BITS, Lexicon
from scorer.normal import Normal
from scorer.sentences import Punkt
from scorer.values import value

IntArray = NDArray[np.int32]

CACHE_LIMIT = 200_000
"""Chunks between blanks remembered a process; past it the memory is dropped and refills (about 50 MB at the most)."""

MAX_REMEMBERED_CHARACTERS = 40
"""A longer chunk is read anew each time."""

# Every character that is no blank is in exactly one token: `_positions` relies on it. No alternative can backtrack
# over more than one token.
TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., a.m.
    r"|['’][sS]\b"
    r"|\d+(?:[.,]\d+)*[^\W\d_]*(?:-\w+)*"  # 1,200  1.2m  10-year  12th
    r"|[^\W\d_]+(?:(?:['’](?![sS]\b)|-)\w+)*\w*"
    r"|\.{2,}|-{2,}"
    r"|\S"
)


@value(frozen=True, slots=True)
class Text:
    """A stretch of a normal text, read.

    n tokens, m sentences; every position counts characters of `origin.text` (absolute, also where this is a part of
    it); `origin.span` turns positions into spans of the caller's text.

    Attributes:
        origin: the whole text this is a part of.
        start, end: the part.
        tokens: the n tokens as written (in normal form).
        starts, ends: int32 (n,), where each token stands.
        words: int32 (n,), word ids of the lexicon.
        shapes: int32 (n,), `Shape` of each token.
        sentences: int32 (m, 2), [start, end) of each sentence; blanks between sentences belong to none.
        sentence_tokens: int32 (m + 1,), sentence i holds tokens sentence_tokens[i]:sentence_tokens[i + 1].
        caller_starts, caller_ends: n integers each, where the tokens stand in the caller's text.
    """

    origin: Normal
    start: int
    end: int
    tokens: list[str]
    starts: IntArray
    ends: IntArray
    words: IntArray
    shapes: IntArray
    sentences: IntArray
    sentence_tokens: IntArray
    caller_starts: Sequence[int]
    caller_ends: Sequence[int]

    @property
    def normal(self) -> str:
        """The whole normal text that positions count in."""
        return self.origin.text

    def span(self, start: int, end: int) -> Span:
        """Span of the caller's text for positions [start, end)."""
        return self.origin.span(start, end)

    def token_span(self, first: int, last: int) -> Span:
        """Span of the caller's text for tokens first, ..., last - 1 (`first` < `last`)."""
        return Span(self.caller_starts[first], self.caller_ends[last - 1])

    def sentence_of(self, token: int) -> tuple[int, int]:
        """The tokens [first, last) of the sentence that a token is in."""
        after = _place(self.sentence_tokens, token, "right")
        return int(self.sentence_tokens[after - 1]), int(self.sentence_tokens[after])

    def count(self, shapes: int) -> int:
        """How many tokens have one of these shapes, a bit each."""
        if kernel.native is not None:
            found: int = kernel.native.kinds(self.words, self.shapes, (shapes, 0, 0), 0, 0)[0]
            return found
        return int(np.count_nonzero(shapes >> self.shapes & 1))

    def token_at(self, position: int) -> int:
        """Index of the first token that ends after `position`; n where there is none."""
        return _place(self.ends, position, "right")

    def tokens_in(self, start: int, end: int) -> tuple[int, int]:
        """The tokens [first, last) with a part in the positions [start, end)."""
        return _place(self.ends, start, "right"), _place(self.starts, end, "left")


def _place(rising: IntArray, value: int, side: Literal["left", "right"]) -> int:
    """numpy.searchsorted, told a number of the array's own kind: for any other it copies the whole array."""
    return int(rising.searchsorted(np.int32(value), side))


class _Chunks(dict[str, tuple[str, ...]]):
    """What stands between two blanks -> its tokens, remembered: no token reaches over a blank, and most of a text's
    chunks have been seen before.
    """

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if len(self) > CACHE_LIMIT:
            self.clear()
        tokens = tuple(TOKEN.findall(chunk))
        if len(chunk) <= MAX_REMEMBERED_CHARACTERS:
            self[chunk] = tokens
        return tokens


class Reader:
    """Reads normal text with one lexicon and one set of Punkt parameters."""

    def __init__(self, lexicon: Lexicon, punkt: Punkt) -> None:
        self.lexicon = lexicon
        self.punkt = punkt
        self._chunks = _Chunks()
        native = kernel.native
        self._native = (
            None if native is None else native.Reader(lexicon.id_of, lexicon.packed, punkt.is_border, punkt.special)
        )

    def read(self, origin: Normal, start: int = 0, end: int | None = None) -> Text:
        """Tokens, integers and sentences of origin.text[start:end]. Linear in the length."""
        stop = len(origin.text) if end is None else end
        if self._native is not None:
            tokens, numbers = self._native.read(origin.text, start, stop)
            rows = np.frombuffer(numbers, kernel.INT32)  # one array and views of it: each array made costs as much
            n = len(tokens)
            starts, ends, words, shapes = rows[:n], rows[n : 2 * n], rows[2 * n : 3 * n], rows[3 * n : 4 * n]
            behind = 4 * n + 2 * ((len(rows) - 4 * n) // 3)
            sentences, firsts = rows[4 * n : behind].reshape(-1, 2), rows[behind:]
            places = origin.places(starts, ends)
            return Text(origin, start, stop, tokens, starts, ends, words, shapes, sentences, firsts, *places)
        part = origin.text[start:stop]
        tokens = list(chain.from_iterable(map(self._chunks.__getitem__, part.split())))
        starts, ends = _positions(part, tokens, start)
        packed = np.fromiter(map(self.lexicon.__getitem__, tokens), dtype=np.int32, count=len(tokens))
        spans = self.punkt.spans(origin.text, start, stop)
        sentences = np.array(spans, dtype=np.int32).reshape(-1, 2)
        borders = np.searchsorted(starts, sentences[:, 0]) if len(sentences) else np.zeros(0, dtype=np.int64)
        caller_starts, caller_ends = origin.places(starts, ends)
        return Text(
            origin=origin,
            start=start,
            end=stop,
            tokens=tokens,
            starts=starts,
            ends=ends,
            words=packed >> SHAPE_BITS,
            shapes=packed & ((1 << SHAPE_BITS) - 1),
            sentences=sentences,
            sentence_tokens=np.append(borders, len(tokens)).astype(np.int32),
            caller_starts=caller_starts,
            caller_ends=caller_ends,
        )


def _positions(part: str, tokens: list[str], offset: int) -> tuple[IntArray, IntArray]:
    """Where tokens stand, given that they are all the characters above the blank, in order."""
    if not tokens:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    characters = np.frombuffer(part.encode("utf-32-le"), dtype=np.uint32)
    filled = np.flatnonzero(characters > 32).astype(np.int32)
    lengths = np.fromiter(map(len, tokens), dtype=np.int32, count=len(tokens))
    last = np.cumsum(lengths)
    return filled[last - lengths] + np.int32(offset), filled[last - 1] + np.int32(offset + 1)
