"""Batches over a Dask cluster: real worker processes over TCP, and one of them killed."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scorer import batch
from scorer.batch import make_task
from scorer.batch.cluster import run_on_cluster
from scorer.batch.partitions import partitions
from scorer.checkpoint import OutputError, OutputExistsError
from scorer.cli import main
from tests.scorer.test_batch_faults import run, write
from tests.scorer.test_batch_formats import as_jsonl

PIECE = 40_000


def joined(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("part-*.jsonl")))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    options: dict[str, Any] = {"threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=2, silence_logs=50, **options) as local:
        yield local


def test_a_large_file_is_cut_between_lines_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    given.write_bytes(b"".join(b"%d\n" % n * (n % 5) for n in range(2_000)) + b"no newline")
    content, found, line = given.read_bytes(), b"", 1
    pieces = list(partitions(batch.find([str(given)])[0], 1_000))
    for piece in pieces:
        assert piece.first_line == line
        stretch = content[piece.start : piece.end]
        assert stretch.endswith((b"\n", b"no newline"))
        found, line = found + stretch, line + stretch.count(b"\n")
    assert found == content
    assert len(pieces) > 10


@pytest.mark.slow
def test_the_same_answers_as_without_a_cluster_though_a_worker_is_killed(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = write(tmp_path / "in.jsonl", 600)
    given.write_bytes(given.read_bytes() + b"{\n")
    sources, task = batch.find([str(given)])[0], make_task(None, 0.3, tally=True)
    workers = [worker.pid for worker in cluster.workers.values()]
    killed = threading.Event()

    def kill(*_: Any) -> None:
        if not killed.is_set():
            killed.set()
            os.kill(workers[0], signal.SIGKILL)

    address = cluster.scheduler_address
    outcome = run_on_cluster(sources, tmp_path / "out", task, address, report=kill, piece_bytes=PIECE)
    whole = run(given, tmp_path / "whole.jsonl").progress
    assert killed.is_set()
    assert joined(tmp_path / "out") == (tmp_path / "whole.jsonl").read_bytes()
    assert outcome.progress.labels == whole.labels
    assert outcome.progress.errors == {"invalid_input": 1}
    assert [entry["id"] for entry in outcome.progress.tally["top"]] == [entry["id"] for entry in whole.tally["top"]]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["answered"] == 601
    assert sum(file["answered"] for file in manifest["files"]) == 601
    again = run_on_cluster(sources, tmp_path / "out", task, address, resume=True, piece_bytes=PIECE)
    assert (again.was_needed, again.answered_before) == (False, 601)
    with pytest.raises(OutputExistsError, match="not empty"):
        run_on_cluster(sources, tmp_path / "out", task, address, piece_bytes=PIECE)
    given.write_bytes(given.read_bytes().replace(b"0. The", b"0. Thy"))
    with pytest.raises(OutputExistsError, match="input was"):
        run_on_cluster(batch.find([str(given)])[0], tmp_path / "out", task, address, resume=True, piece_bytes=PIECE)


@pytest.mark.slow
def test_the_command_scores_a_folder_of_files_on_a_cluster_here(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [{"id": f"{n}", "text": f"Article {n} says little."} for n in range(9)]
    for part in range(3):
        (folder / f"{part}.jsonl").write_bytes(as_jsonl(rows[part * 3 : part * 3 + 3]))
    assert main(["batch", str(folder), "-o", str(tmp_path / "out"), "--cluster", "local", "--workers", "2"]) == 0
    assert [json.loads(line)["id"] for line in joined(tmp_path / "out").splitlines()] == [row["id"] for row in rows]


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "in.jsonl", 3)
    assert main(["batch", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "x.jsonl"), "--cluster", "local"]) == 2
    assert "-o FOLDER" in capsys.readouterr().err
    with pytest.raises(OutputError, match="no Dask scheduler"):
        run_on_cluster(
            batch.find([str(tmp_path / "in.jsonl")])[0],
            tmp_path / "out",
            make_task(None, 0.3),
            "nonsense://127.0.0.1:1",
        )
