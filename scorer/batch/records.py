"""What travels from the readers to the workers: records, pages, and chunks of them with the place they end at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scorer.article import InvalidInput


class Page(NamedTuple):
    """A file or crawled page as it was found; what it is and says is for the worker to read."""

    raw: bytes
    kind: str
    id: str
    charset: str | None = None
    url: str | None = None
    date: str | None = None


Item = bytes | Mapping[str, Any] | Page | InvalidInput
"""A line of JSON, a row, a page, or why there is none."""


class Record(NamedTuple):
    """One article as read: its bytes in memory, where the next one begins, how much of the source lies behind."""

    item: Item
    size: int
    next_offset: int
    share: float


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the input: source, offset in it (bytes of JSONL, records otherwise), records before it in there."""

    source: int = 0
    offset: int = 0
    record: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive records of one source. `first` is the number of the first one in its source, from 1."""

    first: int
    items: list[Item]
    end: Position
    share: float | None
    """How much of the whole input lies behind, 0 to 1; None where nobody knows."""
