"""Fetches a page for a caller, where the operator allows it, without letting the caller look around our network.

Each host name, the redirects' too, is resolved once; every address it has must be public, and the connection goes to
the address that was checked (a second look-up could give another one). Ports 80 and 443 only, no proxy, no cookies, no
passwords; size and total time are bounded.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from api.problem import ProblemError

MAX_REDIRECTS = 5
"""Redirects that are followed."""

MAX_PAGE_BYTES = 10_000_000
"""Largest page that is fetched."""

MAX_FETCH_SECONDS = 10
"""Longest time for all of a fetch, redirects and slow bodies included, in seconds."""

MAX_FETCHES = 4
"""Pages that a process fetches at once: slow servers must not take every thread from those who score."""

PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], list[str]]
"""Host and port -> addresses."""
Connect = Callable[[tuple[str, int], float], socket.socket]
"""Address and seconds -> a connected socket."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host. Raises `OSError`."""
    return list({str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


def connect(address: tuple[str, int], seconds: float) -> socket.socket:
    """A TCP connection."""
    return socket.create_connection(address, timeout=seconds)


def is_public(address: str) -> bool:
    """Whether an address belongs to the open Internet.

    Not: private, loopback, link-local (where clouds keep their metadata), multicast, reserved; also when wrapped in
    IPv6 (mapped, 6to4, Teredo, NAT64).
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in net for net in _TUNNELS):
            return False
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_TUNNELS = tuple(
    ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page: its bytes, media type, charset where it was told, and where it was found in the end."""

    body: bytes
    mimetype: str
    charset: str | None
    url: str


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches pages; `resolve`, `connect` and `clock` can be replaced by tests."""

    resolve: Resolve = resolve
    connect: Connect = connect
    max_bytes: int = MAX_PAGE_BYTES
    max_seconds: float = MAX_FETCH_SECONDS
    clock: Callable[[], float] = time.monotonic
    places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MAX_FETCHES))

    def fetch(self, url: str) -> Fetched:
        """The page at an address. Raises `ProblemError` ("url_refused", "fetch_failed", "busy") saying why not."""
        if not self.places.acquire(blocking=False):
            raise ProblemError("busy", f"{MAX_FETCHES} pages are being fetched already, the limit MAX_FETCHES")
        try:
            return self._fetch(url)
        finally:
            self.places.release()

    def _fetch(self, url: str) -> Fetched:
        deadline = self.clock() + self.max_seconds
        for _ in range(MAX_REDIRECTS + 1):
            parts, address, port = self._checked(url)
            try:
                found = self._get(url, parts, address, port, deadline)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise ProblemError("fetch_failed", f"no page came from this address: {type(error).__name__}") from None
            if isinstance(found, Fetched):
                return found
            url = urljoin(url, found)
        raise ProblemError("fetch_failed", f"more than {MAX_REDIRECTS} redirects (MAX_REDIRECTS)")

    def _checked(self, url: str) -> tuple[SplitResult, str, int]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
            host = host.encode("idna").decode("ascii") if not host.isascii() else host
        except (ValueError, UnicodeError):
            raise ProblemError("url_refused", "this is no address of a page") from None
        if parts.scheme not in PORTS or port not in PORTS.values() or not host:
            raise ProblemError("url_refused", "only http and https addresses on the ports 80 and 443 are fetched")
        if parts.username is not None or parts.password is not None:
            raise ProblemError("url_refused", "addresses with a user name or password are not fetched")
        if not all("!" <= character <= "~" for character in url):
            raise ProblemError("url_refused", "an address has no blanks or control characters; escape what is no ASCII")
        try:
            addresses = self.resolve(host, port)
        except (OSError, UnicodeError):
            raise ProblemError("fetch_failed", "the host name cannot be resolved") from None
        if not addresses or not all(is_public(address) for address in addresses):
            raise ProblemError("url_refused", "the host is not on the open Internet")
        return parts, addresses[0], port

    def _get(self, url: str, parts: SplitResult, address: str, port: int, deadline: float) -> Fetched | str:
        wire = self.connect((address, port), self._left(deadline))
        try:
            if parts.scheme == "https":
                wire = ssl.create_default_context().wrap_socket(wire, server_hostname=parts.hostname)
            connection = http.client.HTTPConnection(parts.hostname or "", port)
            connection.sock = _Bounded(wire, lambda: self._left(deadline))
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
            for name, value in {
                "Host": f"{host}:{port}" if port != PORTS[parts.scheme] else f"{host}",
                "User-Agent": "Credence",
                "Accept": "text/html, text/plain;q=0.5",
                "Accept-Encoding": "identity",
                "Connection": "close",
            }.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                return answer.getheader("Location") or ""
            if answer.status != 200:
                raise ProblemError("fetch_failed", f"the address answered with status {answer.status}")
            mimetype = answer.headers.get_content_type()
            if mimetype not in ("text/html", "application/xhtml+xml", "text/plain"):
                raise ProblemError("fetch_failed", f"the address gave {mimetype[:80]}, which is no page of text")
            body = answer.read(self.max_bytes + 1)
            if len(body) > self.max_bytes:
                raise ProblemError("fetch_failed", f"the page passes {self.max_bytes:,} bytes (MAX_PAGE_BYTES)")
            return Fetched(body, mimetype, answer.headers.get_content_charset(), url)
        finally:
            wire.close()

    def _left(self, deadline: float) -> float:
        left = deadline - self.clock()
        if left <= 0:
            raise ProblemError("fetch_failed", f"the page took longer than {self.max_seconds:g} s (MAX_FETCH_SECONDS)")
        return left


class _Bounded:
    """A socket whose every read has only the time that is left: a body that drips cannot go on forever."""

    def __init__(self, wire: socket.socket, left: Callable[[], float]) -> None:
        self.wire, self.left = wire, left

    def sendall(self, data: bytes) -> None:
        self.wire.settimeout(self.left())
        self.wire.sendall(data)

    def makefile(self, *_: object, **__: object) -> object:
        return io.BufferedReader(_Reads(self.wire, self.left))

    def close(self) -> None:
        """Nothing yet: the body is still to be read; the fetcher closes the wire when it is done."""


class _Reads(io.RawIOBase):
    def __init__(self, wire: socket.socket, left: Callable[[], float]) -> None:
        self.wire, self.left = wire, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.wire.settimeout(self.left())
        return self.wire.recv_into(buffer)
