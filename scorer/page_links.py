"""The links of a page: text, target, and where each stands, told in the numbers that `links` learns from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement  # type: ignore[import-untyped]

MAX_LINKS = 2_000
"""Links read a page; later ones are ignored (the labelled pages have 60 to 700)."""

MAX_LINK_CHARACTERS = 1_000
"""A link's text is cut to this length."""

MAX_BLOCK_CHARACTERS = 2_000
"""How much of a block's text is looked at."""

MAX_ELEMENTS = 100_000
"""Elements looked at a page."""

MAX_FRAMES = 200
"""Embedded addresses kept a page."""

ANCESTORS = 12
"""How many elements above a link are looked at."""

NEAR = 4
"""Elements above a link whose names count as near."""

_BLANKS = re.compile(r"\s+")
_NAME_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_BLOCKS = frozenset(
    "p li td th h1 h2 h3 h4 h5 h6 blockquote figcaption dd dt div section article aside nav header footer main".split()  # noqa: SIM905
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAVIGATION_TAGS = frozenset(("nav", "header", "footer", "form"))
_NAVIGATION_NAMES = frozenset(
    (
        "nav",
        "navbar",
        "navigation",
        "menu",
        "footer",
        "header",
        "breadcrumb",
        "breadcrumbs",
        "toolbar",
        "masthead",
        "topbar",
    )
)
_MAIN_TAGS = frozenset(("p", "li", "blockquote", "h2", "h3"))
_KEY_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page and its surroundings.

    Attributes:
        text: what is written on it, blanks folded.
        href: its target as written.
        place: `body` (inside a paragraph of the main text), `around` or `navigation`.
        near, far: tag names and the words of class and id attributes of the elements above it (near: the link itself
            and the next `NEAR`).
        heading: the last heading before it that is no link itself.
        in_heading: whether it stands in a heading element.
        has_image: whether it holds an image.
        words: number of words of the text.
        block_characters: length of the text of the block it stands in.
        block_links: links in that block.
        group_links, group_characters: links and characters of link text in the smallest element above it that holds at
            least four links.
        position: where it stands in the page, as a share of its elements: below 0 before the main text, 0 to 1 in it,
            above 1 behind it.
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


def beginning(element: HtmlElement, characters: int) -> str:
    """The first characters of an element's text; work is bounded by them, not by the size of the element."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length >= characters or len(pieces) >= characters:
            break
    return "".join(pieces)[:characters]


def text_key(text: str) -> str:
    """The beginning of a text, blanks folded, by which an element is matched with a line of the main text."""
    return _BLANKS.sub(" ", text[: 4 * _KEY_CHARACTERS]).strip()[:_KEY_CHARACTERS]


def main_blocks(tree: HtmlElement, text: str) -> frozenset[str]:
    """Keys of the lines of the main text that are long enough to be recognised in the tree."""
    return frozenset(key for line in text.split("\n") if len(key := text_key(line.lstrip("-•* "))) >= 25)


class _Elements:
    """Per-element facts that many links share, each worked out once."""

    def __init__(self) -> None:
        self.names: dict[HtmlElement, tuple[str, ...]] = {}
        self.links: dict[HtmlElement, int] = {}
        self.characters: dict[HtmlElement, int] = {}
        self.texts: dict[HtmlElement, str] = {}  # cut to MAX_BLOCK_CHARACTERS: nested blocks hold each other's text

    def names_of(self, element: HtmlElement) -> tuple[str, ...]:
        found = self.names.get(element)
        if found is None:
            words = [element.tag]
            label = (element.get("class") or "")[:300] + " " + (element.get("id") or "")[:100]
            words += [part.lower() for part in _NAME_PARTS.findall(label) if len(part) > 2][:16]
            role = element.get("role")
            if role:
                words.append("role-" + role[:20])
            found = self.names[element] = tuple(words)
        return found

    def text_of(self, element: HtmlElement) -> str:
        found = self.texts.get(element)
        if found is None:
            found = self.texts[element] = beginning(element, MAX_BLOCK_CHARACTERS)
        return found


def collect_links(tree: HtmlElement, blocks: frozenset[str]) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """All links with a text, in document order, and the addresses of embedded frames and scripts.

    `blocks`: keys of the main text's lines (`main_blocks`). Linear in the number of elements.
    """
    elements = _Elements()
    found: list[tuple[HtmlElement, list[HtmlElement], int, str]] = []
    frames: list[str] = []
    heading = ""
    first_main = last_main = -1
    number = 0
    for number, element in enumerate(tree.iter()):
        tag = element.tag
        if number >= MAX_ELEMENTS:
            break
        if tag == "a":
            if element.get("href") is not None and len(found) < MAX_LINKS:
                above = _ancestors(element)
                found.append((element, above, number, heading))
        elif tag in _HEADINGS:
            if next(element.iter("a"), None) is None:
                heading = _BLANKS.sub(" ", beginning(element, 200)).strip()
        elif tag in ("iframe", "script", "ins"):
            address = element.get("src") or element.get("data-src") or ""
            if address and len(frames) < MAX_FRAMES:
                frames.append(address[:500])
        if tag in _MAIN_TAGS and text_key(beginning(element, 4 * _KEY_CHARACTERS)) in blocks:
            first_main = number if first_main < 0 else first_main
            last_main = number
    total = max(1, number + 1)
    texts = []
    for element, above, _, _ in found:
        text = _BLANKS.sub(" ", beginning(element, MAX_LINK_CHARACTERS)).strip()
        texts.append(text)
        if text:
            for ancestor in above:
                elements.links[ancestor] = elements.links.get(ancestor, 0) + 1
                elements.characters[ancestor] = elements.characters.get(ancestor, 0) + len(text)
    links = []
    for index, ((element, above, at, heading), text) in enumerate(zip(found, texts, strict=True)):
        if text:
            position = _position(at, first_main, last_main, total)
            links.append(_link(element, above, text, heading, position, index / len(found), elements, blocks))
    return tuple(links), tuple(frames)


def _ancestors(element: HtmlElement) -> list[HtmlElement]:
    above = []
    parent = element.getparent()
    while parent is not None and len(above) < ANCESTORS and parent.tag not in ("body", "html"):
        above.append(parent)
        parent = parent.getparent()
    return above


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
    above: Sequence[HtmlElement],
    text: str,
    heading: str,
    position: float,
    order: float,
    elements: _Elements,
    blocks: frozenset[str],
) -> Link:
    href = (element.get("href") or "").strip()[:2_000]
    near: list[str] = list(elements.names_of(element))
    far: list[str] = []
    for level, ancestor in enumerate(above):
        (near if level < NEAR else far).extend(elements.names_of(ancestor))
    block = next((a for a in above if a.tag in _BLOCKS), None)
    group = next((a for a in above if elements.links[a] >= 4), None)
    block_text = _BLANKS.sub(" ", elements.text_of(block)).strip() if block is not None else text
    inside = text_key(block_text) in blocks and len(block_text) > len(text) + 20
    is_navigation = any(a.tag in _NAVIGATION_TAGS for a in above) or not _NAVIGATION_NAMES.isdisjoint(near)
    lowered = text.lower()
    return Link(
        text=text,
        href=href,
        place="body" if inside else "navigation" if is_navigation else "around",
        near=tuple(near),
        far=tuple(far),
        heading=heading,
        in_heading=any(a.tag in _HEADINGS for a in above[:3]) or any(child.tag in _HEADINGS for child in element),
        has_image=element.find(".//img") is not None,
        words=len(_WORD.findall(text)),
        block_characters=len(block_text),
        block_links=elements.links.get(block, 1) if block is not None else 1,
        group_links=elements.links[group] if group is not None else 1,
        group_characters=elements.characters[group] if group is not None else len(text),
        position=position,
        order=order,
        contact=lowered in _contact_texts() or href[:7].lower() == "mailto:",
    )
