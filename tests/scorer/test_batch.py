"""Many articles: in order, whole or resumable, a bad line answered in its place."""

from __future__ import annotations

import gzip
import json
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from scorer import Article, InvalidInput, Scorer, batch
from scorer.batch import Task, make_task
from scorer.checkpoint import OutputExistsError

TEXT = "The ministry said on Monday that 1,200 homes had lost power. Officials expect repairs to take a week. "


def run(source: str, target: str, task: Task, **options: Any) -> batch.Outcome:
    return batch.run(batch.find([source])[0], target, task, **options)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text(
        "".join(json.dumps({"id": str(n), "text": f"{n}. {TEXT * (n % 7 + 1)}"}) + "\n" for n in range(200))
    )
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_order_and_bytes_are_the_same_whatever_the_workers(many: Path, tmp_path: Path) -> None:
    task = make_task(None, 0.3)
    run(str(many), str(tmp_path / "one.jsonl"), task)
    run(str(many), str(tmp_path / "two.jsonl"), task, workers=2)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert [line["id"] for line in lines(tmp_path / "one.jsonl")] == [str(n) for n in range(200)]
    assert not (tmp_path / "one.jsonl.part").exists()


def test_a_bad_line_is_answered_in_its_place(tmp_path: Path, scorer: Scorer) -> None:
    path = tmp_path / "in.jsonl"
    bad = [b"{", b"[]", b'{"id": "b"}', b'{"id": "c", "text": 5}', b'"caf\xe9"', b"x" * 300_000]
    path.write_bytes(b'{"id": "a", "text": "Hello."}\n' + b"\n".join(bad) + b'\n\n{"id": "z", "text": "Bye."}')
    progress, *_ = run(str(path), str(tmp_path / "out.jsonl"), make_task(None, 0.3, max_line_bytes=200_000))
    answers = lines(tmp_path / "out.jsonl")
    assert [answer["id"] for answer in answers] == ["a", None, None, "b", "c", None, None, "z"]
    assert [answer["error"]["line"] for answer in answers[1:-1]] == [2, 3, 4, 5, 6, 7]
    assert answers[-2]["error"]["type"] == "urn:credence:problem:too-large"
    assert progress.failed == 6
    assert answers[0] == json.loads(scorer.score(Article(id="a", text="Hello.")).to_json())


def test_an_article_past_its_time_is_answered_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"id": "a", "text": "Hello."}\n')
    progress, *_ = run(str(path), str(tmp_path / "out.jsonl"), make_task(None, 0.3, article_seconds=1e-9))
    assert progress.errors == {"too_slow": 1}
    assert lines(tmp_path / "out.jsonl")[0]["id"] == "a"


def test_gzip_in_and_out(many: Path, tmp_path: Path) -> None:
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(many.read_bytes()))
    run(str(packed), str(tmp_path / "out.jsonl.gz"), make_task(None, 0.3, packing="gz"))
    run(str(many), str(tmp_path / "out.jsonl"), make_task(None, 0.3))
    assert gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()) == (tmp_path / "out.jsonl").read_bytes()


def test_a_damaged_input_leaves_nothing_that_looks_finished(many: Path, tmp_path: Path) -> None:
    packed = tmp_path / "in.jsonl.gz"
    whole = gzip.compress(many.read_bytes(), mtime=0)
    packed.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidInput, match="damaged"):
        run(str(packed), str(tmp_path / "out.jsonl"), make_task(None, 0.3))
    assert not (tmp_path / "out.jsonl").exists()


def test_an_output_is_not_overwritten_unasked(many: Path, tmp_path: Path) -> None:
    out, task = tmp_path / "out.jsonl", make_task(None, 0.3)
    run(str(many), str(out), task)
    with pytest.raises(OutputExistsError, match="--overwrite"):
        run(str(many), str(out), task)
    assert run(str(many), str(out), task, resume=True)[1] is False
    with pytest.raises(OutputExistsError, match="parameters"):
        run(str(many), str(out), make_task(None, 0.1), resume=True)
    many.write_text(many.read_text() + '{"text": "more"}\n')
    with pytest.raises(OutputExistsError, match="input"):
        run(str(many), str(out), task, resume=True)
    assert run(str(many), str(out), task, overwrite=True)[0].answered == 201


@pytest.mark.slow
def test_workers_end_with_the_run_they_work_for(many: Path, tmp_path: Path, credence: Path) -> None:
    many.write_text(many.read_text() * 50)
    command = [str(credence), "batch", str(many), "-o", str(tmp_path / "out.jsonl"), "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    pause, note = threading.Event(), tmp_path / "out.jsonl.part.json"
    while not note.exists() and process.poll() is None:
        pause.wait(0.05)
    workers = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    assert len(workers) >= 2
    process.kill()
    process.wait()
    for _ in range(200):
        if not any(Path(f"/proc/{pid}").exists() for pid in workers):
            return
        pause.wait(0.05)
    pytest.fail("a worker outlived its run by ten seconds")
