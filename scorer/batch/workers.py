"""Chunks over several processes of one machine: joblib's loky, answers in order, dead workers replaced."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from scorer.batch.records import Chunk
from scorer.batch.scoring import Answers, Task, score_chunk
from scorer.checkpoint import OutputError

CHUNKS_AHEAD = 4
"""Chunks in flight a worker: enough that none waits, few enough that memory stays flat."""

WATCH_SECONDS = 1.0
"""How often a worker looks whether the run it works for is still there."""

MAX_CRASHES = 3
"""Crashed workers are replaced this often in a row without a chunk coming back in between."""


def by_workers(chunks: Iterable[Chunk], task: Task, workers: int) -> Iterator[tuple[Chunk, Answers]]:
    """Chunks with their answers, in order, scored by as many processes. A worker that dies is replaced.

    Raises `OutputError` where they die again and again.
    """
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
                        f"worker processes died {crashes} times near record {chunk.first:,} (out of memory?); "
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
