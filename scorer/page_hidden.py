"""Text that a page's style hides from people: taken out before the main text is read, so that it moves no score."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

MAX_HIDDEN_ELEMENTS = 1_000
"""Elements with a hiding style that are looked at."""

MAX_STYLE_CHARACTERS = 200_000
"""How much of a page's style sheets is read."""

HIDDEN_SHARE = 0.5
"""An element that holds more of the page's text than this is no hiding place: pages fade their articles in."""

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0+(?:px|em|rem|pt|%)?\s*(?:!|;|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3}",
    re.IGNORECASE,
)
# The same for style sheets, which are long: the value is sought behind a colon and a name's last letter, then the name.
_HIDING_VALUE = re.compile(
    rb":(?:(?<=[y\s]:)\s*(?:(none)|(hidden)|(0+%?\s*[!;}]))"
    rb"|(?<=[e\s]:)\s*(0+(?:px|em|rem|pt|%)?\s*[!;}])|(?<=[pt\s]:)\s*(-\d{3}))"
)
_HIDING_NAMES = (b"display", b"visibility", (b"opacity", b"font-size"), b"font-size", (b"left", b"top", b"text-indent"))
"""What each of these values hides by."""
_BEFORE = 111
"""Characters before a colon that are looked at: the longest name and a hundred blanks."""

_CLASS = re.compile(r"[a-z]{0,10}\.([A-Za-z_][\w-]{0,60})")
_KEPT_TAGS = frozenset(("html", "body", "main", "article", "head", "template", "noscript", "script", "style"))


def drop_hidden(tree: HtmlElement) -> int:
    """Remove elements that hold text alone (no links) and that the `hidden` attribute, their own style or a class of
    the page's style sheet hides everywhere; returns how many characters went. Linear in the page's length.
    """
    suspects = list(_suspects(tree, _hidden_classes(tree)))
    if not suspects:
        return 0
    total = _characters(tree)
    spent = dropped = 0
    for element in suspects:
        if spent > total or element.getparent() is None:
            continue  # as much was read as the page is long: what is left stays
        length = _characters(element)
        spent += length
        if 0 < length <= HIDDEN_SHARE * total and _has_no_link(element):
            dropped += length
            element.drop_tree()
    return dropped


def _has_no_link(element: HtmlElement) -> bool:
    """Whether no link is in the element or around it: what links say is read apart."""
    return next(element.iter("a"), None) is None and next(element.iterancestors("a"), None) is None


def _characters(element: HtmlElement) -> int:
    return len(element.text_content().strip())


def _suspects(tree: HtmlElement, classes: frozenset[str]) -> Iterator[HtmlElement]:
    by_class: dict[str | None, bool] = {None: False}
    found = 0
    for element in tree.iter("*"):  # quicker than a path that asks every element for its attributes
        name = element.get("class") if classes else None
        hidden = by_class.get(name)
        if hidden is None:
            hidden = by_class[name] = not classes.isdisjoint((name or "")[:500].split())
        if not hidden:
            style = element.get("style")
            hidden = (style is not None and _HIDING.search(style[:500]) is not None) or element.get(
                "hidden"
            ) is not None
        if hidden and element.tag not in _KEPT_TAGS:
            found += 1
            if found > MAX_HIDDEN_ELEMENTS:
                return
            yield element


def _hidden_classes(tree: HtmlElement) -> frozenset[str]:
    """Classes that a rule outside any condition (`@media` and the like) hides."""
    hidden: set[str] = set()
    left = MAX_STYLE_CHARACTERS
    for style in tree.iter("style"):
        sheet = (style.text or "")[:left]
        left -= len(sheet)
        for selector in _hiding_selectors(sheet):
            whole = (_CLASS.fullmatch(one.strip()) for one in selector.split(",")[:50])
            hidden.update(match.group(1) for match in whole if match is not None)
    return frozenset(hidden)


def _hiding_selectors(sheet: str) -> Iterator[str]:
    """Selectors of the rules that hide, outside any condition. Only what stands before a hiding property is read."""
    data = sheet.encode("utf-8", "replace")
    lowered = data.lower()  # of bytes: only ASCII changes, so that places stay the same
    depth = read = done = 0
    for at in _hiding_places(lowered):
        if at < done:
            continue
        opened, closed = data.rfind(b"{", read, at), data.find(b"}", at)
        if closed < 0:
            return
        done = closed
        if opened < 0:
            continue
        before = data[read:opened]
        depth = max(0, depth + before.count(b"{") - before.count(b"}"))
        if depth == 0 and b"}" not in data[opened:at] and b"{" not in data[at:closed]:
            yield before[max(before.rfind(b"{"), before.rfind(b"}")) + 1 :].decode("utf-8", "replace")
        read = opened


def _hiding_places(sheet: bytes) -> Iterator[int]:
    """Where the colons of hiding properties stand in a style sheet in lower case."""
    for value in _HIDING_VALUE.finditer(sheet):
        at = value.start()
        before = sheet[max(0, at - _BEFORE) : at].rstrip()
        if before.endswith(_HIDING_NAMES[(value.lastindex or 1) - 1]):
            yield at
