"""Registrable domains are compared exactly."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer import domains
from scorer.domains import _PLAIN, host_of, path_of, registrable, resolve


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.bbc.com/news", "bbc.com"),
        ("http://notbbc.com/", "notbbc.com"),
        ("https://bbc.com.example.org/story", "example.org"),
        ("https://news.example.co.uk/a?b=c", "example.co.uk"),
        ("www.EXAMPLE.com", "example.com"),
        ("https://user:secret@sub.example.com:8080/", "example.com"),
        ("https://alice.blogspot.com/2026/", "alice.blogspot.com"),
        ("//cdn.example.net/x.js", "example.net"),
        ("example.com.", "example.com"),
    ],
)
def test_the_house_an_address_belongs_to(address: str, domain: str) -> None:
    assert registrable(address) == domain


def test_both_forms_of_an_international_name_are_one_domain() -> None:
    assert registrable("https://www.bücher.example") == "xn--bcher-kva.example"
    assert registrable("https://www.xn--bcher-kva.example") == "xn--bcher-kva.example"
    assert registrable("https://shop.bücher.ch/x") == "xn--bcher-kva.ch"


@pytest.mark.parametrize(
    "address", ["", "co.uk", "localhost", "http://127.0.0.1/", "http://[::1]/", "http://[", "mailto:a", None]
)
def test_what_has_no_registrable_domain(address: str | None) -> None:
    assert registrable(address) is None


def test_links_are_resolved_to_web_addresses_only() -> None:
    base = "https://example.com/news/a.html"
    assert resolve(base, "/b") == "https://example.com/b"
    assert resolve(None, "//example.org/x") == "https://example.org/x"
    for href in ("javascript:alert(1)", "mailto:desk@example.com", "#top", "", "tel:+100", "http://["):
        assert resolve(base, href) is None


HOSTS = st.sampled_from(
    ["", "http:", "http://", "https://", "HTTP://", "//", "http://example.com", "https://ex-ample.org",
     "//Example.co.uk", "http://example.com:80", "http://a@example.com",
     "https://exämple.com", "http://[::1]", "http://[", "mailto:a@b.c"]
)  # fmt: skip
REST = st.lists(
    st.sampled_from(["/", "//", "a", "b.html", "?", "#", ";", "\t", "\n", "é", " ", "..", "\\", "c=d", ":", "]"]),
    max_size=6,
).map("".join)


@settings(max_examples=1_000)
@given(HOSTS, REST)
def test_plain_addresses_are_read_as_the_standard_library_reads_them(host: str, rest: str) -> None:
    address = host + rest

    def by_urllib(ask: Callable[[], object]) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(domains, "_PLAIN", re.compile(r"(?!)()()()"))
            return ask()

    for ask in (lambda: host_of(address), lambda: path_of(address)):
        assert ask() == by_urllib(ask)


BASES = st.sampled_from([None, "", "https://example.com/news/a.html", "http://example.org", "ftp://a.b/c", "http://["])


@settings(max_examples=1_000)
@given(BASES, HOSTS, REST)
def test_absolute_addresses_are_resolved_as_the_standard_library_does(base: str | None, host: str, rest: str) -> None:
    found = resolve(base, host + rest)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(domains, "_ABSOLUTE", re.compile(r"(?!)"))
        assert resolve(base, host + rest) == found


def test_nearly_all_addresses_are_plain() -> None:
    for address in ("https://www.example.com/a/b.html?c=d#e", "/a/b", "#top", "//example.org", "http://a.b/c;d"):
        assert _PLAIN.fullmatch(address)
    for address in ("http://user@example.com/", "https://example.com:8080/", "mailto:a@b.c", "///a", "http://[::1]/"):
        assert not _PLAIN.fullmatch(address)


@given(st.text(max_size=80))
def test_any_text_is_answered(address: str) -> None:
    host = host_of(address)
    assert host is None or host == host.lower()
    registrable(address)
    resolve("https://example.com/", address)
