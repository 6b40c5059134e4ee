"""Files of ratings: CSV, TSV, JSONL (packed too) and trust.txt, row by row, with what was refused and why."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO, cast

import orjson

from scorer.article import InvalidInput
from scorer.domains import registrable
from scorer.ratings import Rating, RefusedError, ratings_of, trust_txt

EXTENSIONS = (".csv", ".tsv", ".jsonl", ".ndjson", ".txt")


@dataclass(slots=True)
class Refusals:
    """Rows that were not taken: line and reason."""

    lines: list[tuple[int, str]] = field(default_factory=list)

    def reasons(self) -> Counter[str]:
        """How often each reason was given."""
        return Counter(reason for _, reason in self.lines)


def read_ratings(path: Path, defaults: Mapping[str, str], refusals: Refusals) -> Iterator[Rating]:
    """The ratings of a file; rows that cannot be read, or that contradict an earlier one, go to `refusals`.

    `defaults` may hold rater, date, url, licence, and for trust.txt the `domain` that publishes it. Raises
    `InvalidInput` where the file as a whole cannot be read.
    """
    seen: dict[tuple[str, str, str], tuple[int, str]] = {}
    for line, row in _rows(path, defaults):
        try:
            found = row() if callable(row) else ratings_of(row, defaults)
        except RefusedError as error:
            refusals.lines.append((line, str(error)))
            continue
        for rating in found:
            place = (rating.domain, rating.rater, rating.date)
            before = seen.setdefault(place, (line, rating.value))
            if before[1] != rating.value:
                refusals.lines.append((line, "an earlier row rates the same source otherwise"))
            elif before[0] == line:
                yield rating


def _rows(path: Path, defaults: Mapping[str, str]) -> Iterator[tuple[int, Any]]:
    name = path.name.lower().removesuffix(".gz")
    if not name.endswith(EXTENSIONS):
        raise InvalidInput(f"{path} is none of {', '.join(EXTENSIONS)} (or the same packed with gzip)")
    try:
        with _open(path) as file:
            if name.endswith((".jsonl", ".ndjson")):
                yield from _json_rows(file)
            elif name.endswith(".txt"):
                yield from _trust_rows(file, path, defaults)
            else:
                yield from _table_rows(file, path, "\t" if name.endswith(".tsv") else ",")
    except (OSError, EOFError) as error:
        raise InvalidInput(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8: byte {error.start} of a block; save it as UTF-8") from None


def _open(path: Path) -> TextIO:
    # utf-8-sig: spreadsheets begin a file with a byte order mark
    binary = (gzip.open if path.name.lower().endswith(".gz") else Path.open)(path, "rb")
    return io.TextIOWrapper(cast(Any, binary), encoding="utf-8-sig", newline="")


def _json_rows(file: TextIO) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            row = None
        yield number, row if isinstance(row, dict) else _refuse("not a JSON object")


def _table_rows(file: TextIO, path: Path, delimiter: str) -> Iterator[tuple[int, Any]]:
    table = csv.DictReader(file, delimiter=delimiter)
    try:
        if not table.fieldnames:
            raise InvalidInput(f"{path} is empty: the first line names the columns")
        for row in table:
            yield table.line_num, row
    except csv.Error as error:
        raise InvalidInput(f"{path}, line {table.line_num}: {error}") from None


def _trust_rows(file: TextIO, path: Path, defaults: Mapping[str, str]) -> Iterator[tuple[int, Any]]:
    domain = registrable(defaults.get("domain"))
    if domain is None:
        raise InvalidInput(f"{path} is read as trust.txt: name the site that publishes it with --domain")

    def one(line: str) -> Any:
        return lambda: [rating] if (rating := trust_txt(line, domain, defaults)) else []

    for number, line in enumerate(file, 1):
        yield number, one(line)


def _refuse(reason: str) -> Any:
    def refuse() -> list[Rating]:
        raise RefusedError(reason)

    return refuse
