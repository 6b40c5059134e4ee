"""A file that is either whole or absent: written beside its name, with a note of how far it is, so that a run killed at
any moment goes on where it stood.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scorer.article import CredenceError

FORMAT = 2
"""Version of the note; a note of another version is not resumed from."""


class OutputError(CredenceError):
    """The output cannot be written, or must not be."""

    kind = "output"


class OutputExistsError(OutputError):
    """There is an output (or the beginning of one) that must not be overwritten unasked."""

    kind = "output_exists"


@dataclass(slots=True)
class Progress:
    """How far a run is: what was read, what was written, what came out.

    `source`, `offset` and `record` are the place in the input (`scorer.batch.records.Position`), `tally` is what a
    report page is drawn from.
    """

    records: int = 0
    source: int = 0
    offset: int = 0
    record: int = 0
    output_bytes: int = 0
    answered: int = 0
    labels: dict[str, int] = field(default_factory=dict)
    abstained: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    tally: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """Records answered with an error."""
        return sum(self.errors.values())


class Output:
    """`path` in the making: `path.part` and the note `path.part.json`; once whole, `path` and `path.manifest.json`.

    `identity` names everything the output follows from (input, model, parameters); an unfinished output is gone on
    with only where it is the same.
    """

    def __init__(self, path: Path, identity: Mapping[str, Any] | None) -> None:
        self.path = path
        self.identity = None if identity is None else {"format": FORMAT, **identity}
        self.part = path.with_name(f"{path.name}.part")
        self.note = path.with_name(f"{path.name}.part.json")
        self.converted = path.with_name(f"{path.name}.part.converted")
        self.manifest = path.with_name(f"{path.name}.manifest.json")
        self.file = -1

    def begin(self, resume: bool, overwrite: bool) -> Progress | None:
        """Open the output and say how far it is; None where it is complete already.

        Raises `OutputExistsError` where there is something that may not be overwritten or does not belong to this run.
        """
        if self.path.exists() and not overwrite:
            if not resume:
                raise OutputExistsError(f"{self.path} exists: --overwrite replaces it, another name keeps it")
            self._check_same(self.manifest, f"{self.path} exists and cannot be resumed")
            if self.path.stat().st_size != _read(self.manifest).get("output_bytes"):
                raise OutputExistsError(f"{self.path} was changed after it was finished; --overwrite writes it anew")
            for left_over in (self.part, self.note, self.converted):
                left_over.unlink(missing_ok=True)
            return None
        self.file = os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputExistsError(f"{self.part} is being written by another run") from None
        progress = Progress()
        if overwrite:
            self.note.unlink(missing_ok=True)
        elif self.note.exists():
            self._check_same(self.note, f"cannot resume the unfinished {self.part}")
            progress = Progress(**_read(self.note)["progress"])
            if os.fstat(self.file).st_size < progress.output_bytes:
                raise OutputExistsError(f"{self.part} is shorter than its note says; --overwrite starts again")
        self.converted.unlink(missing_ok=True)  # of a run that was killed: perhaps not whole
        os.ftruncate(self.file, progress.output_bytes)
        os.lseek(self.file, progress.output_bytes, os.SEEK_SET)
        return progress

    def write(self, data: bytes) -> None:
        """Append."""
        view = memoryview(data)
        while view:
            view = view[os.write(self.file, view) :]

    def checkpoint(self, progress: Progress) -> None:
        """Make sure that what was written outlives a power cut, then note how far that is."""
        if self.identity is not None:
            os.fsync(self.file)
            write_note(self.note, {"identity": self.identity, "progress": asdict(progress)})

    def convert(self, write: Callable[[Path, Path], None]) -> None:
        """Make another file of the whole output, by `write(from, to)`; that one gets the name then."""
        os.fsync(self.file)
        try:
            write(self.part, self.converted)
        except BaseException:
            self.converted.unlink(missing_ok=True)
            raise

    def finish(self, progress: Progress) -> None:
        """Give the whole output its name, at one blow."""
        os.fsync(self.file)
        whole = self.part
        if self.converted.exists():
            whole = self.converted
            with whole.open("rb") as file:
                os.fsync(file.fileno())
        if self.identity is not None:
            counts = asdict(progress) | {"output_bytes": whole.stat().st_size}
            write_note(self.manifest, {"identity": self.identity, **counts})
        else:
            self.manifest.unlink(missing_ok=True)  # it would speak of an older output
        whole.replace(self.path)
        _sync_folder(self.path.parent)
        self.note.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)

    def finished(self) -> Progress:
        """What a complete output says of itself."""
        found = _read(self.manifest)
        return Progress(**{name: found[name] for name in asdict(Progress()) if name in found})

    def close(self) -> None:
        """Let go of the file, finished or not. A part that nothing can be resumed from is removed."""
        if self.file >= 0:
            os.close(self.file)
            self.file = -1
            if not self.note.exists():
                self.part.unlink(missing_ok=True)

    def _check_same(self, note: Path, complaint: str) -> None:
        then = _read(note).get("identity", {})
        now = self.identity
        if now is None:
            raise OutputExistsError(
                f"{complaint}: the input is a stream, which cannot be read again; --overwrite starts again"
            )
        if not then:
            raise OutputExistsError(f"{complaint}: {note.name} is missing or damaged; --overwrite starts again")
        for name in now:
            if then.get(name) != now[name]:
                raise OutputExistsError(
                    f"{complaint}: {name} was {_short(then.get(name))}, now it is {_short(now[name])}; "
                    "--overwrite starts again"
                )


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 100 else text[:100] + "…"


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_note(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a small file so that at any moment the old or the new one is there, whole."""
    new = path.with_name(f"{path.name}.new")
    try:
        with new.open("wb") as file:
            file.write(json.dumps(content, indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        _sync_folder(path.parent)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
