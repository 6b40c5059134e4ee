"""The links of a page: text, target, and where each stands, told in the numbers that `links` learns from."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib import resources
from itertools import chain as joining
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

MAX_LINKS = 2_000
"""Links read a page; later ones are ignored (the labelled pages have 17 to 403)."""

MAX_LINK_CHARACTERS = 1_000
"""A link's text is cut to this length."""

MAX_BLOCK_CHARACTERS = 2_000
"""How much of a block's text is looked at."""

MAX_ELEMENTS = 50_000
"""Elements looked at a page."""

MAX_FRAMES = 200
"""Embedded addresses kept a page."""

ANCESTORS = 12
"""How many elements above a link are looked at."""

NEAR = 4
"""Elements above a link whose names count as near."""

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
_FRAMES = frozenset(("iframe", "script", "ins"))
_LOOKED_AT = ("a", "p", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "script", "ins", "div")
_KEY_CHARACTERS = 40


class Link(NamedTuple):
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


def beginning(element: HtmlElement, characters: int) -> str:
    """The first characters of an element's text; work is bounded by them, not by the size of the element."""
    own = element.text or ""
    children = 0 if len(own) >= characters else len(element)
    if children == 1:  # a link in an item, a span in a link: half of all elements that are not text alone
        child = element[0]
        if not len(child):
            return (own + (child.text or "") + (child.tail or ""))[:characters]
    elif not children:
        return own[:characters]
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length >= characters or len(pieces) >= characters:
            break
    return "".join(pieces)[:characters]


def folded(text: str) -> str:
    """A text with one space for every run of blanks, none at its ends."""
    return " ".join(text.split())


def text_key(text: str) -> str:
    """The beginning of a text, blanks folded, by which an element is matched with a line of the main text."""
    return folded(text[: 4 * _KEY_CHARACTERS])[:_KEY_CHARACTERS]


def main_blocks(tree: HtmlElement, text: str) -> frozenset[str]:
    """Keys of the lines of the main text that are long enough to be recognised in the tree."""
    return frozenset(key for line in text.split("\n") if len(key := text_key(line.lstrip("-•* "))) >= 25)


class _Above(NamedTuple):
    """What stands above a link: the same for all links of one element."""

    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    block: _Box | None = None
    group: _Box | None = None
    navigation: bool = False
    in_heading: bool = False


_NOTHING_ABOVE = _Above()


class _Box:
    """An element above links: what many links share, worked out once."""

    __slots__ = ("above", "block", "chain", "characters", "element", "links", "names", "tag", "text")

    def __init__(self, element: HtmlElement, parent: _Box | None) -> None:
        self.element = element
        self.tag: str = element.tag
        self.names = names_of(element, self.tag)
        self.block: _Box | None = self if self.tag in _BLOCKS else parent.block if parent is not None else None
        self.chain: tuple[_Box, ...] = (self, *parent.chain[: ANCESTORS - 1]) if parent is not None else (self,)
        self.links = 0
        self.characters = 0
        self.text: str | None = None
        self.above: _Above | None = None

    def seen_above(self) -> _Above:
        """What a link in this element has above it; asked once all links are counted."""
        if self.above is None:
            chain = self.chain
            names = [box.names for box in chain]
            tags = [box.tag for box in chain]
            self.above = _Above(
                near=tuple(joining.from_iterable(names[:NEAR])),
                far=tuple(joining.from_iterable(names[NEAR:])),
                block=self.block,
                group=next((box for box in chain if box.links >= 4), None),
                navigation=not _NAVIGATION_TAGS.isdisjoint(tags),
                in_heading=not _HEADINGS.isdisjoint(tags[:3]),
            )
        return self.above

    def block_text(self) -> str:
        """The beginning of the element's text, blanks folded."""
        if self.text is None:
            self.text = folded(beginning(self.element, MAX_BLOCK_CHARACTERS))
        return self.text


def names_of(element: HtmlElement, tag: str) -> tuple[str, ...]:
    """An element's tag, the words of its class and id, its role."""
    return _names(tag, (element.get("class") or "")[:300], (element.get("id") or "")[:100], element.get("role"))


@lru_cache(4_096)
def _names(tag: str, classes: str, identifier: str, role: str | None) -> tuple[str, ...]:
    parts = [part.lower() for part in _NAME_PARTS.findall(f"{classes} {identifier}") if len(part) > 2]
    return (tag, *parts[:16], *(("role-" + role[:20],) if role else ()))


def _box_of(element: HtmlElement, boxes: dict[HtmlElement, _Box]) -> _Box | None:
    """The box of an element, those above it made first; None for the page's own `body` and `html`."""
    waiting = []
    box: _Box | None = None
    while element is not None and element.tag not in ("body", "html"):
        box = boxes.get(element)
        if box is not None:
            break
        waiting.append(element)
        element = element.getparent()
    for missing in reversed(waiting):
        box = boxes[missing] = _Box(missing, box)
    return box


def collect_links(tree: HtmlElement, blocks: frozenset[str]) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """All links with a text, in document order, and the addresses of embedded frames and scripts.

    `blocks`: keys of the main text's lines (`main_blocks`). Linear in the number of elements.
    """
    boxes: dict[HtmlElement, _Box] = {}
    found: list[tuple[HtmlElement, str, _Box | None, int, str]] = []
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
                box = _box_of(element.getparent(), boxes)
                for above in box.chain if box is not None else ():
                    above.links += 1
                    above.characters += len(text)
                found.append((element, text, box, number, heading))
        elif tag in _HEADINGS:
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
        over = box.seen_above() if box is not None else _NOTHING_ABOVE
        links.append(_link(element, text, over, above_heading, position, index / len(found), blocks))
    return tuple(links), tuple(frames)


def _first_of(paragraphs: Iterable[tuple[int, HtmlElement]], blocks: frozenset[str]) -> int:
    """Number of the first of these elements that the main text holds; -1 where it holds none."""
    if not blocks:
        return -1
    held = (at for at, element in paragraphs if text_key(beginning(element, 4 * _KEY_CHARACTERS)) in blocks)
    return next(held, -1)


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
    above: _Above,
    heading: str,
    position: float,
    order: float,
    blocks: frozenset[str],
) -> Link:
    href = (element.get("href") or "").strip()[:2_000]
    near = names_of(element, "a") + above.near
    block, group = above.block, above.group
    block_text = block.block_text() if block is not None else text
    inside = len(block_text) > len(text) + 20 and text_key(block_text) in blocks
    is_navigation = above.navigation or not _NAVIGATION_NAMES.isdisjoint(near)
    in_heading = above.in_heading
    has_image = False
    if len(element):
        tags = {child.tag for child in islice(element.iter(), 40)}
        in_heading = in_heading or not _HEADINGS.isdisjoint(tags)
        has_image = "img" in tags
    return Link(
        text=text,
        href=href,
        place="body" if inside else "navigation" if is_navigation else "around",
        near=near,
        far=above.far,
        heading=heading,
        in_heading=in_heading,
        has_image=has_image,
        words=len(_WORD.findall(text)),
        block_characters=len(block_text),
        block_links=block.links if block is not None else 1,
        group_links=group.links if group is not None else 1,
        group_characters=group.characters if group is not None else len(text),
        position=position,
        order=order,
        contact=text.lower() in _contact_texts() or href[:7].lower() == "mailto:",
    )
