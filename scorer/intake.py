"""Bytes -> `Article`: what the command line and the API read, decoded in one way, refused with the same messages."""

from __future__ import annotations

import codecs
import re
from typing import Any, Literal

import orjson

from scorer.article import Article, InvalidInput

Kind = Literal["text", "html", "json"]

_HTML_START = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|article|div|p|h1|meta)\b", re.I | re.S
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:-]{1,40})", re.I)
_ENCODINGS = re.compile(
    r"utf-(8|8-sig|16|16-le|16-be)|ascii|cp125\d|iso8859-\d+|koi8-[ru]|gbk?|gb2312|gb18030|big5|shift_jis|euc_(jp|kr)"
)
"""Encodings of the Web (WHATWG Encoding Standard), by Python's names; others, some of them slow, are not decoded."""

_HEAD_BYTES = 4096
"""How much of the input is looked at to tell what it is."""


def guess_kind(raw: bytes, name: str = "") -> Kind:
    """What the input is: by the extension of its name where that says so, else by how it begins."""
    extension = name.lower().rpartition(".")[2]
    if extension in ("html", "htm", "xhtml"):
        return "html"
    if extension == "json":
        return "json"
    head = raw[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8)
    if _HTML_START.match(head):
        return "html"
    if extension not in ("txt", "md") and head.lstrip()[:1] == b"{" and _is_object(raw):
        return "json"
    return "text"


def read_article(raw: bytes, kind: Kind, charset: str | None = None) -> Article:
    """The article in these bytes.

    `charset` is what the sender says the encoding is; without it UTF-8 is expected, and of a page the encoding it
    declares. Raises `InvalidInput` saying what is wrong and where, or `TooLarge` naming the limit.
    """
    if not raw.strip():
        raise InvalidInput("the input is empty: an article needs a text, an HTML page or at least a title")
    if kind == "json":
        return Article.from_mapping(parse_json(raw))
    text = decode(raw, charset or (_declared_charset(raw) if kind == "html" else None))
    article = Article(html=text) if kind == "html" else Article(text=text)
    article.check_limits()
    return article


def parse_json(raw: bytes) -> Any:
    """Decode JSON. Raises `InvalidInput` with line and column."""
    try:
        return orjson.loads(raw.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        decode(raw)  # says where, should the encoding be at fault
        raise InvalidInput(f"not valid JSON: {error}") from None


def decode(raw: bytes, charset: str | None = None) -> str:
    """Bytes to text. A byte order mark is no part of the text. Raises `InvalidInput` with the place of the bad byte."""
    encoding = charset or "utf-8"
    try:
        known = codecs.lookup(encoding).name
        if _ENCODINGS.fullmatch(known) is None:
            raise LookupError
        encoding = "utf-8-sig" if known == "utf-8" else known
        text = raw.decode(encoding)
    except LookupError:
        raise InvalidInput(f"unknown character encoding '{charset}'; send UTF-8") from None
    except UnicodeDecodeError as error:
        if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise InvalidInput("the input is UTF-16; convert it to UTF-8") from None
        name = "UTF-8" if encoding.startswith("utf-8") else encoding
        raise InvalidInput(
            f"byte {error.start:,} (0x{raw[error.start]:02x}) is not valid {name}; "
            "convert the input to UTF-8, e.g. iconv -f WINDOWS-1252 -t UTF-8"
        ) from None
    except UnicodeError:
        raise InvalidInput(f"the input is not valid {encoding}; send UTF-8") from None
    if "\0" in text[:_HEAD_BYTES]:
        raise InvalidInput("the input is binary, not text: it has a NUL character near its beginning")
    return text


def _is_object(raw: bytes) -> bool:
    """Whether this is JSON, or broken JSON rather than prose that begins with a brace."""
    try:
        return isinstance(orjson.loads(raw), dict)
    except orjson.JSONDecodeError:
        return re.match(rb'\s*\{\s*"[^"\n]{0,100}"\s*:', raw) is not None


def _declared_charset(raw: bytes) -> str | None:
    """The encoding a page declares, where the page is not UTF-8 anyway."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        found = _CHARSET.search(raw[:_HEAD_BYTES])
        if found and found[1].lower() not in (b"utf-8", b"utf8"):
            # Browsers read what calls itself Latin-1 as Windows-1252 (WHATWG Encoding Standard, section 4.2).
            name = found[1].decode("ascii").lower()
            return "windows-1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name
    return None
