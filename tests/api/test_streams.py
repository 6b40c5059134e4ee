"""Chunked bodies as gunicorn brings them, piece by piece."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from typing import Any

from gunicorn.http.body import Body, ChunkedReader

from api.streams import has_gone, line_waits, promptly


class Unreader:
    """A connection that brings these pieces, one a read."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces: Iterator[bytes] = iter(pieces)
        self.reads = 0

    def read(self, size: int | None = None, read_ahead: int | None = None) -> bytes:
        self.reads += 1
        return next(self.pieces, b"")

    def unread(self, data: bytes) -> None:
        pass


def body(*pieces: bytes) -> tuple[Any, Unreader]:
    wire = Unreader(*pieces)
    return promptly(Body(ChunkedReader(None, wire))), wire


def test_a_line_is_there_as_soon_as_its_bytes_are() -> None:
    stream, wire = body(b"4\r\none\n\r\n", b"4\r\ntwo\n\r\n", b"0\r\n\r\n")
    assert (stream.readline(100), wire.reads) == (b"one\n", 1)
    assert stream.readline(100) == b"two\n"
    assert stream.readline(100) == b""


def test_a_head_without_its_chunk_is_no_end() -> None:
    stream, _ = body(b"8\r\n", b"one\n", b"two\n\r\n", b"2\r", b"\n", b"3\n\r\n0\r\n\r\n")
    assert [stream.readline(100) for _ in range(4)] == [b"one\n", b"two\n", b"3\n", b""]


def test_a_line_longer_than_the_limit_comes_in_parts() -> None:
    stream, _ = body(b"800\r\n" + b"x" * 2047 + b"\n\r\n", b"0\r\n\r\n")
    assert [len(stream.readline(1500)) for _ in range(3)] == [1500, 548, 0]


def test_another_stream_stays_as_it_is() -> None:
    plain = io.BytesIO(b"one")
    assert promptly(plain) is plain


def test_who_has_hung_up_is_noticed() -> None:
    here, there = socket.socketpair()
    with here:
        environ = {"gunicorn.socket": here}
        assert not has_gone({})
        assert not has_gone(environ)
        there.sendall(b"the next request")
        assert not has_gone(environ)
        here.recv(100)
        there.close()
        assert has_gone(environ)


def test_the_next_line_is_waited_for_only_where_it_is_there() -> None:
    here, there = socket.socketpair()
    with here, there:
        stream, _ = body(b"4\r\none\n\r\n", b"9\r\ntwo\nthree\r\n", b"0\r\n\r\n")
        assert stream.readline(100) == b"one\n"
        assert not line_waits(stream, here)
        there.sendall(b"\r\n")  # what ends the chunk before
        assert not line_waits(stream, here)
        there.sendall(b"4\r\ntw")
        assert not line_waits(stream, here)
        there.sendall(b"o\n")
        assert line_waits(stream, here)
        assert not line_waits(stream, None)
    assert not line_waits(stream, here)  # closed
