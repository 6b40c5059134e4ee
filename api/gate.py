"""How many articles are scored at once, and how many may wait: past that a caller is told to come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.problem import ProblemError


class Gate:
    """Lets `at_once` through; up to `max_waiting` wait, each `wait_seconds` at the most. One a process.

    `tell` is called with the number of those that wait whenever it changes.
    """

    def __init__(
        self, at_once: int, max_waiting: int, wait_seconds: float, tell: Callable[[int], object] = lambda waiting: None
    ) -> None:
        self.at_once, self.max_waiting, self.wait_seconds, self.tell = at_once, max_waiting, wait_seconds, tell
        self._free = threading.Semaphore(at_once)
        self._counting = threading.Lock()
        self.waiting = 0

    @contextmanager
    def enter(self) -> Iterator[float]:
        """A place to score in; gives the seconds waited. Raises `ProblemError` ("busy") where there is none."""
        began = time.monotonic()
        if not self._free.acquire(blocking=False):
            self._queue()
        try:
            yield time.monotonic() - began
        finally:
            self._free.release()

    @contextmanager
    def patient(self) -> Iterator[None]:
        """A place for the next line of a stream, however long it takes: who streams is slowed down, not refused."""
        with self._free:
            yield

    def _queue(self) -> None:
        with self._counting:
            if self.waiting >= self.max_waiting:
                raise ProblemError("busy", f"{self.waiting} articles wait already, the limit max_queue")
            self.waiting += 1
            self.tell(self.waiting)
        try:
            if not self._free.acquire(timeout=self.wait_seconds):
                raise ProblemError("busy", f"no place became free in {self.wait_seconds:g} s (queue_seconds)")
        finally:
            with self._counting:
                self.waiting -= 1
                self.tell(self.waiting)
