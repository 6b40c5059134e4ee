"""A real Redis for the tests: a server of its own on a free port, with nothing on the disk, gone when the tests end."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.service import free_port, until


def binary() -> Path | None:
    """The program, as Debian's package brings it; None where there is none."""
    found = shutil.which("redis-server")
    return Path(found) if found else None


@contextmanager
def running(program: Path, folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """URL of a server and its process; it is stopped at the end."""
    port = free_port()
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port), "Redis answers")
        yield f"redis://127.0.0.1:{port}/0", process
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as wire:
            wire.sendall(b"PING\r\n")
            return wire.recv(16).startswith(b"+PONG")
    except OSError:
        return False
