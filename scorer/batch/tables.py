"""Rows of CSV, TSV and Parquet files as mappings."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from scorer.article import InvalidInput
from scorer.batch.records import Record

FIELDS = ("id", "title", "text", "html", "url", "source", "date", "reach")
"""What an article is made of; other columns are left alone."""

ABOUT = {"id", "url", "source", "date", "reach"}
"""Those that cannot be scored alone."""

ROWS_AT_ONCE = 32


class TableError(InvalidInput):
    """A table cannot be read on."""


def read_csv(
    file: IO[bytes], delimiter: str, skip: int, limit: int, columns: Sequence[str], share: Callable[[int], float]
) -> Iterator[Record]:
    """Rows below the header, from row `skip` on. Raises `TableError` where there is no usable header.

    An undecodable row, or one with a field longer than `limit` characters, is an error in its place.
    """
    csv.field_size_limit(limit)
    # surrogateescape: a bad byte spoils its own row, not the run.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _csv_rows(csv.reader(text, delimiter=delimiter), skip, columns, share)
    finally:
        text.detach()  # who opened the file closes it


def _csv_rows(
    rows: Iterator[list[str]], skip: int, columns: Sequence[str], share: Callable[[int], float]
) -> Iterator[Record]:
    header = next(rows, None)
    if header is None:
        return
    wanted = [name for name in columns if name in header]
    if not set(wanted) - ABOUT:
        raise TableError(
            f"the table has the columns {', '.join(header)[:300]}, none of them text, html or title; "
            "name yours: --column text=NAME"
        )
    places = [(name, header.index(name)) for name in wanted]
    number = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            row = [str(error)]
            item: dict[str, Any] | InvalidInput = InvalidInput(f"not a row of CSV: {error}")
        else:
            if row is None:
                return
            item = _mapping(row, header, places)
        number += 1
        if number > skip:
            yield Record(item, sum(map(len, row)), number, share(number))


def _mapping(row: list[str], header: list[str], places: list[tuple[str, int]]) -> dict[str, Any] | InvalidInput:
    if len(row) > len(header):
        return InvalidInput(f"the row has {len(row)} fields, the header {len(header)}; is one not quoted?")
    # An empty cell is no value: an empty html beside a text must not win over it.
    values = {name: row[place] for name, place in places if place < len(row) and row[place]}
    try:
        for value in values.values():
            value.encode()
    except UnicodeEncodeError:
        return InvalidInput("the row is not valid UTF-8; convert the file, e.g. iconv -f WINDOWS-1252 -t UTF-8")
    return values


def read_parquet(file: IO[bytes], skip: int, columns: Sequence[str]) -> Iterator[Record]:
    """Rows from `skip` on. Raises `TableError` where the file is damaged or pyarrow is not installed."""
    parquet = import_parquet()
    import pyarrow

    number = 0
    try:
        table = parquet.ParquetFile(file)
        known = set(table.schema_arrow.names)
        wanted = [name for name in columns if name in known]
        if not set(wanted) - ABOUT:
            raise TableError(
                f"the table has the columns {', '.join(table.schema_arrow.names)[:300]}, none of them text, html or "
                "title; name yours: --column text=NAME"
            )
        total = max(1, table.metadata.num_rows)
        groups, before = [], 0
        for group in range(table.num_row_groups):
            rows = table.metadata.row_group(group).num_rows
            if before + rows > skip:
                groups.append(group)
            else:
                number = before + rows
            before += rows
        for batch in table.iter_batches(ROWS_AT_ONCE, groups, wanted):
            for row in batch.to_pylist():
                number += 1
                if number > skip:
                    item = {name: _plain(value) for name, value in row.items() if value is not None}
                    size = sum(len(value) for value in item.values() if isinstance(value, str))
                    yield Record(item, size, number, number / total)
    except pyarrow.ArrowException as error:
        raise TableError(str(error).splitlines()[0][:300]) from None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date | datetime.datetime) else value


def import_parquet() -> Any:
    """The Parquet module of pyarrow. Raises `InvalidInput` saying how to install it."""
    try:
        import pyarrow.parquet
    except ImportError:
        raise InvalidInput("Parquet needs pyarrow: pip install 'credence-news[parquet]'") from None
    return pyarrow.parquet
