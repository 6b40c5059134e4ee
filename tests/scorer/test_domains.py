"""Registrable domains are compared exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.domains import host_of, registrable, resolve


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


@given(st.text(max_size=80))
def test_any_text_is_answered(address: str) -> None:
    host = host_of(address)
    assert host is None or host == host.lower()
    registrable(address)
    resolve("https://example.com/", address)
