"""Many articles: JSONL in, one assessment a line out, in the same order, by one process or several."""

from __future__ import annotations

import gzip
import os
import signal
import stat
import sys
import threading
import time
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

import orjson

from scorer import store
from scorer.article import Article, CredenceError, InvalidInput, ModelError, TooLarge
from scorer.assessment import RULES_VERSION, SCHEMA_VERSION
from scorer.checkpoint import Output, OutputError, Progress
from scorer.intake import parse_json
from scorer.lines import Chunk, Input
from scorer.problems import problem
from scorer.scorer import Scorer

CHECKPOINT_SECONDS = 0.3
"""What a kill can cost at most, besides the start."""

CHUNKS_AHEAD = 4
"""Chunks in flight a worker: enough that none waits, few enough that memory stays flat."""

WATCH_SECONDS = 1.0
"""How often a worker looks whether the run it works for is still there."""

MAX_CRASHES = 3
"""Crashed workers are replaced this often in a row without a chunk coming back in between."""


@dataclass(frozen=True, slots=True)
class Task:
    """How to score a line: what every worker needs to know."""

    model: Path
    manifest_sha256: str
    base_rate: float
    explain: str = "full"
    include_text: bool = False
    compress: bool = False
    max_line_bytes: int = 50_000_000


@dataclass(slots=True)
class Answers:
    """A scored chunk: the bytes to be written, and counts."""

    data: bytes
    labels: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


Report = Callable[[Progress, float | None], None]
"""Called after each chunk with how far the run is and the share of the input that lies behind, where known."""


def make_task(model: str | None, base_rate: float, **options: Any) -> Task:
    """Fix the model for a run. Raises `ModelError` where there is none."""
    folder = store.find(model)
    try:
        digest = store.digest(folder / store.MANIFEST)
    except OSError as error:
        raise ModelError(f"{folder / store.MANIFEST} cannot be read: {error.strerror}") from None
    return Task(folder.resolve(), digest, base_rate, **options)


def run(
    input_name: str,
    output_name: str,
    task: Task,
    *,
    workers: int = 1,
    resume: bool = False,
    overwrite: bool = False,
    report: Report = lambda progress, share: None,
) -> tuple[Progress, bool]:
    """Score a file. Returns what came out, and whether anything was left to do.

    The output is written beside its name until it is whole. Raises `OutputExistsError`, `OutputError` (disk full, no
    permission), `InvalidInput` (the input cannot be read) or `ModelError`; what was done until then is kept and gone
    on with by `resume`.
    """
    source = _open(input_name)
    try:
        if output_name == "-" or _is_device(output_name):
            return _stream(source, output_name, task, workers, report), True
        identity = None
        if source.can_restart:
            identity = {
                "input": {"bytes": source.size, "sha256": source.digest()},
                "model": {"manifest_sha256": task.manifest_sha256, "rules": RULES_VERSION, "schema": SCHEMA_VERSION},
                "parameters": {
                    "explain": task.explain, "base_rate": task.base_rate, "include_text": task.include_text,
                    "compress": task.compress, "max_line_bytes": task.max_line_bytes,
                },
            }  # fmt: skip
        output = Output(Path(output_name), identity)
        try:
            with _writing(output_name, can_resume=identity is not None):
                progress = output.begin(resume, overwrite)
            if progress is None:
                return Progress(), False
            return _fill(source, output, progress, task, workers, report), True
        finally:
            output.close()
    finally:
        source.close()


def _fill(source: Input, output: Output, progress: Progress, task: Task, workers: int, report: Report) -> Progress:
    noted = time.monotonic()
    try:
        for chunk, answers in _scored(source, progress, task, workers):
            with _writing(output.path.name, can_resume=output.identity is not None):
                output.write(answers.data)
                _count(progress, chunk, answers)
                if time.monotonic() - noted > CHECKPOINT_SECONDS:
                    output.checkpoint(progress)
                    noted = time.monotonic()
            report(progress, source.share_done(progress.input_offset))
    except (CredenceError, KeyboardInterrupt) as stop:
        if not isinstance(stop, OutputError):
            output.checkpoint(progress)
        raise
    with _writing(output.path.name, can_resume=output.identity is not None):
        output.finish(progress)
    return progress


def _stream(source: Input, output_name: str, task: Task, workers: int, report: Report) -> Progress:
    """Write as we go, to standard output or a device: nothing to resume, nothing to rename."""
    progress = Progress()
    with _writing(output_name, can_resume=False), _stream_to(output_name) as file:
        for chunk, answers in _scored(source, progress, task, workers):
            file.write(answers.data)
            file.flush()
            _count(progress, chunk, answers)
            report(progress, source.share_done(progress.input_offset))
    return progress


def _stream_to(name: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdout.buffer) if name == "-" else Path(name).open("wb")


