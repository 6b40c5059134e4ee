"""Registrable domains, offline: which addresses belong to the same house (Public Suffix List)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

MAX_HOST_CHARACTERS = 253
"""Longest host name (RFC 1035); a longer one is no host."""

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)+\.?")
_ADDRESS = re.compile(r"[0-9.]+")
_PLAIN = re.compile(r"(?:(?:https?:)?//([A-Za-z0-9.-]+)(/[^?#\t\r\n]*)?|(/(?!/)[^?#\t\r\n]*))?(?:[?#][^\t\r\n]*)?")
"""An address as nearly all are written: its host and the path behind it, or a path alone. `urlsplit` says the same of
these, in five times the time.
"""

_ABSOLUTE = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[^;?#\t\r\n]*)?(?:\?[^#\t\r\n]+)?(?:#[^\t\r\n]+)?")
"""An address that stays as it is written whatever page it stands in."""


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # reading the list takes 30 ms, so only where an address is met

    # An unknown top level is a public suffix by the list's own default rule "*"; private suffixes count
    # (alice.blogspot.com and bob.blogspot.com are two houses).
    return PublicSuffixList(accept_unknown=True, accept_encoded_idn=True)


def host_of(address: str) -> str | None:
    """Host of a URL or of a bare host name, in lower-case ASCII (IDN as punycode); None where there is none."""
    address = address.strip()
    if "//" not in address[:300]:
        address = "//" + address
    plain = _PLAIN.fullmatch(address)
    try:
        host = plain[1] if plain else urlsplit(address).hostname
    except ValueError:
        return None
    return _ascii(host) if host and len(host) <= MAX_HOST_CHARACTERS else None


@lru_cache(4096)
def _ascii(host: str) -> str | None:
    host = host.lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    host = host.rstrip(".")
    return host if _HOST.fullmatch(host) and not _ADDRESS.fullmatch(host) else None


@lru_cache(4096)
def registrable(address: str | None) -> str | None:
    """Registrable domain of a URL or host ("www.bbc.co.uk" -> "bbc.co.uk"), IDN in punycode; None where it has none.

    >>> registrable("https://www.news.example.co.uk/story?id=1")
    'example.co.uk'
    """
    host = host_of(address) if address else None
    return None if host is None else _house_of(host)


@lru_cache(4096)
def _house_of(host: str) -> str | None:
    found = _suffixes().privatesuffix(host)
    return str(found) if found else None


def path_of(address: str) -> str:
    """Path of an address as it is written there, "" where it has none or cannot be read."""
    plain = _PLAIN.fullmatch(address)
    if plain:
        return plain[2] or plain[3] or ""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


@lru_cache(256)
def _can_be_read(address: str) -> bool:
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


def resolve(base: str | None, href: str) -> str | None:
    """Absolute http(s) address of a link; None for other schemes, empty targets and what cannot be read."""
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    if _ABSOLUTE.fullmatch(href) and (not base or _can_be_read(base)):
        return href
    try:
        absolute = urljoin(base, href) if base else href
        scheme = urlsplit(absolute).scheme.lower()
    except ValueError:
        return None
    if scheme in ("http", "https"):
        return absolute
    return "https:" + absolute if absolute.startswith("//") else None
