"""Fetching, against a hostile server on loopback that a resolver of ours makes look public."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from api.fetch import MAX_FETCHES, Fetcher, is_public
from api.problem import ProblemError

PUBLIC = "93.184.215.14"


class Hostile(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.partition("?")[2])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "image/png" if self.path == "/picture" else "text/html; charset=utf-8")
        self.end_headers()
        try:
            if self.path == "/endless":
                while True:
                    self.wfile.write(b"x" * 65_536)
            self.wfile.write(b"<p>Hello</p>")
        except OSError:
            pass  # the fetcher hung up, as it should

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def fetcher(port: int, **hosts: str) -> Fetcher:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [hosts.get(host.partition(".")[0], host)]

    def connect(address: tuple[str, int], seconds: float) -> socket.socket:
        assert address[0] == PUBLIC, "only the address that was checked is connected to"
        return socket.create_connection(("127.0.0.1", port), seconds)

    return Fetcher(resolve, connect, max_bytes=100_000)


def test_a_page_comes_back_with_the_address_it_was_found_at(port: int) -> None:
    found = fetcher(port, news=PUBLIC, www=PUBLIC).fetch("http://news.example/to?http://www.example/page")
    assert (found.body, found.mimetype, found.url) == (b"<p>Hello</p>", "text/html", "http://www.example/page")


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1",
     "fd00:ec2::254", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "no address"],
)  # fmt: skip
def test_addresses_inside_are_refused_first_or_after_a_redirect(port: int, inside: str) -> None:
    assert not is_public(inside)
    at = fetcher(port, news=PUBLIC, evil=inside)
    for url in ("http://evil.example/", "http://news.example/to?http://evil.example/"):
        with pytest.raises(ProblemError, match="not on the open Internet"):
            at.fetch(url)


@pytest.mark.parametrize(
    "url",
    ["ftp://news.example/", "file:///etc/passwd", "http://news.example:22/", "http://a:b@news.example/", "http://",
     "http://news.example/a b", "http://news.example/\r\nX: y", "http://news.example:99999/", "//news.example/"],
)  # fmt: skip
def test_other_schemes_ports_and_passwords_are_refused(port: int, url: str) -> None:
    with pytest.raises(ProblemError) as error:
        fetcher(port, news=PUBLIC).fetch(url)
    assert error.value.kind == "url_refused"


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(ProblemError, match="open Internet"):
        Fetcher(lambda host, port: [PUBLIC, "10.0.0.1"]).fetch("http://news.example/")


@pytest.mark.parametrize(("path", "why"), [("/endless", "MAX_PAGE_BYTES"), ("/picture", "image/png")])
def test_what_is_no_page_is_not_read(port: int, path: str, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        fetcher(port, news=PUBLIC).fetch(f"http://news.example{path}")


def test_redirects_come_to_an_end(port: int) -> None:
    url = "http://news.example/to?" * 7 + "http://news.example/"
    with pytest.raises(ProblemError, match="MAX_REDIRECTS"):
        fetcher(port, news=PUBLIC).fetch(url)


def test_a_slow_drip_is_cut_off(port: int) -> None:
    moments = iter([0.0, 1.0, 2.0, 3.0, *[11.0] * 100])
    at = fetcher(port, news=PUBLIC)
    with pytest.raises(ProblemError, match="MAX_FETCH_SECONDS"):
        Fetcher(at.resolve, at.connect, clock=lambda: next(moments)).fetch("http://news.example/")


def test_slow_servers_do_not_take_every_thread(port: int) -> None:
    at = fetcher(port, news=PUBLIC)
    inside = Fetcher(at.resolve, at.connect, places=threading.Semaphore(0))
    with pytest.raises(ProblemError, match="MAX_FETCHES"):
        inside.fetch("http://news.example/")
    at.fetch("http://news.example/page")
    with pytest.raises(ProblemError):
        at.fetch("http://10.0.0.1/")
    assert [at.places.acquire(blocking=False) for _ in range(MAX_FETCHES + 1)] == [True] * MAX_FETCHES + [False]
