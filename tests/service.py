"""A real service, started as a user starts it: `credence serve` on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CREDENCE = Path(sys.executable).parent / "credence"
START_SECONDS = 30


@contextmanager
def running(folder: Path, *flags: str, **environment: str) -> Iterator[str]:
    """Address of a service whose ledger lies in `folder`; it is stopped at the end."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(CREDENCE), "serve", "--port", str(port), *flags],
            cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_until_ready(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def free_port() -> int:
    """A TCP port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    pause = threading.Event()
    for _ in range(START_SECONDS * 20):
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            pass
        if process.poll() is not None:
            break
        pause.wait(0.05)
    raise RuntimeError(f"`credence serve` did not become ready:\n{log.read_text(errors='replace')[-3000:]}")
