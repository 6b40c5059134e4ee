"""Lines of a JSONL file in chunks: bounded memory whatever the input holds."""

from __future__ import annotations

import gzip
import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

CHUNK_LINES = 32
CHUNK_BYTES = 256 * 1024
"""A chunk ends with the line that reaches either: about a tenth of a second of work, small against a restart."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive lines. `lines` holds None for a line that was too long to be kept.

    `first` is the number of the first line (from 1), `end_offset` where the next chunk begins in the (unpacked) input.
    """

    first: int
    lines: list[bytes | None]
    end_offset: int


class Input:
    """A JSONL file, a gzipped one, or standard input."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.path = None if name == "-" else Path(name)
        self.raw: IO[bytes] = sys.stdin.buffer if self.path is None else self.path.open("rb")
        self.size = self.path.stat().st_size if self.path is not None else 0
        packed = self.path is not None and self.path.suffix == ".gz"
        self.file: IO[bytes] = cast(IO[bytes], gzip.GzipFile(fileobj=self.raw)) if packed else self.raw

    @property
    def can_restart(self) -> bool:
        """Whether it can be read again from the start: a regular file."""
        return self.path is not None and self.path.is_file()

    def share_done(self, offset: int) -> float | None:
        """How much of the input lies before `offset`, 0 to 1; None where nobody knows."""
        if self.size == 0:
            return None
        return min(1.0, (offset if self.file is self.raw else self.raw.tell()) / self.size)

    def digest(self) -> str:
        """SHA-256 of the file as it lies on disk, in hex."""
        with Path(self.name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def chunks(self, offset: int, lines_before: int, max_line_bytes: int) -> Iterator[Chunk]:
        """The input from `offset` on. What cannot be read raises OSError, EOFError or zlib.error."""
        if offset:
            self.file.seek(offset)
        number, lines, size = lines_before + 1, [], 0
        while True:
            line, length = self._line(max_line_bytes)
            offset += length
            if length:
                lines.append(line)
                size += length
            if lines and (not length or size >= CHUNK_BYTES or len(lines) >= CHUNK_LINES):
                yield Chunk(number, lines, offset)
                number, lines, size = number + len(lines), [], 0
            if not length:
                return

    def _line(self, limit: int) -> tuple[bytes | None, int]:
        """The next line (None where it is longer than `limit`) and its length; (b"", 0) at the end."""
        line = self.file.readline(limit + 1)
        if len(line) <= limit or line.endswith(b"\n"):
            return line, len(line)
        length = len(line)
        while line and not line.endswith(b"\n"):
            line = self.file.readline(1 << 20)
            length += len(line)
        return None, length

    def close(self) -> None:
        """Close what was opened."""
        if self.path is not None:
            self.file.close()
            self.raw.close()
