"""The input cut into pieces that can be scored anywhere, in any order: a file, a stretch of a large one, many pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from scorer.article import InvalidInput
from scorer.batch.formats import PAGES, Source

PARTITION_BYTES = 32 * 1024 * 1024
"""A plain JSONL file is cut into pieces of about this size; other files are a piece each."""

PARTITION_FILES = 2_000
"""Files of one article each in a piece."""


def partitions(sources: Sequence[Source], piece_bytes: int = PARTITION_BYTES) -> Iterator[Source]:
    """The pieces, in the order of the input. Depends on the input alone, not on how many work on it."""
    for source in sources:
        if source.is_stream:
            raise InvalidInput("a cluster reads files that every worker can open, not a stream")
        if source.format in PAGES:
            for first in range(0, len(source.paths), PARTITION_FILES):
                piece = slice(first, first + PARTITION_FILES)
                yield _absolute(replace(source, paths=source.paths[piece], names=source.names[piece]))
        elif source.format == "jsonl" and not source.packing and source.size() > piece_bytes:
            with Path(source.paths[0]).open("rb") as file:
                for start, end, first_line in _stretches(file, piece_bytes):
                    yield _absolute(replace(source, start=start, end=end, first_line=first_line))
        else:
            yield _absolute(source)


def _absolute(source: Source) -> Source:
    return replace(source, paths=tuple(str(Path(path).resolve()) for path in source.paths))


def _stretches(file: IO[bytes], piece_bytes: int) -> Iterator[tuple[int, int, int]]:
    """Start, end and first line of each stretch of whole lines; lines are counted so that errors can name them."""
    start, line = 0, 1
    while True:
        length = lines = 0
        block = b""
        while length < piece_bytes and (block := file.read(min(1 << 20, piece_bytes - length))):
            length += len(block)
            lines += block.count(b"\n")
        if not length:
            return
        while block and not block.endswith(b"\n") and (block := file.readline(1 << 20)):
            length += len(block)
            lines += block.endswith(b"\n")
        yield start, start + length, line
        start, line = start + length, line + lines
