"""Main text of a page, and whether there is an article in it."""

from __future__ import annotations

import json
import logging
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from scorer.lines import is_prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import XPath
    from lxml.html import HtmlElement
    from trafilatura.settings import Extractor

    from scorer.page_links import Link
    from scorer.page_metadata import Metadata

MAX_ELEMENTS = 20_000
"""A page with more elements is read by `plain_paragraphs` (trafilatura needs about 70 microseconds an element; real
pages have 250 to 3,000: measured on 52 of them)."""

ARTICLE_CHARACTERS = 500
"""Prose a page must have to be taken for an article on its text alone."""

DECLARED_ARTICLE_CHARACTERS = 200
"""Prose a page must have where its metadata call it an article."""

REFUSAL_CHARACTERS = 1_500
"""A page whose title or first lines say "not found", "log in", "we use cookies" needs this much prose all the same."""

_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_HEAD_TAGS = ("meta", "link", "title", "style", "base")
_PARAGRAPH_TAGS = ("p", "h1", "h2", "h3", "h4", "li", "blockquote", "pre", "td")


def extract_text(tree: HtmlElement) -> str:
    """Main text, a paragraph a line; "" where none is found. Takes out of the tree what its head says."""
    if _elements()(tree) > MAX_ELEMENTS:
        return plain_paragraphs(tree)
    _drop_head(tree)
    from trafilatura import bare_extraction

    try:
        document = bare_extraction(tree, options=_options())
    except Exception:
        document = None
    text = getattr(document, "text", None)
    return str(text) if text else plain_paragraphs(tree)


@cache
def _elements() -> XPath:
    """How many elements a tree has; compiled once: a path given to a tree costs ten times what it takes to walk it."""
    from lxml.etree import XPath

    return XPath("count(/descendant::*)")


def _drop_head(tree: HtmlElement) -> None:
    """Remove what a head holds but scripts: trafilatura reads none of it, yet copies and searches all of it, again and
    again (a sixteenth of a page's elements and of the time; measured on 52 pages).
    """
    head = tree.find("head")
    if head is not None and tree.find("body") is not None:  # a page without a body is taken as one
        for element in list(head.iterchildren(*_HEAD_TAGS)):
            head.remove(element)


@cache
def _options() -> Extractor:
    """How trafilatura is asked, read from its configuration once; it changes nothing in it."""
    from trafilatura.settings import Extractor

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # "discarding data" is no news to the caller
    # `fast` leaves out the comparison with two other extractors: half the time, the same text on 46 of 52 pages
    return Extractor(output_format="python", fast=True, comments=False)


def without_title(text: str, title: str) -> str:
    """The main text without the headline where it is the first line."""
    first, _, rest = text.partition("\n")
    return rest if title and _BLANKS.sub(" ", first).strip().lower() == title.lower() else text


def plain_paragraphs(tree: HtmlElement) -> str:
    """The text of paragraph elements that are prose, without regard to structure. Linear in the size of the page."""
    paragraphs = []
    for element in tree.iter("p"):
        line = _BLANKS.sub(" ", element.text_content()).strip().replace("\n", " ")
        if is_prose(line):
            paragraphs.append(line)
    return "\n".join(paragraphs)


@cache
def _refusals() -> tuple[str, ...]:
    table = json.loads((resources.files("scorer") / "page.json").read_text(encoding="utf-8"))
    return tuple(table["refusals"])


def article_evidence(text: str, metadata: Metadata, links: Sequence[Link]) -> bool:
    """Whether the page holds an article: enough prose, not a notice, not a list of other pieces."""
    lines = text.split("\n")
    prose = [line for line in lines if is_prose(line)]
    characters = sum(map(len, prose))
    opening = (metadata.title + "\n" + text[:400]).lower()
    if characters < REFUSAL_CHARACTERS and any(phrase in opening for phrase in _refusals()):
        return False
    if metadata.is_article:
        return characters >= DECLARED_ARTICLE_CHARACTERS
    if characters < ARTICLE_CHARACTERS or len(prose) < 2:
        return False
    # A section front: headlines that link elsewhere stand between the lines that were extracted.
    headlines = sum(link.in_heading and link.words >= 4 and 0 <= link.position <= 1 for link in links)
    return headlines < 5 or headlines * 2 < len(prose)
