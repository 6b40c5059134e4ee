"""What is read of an uploaded file before it is scored: its form, its rows, its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.job_upload import check, form_of, shown_name
from scorer.article import InvalidInput


def test_forms_are_told_by_name_and_beginning() -> None:
    assert form_of("a.ndjson", b"") == "jsonl"
    assert form_of("a.tsv", b"") == "tsv"
    assert form_of("export", b'\xef\xbb\xbf  {"text": 1}') == "jsonl"
    assert form_of("export.txt", b"id,text\n1,x\n") == "csv"
    with pytest.raises(InvalidInput):
        form_of("picture.png", b"\x89PNG")


def test_rows_are_counted_as_they_will_be_scored(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b'{"text": "a"}\n\n{"text": "b"}')
    assert check(path, "jsonl", 1_000) == 3
    path.write_bytes(b'id,text\n1,"two\nlines"\n2,b\n')
    assert check(path, "csv", 1_000) == 2


def test_a_name_is_shown_without_what_could_trick() -> None:
    assert shown_name("C:\\files\\<b>mine</b>.csv") == "b_.csv"
    assert shown_name("über uns (2).jsonl") == "über uns (2).jsonl"
    assert shown_name("///") == "batch"