def _count(progress: Progress, chunk: Chunk, answers: Answers) -> None:
    progress.lines += len(chunk.lines)
    progress.input_offset = chunk.end_offset
    progress.output_bytes += len(answers.data)
    progress.answered += answers.labels.total() + answers.errors.total()
    progress.labels = dict(Counter(progress.labels) + answers.labels)
    progress.errors = dict(Counter(progress.errors) + answers.errors)


def _scored(source: Input, progress: Progress, task: Task, workers: int) -> Iterator[tuple[Chunk, Answers]]:
    """Chunks of the input with their answers, in order."""
    chunks = _readable(source, source.chunks(progress.input_offset, progress.lines, task.max_line_bytes))
    if workers == 1:
        return ((chunk, score_chunk(task, chunk)) for chunk in chunks)
    return _by_workers(chunks, task, workers)


def _by_workers(chunks: Iterable[Chunk], task: Task, workers: int) -> Iterator[tuple[Chunk, Answers]]:
    from joblib.externals import loky  # slow to import, and one process does without

    def start() -> Any:
        # One thread of the matrix library a process: the processes share the cores between them.
        quiet = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        return loky.get_reusable_executor(
            max_workers=workers, timeout=60, env=quiet, initializer=_end_with, initargs=(os.getpid(),)
        )

    executor = start()
    waiting: deque[tuple[Chunk, Any]] = deque()
    ahead, more, crashes = iter(chunks), True, 0
    try:
        while True:
            while more and len(waiting) < workers * CHUNKS_AHEAD:
                chunk = next(ahead, None)
                if chunk is None:
                    more = False
                else:
                    waiting.append((chunk, executor.submit(score_chunk, task, chunk)))
            if not waiting:
                return
            chunk, future = waiting[0]
            try:
                answers = future.result()
            except loky.process_executor.BrokenProcessPool:  # a worker was killed: give its chunks to new ones
                crashes += 1
                if crashes > MAX_CRASHES:
                    raise OutputError(
                        f"worker processes died {crashes} times near line {chunk.first:,} (out of memory?); "
                        "try fewer --workers; --resume goes on from there"
                    ) from None
                executor.shutdown(wait=True, kill_workers=True)
                executor = start()
                waiting = deque((chunk, executor.submit(score_chunk, task, chunk)) for chunk, _ in waiting)
                continue
            crashes = 0
            waiting.popleft()
            yield chunk, answers
    finally:
        executor.shutdown(wait=True, kill_workers=True)


def _end_with(parent: int) -> None:
    """Let a worker end soon after the run it works for was killed: nobody else would tell it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


@cache
def _scorer(task: Task) -> Scorer:
    """A worker's scorer, loaded once."""
    if store.digest(task.model / store.MANIFEST) != task.manifest_sha256:
        raise ModelError(f"the model {task.model} was changed during the run")
    return Scorer(task.model, task.base_rate)


def score_chunk(task: Task, chunk: Chunk) -> Answers:
    """Score the lines of a chunk; a blank line has no answer, a bad one an error in its place."""
    scorer = _scorer(task)
    answers = Answers(b"")
    written: list[bytes] = []
    for number, line in enumerate(chunk.lines, chunk.first):
        if line is not None and not line.strip():
            continue
        identifier: Any = None
        try:
            if line is None:
                raise TooLarge(f"the line is longer than the limit max_line_bytes, {task.max_line_bytes:,} bytes")
            given = parse_json(line)
            identifier = given.get("id") if isinstance(given, dict) else None
            assessment = scorer.score(Article.from_mapping(given))
            written.append(assessment.to_json(task.explain, task.include_text))
            answers.labels[assessment["label"]] += 1
        except Exception as error:
            # Whatever one article does to us, the others are scored. Unknown errors are named by their type alone:
            # their text may quote the article.
            known = isinstance(error, InvalidInput)
            kind = error.kind if isinstance(error, InvalidInput) else "internal_error"
            detail = str(error) if known else f"{type(error).__name__} while scoring; please report it"
            answers.errors[kind] += 1
            written.append(orjson.dumps({"id": _plain_id(identifier), "error": problem(kind, detail, line=number)}))
    data = b"".join(line + b"\n" for line in written)
    answers.data = gzip.compress(data, compresslevel=6, mtime=0) if task.compress and data else data
    return answers


def _plain_id(identifier: Any) -> str | None:
    is_id = isinstance(identifier, str | int) and not isinstance(identifier, bool)
    return str(identifier) if is_id else None


def _open(name: str) -> Input:
    try:
        return Input(name)
    except OSError as error:
        raise InvalidInput(f"cannot read {name}: {error.strerror}") from None


def _readable(source: Input, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    try:
        yield from chunks
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidInput(f"{source.name} is damaged or cannot be read further: {error}") from None


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
