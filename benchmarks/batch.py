"""How batches scale: two workers against one, memory against length, the ledger, a cluster; prints one table.

    .venv/bin/python -m benchmarks.batch [--articles 4000]
    .venv/bin/python -m benchmarks.batch --memory 10000 200000    # only the peak memory of runs of these lengths

Each run is a `credence batch` of its own, less a run over eight articles, which is its start. Beside the time that
passes stands the processor time of all its processes: on a busy machine the one says little, the other still says how
much of the work is overhead.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, cast

from benchmarks.speed import row

ROOT = Path(__file__).resolve().parent.parent
CREDENCE = Path(sys.executable).with_name("credence")
FEW = 8
PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, file=sys.stderr)"
)
"""Runs a command and says how many MB it took at its peak."""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path(os.environ.get("DATA", ROOT.parent / "shared" / "data")))
    options.add_argument("--articles", type=int, default=4000, help="how many articles (default: 4000)")
    options.add_argument(
        "--memory", type=int, nargs="+", metavar="N", help="peak memory of runs of N articles, no more"
    )
    given = options.parse_args()
    if given.memory:
        measure_memory(given.data, given.memory)
        return
    with tempfile.TemporaryDirectory() as name:
        measure(given.data, given.articles, Path(name))


def measure(data: Path, count: int, folder: Path) -> None:
    """Print a line a measurement."""
    with gzip.open(data / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        articles = [json.loads(line) for line, _ in zip(file, range(count), strict=False)]
    texts = [{"id": str(n), "title": a["title"], "text": a["text"]} for n, a in enumerate(articles)]
    few, half, full = (_write(folder / f"{n}.jsonl", texts[:n]) for n in (FEW, count // 4, count))
    row("articles", f"{count:,}, {full.stat().st_size / count:,.0f} bytes on average")
    row("load average before", f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    found = {}
    for name, flags in {
        "one process": ["--workers", "1"],
        "two workers": ["--workers", "2"],
        "one Dask worker": ["--cluster", "local", "--workers", "1"],
        "two Dask workers": ["--cluster", "local", "--workers", "2"],
        "one process and the ledger": ["--workers", "1", "--ledger", "--db", str(folder / "ledger.sqlite")],
    }.items():
        parts = [few, full]
        if "Dask" in name:  # a file is a piece
            parts = [few, _pieces(folder / "pieces", texts, 8)]
        start, whole = (run(part, folder, flags) for part in parts)
        found[name] = [(w - s) / (count - FEW) * 1e3 for s, w in zip(start, whole, strict=True)]
        row(
            name,
            f"{found[name][0]:.2f} ms an article, {found[name][1]:.2f} ms of processor time, start {start[0]:.1f} s",
        )
    for one, two in (("one process", "two workers"), ("one Dask worker", "two Dask workers")):
        row(
            f"{two} against one", f"{found[one][0] / found[two][0]:.2f} x, overhead {found[two][1] / found[one][1]:.2f}"
        )
    out = folder / "out.jsonl"
    for source in (half, full):
        row(f"peak memory of a process, {source.stem} articles", f"{peak([source, '-o', out, '--overwrite']):,.0f} MB")


def measure_memory(data: Path, counts: list[int]) -> None:
    """Print the peak memory of a run over each number of articles: those of the labelled data, over and over.

    They come through standard input and their answers go nowhere, so that no disk has to hold them.
    """
    with gzip.open(data / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = [json.dumps({key: json.loads(line)[key] for key in ("title", "text")}) + "\n" for line in file]
    for count in counts:
        megabytes = peak(["-", "--progress", "none"], (lines[number % len(lines)] for number in range(count)))
        row(f"peak memory of a process, {count:,} articles", f"{megabytes:,.0f} MB")


def run(source: Path, folder: Path, flags: list[str]) -> tuple[float, float]:
    """Seconds that passed and seconds of processor time of a run."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    out = folder / ("out" if "--cluster" in flags else "out.jsonl")
    subprocess.run([CREDENCE, "batch", source, "-o", out, "--overwrite", *flags], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu


def peak(arguments: Sequence[str | Path], lines: Iterable[str] = ()) -> float:
    """Peak memory in MB of `credence batch` by one process, told by an interpreter that runs nothing else. `lines` are
    its standard input. Raises `RuntimeError` with what the run said where it failed.
    """
    command = [sys.executable, "-c", PEAK, CREDENCE, "batch", *arguments]
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stderr=said, text=True) as child:
            cast("IO[str]", child.stdin).writelines(lines)
        said.seek(0)
        told = said.read()
    if child.returncode:
        raise RuntimeError(told)
    return float(told.split()[-1])


def _write(path: Path, texts: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
    return path


def _pieces(folder: Path, texts: list[dict[str, str]], count: int) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        _write(folder / f"{number}.jsonl", texts[number::count])
    return folder


if __name__ == "__main__":
    main()
