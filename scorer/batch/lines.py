"""Lines of a JSONL file: bounded memory whatever the input holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from scorer.article import TooLarge
from scorer.batch.records import Record


def read_lines(
    file: IO[bytes], offset: int, end: int | None, limit: int, share: Callable[[int], float]
) -> Iterator[Record]:
    """The lines that begin in [`offset`, `end`); one longer than `limit` bytes is an error in its place."""
    if offset:
        file.seek(offset)
    while end is None or offset < end:
        line = file.readline(limit + 1)
        length = len(line)
        if not length:
            return
        if length > limit and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(1 << 20)
                length += len(line)
            error = TooLarge(f"the line is longer than the limit max_line_bytes, {limit:,} bytes")
            yield Record(error, length, offset + length, share(offset + length))
        else:
            yield Record(line, length, offset + length, share(offset + length))
        offset += length
