"""`credence serve`: the application under gunicorn, several processes that share one loaded model."""

from __future__ import annotations

import ipaddress
import socket
import sys

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from api.app import create_app
from api.desk import Desk
from scorer.checkpoint import OutputError
from scorer.settings import SettingError, Settings


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
            "threads": self.settings.threads,
            "worker_class": "gthread",
            "timeout": self.settings.timeout_seconds,
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


def serve(settings: Settings) -> None:
    """Serve until stopped. Raises `SettingError`, `OutputError` (the port is taken), `ModelError` or `LedgerError`."""
    if not is_loopback(settings.host):
        raise SettingError(
            f"{settings.host} can be reached from other machines, and this version knows no API keys: anybody there "
            "could read what is scored. Listen on 127.0.0.1 and put a proxy that asks for a password in front"
        )
    _check_port(settings)
    app = create_app(settings)
    desk: Desk = app.extensions["credence"]
    desk.ledger.close()  # connections must not be shared across the fork
    _greet(settings, app)
    Server(app, settings).run()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


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
    kept = "texts are kept" if settings.keep_text else "texts are not kept"
    print(  # noqa: T201
        f"Credence with model {desk.default.model.version} is on {address}\n"
        f"  look:   open {address}/ in a browser and paste an article\n"
        f"  score:  curl -H 'Content-Type: text/plain' --data-binary @article.txt {address}/v1/articles\n"
        f"  ledger: {settings.db} ({kept}); only this machine can reach the service; Ctrl-C stops it",
        file=sys.stderr,
        flush=True,
    )
