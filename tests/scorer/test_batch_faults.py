"""What a batch survives: kills at any moment, a full disk, dead workers; and the page it writes about itself."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from sqlalchemy import text

from scorer import batch
from scorer.batch import make_task
from scorer.batch.formats import format_of
from scorer.checkpoint import OutputExistsError
from scorer.cli import main
from scorer.ledger import Ledger, LedgerError
from tests.scorer.test_batch_formats import as_csv, as_jsonl

TEXT = "The ministry said on Monday that 1,200 homes had lost power. Officials expect repairs to take a week. "


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {"id": f"{n:04}", "text": f"{n}. {TEXT * (n % 7 + 6)}", "url": f"https://{'abc'[n % 3]}.example/{n}"}
        for n in range(count)
    ]


def write(path: Path, count: int) -> Path:
    kind, _ = format_of(path.name)
    if path.suffix == "":
        path.mkdir()
        for row in rows(count):
            (path / f"{row['id']}.txt").write_text(row["text"])
    elif kind == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows(count)), path, row_group_size=70)
    else:
        path.write_bytes(as_csv(rows(count)) if kind == "csv" else as_jsonl(rows(count)))
    return path


def run(source: Path, target: Path, **options: Any) -> batch.Outcome:
    kind, packing = format_of(target.name)
    task = make_task(None, 0.3, format=kind, packing=packing, tally=True)
    return batch.run(batch.find([str(source)])[0], str(target), task, **options)


class Stop(Exception):  # noqa: N818
    """Stands for kill -9: nothing of ours runs after it."""


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("in.jsonl", "out.csv.gz"),
        ("in.csv", "out.jsonl.zst"),
        ("in.parquet", "out.parquet"),
        ("folder", "out.jsonl.gz"),
    ],
)
def test_resumed_wherever_it_stopped_it_ends_with_the_same_bytes(
    source: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scorer.batch.runner.CHECKPOINT_SECONDS", 0)
    given, out = write(tmp_path / source, 100), tmp_path / target
    for stop_after in (1, 2):
        left = [stop_after]

        def stop(*_: Any, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Stop

        try:
            run(given, out, resume=True, report=stop)
        except Stop:
            assert not out.exists()
            with (tmp_path / f"{target}.part").open("ab") as part:
                part.write(b"half a li")  # written, but not noted
    outcome = run(given, out, resume=True)
    whole = run(given, tmp_path / f"whole-{target}")
    assert out.read_bytes() == (tmp_path / f"whole-{target}").read_bytes()
    assert outcome.progress == whole.progress
    assert outcome.answered_before == 96
    left_over = [path.name for path in tmp_path.iterdir() if ".part" in path.name]
    assert left_over == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda row: row | {"text": "Other."}, r"input was .*, now it is"),
        (lambda row: row, r"parameters was .*, now it is"),
    ],
)
def test_another_input_or_other_parameters_are_not_gone_on_with(
    change: Any, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scorer.batch.runner.CHECKPOINT_SECONDS", 0)
    given, out = write(tmp_path / "in.jsonl", 100), tmp_path / "out.jsonl"

    def stop(*_: Any) -> None:
        raise Stop

    with pytest.raises(Stop):
        run(given, out, report=stop)
    before = (tmp_path / "out.jsonl.part").read_bytes()
    given.write_bytes(as_jsonl([change(row) for row in rows(100)]))
    task = make_task(None, 0.2 if "parameters" in complaint else 0.3, tally=True)
    with pytest.raises(OutputExistsError, match=complaint):
        batch.run(batch.find([str(given)])[0], str(out), task, resume=True)
    assert (tmp_path / "out.jsonl.part").read_bytes() == before


def test_a_disk_that_fills_up_loses_nothing(tmp_path: Path, credence: Path) -> None:
    given, out = write(tmp_path / "in.jsonl", 200), tmp_path / "out.jsonl"
    command = [str(credence), "batch", str(given), "-o", str(out)]
    limit = 300_000  # a file may not grow beyond this: the system refuses the write as a full disk does

    def fill() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    refused = subprocess.run(command, capture_output=True, text=True, preexec_fn=fill)
    assert refused.returncode == 5
    assert "make room and run again with --resume" in refused.stderr
    assert not out.exists()
    subprocess.run([*command, "--resume"], check=True, capture_output=True)
    run(given, tmp_path / "whole.jsonl")
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.slow
def test_a_killed_worker_is_replaced(tmp_path: Path, credence: Path) -> None:
    given, out = write(tmp_path / "in.jsonl", 600), tmp_path / "out.jsonl"
    command = [str(credence), "batch", str(given), "-o", str(out), "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    pause, children = threading.Event(), Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (tmp_path / "out.jsonl.part.json").exists() and process.poll() is None:
        pause.wait(0.02)
    workers = [pid for pid in children.read_text().split() if "loky" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(int(workers[-1]), signal.SIGKILL)
    told = process.communicate()[1]
    assert process.returncode == 0, told
    run(given, tmp_path / "whole.jsonl")
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("target", ["out.jsonl.gz", "out.parquet"])
def test_killed_at_ten_random_moments_it_goes_on_to_the_same_bytes(target: str, tmp_path: Path, credence: Path) -> None:
    given, out = write(tmp_path / "in.jsonl", 900), tmp_path / target
    chance, pause = random.Random(target), threading.Event()
    command = [str(credence), "batch", str(given), "-o", str(out), "--workers", "2", "--resume"]
    for _ in range(10):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        pause.wait(chance.uniform(0.1, 1.4))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run(command, check=True, capture_output=True)
    task = make_task(None, 0.3, format=format_of(target)[0], packing=format_of(target)[1])
    batch.run(batch.find([str(given)])[0], str(tmp_path / f"whole-{target}"), task)
    assert out.read_bytes() == (tmp_path / f"whole-{target}").read_bytes()


def test_progress_for_programs_and_the_summary(tmp_path: Path, credence: Path) -> None:
    given = tmp_path / "in.jsonl"
    given.write_bytes(as_jsonl(rows(40)) + b'{"id": "bad"}\n')
    command = [str(credence), "batch", str(given), "-o", str(tmp_path / "out.jsonl"), "--progress", "json"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()
    last = json.loads([line for line in told if line.startswith("{")][-1])
    assert (last["lines"], last["errors"], last["share"], last["seconds_left"]) == (41, 1, 1.0, 0.0)
    assert re.match(r"41 articles in [\d.]+ s \([\d,]+ a second\) -> .*out.jsonl", told[-4])
    assert [line.split(":")[0].strip() for line in told[-3:]] == ["labels", "abstained", "errors"]
    assert told[-1].strip() == "errors: invalid_input 1"


def test_the_report_page_escapes_and_fetches_nothing(tmp_path: Path, credence: Path) -> None:
    given, page = tmp_path / "in.jsonl", tmp_path / "report.html"
    evil = {"id": "<script>", "title": "<img src=x onerror=alert(1)> It Is SHOCKING!", "date": "2020-03-01"}
    shock = (
        "The shocking, disgusting truth they hide: critics say the corrupt traitors lie. It is believed to be a plot! "
    )
    given.write_bytes(as_jsonl([*rows(5), evil | {"text": shock * 12, "source": "bad.example"}]))
    command = [str(credence), "batch", str(given), "-o", str(tmp_path / "out.jsonl"), "--report", str(page)]
    subprocess.run(command, check=True, capture_output=True)
    html = page.read_text()
    assert "<script" not in html
    assert "<img" not in html
    assert re.findall(r'(?:src|href)\s*=\s*"|url\(|@import', html) == []
    assert "bad.example" in html
    assert "2020-03" in html
    assert "&lt;script&gt;" in html
    assert "a.example" in html
    counts = [int(n) for n in re.findall(r"%: (\d+) articles</title>", html)]
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert sum(counts) == sum(answer["risk"] is not None for answer in answers)
    assert "prefers-color-scheme: dark" in html


def test_the_report_is_the_same_after_a_resumed_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorer.batch.runner.CHECKPOINT_SECONDS", 0)
    from scorer.batch.report_page import render

    given, out = write(tmp_path / "in.jsonl", 100), tmp_path / "out.jsonl"

    def stop(*_: Any) -> None:
        raise Stop

    with pytest.raises(Stop):
        run(given, out, report=stop)
    resumed = run(given, out, resume=True).progress
    whole = run(given, tmp_path / "whole.jsonl").progress
    again = run(given, out, resume=True)
    assert render(resumed, "x", 0.3) == render(whole, "x", 0.3)
    assert not again.was_needed
    assert render(again.progress, "x", 0.3) == render(whole, "x", 0.3)


def test_the_ledger_holds_each_answer_once_however_often_it_is_scored(tmp_path: Path) -> None:
    given, out, db = write(tmp_path / "in.jsonl", 70), tmp_path / "out.jsonl", tmp_path / "ledger.sqlite"
    command = ["batch", str(given), "-o", str(out), "--ledger", "--db", str(db), "--overwrite"]
    assert main([*command, "--workers", "2"]) == 0
    assert main(command) == 0
    ledger = Ledger(f"sqlite:///{db}")
    with ledger.database.engine.connect() as connection:
        assert connection.execute(text("select count(*), count(distinct article_id) from assessments")).one() == (
            70,
            70,
        )
    remembered = ledger.recall("0007")
    assert remembered is not None
    answer = json.loads(out.read_bytes().splitlines()[7])
    assert (remembered.assessment["risk"], remembered.domain) == (answer["risk"], "b.example")
    assert remembered.text is None
    ledger.close()


def test_a_ledger_that_fails_leaves_the_run_to_be_gone_on_with(tmp_path: Path) -> None:
    given, out, stored = write(tmp_path / "in.jsonl", 70), tmp_path / "out.jsonl", []
    task = make_task(None, 0.3, ledger="sqlite:///x")

    def refuse(rows: Any) -> None:
        raise LedgerError("the ledger cannot be used")

    with pytest.raises(LedgerError):
        batch.run(batch.find([str(given)])[0], str(out), task, remember=refuse)
    assert not out.exists()
    outcome = batch.run(batch.find([str(given)])[0], str(out), task, resume=True, remember=stored.extend)
    assert len(stored) == outcome.progress.answered == 70
