"""What a batch reads: names, folders and patterns become a list of sources, each with its format."""

from __future__ import annotations

import glob
import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Any, cast

from scorer.article import InvalidInput

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EXTENSIONS = {
    "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "tsv": "tsv", "parquet": "parquet", "warc": "warc",
    "wet": "warc", "html": "html", "htm": "html", "xhtml": "html", "txt": "text", "md": "text", "json": "json",
}  # fmt: skip
"""Last part of a name (without .gz and .zst) -> format."""

FORMATS = ("jsonl", "csv", "tsv", "parquet", "warc", "html", "text", "json")
"""What can be read; `json` is one article a file."""

PAGES = ("html", "text", "json")
"""Formats of one article a file: many such files are one source."""

PACKINGS = {"gz": b"\x1f\x8b", "zst": b"\x28\xb5\x2f\xfd"}
"""Extensions of packed files, and how such a file begins."""

UNPACK_ERRORS = (OSError, EOFError, zstd.ZstdError)
"""What reading a damaged file raises, besides zlib.error."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, or many files of one article each.

    `names` are the ids of the articles where each file is one; `start` and `end` (bytes) bound a piece of a JSONL file,
    which begins with line `first_line`.
    """

    paths: tuple[str, ...]
    format: str
    packing: str = ""
    names: tuple[str, ...] = ()
    start: int = 0
    end: int | None = None
    first_line: int = 1

    @property
    def is_stream(self) -> bool:
        """Whether it can be read but once: standard input, a pipe."""
        return self.paths == ("-",) or not Path(self.paths[0]).is_file()

    def size(self) -> int:
        """Bytes on disk; 0 where nobody knows."""
        if self.paths == ("-",):
            return 0
        if self.format in PAGES:
            return sum(_size(path) for path in self.paths)
        return (_size(self.paths[0]) if self.end is None else self.end) - self.start

    def digest(self) -> str:
        """SHA-256 of what lies on disk, in hex; of several files, of their names and digests."""
        if self.format not in PAGES or len(self.paths) == 1:
            return _digest(self.paths[0], self.start, self.end)
        listed = hashlib.sha256()
        for path, name in zip(self.paths, self.names, strict=True):
            listed.update(json.dumps([name, _digest(path)]).encode())
        return listed.hexdigest()


def format_of(name: str) -> tuple[str, str]:
    """Format ("" where the name does not tell) and packing ("gz", "zst" or "") of a file by its name."""
    stem, _, extension = name.lower().rpartition(".")
    packing = extension if extension in PACKINGS and stem else ""
    return EXTENSIONS.get(stem.rpartition(".")[2] if packing else extension, ""), packing


def find(names: Sequence[str], wanted: str | None = None) -> tuple[list[Source], list[str]]:
    """The sources behind names, folders and patterns, and the files in folders that are none.

    Files of a folder or pattern come sorted by path. `wanted` is the format where the names do not tell it. Raises
    `InvalidInput` where a name leads nowhere.
    """
    if "-" in names:
        if len(names) > 1:
            raise InvalidInput("standard input (-) is read alone; name files and folders in another run")
        return [Source(("-",), wanted or "jsonl", names=("-",))], []
    found: list[tuple[str, str, str, str]] = []
    left_out: list[str] = []
    for name in names:
        for path, identifier, explicit in _expand(name):
            kind, packing = format_of(path)
            if explicit and kind in ("json", ""):
                kind = "jsonl"  # a lone file: JSON lines, of which one article on one line is a case
            kind = wanted or kind
            if kind:
                found.append((path, identifier, kind, packing))
            else:
                left_out.append(path)
    if not found:
        raise InvalidInput(
            f"nothing to read in {', '.join(names)}: known are .{', .'.join(EXTENSIONS)}, also .gz, .zst"
        )
    return _grouped(found), left_out


def _grouped(found: Iterable[tuple[str, str, str, str]]) -> list[Source]:
    sources = []
    for (kind, packing), group in groupby(found, key=lambda file: file[2:]):
        files = list(group)
        if kind in PAGES:
            sources.append(Source(tuple(f[0] for f in files), kind, packing, tuple(f[1] for f in files)))
        else:
            sources += [Source((path,), kind, packing) for path, *_ in files]
    return sources


def _expand(name: str) -> list[tuple[str, str, bool]]:
    """Path, id and whether it was named itself, of each file behind a name."""
    path = Path(name)
    if path.is_dir():
        inside = (p.relative_to(path) for p in path.rglob("*") if p.is_file())
        visible = sorted(p.as_posix() for p in inside if not any(part.startswith(".") for part in p.parts))
        return [(str(path / p), p, False) for p in visible]
    if path.exists():
        return [(name, path.name, True)]
    matches = sorted(m for m in glob.glob(name, recursive=True) if Path(m).is_file())  # noqa: PTH207 - a user's pattern
    if glob.has_magic(name) and not matches:
        raise InvalidInput(f"no file matches {name}")
    if not matches:
        raise InvalidInput(f"cannot read {name}: No such file or directory")
    return [(m, m, False) for m in matches]


def identity(sources: Sequence[Source]) -> dict[str, Any]:
    """What the input is: its bytes and digest. Reads every file once."""
    digests = [source.digest() for source in sources]
    combined = digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return {"bytes": sum(source.size() for source in sources), "sha256": combined}


def unpacked(raw: IO[bytes], packing: str) -> IO[bytes]:
    """The content of a packed file."""
    if packing == "gz":
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    return cast(IO[bytes], zstd.ZstdFile(raw)) if packing == "zst" else raw


def pack(data: bytes, packing: str) -> bytes:
    """Packed so that pieces one after the other are a whole file; the same bytes for the same content."""
    if packing == "gz":
        return gzip.compress(data, compresslevel=6, mtime=0)
    return zstd.compress(data) if packing == "zst" else data


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _digest(path: str, start: int = 0, end: int | None = None) -> str:
    try:
        with Path(path).open("rb") as file:
            if end is None and not start:
                return hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(start)
            digest, left = hashlib.sha256(), (end or 1 << 62) - start
            while left and (block := file.read(min(left, 1 << 20))):
                digest.update(block)
                left -= len(block)
            return digest.hexdigest()
    except OSError as error:
        raise InvalidInput(f"cannot read {path}: {error.strerror}") from None
