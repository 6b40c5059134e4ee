"""Bodies read as they arrive: a line is answered when it is there, not when more has come after it.

gunicorn reads a chunked body in pieces of at least 1 kB, so that a caller who sends one short line and waits for its
answer would wait for ever.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Request
from werkzeug.exceptions import ClientDisconnected


class Prompt:
    """In place of gunicorn's reader of chunked bodies: gives what one piece brought, however little that is."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def read(self, size: int) -> bytes:
        """At most `size` bytes, at least one; none at the end of the body."""
        while not self.reader.buf.tell() and self.reader.parser:  # a piece may be empty, which is no end
            try:
                self.reader.buf.write(next(self.reader.parser))
            except StopIteration:
                self.reader.parser = None
        given: bytes = self.reader.read(min(size, self.reader.buf.tell()))
        return given


def promptly(body: Any) -> Any:
    """The same stream, reading as its bytes arrive where it is gunicorn's and chunked; any other as it is."""
    reader = getattr(body, "reader", None)
    if hasattr(reader, "parser") and hasattr(reader, "buf"):
        body.reader = Prompt(reader)
    return body


def whole_body(request: Request) -> bytes:
    """The body of a request that nobody has read from. Raises what reading does: too large, or the client has gone."""
    length, most = request.content_length, request.max_content_length
    if length is None or (most is not None and length > most):
        return request.get_data(cache=False)
    try:
        raw: bytes = request.environ["wsgi.input"].read(length)  # Werkzeug's reader asks for it in four pieces
    except (OSError, ValueError):
        raise ClientDisconnected from None
    if len(raw) < length:
        raise ClientDisconnected
    return raw


PEEKED_BYTES = 65_536
"""How far ahead it is looked for the next line."""


def line_waits(body: Any, wire: socket.socket | None) -> bool:
    """Whether another line has come by now, so that reading it does not wait: in what gunicorn read, or on the wire.

    On the wire a line has the size of its chunk before it, whence two line ends; what ends the chunk before is no line.
    """
    if wire is None:
        return False
    if b"\n" in body.buf.getvalue():
        return True
    try:
        return is_readable(wire) and wire.recv(PEEKED_BYTES, socket.MSG_PEEK).lstrip(b"\r\n").count(b"\n") >= 2
    except (OSError, ValueError):
        return False


def is_readable(wire: socket.socket, milliseconds: int = 0) -> bool:
    """Whether bytes or the end of the connection come within the time. Raises `OSError` or `ValueError`."""
    waiting = select.poll()  # select() knows no descriptor past 1,023
    waiting.register(wire, select.POLLIN)
    return bool(waiting.poll(milliseconds))


def limit_silence(environ: dict[str, Any], seconds: float) -> None:
    """Let whoever neither sends nor reads for so long go: a thread must not wait for ever (gunicorn sets no limit)."""
    wire = environ.get("gunicorn.socket")
    if wire is not None:
        wire.settimeout(seconds)


def in_one_piece(wire: socket.socket) -> Callable[[], None]:
    """Keep back what is sent until the function returned is called (200 ms at most; Linux knows how).

    gunicorn sends the headers and the body apart, and each piece wakes the caller.
    """
    cork = getattr(socket, "TCP_CORK", None)
    if cork is None or wire.family not in (socket.AF_INET, socket.AF_INET6):
        return lambda: None

    def put(value: int) -> None:
        with suppress(OSError):  # the caller has gone
            wire.setsockopt(socket.IPPROTO_TCP, cork, value)

    put(1)
    return lambda: put(0)


def has_gone(environ: dict[str, Any]) -> bool:
    """Whether the client has hung up: what waited for a place need not be scored for nobody."""
    wire = environ.get("gunicorn.socket")
    if wire is None:
        return False
    try:
        return is_readable(wire) and wire.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True
