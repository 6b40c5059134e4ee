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


class _Pace:
    """Rate and time left of what this run does, whatever an earlier one did before it was stopped."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.first: tuple[int, float] | None = None

    def of(self, progress: Progress, share: float | None) -> tuple[float, float | None]:
        """Articles a second, and seconds left where the share done is known."""
        if self.first is None:
            self.first = (progress.answered, share or 0.0)
        answered, share_before = self.first
        seconds = max(time.monotonic() - self.began, 1e-9)
        gained = (share or 0.0) - share_before
        left = None if share is None or gained <= 0 else seconds * (1 - share) / gained
        return (progress.answered - answered) / seconds, left


def _json_lines() -> Report:
    pace, last = _Pace(), time.monotonic()

    def report(progress: Progress, share: float | None) -> None:
        nonlocal last
        rate, left = pace.of(progress, share)
        if time.monotonic() - last < EVERY_SECONDS and share != 1:
            return
        last = time.monotonic()
        line = {
            "lines": progress.records,
            "errors": progress.failed,
            "per_second": round(rate, 1),
            "share": share,
            "seconds_left": None if left is None else round(left, 1),
        }
        print(json.dumps(line), file=sys.stderr, flush=True)  # noqa: T201

    return report


def summary(progress: Progress, answered_before: int, seconds: float, output: str) -> str:
    """What came out, for people. `seconds` is what this run took for all but the first `answered_before` articles."""

    def counts(of: dict[str, int]) -> str:
        return ", ".join(f"{name} {count:,}" for name, count in sorted(of.items(), key=lambda item: -item[1])) or "none"

    target = "" if output == "-" else f" -> {output}"
    rate = (progress.answered - answered_before) / max(seconds, 1e-9)
    earlier = f", {answered_before:,} of them by an earlier run" if answered_before else ""
    return (
        f"{progress.answered:,} articles in {seconds:.1f} s ({rate:,.0f} a second){target}{earlier}\n"
        f"  labels: {counts(progress.labels)}\n"
        f"  abstained: {counts(progress.abstained)}\n"
        f"  errors: {counts(progress.errors)}"
    )


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    pace = _Pace()
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
            rate, _ = pace.of(progress, share)
            bar.update(task, lines=progress.answered, rate=rate, errors=progress.failed)
            if share is not None:
                bar.update(task, total=1.0, completed=share)

        yield report
