"""The elements above a page's links: what many links have in common there, worked out once."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ANCESTORS = 12
"""How many elements above a link are looked at."""

NEAR = 4
"""Elements above a link whose names count as near."""

MAX_BLOCK_CHARACTERS = 2_000
"""How much of a block's text is looked at."""

GROUP_LINKS = 4
"""Links that make an element a group of links."""

KEY_CHARACTERS = 40
"""Characters by which the text of an element is matched with a line of the main text."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_BLOCKS = frozenset(
    "p li td th h1 h2 h3 h4 h5 h6 blockquote figcaption dd dt div section article aside nav header footer main".split()  # noqa: SIM905
)
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
_NAME_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LOWER_PARTS = re.compile(r"[a-z]{3,}")
"""What `_NAME_PARTS` finds of three letters and more where there are no capitals, as in most names."""

Names = tuple[str, ...]
"""An element's tag, the words of its class and id, its role."""


def names_of(element: HtmlElement, tag: str) -> Names:
    """An element's names."""
    asked = element.get
    return _names(tag, asked("class", "")[:300], asked("id", "")[:100], asked("role"))


@lru_cache(4_096)
def _names(tag: str, classes: str, identifier: str, role: str | None) -> Names:
    written = f"{classes} {identifier}"
    if written == written.lower():
        parts = _LOWER_PARTS.findall(written)
    else:
        parts = [part.lower() for part in _NAME_PARTS.findall(written) if len(part) > 2]
    return (tag, *parts[:16], *(("role-" + role[:20],) if role else ()))


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
    return folded(text[: 4 * KEY_CHARACTERS])[:KEY_CHARACTERS]


class Above(NamedTuple):
    """What stands above a link.

    Attributes:
        near: names of the link itself and of the `NEAR` elements above it.
        far: names of the elements above those.
        navigation: whether any of it says so.
        in_heading: whether one of the first three elements above is a heading.
    """

    near: Names
    far: Names
    navigation: bool
    in_heading: bool


class Way:
    """The names of the elements from a link up: one for all elements that are called alike, above them too."""

    __slots__ = ("_above", "_around", "_below", "_names")

    def __init__(self, names: tuple[Names, ...] = ()) -> None:
        self._names = names
        self._below: dict[Names, Way] = {}
        self._above: dict[Names, Above] = {}
        self._around: Above | None = None

    def below(self, names: Names) -> Way:
        """The way of an element with these names that stands in one of this way."""
        way = self._below.get(names)
        if way is None:
            way = self._below[names] = Way((names, *self._names[: ANCESTORS - 1]))
        return way

    def above(self, link: Names) -> Above:
        """What stands above a link with these names."""
        known = self._above.get(link)
        if known is None:
            near, far, navigation, in_heading = self._around or self._look_around()
            navigation = navigation or not _NAVIGATION_NAMES.isdisjoint(link)
            known = self._above[link] = Above(link + near, far, navigation, in_heading)
        return known

    def _look_around(self) -> Above:
        """What all links of this way have above them."""
        near = tuple(chain.from_iterable(self._names[:NEAR]))
        tags = [names[0] for names in self._names]
        self._around = around = Above(
            near,
            tuple(chain.from_iterable(self._names[NEAR:])),
            not (_NAVIGATION_TAGS.isdisjoint(tags) and _NAVIGATION_NAMES.isdisjoint(near)),
            not HEADINGS.isdisjoint(tags[:3]),
        )
        return around


class Box:
    """An element above links.

    Attributes:
        way: what it and the elements above it are called.
        links, characters: links in it, and characters of their texts, less those too deep in it (`ANCESTORS`).
    """

    __slots__ = ("_around", "_element", "_is_block", "_key", "_parent", "_text", "characters", "links", "way")

    def __init__(self, element: HtmlElement, tag: str, parent: Box | None, top: Way) -> None:
        self._element = element
        self._parent = parent
        above, self._around = (top, None) if parent is None else (parent.way, parent.block)
        self.way: Way = above.below(names_of(element, tag))
        self._is_block = tag in _BLOCKS
        self.links = self.characters = 0
        self._text: str | None = None
        self._key: str | None = None

    @property
    def block(self) -> Box | None:
        """The block of text it stands in, or is; None outside all blocks. A box does not keep itself: the whole tree
        would wait for the collector of cycles.
        """
        return self if self._is_block else self._around

    def count(self, characters: int) -> None:
        """Count a link of so many characters that stands in this element."""
        box: Box | None = self
        for _ in range(ANCESTORS):
            if box is None:
                return
            box.links += 1
            box.characters += characters
            box = box._parent

    def group(self) -> Box | None:
        """The smallest element here that holds `GROUP_LINKS` links; asked once all are counted."""
        box: Box | None = self
        for _ in range(ANCESTORS):
            if box is None or box.links >= GROUP_LINKS:
                return box
            box = box._parent
        return None

    def text(self) -> str:
        """The beginning of the element's text, blanks folded."""
        if self._text is None:
            self._text = folded(beginning(self._element, MAX_BLOCK_CHARACTERS))
        return self._text

    def key(self) -> str:
        """What the element's text is matched with a line of the main text by."""
        if self._key is None:
            self._key = text_key(self.text())
        return self._key


class Boxes:
    """The boxes of a page, each made when a link in it is met."""

    def __init__(self) -> None:
        self._made: dict[HtmlElement, Box] = {}
        self.top = Way()

    def of(self, element: HtmlElement | None) -> Box | None:
        """The box of an element; None for the page's own `body` and `html`, which hold everything."""
        made = self._made
        box = made.get(element)
        waiting = []
        while box is None and element is not None:
            tag = element.tag
            if tag == "body" or tag == "html":
                break
            waiting.append((element, tag))
            element = element.getparent()
            box = made.get(element)
        for missing, tag in reversed(waiting):
            box = made[missing] = Box(missing, tag, box, self.top)
        return box
