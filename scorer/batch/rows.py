"""Assessments as rows of a table (CSV, Parquet): the numbers one sorts and filters by, and the whole answer as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from scorer.batch.tables import import_parquet
from scorer.signals import NAMES

_TEXTS = (
    "id",
    "label",
    "language",
    "abstained",
    "domain",
    "model",
    "rules",
    "schema",
    "error",
    "error_detail",
    "answer",
)

COLUMNS = (
    "id", "risk", "reliability", "interval_low", "interval_high", "label", "news", "opinion", "satire", "language",
    "abstained", "base_rate", "base", *(f"{name}_{what}" for name in NAMES for what in ("value", "contribution")),
    "text_model_contribution", "domain", "model", "rules", "schema", "error", "error_detail", "line", "answer",
)  # fmt: skip
"""Columns of an output table; `answer` is the answer itself, as JSON."""

ROWS_A_GROUP = 1_000
"""Rows of a row group of Parquet: bounds memory while it is written."""


def row(answer: Mapping[str, Any], written: bytes) -> list[Any]:
    """One value a column; None where the answer has none. `written` is the answer as JSON."""
    error = answer.get("error") or {}
    interval = answer.get("interval") or (None, None)
    genre, versions = answer.get("genre") or {}, answer.get("versions") or {}
    values = {
        **{name: answer.get(name) for name in ("id", "risk", "reliability", "label", "language", "abstained")},
        "base_rate": answer.get("base_rate"), "base": answer.get("base"),
        "interval_low": interval[0], "interval_high": interval[1],
        **{name: genre.get(name) for name in ("news", "opinion", "satire")},
        "text_model_contribution": (answer.get("text_model") or {}).get("contribution"),
        "domain": (answer.get("source") or {}).get("domain"),
        **{name: versions.get(name) for name in ("model", "rules", "schema")},
        "error": error.get("type", "").rpartition(":")[2] or None,
        "error_detail": error.get("detail"), "line": error.get("line"),
        "answer": written.decode(),
    }  # fmt: skip
    for signal in answer.get("signals") or ():
        values[f"{signal['name']}_value"] = signal.get("value")
        values[f"{signal['name']}_contribution"] = signal.get("contribution")
    return [values.get(name) for name in COLUMNS]


def csv_lines(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as CSV (RFC 4180, but lines end in a newline alone)."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def json_lines(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as JSON arrays, a line each: what a Parquet file is written from once all rows are there."""
    return b"".join(orjson.dumps(one) + b"\n" for one in rows)


def write_parquet(lines: Path, target: Path) -> None:
    """Write the rows of a file of `json_lines` as Parquet. Raises OSError; memory is bounded by a row group."""
    import pyarrow

    parquet = import_parquet()
    types = {name: pyarrow.string() if name in _TEXTS else pyarrow.float64() for name in COLUMNS}
    types |= {"reliability": pyarrow.int64(), "line": pyarrow.int64()}
    schema = pyarrow.schema(list(types.items()))
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for rows in _groups(lines):
            columns = zip(COLUMNS, zip(*rows, strict=True), strict=True)
            arrays = [pyarrow.array(values, types[name]) for name, values in columns]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))


def _groups(lines: Path) -> Iterator[list[list[Any]]]:
    group: list[list[Any]] = []
    with lines.open("rb") as file:
        for line in file:
            group.append(orjson.loads(line))
            if len(group) == ROWS_A_GROUP:
                yield group
                group = []
    if group:
        yield group
