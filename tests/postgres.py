"""A real PostgreSQL for the tests: a server of its own on a Unix socket, gone when the tests end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def binaries() -> Path | None:
    """Folder of PostgreSQL's programs, the newest version that Debian's packages brought; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


@dataclass(frozen=True)
class Server:
    """A server: its URL, to which the name of a database is added, and how it is stopped and started again."""

    url: str
    stop: Callable[[], None]
    start: Callable[[], None]


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start a server with the programs in `folder`; gives the URL of it, to which the name of a database is added."""
    with server(folder) as here:
        yield here.url


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Start a server with the programs in `folder`, on a Unix socket; it is gone at the end."""
    # PostgreSQL refuses to run as root; the packages bring a user for it.
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    home = Path(tempfile.mkdtemp(prefix="credence-pg-"))  # short: a socket's path may have 107 bytes
    if os.geteuid() == 0:
        shutil.chown(home, user)

    def run(*command: str) -> None:
        as_user = {"user": user} if os.geteuid() == 0 else {}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home, **as_user)  # type: ignore[call-overload]

    data, log = str(home / "data"), str(home / "log")
    control = (str(folder / "pg_ctl"), "-D", data, "-w")
    settings = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off -c full_page_writes=off"

    def start() -> None:
        run(*control, "-l", log, "-o", settings, "start")

    def stop() -> None:
        run(*control, "-m", "immediate", "stop")

    try:
        run(str(folder / "initdb"), "-D", data, "-U", "credence", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        start()
        try:
            yield Server(f"postgresql+psycopg://credence@/{{}}?host={home}", stop, start)
        finally:
            if (home / "data" / "postmaster.pid").exists():
                stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)
