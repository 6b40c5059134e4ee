"""A run: input to output, in order, by one process or several, noted so that it can be gone on with."""

from __future__ import annotations

import os
import signal
import stat
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, NamedTuple

from scorer.article import CredenceError
from scorer.assessment import RULES_VERSION, SCHEMA_VERSION
from scorer.batch.formats import Source, identity, pack
from scorer.batch.input import read_chunks
from scorer.batch.records import Chunk, Position
from scorer.batch.rows import COLUMNS, csv_lines, write_parquet
from scorer.batch.scoring import Answers, Task, score_chunk
from scorer.batch.tally import Tally
from scorer.batch.workers import by_workers
from scorer.checkpoint import Output, OutputError, Progress

CHECKPOINT_SECONDS = 0.3
"""What a kill can cost at most, besides the start."""

ROWS_AT_ONCE = 1_000
"""Rows a transaction of the ledger, unless a note of the run comes first."""

Report = Callable[[Progress, float | None], None]
"""Called after each chunk with how far the run is and the share of the input that lies behind, where known."""


Remember = Callable[[Sequence[Mapping[str, Any]]], None]
"""Stores rows of the ledger (`scorer.ledger.assessments`); storing one twice changes nothing."""


class Outcome(NamedTuple):
    """What came out of a run; whether anything was left to do; articles an earlier run had answered already."""

    progress: Progress
    was_needed: bool
    answered_before: int = 0


def run(
    sources: Sequence[Source],
    output_name: str,
    task: Task,
    *,
    workers: int = 1,
    resume: bool = False,
    overwrite: bool = False,
    report: Report = lambda progress, share: None,
    remember: Remember | None = None,
) -> Outcome:
    """Score what the sources hold. `remember` stores rows for the ledger, before the note says that they are done.

    The output is written beside its name until it is whole. Raises `OutputExistsError`, `OutputError` (disk full, no
    permission), `InvalidInput` (the input cannot be read) or `ModelError`; what was done until then is kept and gone
    on with by `resume`.
    """
    if output_name == "-" or _is_device(output_name):
        return Outcome(_stream(sources, output_name, task, workers, report, remember), True)
    known = None if any(source.is_stream for source in sources) else _identity(sources, task)
    output = Output(Path(output_name), known)
    try:
        with _writing(output_name, can_resume=known is not None):
            progress = output.begin(resume, overwrite)
        if progress is None:
            return Outcome(output.finished(), False)
        before = progress.answered
        return Outcome(_fill(sources, output, progress, task, workers, report, remember), True, before)
    finally:
        output.close()


def _identity(sources: Sequence[Source], task: Task) -> dict[str, Any]:
    """Everything the output follows from."""
    parameters = asdict(task)
    del parameters["model"], parameters["manifest_sha256"]  # where the model lies does not matter
    parameters["columns"] = [list(pair) for pair in task.columns]
    return {
        "input": {**identity(sources), "formats": sorted({source.format for source in sources})},
        "model": {"manifest_sha256": task.manifest_sha256, "rules": RULES_VERSION, "schema": SCHEMA_VERSION},
        "parameters": parameters,
    }


def _fill(
    sources: Sequence[Source],
    output: Output,
    progress: Progress,
    task: Task,
    workers: int,
    report: Report,
    remember: Remember | None,
) -> Progress:
    noted, rows = time.monotonic(), _Rows(remember)
    can_resume = output.identity is not None
    with _writing(output.path.name, can_resume):
        if not progress.output_bytes and (head := _head(task)):
            output.write(head)
            progress.output_bytes = len(head)
    try:
        for chunk, answers in _scored(sources, progress, task, workers):
            with _writing(output.path.name, can_resume):
                output.write(answers.data)
                rows.add(answers.remembered)
                # In one step: an interrupt finds this chunk done or not done, never half of it.
                progress = _counted(progress, chunk, answers)
                if time.monotonic() - noted > CHECKPOINT_SECONDS:
                    rows.flush()
                    output.checkpoint(progress)
                    noted = time.monotonic()
            report(progress, chunk.share)
        rows.flush()
    except (CredenceError, KeyboardInterrupt) as stop:
        if getattr(stop, "kind", "") not in ("output", "ledger"):  # where writing is not what failed
            rows.flush()
            output.checkpoint(progress)
        raise
    with _writing(output.path.name, can_resume):
        if task.format == "parquet":
            output.checkpoint(progress)  # all rows are there: a kill from here on costs the conversion only
            output.convert(write_parquet)
        output.finish(progress)
    return progress


