"""A thread stays with its connection while the next request comes at once and nobody else needs the thread."""

from __future__ import annotations

import io
import json
import logging
import os
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from api import observe
from api import worker as module
from api.problem import CATALOGUE
from api.worker import Worker, write_problem
from scorer.problems import type_of


@pytest.fixture
def wire() -> Iterator[tuple[Any, socket.socket]]:
    """A connection as gunicorn knows it, and the client's end of it."""
    here, there = socket.socketpair()
    with here, there:
        yield SimpleNamespace(sock=here, parser=SimpleNamespace(unreader=SimpleNamespace(buf=io.BytesIO()))), there


def serving(monkeypatch: pytest.MonkeyPatch, answers: list[Any], in_line: int = 0, alive: bool = True) -> Worker:
    """A worker whose requests end as `answers` say: True where the connection may be used again."""
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, conn: answers.pop(0))
    monkeypatch.setattr(module, "LINGER_MILLISECONDS", 1)
    worker = Worker.__new__(Worker)
    worker.alive, worker._lock, worker._in_line = alive, threading.Lock(), in_line + 1
    return worker


def test_the_next_request_is_served_by_the_same_thread(monkeypatch: pytest.MonkeyPatch, wire: Any) -> None:
    conn, client = wire
    client.sendall(b"POST")
    answers = [True, True, False, "never asked"]
    assert serving(monkeypatch, answers).handle(conn) is False
    assert answers == ["never asked"]


def test_a_request_that_was_read_ahead_counts(monkeypatch: pytest.MonkeyPatch, wire: Any) -> None:
    conn, _ = wire
    conn.parser.unreader.buf.write(b"POST")
    answers = [True, False]
    assert serving(monkeypatch, answers).handle(conn) is False


def test_nothing_comes_and_the_connection_is_given_back(monkeypatch: pytest.MonkeyPatch, wire: Any) -> None:
    conn, _ = wire
    answers = [True, "never asked"]
    assert serving(monkeypatch, answers).handle(conn) is True
    assert answers == ["never asked"]


@pytest.mark.parametrize("how", [{"in_line": 1}, {"alive": False}])
def test_who_waits_for_a_thread_goes_first_and_a_stop_waits_for_nobody(
    monkeypatch: pytest.MonkeyPatch, wire: Any, how: dict[str, Any]
) -> None:
    conn, client = wire
    client.sendall(b"POST")
    answers = [True, "never asked"]
    assert serving(monkeypatch, answers, **how).handle(conn) is True
    assert answers == ["never asked"]


def test_lines_of_gunicorn_itself_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("logThreads", "logProcesses", "logMultiprocessing"):
        monkeypatch.setattr(logging, name, True)
    for name, value in (("handlers", []), ("propagate", True), ("level", observe.log.level)):
        monkeypatch.setattr(observe.log, name, value)
    observe.log_to_stderr()
    record = logging.LogRecord("gunicorn.error", logging.WARNING, __file__, 0, "Request line is too large", None, None)
    line = logging.Formatter(Logger.error_fmt).format(record)
    assert f"[{os.getpid()}]" in line
    assert line.endswith("Request line is too large")


def test_what_the_server_itself_refuses_is_a_problem() -> None:
    here, there = socket.socketpair()
    with here, there:
        write_problem(here, 414, "URI Too Long", "Request Line is too large (5000 > 4094)")
        head, _, body = there.recv(10_000).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414 URI Too Long\r\n")
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(body) == {
        "type": type_of("http_error"),
        "title": CATALOGUE["http_error"][1],
        "status": 414,
        "detail": "Request Line is too large (5000 > 4094)",
    }


def test_a_worker_answers_with_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ThreadWorker, "init_process", lambda self: None)
    monkeypatch.setattr(util, "write_error", None)
    worker = Worker.__new__(Worker)
    worker.cfg = SimpleNamespace(settings={})
    worker.init_process()
    assert util.write_error is write_problem
