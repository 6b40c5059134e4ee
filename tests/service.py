"""A real service, started as a user starts it: `credence serve` on a free port."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CREDENCE = Path(sys.executable).parent / "credence"
START_SECONDS = 60
"""Longest wait for something that happens at once on a machine with nothing else to do."""


@dataclass(frozen=True)
class Service:
    """A service that runs: its address, the parent of its processes, what it wrote."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[int]:
        """Process ids of the processes that answer (Linux)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def stop(self) -> int:
        """Tell it to stop; returns its exit code."""
        self.process.terminate()
        return self.process.wait(START_SECONDS)


@contextmanager
def running(folder: Path, *flags: str, **settings: object) -> Iterator[str]:
    """Address of a service whose ledger lies in `folder`; it is stopped at the end."""
    with started(folder, *flags, **settings) as service:
        yield service.address


@contextmanager
def started(folder: Path, *flags: str, **settings: object) -> Iterator[Service]:
    """A service with these settings, its ledger in `folder` unless they say otherwise; it is stopped at the end."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / "log.txt"
    environment = {**os.environ, **{f"CREDENCE_{name.upper()}": str(value) for name, value in settings.items()}}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(CREDENCE), "serve", "--port", str(port), *flags],
            cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        service = Service(address, process, log)
        try:
            _wait_until_ready(service)
            yield service
        finally:
            if process.poll() is None:
                service.stop()


def free_port() -> int:
    """A TCP port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to hold; fails where it does not come about."""
    pause = threading.Event()
    for _ in range(START_SECONDS * 20):
        if holds():
            return
        pause.wait(0.05)
    raise AssertionError(f"in vain: {what}")


def status_of(url: str, data: bytes | None = None, **headers: str) -> int:
    """Status that a request is answered with; 0 where no answer came."""
    request = urllib.request.Request(url, data, {name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (urllib.error.URLError, http.client.HTTPException, OSError):  # also in the middle of an answer
        return 0


def _wait_until_ready(service: Service) -> None:
    def ready() -> bool:
        return service.process.poll() is not None or status_of(f"{service.address}/readyz") == 200

    until(ready, "`credence serve` is ready")
    if service.process.poll() is not None:
        raise RuntimeError(f"`credence serve` did not become ready:\n{service.log.read_text(errors='replace')[-3000:]}")
