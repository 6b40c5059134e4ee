"""`credence serve`: the application under gunicorn, several processes that share one loaded model."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]

from api.address import is_loopback
from api.worker import Worker
from scorer.checkpoint import OutputError
from scorer.settings import SettingError, Settings

if TYPE_CHECKING:
    from api.desk import Desk

SPARE_THREADS = 4
"""Threads of a process beside those that score or wait: they answer health checks and refuse what is too much."""


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, set from `Settings`."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what it must know."""
        chosen = {
            "bind": _bind(self.settings.host, self.settings.port),
            "workers": self.settings.workers,
            "threads": self.settings.threads + self.settings.max_queue + SPARE_THREADS,
            "worker_class": Worker,
            "timeout": self.settings.timeout_seconds,
            "graceful_timeout": self.settings.timeout_seconds,
            "child_exit": _forget_child,
            "preload_app": True,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application."""
        return self.app

    def run(self) -> None:
        """Serve until told to stop."""
        DrainingArbiter(self).run()


class DrainingArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's parent process, which on SIGTERM first lets load balancers see that the service is about to stop."""

    def handle_term(self) -> None:
        """Say so at `/readyz`, wait `drain_seconds`, then let the processes finish what they have begun."""
        desk: Desk = self.app.app.extensions["credence"]
        desk.draining.set()
        time.sleep(self.app.settings.drain_seconds)
        super().handle_term()


def _forget_child(_: Any, worker: Any) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def serve(settings: Settings, demonstration: bool = False) -> None:
    """Serve until stopped; with `demonstration`, an empty ledger is filled with one first.

    Raises `SettingError`, `OutputError` (the port is taken), `ModelError` or `LedgerError`.
    """
    _check_port(settings)
    # The processes share their metrics through files; prometheus_client looks for the folder when it is imported.
    folder = tempfile.mkdtemp(prefix="credence-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    parent = os.getpid()
    try:
        from api.app import create_app
        from api.demonstration import seed
        from api.observe import log_to_stderr

        app = create_app(settings)
        desk: Desk = app.extensions["credence"]
        if not is_loopback(settings.host) and not desk.ledger.keys.any_valid():
            raise SettingError(
                f"{settings.host} can be reached from other machines, and there is no API key: anybody there could "
                "read what is scored. Make one first: credence keys create NAME --scope score --scope read"
            )
        if demonstration:
            seed(desk)
        desk.ledger.close()  # connections must not be shared across the fork
        _greet(settings, app)
        if not is_loopback(settings.host) or not sys.stderr.isatty():  # not into the terminal of who tries it out
            log_to_stderr()
        # What is loaded stays: the collector need not look at it again, nor part the processes' memory by doing so.
        gc.collect()
        gc.freeze()
        Server(app, settings).run()
    finally:
        if os.getpid() == parent:
            os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
            shutil.rmtree(folder, ignore_errors=True)


def _check_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host.strip("[]"), settings.port))
        except OSError as error:
            raise OutputError(
                f"cannot listen on {_bind(settings.host, settings.port)}: {error.strerror}; choose another --port"
            ) from None


def _bind(host: str, port: int) -> str:
    return f"[{host.strip('[]')}]:{port}" if ":" in host else f"{host}:{port}"


def _greet(settings: Settings, app: Flask) -> None:
    address = f"http://{_bind(settings.host, settings.port)}"
    desk: Desk = app.extensions["credence"]
    local = "only this machine can reach the service"
    reached = local if is_loopback(settings.host) else "every request needs an API key"
    kept = "texts are kept" if settings.keep_text else "texts are not kept"
    print(  # noqa: T201
        f"Credence with model {desk.default.model.version} is on {address}\n"
        f"  look:   open {address}/ in a browser and paste an article\n"
        f"  score:  curl -H 'Content-Type: text/plain' --data-binary @article.txt {address}/v1/articles\n"
        f"  ledger: {settings.db} ({kept}); {reached}; Ctrl-C stops it",
        file=sys.stderr,
        flush=True,
    )
