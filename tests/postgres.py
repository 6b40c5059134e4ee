"""A real PostgreSQL for the tests: a server of its own on a Unix socket, gone when the tests end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Folder of PostgreSQL's programs, the newest version that Debian's packages brought; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start a server with the programs in `folder`; gives the URL of it, to which the name of a database is added."""
    # PostgreSQL refuses to run as root; the packages bring a user for it.
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    home = Path(tempfile.mkdtemp(prefix="credence-pg-"))  # short: a socket's path may have 107 bytes
    if os.geteuid() == 0:
        shutil.chown(home, user)

    def run(*command: str) -> None:
        as_user = {"user": user} if os.geteuid() == 0 else {}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home, **as_user)  # type: ignore[call-overload]

    data, log = str(home / "data"), str(home / "log")
    try:
        run(str(folder / "initdb"), "-D", data, "-U", "credence", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        settings = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off -c full_page_writes=off"
        run(str(folder / "pg_ctl"), "-D", data, "-l", log, "-w", "-o", settings, "start")
        try:
            yield f"postgresql+psycopg://credence@/{{}}?host={home}"
        finally:
            run(str(folder / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
