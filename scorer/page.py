"""HTML page -> main text, metadata, and the links around it with where each stands.

The page is parsed once (lxml); trafilatura takes the main text out of that tree, metadata and links are read off the
same tree. Both libraries are imported only when a page is read, so that scoring plain text starts without them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scorer import kernel
from scorer.article import MAX_TEXT_CHARACTERS
from scorer.page_hidden import drop_hidden
from scorer.page_links import Link, collect_links, main_blocks
from scorer.page_metadata import read_metadata
from scorer.page_text import article_evidence, extract_text, without_title

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_ATTRIBUTE_CHARACTERS = 1_500
"""A tag with more than this outside its quoted values loses its attributes: the parser compares every attribute of a
tag with every other, so that a million of them would take hours."""

# Quotation marks count only behind "=", as for a parser. No part can be tried twice: every quantifier is possessive.
# Blanks and letters are ASCII's alone, as the parser's are.
_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9:-]{0,30}+)(?:[^>=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|=)*+", re.ASCII)
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')", re.ASCII)
_RAW_END = re.compile(r"</(?:script|style)", re.IGNORECASE | re.ASCII)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_META_BYTES = 4_096
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NO_WEB_ENCODINGS = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "unicode-escape")

__all__ = ["Link", "Page", "decode_html", "read_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page gives.

    Attributes:
        text: the main text, paragraphs parted by newlines; empty where there is none.
        title: the headline, without the site's name; empty where the page has none.
        url: the canonical address, or the one the caller knew.
        author: the names that sign it, parted by commas.
        date, modified: when it was published and last changed, as the page writes it (ISO 8601 in most pages).
        site_name: the outlet, as the page names it.
        language: the page's own language tag, e.g. "en-GB".
        is_article: False for a section front, a login wall, an error page, a cookie banner.
        links: every link with a text and a place, in document order.
        free: whether the page says that all may read it; None where it does not say.
        corrected: whether metadata carry a correction notice.
        contact: whether the page links to a contact, imprint, masthead or about page, or gives a mail address.
        hidden_characters: characters that the page's style hides from people and that were left out.
        frames: addresses of embedded frames, scripts and images' hosts that advertising is recognised by.
    Metadata are None where the page does not say.
    """

    text: str
    title: str = ""
    url: str | None = None
    author: str | None = None
    date: str | None = None
    modified: str | None = None
    site_name: str | None = None
    language: str | None = None
    is_article: bool = True
    links: tuple[Link, ...] = ()
    free: bool | None = None
    corrected: bool = False
    contact: bool = False
    hidden_characters: int = 0
    frames: tuple[str, ...] = ()


def read_page(html: str, url: str | None = None) -> Page:
    """Read a page. Any string gives a page; one that cannot be read gives an empty one with `is_article` False.

    Work is linear in the length: elements nested deeper than 256 are dropped by the parser, over-long tags lose their
    attributes, and past `page_text.MAX_ELEMENTS` elements the text is taken without trafilatura.
    """
    tree = parse(html)
    if tree is None:
        return Page("", is_article=False, url=url)
    metadata = read_metadata(tree, url)
    hidden_characters = drop_hidden(tree)
    text = without_title(extract_text(tree), metadata.title)[:MAX_TEXT_CHARACTERS]
    blocks = main_blocks(tree, text)
    links, frames = collect_links(tree, blocks)
    return Page(
        text=text,
        title=metadata.title,
        url=metadata.url,
        author=metadata.author,
        date=metadata.date,
        modified=metadata.modified,
        site_name=metadata.site_name,
        language=metadata.language,
        is_article=article_evidence(text, metadata, links),
        links=links,
        free=metadata.free,
        corrected=metadata.corrected,
        contact=any(link.contact for link in links),
        frames=frames,
        hidden_characters=hidden_characters,
    )


def parse(html: str) -> HtmlElement | None:
    """The page as a tree; None where there is no element in it. Comments and processing instructions are left out."""
    from lxml import etree
    from lxml.html import HtmlElement, HTMLParser, document_fromstring

    data = _without_giant_tags(html.replace("\0", "")).encode("utf-8", "replace")
    # A parser of its own for every page: they are not shared between threads. `huge_tree` stays off, so that the parser
    # keeps its bound on depth; HTML defines no entities, so there is none that could be expanded or fetched.
    # Nobody looks elements up by id, so that no table of ids is kept.
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, collect_ids=False
    )
    # one class for every element: the parser's own choice by tag (for forms) asks Python at each element touched
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree = document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    return tree if isinstance(tree.tag, str) else None


def _without_giant_tags(html: str) -> str:
    native = kernel.native
    tags = _giant_tags(html) if native is None else native.giant_tags(html, MAX_ATTRIBUTE_CHARACTERS)
    pieces: list[str] = []
    done = 0
    for name_end, end in tags:
        pieces.append(html[done:name_end])
        done = end
    return "".join([*pieces, html[done:]]) if pieces else html


def _giant_tags(html: str) -> list[tuple[int, int]]:
    """Where the name of each giant tag ends, and where the tag does, its ">" aside."""
    found = []
    at = 0
    while (tag := _TAG.search(html, at)) is not None:
        at = tag.end()
        long = at - tag.start() > MAX_ATTRIBUTE_CHARACTERS
        if long and len(_QUOTED.sub("", tag.group())) > MAX_ATTRIBUTE_CHARACTERS:
            found.append((tag.end(1), at))
        if tag.group(1).lower() in ("script", "style"):
            end = _RAW_END.search(html, at)
            if end is None:
                break
            at = end.start()
    return found


def decode_html(data: bytes, declared: str | None = None) -> str:
    """Bytes of a page as text, the way browsers decide: byte order mark, declared charset (HTTP header), `<meta>`, then
    UTF-8, then Windows-1252. Never fails: bytes that the encoding does not know become U+FFFD.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if declared:
        encoding = _known_encoding(declared)
        if encoding is not None:
            return data.decode(encoding, "replace")
    found = _META_CHARSET.search(data, 0, _META_BYTES)
    if found is not None:
        encoding = _known_encoding(found.group(1).decode("ascii", "replace"))
        # A page whose own ASCII says that it is UTF-16 is not.
        if encoding is not None and not encoding.startswith("utf-16"):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _known_encoding(label: str) -> str | None:
    """Python's name of a text encoding that a page may declare; Latin-1 means Windows-1252 on the web (WHATWG)."""
    label = label.strip().strip("\"'").lower()
    if label.startswith("charset="):
        label = label[len("charset=") :]
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    if info.name in _NO_WEB_ENCODINGS or not getattr(info, "_is_text_encoding", True):
        return None
    return "cp1252" if info.name in ("iso8859-1", "ascii") else info.name
