"""The process of an uploaded batch: `python -m api.job_process`, started by `api.jobs`.

It waits for its turn (one batch at a time), scores with the runner of `credence batch`, and ends with a note of how it
ended. It stops with a note of how far it came where somebody cancelled, or where the service is gone.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from scorer.article import CredenceError
from scorer.batch import make_task, run, stop_politely
from scorer.batch.formats import Source
from scorer.checkpoint import Progress, write_note
from scorer.ledger import Ledger
from scorer.ledger.engine import now
from scorer.settings import Settings

TURN_SECONDS = 0.25
"""How often a job that waits looks whether it is its turn."""

RESUMABLE = ("ledger", "output")
"""Failures that pass: the job can be gone on with."""


class StopError(KeyboardInterrupt):
    """Stop now, with a note of how far it came (the runner takes it for Ctrl-C)."""


class Work:
    """One job's work, told by its folder."""

    def __init__(self, folder: Path, settings: Settings, lifeline: int) -> None:
        self.folder, self.settings = folder, settings
        self.service = select.poll()
        self.service.register(lifeline)
        self.asked: dict[str, Any] = json.loads((folder / "job.json").read_bytes())
        self.input = folder / f"input.{self.asked['form']}"
        self.results = folder / "results.jsonl"

    def do(self) -> None:
        """Score, and say how it ended."""
        try:
            with _turn(self.folder.parent / "turn", self.check):
                self.say("running")
                progress = self.score()
            self.end("done", progress=progress)
        except KeyboardInterrupt:
            if (self.folder / "cancel").exists():
                self.end("cancelled", progress=self.cut())
            # else the service is gone: the state stays, and without a process that means "interrupted"
        except CredenceError as error:
            if getattr(error, "kind", "") in RESUMABLE:
                self.say("interrupted", str(error))
            else:
                self.end("failed", str(error), self.cut())

    def score(self) -> Progress:
        """Run the batch, from where it stands."""
        settings = self.settings
        task = make_task(
            settings.model,
            settings.base_rate,
            explain=self.asked["explain"],
            ledger="the service's",
            keep_text=settings.keep_text,
            max_line_bytes=settings.max_line_bytes,
            article_seconds=settings.article_seconds,
        )
        ledger = Ledger(settings.db_url, settings.keep_text)
        try:
            source = Source((str(self.input),), self.asked["form"])
            outcome = run(
                [source],
                str(self.results),
                task,
                resume=True,
                report=lambda progress, share: self.check(),
                remember=ledger.assessments.remember_many,
            )
        finally:
            ledger.close()
        return outcome.progress

    def check(self) -> None:
        """Raise `StopError` where nobody wants the answer any more."""
        if not self.folder.is_dir() or (self.folder / "cancel").exists():
            raise StopError
        if self.service.poll(0):  # nothing is ever sent: it is the end
            raise StopError

    def cut(self) -> Progress:
        """Keep what was scored so far as the result."""
        note, part = self.folder / "results.jsonl.part.json", self.folder / "results.jsonl.part"
        progress = Progress()
        if note.exists() and part.exists():
            progress = Progress(**json.loads(note.read_bytes())["progress"])
            os.truncate(part, progress.output_bytes)
            part.replace(self.results)
            note.unlink()
        return progress

    def say(self, state: str, detail: str = "") -> None:
        """Note the state."""
        write_note(self.folder / "state.json", {"state": state, "detail": detail})

    def end(self, state: str, detail: str = "", progress: Progress | None = None) -> None:
        """Write the table, remove what was uploaded, note the last state."""
        if not self.folder.is_dir():
            return  # deleted meanwhile
        if self.results.exists():
            with (self.folder / "table.jsonl").open("wb") as table:
                for line in self.results.open("rb"):
                    table.write(orjson.dumps(figures(orjson.loads(line))) + b"\n")
        self.input.unlink(missing_ok=True)
        told = asdict(progress or Progress())
        ended = now().isoformat(timespec="seconds")
        write_note(self.folder / "state.json", {"state": state, "detail": detail, "progress": told, "ended": ended})


def figures(answer: dict[str, Any]) -> list[Any]:
    """What the page's table shows of an answer: id, risk, low, high, label, domain, why there is none."""
    error, interval = answer.get("error"), answer.get("interval") or (None, None)
    if error is not None:
        return [answer.get("id"), None, None, None, "error", None, f"line {error.get('line')}: {error.get('detail')}"]
    domain = (answer.get("source") or {}).get("domain")
    return [answer["id"], answer["risk"], *interval, answer["label"], domain, answer["abstained"]]


@contextmanager
def _turn(lock: Path, check: Any) -> Iterator[None]:
    """Hold the one place there is, once it is free."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            check()
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                time.sleep(TURN_SECONDS)
        yield
    finally:
        os.close(handle)


def main(arguments: list[str]) -> int:
    """Do the job that standard input names."""
    given = json.loads(sys.stdin.buffer.read())
    os.umask(0o077)
    os.nice(5)  # who waits for one article goes before who waits for a thousand
    stop_politely()
    work = Work(Path(given["folder"]), Settings(**given["settings"]), int(arguments[0]))
    try:
        work.do()
    except Exception as error:
        # the type alone: an exception's text may quote the article
        work.end("failed", f"a fault of ours ({type(error).__name__}); please report it", work.cut())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