class _Rows:
    """Rows on their way to the ledger, many at a time: a transaction costs more than its rows."""

    def __init__(self, remember: Remember | None) -> None:
        self.remember = remember
        self.rows: list[dict[str, Any]] = []

    def add(self, rows: list[dict[str, Any]]) -> None:
        if self.remember is not None:
            self.rows += rows
            if len(self.rows) >= ROWS_AT_ONCE:
                self.flush()

    def flush(self) -> None:
        if self.remember is not None and self.rows:
            self.remember(self.rows)
            self.rows = []


def _head(task: Task) -> bytes:
    return pack(csv_lines([COLUMNS]), task.packing) if task.format == "csv" else b""


def _stream(
    sources: Sequence[Source], output_name: str, task: Task, workers: int, report: Report, remember: Remember | None
) -> Progress:
    """Write as we go, to standard output or a device: nothing to resume, nothing to rename."""
    if task.format == "parquet":
        raise OutputError("Parquet is written from its end, so it must be a file: -o NAME.parquet")
    progress, rows = Progress(), _Rows(remember)
    with _writing(output_name, can_resume=False), _stream_to(output_name) as file:
        file.write(_head(task))
        for chunk, answers in _scored(sources, progress, task, workers):
            file.write(answers.data)
            file.flush()
            rows.add(answers.remembered)
            progress = _counted(progress, chunk, answers)
            report(progress, chunk.share)
        rows.flush()
    return progress


def _stream_to(name: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdout.buffer) if name == "-" else Path(name).open("wb")


def _counted(progress: Progress, chunk: Chunk, answers: Answers) -> Progress:
    """How far the run is after this chunk."""
    after = replace(
        progress,
        records=progress.records + len(chunk.items),
        source=chunk.end.source,
        offset=chunk.end.offset,
        record=chunk.end.record,
        output_bytes=progress.output_bytes + len(answers.data),
    )
    tally = asdict(answers.tally) if answers.tally is not None else {}
    add_counts(after, Progress(labels=answers.labels, abstained=answers.abstained, errors=answers.errors, tally=tally))
    return after


def add_counts(progress: Progress, more: Progress) -> None:
    """Add what came out of a chunk (or of a piece of the input) to what came out before."""
    for name in ("labels", "abstained", "errors"):
        setattr(progress, name, dict(Counter(getattr(progress, name)) + Counter(getattr(more, name))))
    progress.answered = sum(progress.labels.values()) + progress.failed
    if more.tally:
        tally = Tally(**progress.tally) if progress.tally else Tally()
        tally.merge(Tally(**more.tally))
        progress.tally = asdict(tally)


def _scored(sources: Sequence[Source], progress: Progress, task: Task, workers: int) -> Iterator[tuple[Chunk, Answers]]:
    """Chunks of the input with their answers, in order."""
    at = Position(progress.source, progress.offset, progress.record)
    chunks = read_chunks(sources, at, task.max_line_bytes, task.columns)
    if workers == 1:
        return ((chunk, score_chunk(task, chunk)) for chunk in chunks)
    return by_workers(chunks, task, workers)


def _is_device(name: str) -> bool:
    try:
        return not stat.S_ISREG(Path(name).stat().st_mode)
    except OSError:
        return False


class _writing:  # noqa: N801 - reads as a verb in `with _writing(...)`
    """Turns what goes wrong with the output into an `OutputError` that says what to do."""

    def __init__(self, name: str, can_resume: bool) -> None:
        self.name = "standard output" if name == "-" else name
        self.advice = "; what was scored is kept: make room and run again with --resume" if can_resume else ""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise OutputError(f"cannot write {self.name}: {os.strerror(error.errno or 0)}{self.advice}") from None


def stop_politely() -> None:
    """Let SIGTERM end a batch as Ctrl-C does: with a note of how far it came."""

    def interrupt(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
