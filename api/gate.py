"""How many articles are scored at once, and how many may wait: past that a caller is told to come back."""

from __future__ import annotations

import threading
import time
from collections import deque
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
        self.max_waiting, self.wait_seconds, self.tell = max_waiting, wait_seconds, tell
        self._lock = threading.Lock()
        self._free = at_once
        self._line: deque[threading.Event] = deque()
        self.waiting = 0

    @contextmanager
    def enter(self) -> Iterator[float]:
        """A place to score in; gives the seconds waited. Raises `ProblemError` ("busy") where there is none."""
        began = time.monotonic()
        ticket = self._ask(self.max_waiting)
        if ticket is not None:
            self._wait(ticket)
        try:
            yield time.monotonic() - began
        finally:
            self._leave()

    @contextmanager
    def patient(self) -> Iterator[None]:
        """A place for the next line of a stream, however long it takes: who streams is slowed down, not refused."""
        ticket = self._ask(None)
        if ticket is not None:
            ticket.wait()
        try:
            yield
        finally:
            self._leave()

    def _ask(self, most: int | None) -> threading.Event | None:
        """Take a free place (None), or a ticket in the line: first come, first served, so that nobody starves."""
        with self._lock:
            if self._free and not self._line:
                self._free -= 1
                return None
            if most is not None:
                if self.waiting >= most:
                    raise ProblemError("busy", f"{self.waiting} articles wait already, the limit max_queue")
                self._count(1)
            ticket = threading.Event()
            self._line.append(ticket)
            return ticket

    def _wait(self, ticket: threading.Event) -> None:
        in_time = ticket.wait(self.wait_seconds)
        with self._lock:
            self._count(-1)
            if not in_time and not ticket.is_set():  # it may have been called while the lock was awaited
                self._line.remove(ticket)
                raise ProblemError("busy", f"no place became free in {self.wait_seconds:g} s (queue_seconds)")

    def _leave(self) -> None:
        with self._lock:
            if self._line:
                self._line.popleft().set()  # the place goes to who came first
            else:
                self._free += 1

    def _count(self, more: int) -> None:
        self.waiting += more
        self.tell(self.waiting)
