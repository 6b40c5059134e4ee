"""Batches that people upload: each a private folder, so that every process of the service sees the same, and so does
the next one after a restart.

    job.json       what was asked for, by whom, when           lock           held while its process lives
    input.jsonl    what was uploaded, until it is scored       cancel         there once somebody cancelled
    results.jsonl  an answer a line (`.part` while it grows)   state.json     how far it is, how it ended
    table.jsonl    the figures of each answer, for the page

A process holds `lock` open from before it starts until it is gone, however it went (flock), so whether a job still runs
is never a guess.
"""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from scorer.article import InvalidInput
from scorer.checkpoint import write_note
from scorer.ledger.engine import now
from scorer.settings import Settings

State = Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]

ENDED = ("done", "failed", "cancelled")
"""States that nothing follows on."""

MAX_JOBS = 20
"""Batches kept at once; for more, one must be deleted or expire."""

COMMAND = [sys.executable, "-P", "-m", "api.job_process"]
"""A job's process; -P, so that it is our module whatever lies in the folder the service runs in."""

_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Job:
    """A batch as it stands on the disk."""

    folder: Path
    asked: dict[str, Any]
    state: State
    detail: str
    progress: dict[str, Any]
    ended: datetime.datetime | None

    @property
    def id(self) -> str:
        """Its name in addresses: 96 random bits, so that nobody guesses another's."""
        return self.folder.name

    @property
    def created(self) -> datetime.datetime:
        """When it was uploaded."""
        return datetime.datetime.fromisoformat(self.asked["created"])

    @property
    def is_live(self) -> bool:
        """Whether something is still to be expected of it without anybody doing anything."""
        return self.state in ("waiting", "running")

    @property
    def done(self) -> int:
        """Lines read so far."""
        return int(self.progress.get("records", 0))

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return 1.0 if self.state == "done" else min(1.0, self.done / max(1, self.asked["articles"]))

    def path(self, name: str) -> Path:
        """A file of it."""
        return self.folder / name

    @property
    def input(self) -> Path:
        """What was uploaded."""
        return self.folder / f"input.{self.asked['form']}"

    @property
    def results(self) -> Path:
        """What came out."""
        return self.folder / "results.jsonl"


class Jobs:
    """The batches of a service. Make it before the processes fork: `lifeline` tells job processes that all are gone."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.jobs_folder
        # Job processes hold the reading end. The writing end is open in the service's processes alone and never written
        # to: when the last of them ends, in whatever way, the reading end tells.
        self._lifeline, self._kept_open = os.pipe()
        self._children: list[subprocess.Popen[bytes]] = []
        self.sweep()

    def create(self, name: str, owner: str, explain: str, form: str) -> Path:
        """A new folder to put the input into. Raises `InvalidInput` where there are too many."""
        self.sweep()
        if sum(1 for _ in self._folders()) >= MAX_JOBS:
            raise InvalidInput(f"{MAX_JOBS} batches are kept already (MAX_JOBS): delete one first")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self.folder / secrets.token_hex(12)
        folder.mkdir(mode=0o700)
        asked = {
            "name": name, "owner": owner, "explain": explain, "form": form, "articles": 0,
            "created": now().isoformat(timespec="seconds"),
        }  # fmt: skip
        write_note(folder / "job.json", asked)
        return folder

    def ready(self, folder: Path, articles: int) -> None:
        """The input is there: note how long it is and start."""
        asked = json.loads((folder / "job.json").read_bytes())
        write_note(folder / "job.json", {**asked, "articles": articles})
        self.start(folder)

    def start(self, folder: Path) -> None:
        """Start the process of a job; nothing happens where it has one already."""
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return
        try:
            write_note(folder / "state.json", {"state": "waiting"})
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no word from outside
                [*COMMAND, str(self._lifeline)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=(self._lifeline, lock),  # the lock lives on in the child alone
                start_new_session=True,
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        finally:
            os.close(lock)
        self._children = [one for one in self._children if one.poll() is None] + [child]
        with child.stdin as pipe:  # type: ignore[union-attr]
            # by a pipe, for the ledger's address may hold a password
            pipe.write(json.dumps({"folder": str(folder), "settings": _told(self.settings)}).encode())

    def discard(self, folder: Path) -> None:
        """Remove a folder whose input turned out to be none."""
        shutil.rmtree(folder, ignore_errors=True)

    def get(self, identifier: str, owner: str | None) -> Job | None:
        """A job; None where there is none, or where it belongs to another key (`owner` None sees all)."""
        if _ID.fullmatch(identifier) is None:
            return None
        job = _read(self.folder / identifier)
        return job if job is not None and owner in (None, job.asked["owner"]) else None

    def every(self, owner: str | None) -> list[Job]:
        """The jobs of a key, newest first; `owner` None sees all."""
        self.sweep()
        found = [job for folder in self._folders() if (job := _read(folder)) is not None]
        mine = [job for job in found if owner in (None, job.asked["owner"])]
        return sorted(mine, key=lambda job: (job.asked["created"], job.id), reverse=True)

    def cancel(self, job: Job) -> None:
        """Stop a job; what was scored stays."""
        job.path("cancel").touch(mode=0o600)
        if job.state == "interrupted":  # no process would see it
            self.start(job.folder)

    def resume(self, job: Job) -> None:
        """Go on with a job that was interrupted."""
        if job.state == "interrupted":
            self.start(job.folder)

    def delete(self, job: Job) -> None:
        """Remove all of a job; its process, where it has one, notices and ends."""
        job.path("cancel").touch(mode=0o600)
        shutil.rmtree(job.folder, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what has expired: results after `job_hours`, and what was never gone on with after as long."""
        self._children = [one for one in self._children if one.poll() is None]
        oldest = now() - datetime.timedelta(hours=self.settings.job_hours)
        for folder in self._folders():
            job = _read(folder)
            if job is None or (not job.is_live and (job.ended or job.created) < oldest):
                shutil.rmtree(folder, ignore_errors=True)

    def expires(self, job: Job) -> datetime.datetime | None:
        """When a job that has ended is removed."""
        if job.is_live:
            return None
        return (job.ended or job.created) + datetime.timedelta(hours=self.settings.job_hours)

    def close(self) -> None:
        """Let go of the lifeline: job processes end, with a note of how far they came."""
        for handle in (self._lifeline, self._kept_open):
            os.close(handle)
        for child in self._children:
            child.wait(30)

    def _folders(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from (path for path in self.folder.iterdir() if _ID.fullmatch(path.name) and path.is_dir())


def is_locked(folder: Path) -> bool:
    """Whether a process holds a job."""
    try:
        handle = os.open(folder / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except OSError:
        return True
    finally:
        os.close(handle)


def _read(folder: Path) -> Job | None:
    asked = _json(folder / "job.json")
    if not asked:
        return None
    locked = is_locked(folder)  # before the state: a process writes its last state before it lets go
    noted = _json(folder / "state.json")
    state: State = noted.get("state", "waiting")
    detail = noted.get("detail", "")
    if state not in ENDED and not locked:
        state = "interrupted"
    ended = noted.get("ended")
    progress = noted.get("progress") or _json(folder / "results.jsonl.part.json").get("progress", {})
    return Job(folder, asked, state, detail, progress, datetime.datetime.fromisoformat(ended) if ended else None)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _told(settings: Settings) -> dict[str, Any]:
    """What a job process needs to know of the settings."""
    names = ("model", "base_rate", "db", "keep_text", "max_line_bytes", "article_seconds")
    told = {name: getattr(settings, name) for name in names}
    return {**told, "db": settings.db_url}
