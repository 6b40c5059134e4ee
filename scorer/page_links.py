"""The links of a page: text, target, and where each stands, told in the numbers that `links` learns from."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from scorer.page_boxes import HEADINGS, KEY_CHARACTERS, Box, Boxes, Way, beginning, folded, names_of, text_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

MAX_LINKS = 2_000
"""Links read a page; later ones are ignored (the labelled pages have 17 to 403)."""

MAX_LINK_CHARACTERS = 1_000
"""A link's text is cut to this length."""

MAX_ELEMENTS = 50_000
"""Elements looked at a page."""

MAX_FRAMES = 200
"""Embedded addresses kept a page."""

MIN_KEY_CHARACTERS = 25
"""A line of the main text with a shorter beginning is not sought in the tree: others may begin alike."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_MAIN_TAGS = frozenset(("p", "li", "blockquote", "h2", "h3"))
_FRAMES = frozenset(("iframe", "script", "ins"))
_LOOKED_AT = ("a", "p", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "script", "ins", "div")


class Link(NamedTuple):
    """A link of a page and its surroundings.

    Attributes:
        text: what is written on it, blanks folded.
        href: its target as written.
        place: `body` (inside a paragraph of the main text), `around` or `navigation`.
        near, far: tag names and the words of class and id attributes of the elements above it (near: the link itself
            and the next four).
        heading: the last heading before it that is no link itself.
        in_heading: whether it stands in a heading element.
        has_image: whether it holds an image.
        words: number of words of the text.
        block_characters: length of the text of the block it stands in.
        block_links: links in that block.
        group_links, group_characters: links and characters of link text in the smallest element above it that holds at
            least four links.
        position: where it stands in the page, as a share of its links and blocks: below 0 before the main text, 0 to 1
            in it, above 1 behind it.
        order: its number in document order, as a share of all links.
        contact: whether it leads to a contact, imprint, masthead or about page, or is a mail address.
    """

    text: str
    href: str
    place: str
    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    heading: str = ""
    in_heading: bool = False
    has_image: bool = False
    words: int = 0
    block_characters: int = 0
    block_links: int = 0
    group_links: int = 0
    group_characters: int = 0
    position: float = 0.0
    order: float = 0.0
    contact: bool = False


@cache
def _contact_texts() -> frozenset[str]:
    table = json.loads((resources.files("scorer") / "page.json").read_text(encoding="utf-8"))
    return frozenset(table["contact"])


def main_blocks(tree: HtmlElement, text: str) -> frozenset[str]:
    """Keys of the lines of the main text that are long enough to be recognised in the tree."""
    keys = (text_key(line.lstrip("-•* ")) for line in text.split("\n"))
    return frozenset(key for key in keys if len(key) >= MIN_KEY_CHARACTERS)


def collect_links(tree: HtmlElement, blocks: frozenset[str]) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """All links with a text, in document order, and the addresses of embedded frames and scripts.

    `blocks`: keys of the main text's lines (`main_blocks`). Linear in the number of elements.
    """
    boxes = Boxes()
    found: list[tuple[HtmlElement, str, Box | None, int, str]] = []
    frames: list[str] = []
    heading = ""
    paragraphs: list[tuple[int, HtmlElement]] = []
    number = 0
    for number, element in enumerate(tree.iter(*_LOOKED_AT)):
        if number >= MAX_ELEMENTS:
            break
        tag = element.tag
        if tag == "a":
            if element.get("href") is not None and len(found) < MAX_LINKS:
                text = folded(beginning(element, MAX_LINK_CHARACTERS))
                if not text:
                    continue
                box = boxes.of(element.getparent())
                if box is not None:
                    box.count(len(text))
                found.append((element, text, box, number, heading))
        elif tag in HEADINGS:
            if next(element.iter("a"), None) is None:
                heading = folded(beginning(element, 200))
        elif tag in _FRAMES:
            address = element.get("src") or element.get("data-src") or ""
            if address and len(frames) < MAX_FRAMES:
                frames.append(address[:500])
        if tag in _MAIN_TAGS:
            paragraphs.append((number, element))
    first_main = _first_of(paragraphs, blocks)
    last_main = _first_of(reversed(paragraphs), blocks) if first_main >= 0 else -1
    links = []
    for index, (element, text, box, at, above_heading) in enumerate(found):
        position = _position(at, first_main, last_main, number + 1)
        way = boxes.top if box is None else box.way
        links.append(_link(element, text, box, way, above_heading, position, index / len(found), blocks))
    return tuple(links), tuple(frames)


def _first_of(paragraphs: Iterable[tuple[int, HtmlElement]], blocks: frozenset[str]) -> int:
    """Number of the first of these elements that the main text holds; -1 where it holds none."""
    if not blocks:
        return -1
    for at, element in paragraphs:
        text = beginning(element, 4 * KEY_CHARACTERS)
        if len(text) >= MIN_KEY_CHARACTERS and text_key(text) in blocks:
            return at
    return -1


def _position(at: int, first_main: int, last_main: int, total: int) -> float:
    if first_main < 0:
        return at / total
    if at < first_main:
        return (at - first_main) / max(1, first_main)
    if at > last_main:
        return 1.0 + (at - last_main) / max(1, total - last_main)
    return (at - first_main) / max(1, last_main - first_main)


def _link(
    element: HtmlElement,
    text: str,
    box: Box | None,
    way: Way,
    heading: str,
    position: float,
    order: float,
    blocks: frozenset[str],
) -> Link:
    href = (element.get("href") or "").strip()[:2_000]
    above = way.above(names_of(element, "a"))
    block, group = (None, None) if box is None else (box.block, box.group())
    block_characters = len(text) if block is None else len(block.text())
    inside = block is not None and block_characters > len(text) + 20 and block.key() in blocks
    in_heading = above.in_heading
    has_image = False
    if len(element):
        tags = {child.tag for child in islice(element.iter(), 40)}
        in_heading = in_heading or not HEADINGS.isdisjoint(tags)
        has_image = "img" in tags
    return Link(
        text,
        href,
        "body" if inside else "navigation" if above.navigation else "around",
        above.near,
        above.far,
        heading,
        in_heading,
        has_image,
        len(_WORD.findall(text)),
        block_characters,
        1 if block is None else block.links,
        1 if group is None else group.links,
        len(text) if group is None else group.characters,
        position,
        order,
        text.lower() in _contact_texts() or href[:7].lower() == "mailto:",
    )
