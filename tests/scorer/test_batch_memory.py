"""A batch keeps a bounded piece of the input in memory, however long the input is."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from scorer import batch
from scorer.batch.formats import format_of, pack
from scorer.batch.input import read_chunks
from scorer.batch.records import Position
from tests.scorer.test_batch_formats import as_csv, as_jsonl

LIMIT = 1_000_000


def peak_bytes(path: Path) -> int:
    """Most that Python objects took while the whole file was read."""
    tracemalloc.start()
    try:
        for chunk in read_chunks(batch.find([str(path)])[0], Position(), LIMIT):
            assert len(chunk.items) <= 32
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz", "in.csv.zst", "in.parquet"])
def test_five_times_the_input_takes_no_more_memory(name: str, tmp_path: Path) -> None:
    kind, packing = format_of(name)
    peaks = []
    for count in (500, 500, 2_500):  # the first time imports what reading needs
        rows: list[dict[str, Any]] = [{"id": str(n), "text": f"{n} {'word ' * 400}"} for n in range(count)]
        if kind == "parquet":
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / name, row_group_size=250)
        else:
            (tmp_path / name).write_bytes(pack(as_csv(rows) if kind == "csv" else as_jsonl(rows), packing))
        peaks.append(peak_bytes(tmp_path / name))
    assert peaks[2] < peaks[1] * 1.1 + 400_000  # the longer one holds 4 MB more; some garbage waits for its collector


def peak_megabytes(credence: Path, source: Path) -> float:
    """Peak memory of a whole run by one process, told by an interpreter that runs nothing else."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    command = [str(credence), "batch", str(source), "-o", f"{source}.out", "--explain", "none"]
    return float(subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True).stdout)


@pytest.mark.slow
def test_ten_thousand_articles_take_no_more_memory_than_two_thousand(tmp_path: Path, credence: Path) -> None:
    peaks = []
    for count in (2_000, 10_000):
        rows = [
            {"id": str(n), "text": f"Office {n} closed, the clerk {n % 97} said. It had served {n} people."}
            for n in range(count)
        ]
        (tmp_path / f"{count}.jsonl").write_bytes(as_jsonl(rows))
        peaks.append(peak_megabytes(credence, tmp_path / f"{count}.jsonl"))
    assert peaks[1] < 1.1 * peaks[0]
