"""The whole input as one stream of chunks: sources one after the other, from any place on, in bounded memory."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from scorer.article import InvalidInput
from scorer.batch.formats import PACKINGS, PAGES, UNPACK_ERRORS, Source, unpacked
from scorer.batch.lines import read_lines
from scorer.batch.pages import read_files, read_warc
from scorer.batch.records import Chunk, Page, Position, Record
from scorer.batch.tables import FIELDS, TableError, read_csv, read_parquet

CHUNK_RECORDS = 32
CHUNK_BYTES = 256 * 1024
"""A chunk ends with the record that reaches either: about a tenth of a second of work, small against a restart."""


def read_chunks(
    sources: Sequence[Source], at: Position, limit: int, columns: Sequence[tuple[str, str]] = ()
) -> Iterator[Chunk]:
    """The input from `at` on. `limit` bounds a record, in bytes; `columns` maps fields to columns of tables.

    Raises `InvalidInput` naming the file that is damaged or cannot be read.
    """
    sizes = [source.size() for source in sources]
    total, before = sum(sizes), 0
    for number, source in enumerate(sources):
        if number < at.source:
            before += sizes[number]
            continue
        place = at if number == at.source else Position(number)
        read = _records(source, sizes[number], place, limit, columns)
        for first, records in _grouped(read, place.record + source.first_line):
            last = records[-1]
            end = Position(number, last.next_offset, first - source.first_line + len(records))
            share = (before + last.share * sizes[number]) / total if total else None
            yield Chunk(first, [record.item for record in records], end, share)
        before += sizes[number]


def _grouped(records: Iterator[Record], first: int) -> Iterator[tuple[int, list[Record]]]:
    group: list[Record] = []
    size = 0
    for record in records:
        group.append(record)
        size += record.size
        if size >= CHUNK_BYTES or len(group) >= CHUNK_RECORDS:
            yield first, group
            first, group, size = first + len(group), [], 0
    if group:
        yield first, group


def _records(
    source: Source, size: int, at: Position, limit: int, columns: Sequence[tuple[str, str]]
) -> Iterator[Record]:
    is_stdin = source.paths == ("-",)
    name = "standard input" if is_stdin else source.paths[0]
    try:
        if is_stdin:
            yield from _read(source, sys.stdin.buffer, size, at, limit, columns)
        elif source.format in PAGES:
            yield from read_files(source, at.offset, limit)
        else:
            with Path(name).open("rb") as raw:
                yield from _read(source, raw, size, at, limit, columns)
    except TableError as error:
        raise InvalidInput(f"{name}: {error}") from None
    except (*UNPACK_ERRORS, zlib.error) as error:
        raise InvalidInput(f"{name} is damaged or cannot be read further: {error}") from None


def _read(
    source: Source, raw: IO[bytes], size: int, at: Position, limit: int, columns: Sequence[tuple[str, str]]
) -> Iterator[Record]:
    packing = source.packing or (_packing_of(raw) if source.paths == ("-",) else "")
    file = unpacked(raw, packing)

    def share(offset: int) -> float:
        """How much of the file lies behind; of a packed one, by how much of it has been read."""
        if not size:
            return 0.0
        is_bytes = source.format == "jsonl" and not packing
        return min(1.0, (offset - source.start if is_bytes else raw.tell()) / size)

    if source.format == "jsonl":
        yield from read_lines(file, max(at.offset, source.start), source.end, limit, share)
    elif source.format == "warc":
        yield from read_warc(file, at.offset, limit, share)
    elif source.format in ("csv", "tsv"):
        yield from read_csv(file, "\t" if source.format == "tsv" else ",", at.offset, limit, wanted(columns), share)
    elif source.format == "parquet":
        if size == 0:
            raise TableError("Parquet is read from its end, so it must be a file")
        yield from read_parquet(file, at.offset, wanted(columns))
    else:
        yield Record(Page(file.read(limit + 1), source.format, ""), 0, 1, 1.0)


def wanted(columns: Sequence[tuple[str, str]]) -> list[str]:
    """The columns of a table that are read: those that `columns` names for a field, else the field's own name."""
    named = dict(columns)
    return [named.get(field, field) for field in FIELDS]


def _packing_of(stream: IO[bytes]) -> str:
    """How standard input is packed, by how it begins."""
    peek = getattr(stream, "peek", None)
    head = peek(4)[:4] if peek else b""
    return next((packing for packing, magic in PACKINGS.items() if head.startswith(magic)), "")
