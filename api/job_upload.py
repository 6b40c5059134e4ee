"""What somebody uploads as a batch, looked at before it is taken: form, length, whether anything can be read."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from scorer.article import InvalidInput, TooLarge
from scorer.batch.formats import Source, format_of
from scorer.batch.input import read_chunks
from scorer.batch.records import Position
from scorer.intake import parse_json

MAX_JOB_ARTICLES = 10_000
"""Articles of a batch that is uploaded to the page; more are for `credence batch`, which has no limit."""

FORMS = ("jsonl", "csv", "tsv")

_NAME = re.compile(r"[^\w .()+-]+")


def form_of(name: str, head: bytes) -> str:
    """The form of a file by its name, else by how it begins. Raises `InvalidInput` for what is not read here."""
    form, packing = format_of(name)
    if packing:
        raise InvalidInput("packed files are not read here: unpack it first, or use credence batch")
    if form in FORMS:
        return form
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[":
        raise InvalidInput("this is one JSON array: write one article a line (JSONL), or send it to the API")
    if start == b"{":
        return "jsonl"
    if form in ("", "text", "json") and b"," in head.split(b"\n", 1)[0]:
        return "csv"
    raise InvalidInput("this is neither JSONL nor CSV: one article a line as JSON, or a table with a column named text")


def shown_name(name: str) -> str:
    """A file's name as the page shows it."""
    return _NAME.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip()[:100] or "batch"


def check(path: Path, form: str, max_line_bytes: int) -> int:
    """How many lines or rows there are to score. Raises `InvalidInput` where the first one tells that none will do."""
    count = _rows(path, form, max_line_bytes)
    if not count:
        raise InvalidInput("there is no article in this file")
    if count > MAX_JOB_ARTICLES:
        raise TooLarge(
            f"the file has {count:,} articles, the limit MAX_JOB_ARTICLES is {MAX_JOB_ARTICLES:,}; "
            "cut it, or run credence batch, which has no limit"
        )
    chunk = next(read_chunks([Source((str(path),), form)], Position(), max_line_bytes), None)  # tells of wrong columns
    first = next((item for item in chunk.items if not isinstance(item, bytes) or item.strip()), None) if chunk else None
    if isinstance(first, bytes):
        found = parse_json(first)
        if not isinstance(found, dict):
            raise InvalidInput(f"a line must be a JSON object, the first one is {type(found).__name__}")
    return count


def _rows(path: Path, form: str, max_line_bytes: int) -> int:
    if form == "jsonl":
        with path.open("rb") as file:
            count, last = 0, b"\n"
            while block := file.read(1 << 20):
                count += block.count(b"\n")
                last = block[-1:]
            return count + (last != b"\n")
    csv.field_size_limit(max_line_bytes)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as table:
        try:
            return max(0, sum(1 for _ in csv.reader(table, delimiter="\t" if form == "tsv" else ",")) - 1)
        except csv.Error as error:
            raise InvalidInput(f"this is not a table that can be read: {error}") from None
