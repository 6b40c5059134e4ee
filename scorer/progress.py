"""What a long run says while it runs: a bar on a terminal, JSON lines for programs, or nothing. Always on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scorer.checkpoint import Progress

EVERY_SECONDS = 1.0
"""How often a JSON line is written."""

Report = Callable[[Progress, float | None], None]


@contextmanager
def reporter(mode: str) -> Iterator[Report]:
    """Give a function to be called with the progress and the share done (None where unknown).

    `mode`: `auto` (a bar where stderr is a terminal), `json`, `none`.
    """
    if mode == "json":
        yield _json_lines()
    elif mode == "auto" and sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield lambda progress, share: None


def _json_lines() -> Report:
    began = last = time.monotonic()
    at_start: int | None = None

    def report(progress: Progress, share: float | None) -> None:
        nonlocal last, at_start
        now = time.monotonic()
        at_start = progress.answered if at_start is None else at_start
        if now - last < EVERY_SECONDS and share != 1:
            return
        last = now
        rate = (progress.answered - at_start) / max(now - began, 1e-9)
        line = {"lines": progress.lines, "errors": progress.failed, "per_second": round(rate, 1), "share": share}
        print(json.dumps(line), file=sys.stderr, flush=True)  # noqa: T201

    return report


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    began = time.monotonic()
    at_start: int | None = None
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn(
            "{task.fields[lines]:,} articles, {task.fields[rate]:,.0f} a second, {task.fields[errors]:,} errors"
        ),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, lines=0, rate=0.0, errors=0)

        def report(progress: Progress, share: float | None) -> None:
            nonlocal at_start
            at_start = progress.answered if at_start is None else at_start
            rate = (progress.answered - at_start) / max(time.monotonic() - began, 1e-9)
            bar.update(task, lines=progress.answered, rate=rate, errors=progress.failed)
            if share is not None:
                bar.update(task, total=1.0, completed=share)

        yield report
