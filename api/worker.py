"""gunicorn's worker with threads, without a hand-over between them for each request of one connection."""

from __future__ import annotations

import threading
import time
from typing import Any

import orjson
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from api.problem import CATALOGUE, kind_of
from api.streams import is_readable
from scorer.problems import type_of

LINGER_MILLISECONDS = 20
"""How long a thread waits for the next request of the connection it has served, where nobody else needs the thread."""

WATCHED_SECONDS = 0.0002
"""Of these, how long it looks without sleeping: a program that goes on does so by then, and waking takes .1 ms."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gthread, whose threads stay with a connection for a moment.

    Of itself gthread gives a connection back to its main thread after each answer; that waits for the next request and
    hands it to a thread again. A program that sends article after article paid both ways each time (measured: .05
    to .27 of some .5 ms that gunicorn took). Everything else is as it was: connections that wait for a thread go
    first, and a worker that stops waits for nobody.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._lock = threading.Lock()
        self._in_line = 0

    def init_process(self) -> None:
        """Begin to serve. Settings change no more: they become plain attributes, for a request asks for 25 of them."""
        self.cfg.__dict__.update({name: setting.get() for name, setting in self.cfg.settings.items()})
        util.write_error = write_problem
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to the pool of threads."""
        self._count(1)
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Serve a connection's request, and those that follow at once."""
        self._count(-1)
        going_on = super().handle(conn)
        while going_on is True and self.alive and not self._in_line and _has_more(conn):
            going_on = super().handle(conn)
        return going_on

    def _count(self, more: int) -> None:
        with self._lock:
            self._in_line += more


def write_problem(sock: Any, status: int, reason: str, detail: str) -> None:
    """Answer a request that gunicorn refuses before the service sees it (a line or a header too long, say).

    gunicorn's own `write_error` sends a page; programs expect a problem (RFC 9457) like any other.
    """
    kind = kind_of(status)
    told = {"type": type_of(kind), "title": CATALOGUE[kind][1], "status": status, "detail": detail or reason}
    body = orjson.dumps(told)
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


def _has_more(conn: Any) -> bool:
    """Whether the next request, or the end of the connection, is there, or comes within the time."""
    if conn.parser.unreader.buf.getvalue():
        return True
    until = time.monotonic() + WATCHED_SECONDS
    while time.monotonic() < until:
        if is_readable(conn.sock):
            return True
    return is_readable(conn.sock, LINGER_MILLISECONDS)
