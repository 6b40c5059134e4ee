"""What stands above a page's links."""

from __future__ import annotations

import gc

from scorer.page import parse, read_page
from scorer.page_boxes import ANCESTORS, GROUP_LINKS, NEAR, Box, Boxes, names_of


def boxed(html: str) -> tuple[Boxes, list]:  # type: ignore[type-arg]
    """The boxes of all links of a page, each link counted."""
    tree = parse(html)
    assert tree is not None
    boxes = Boxes()
    found = [boxes.of(link.getparent()) for link in tree.iter("a")]
    for box in found:
        assert box is not None
        box.count(5)
    return boxes, found


def test_links_of_one_list_share_what_stands_above_them() -> None:
    boxes, found = boxed(
        '<body><nav class="topMenu"><ul id="main-list">'
        + '<li class="entry"><a href="/a">One</a></li>' * 5
        + "</ul></nav>"
    )
    ways = {id(box.way) for box in found}
    assert len(ways) == 1
    above = found[0].way.above(("a",))
    assert above.near == ("a", "li", "entry", "ul", "main", "list", "nav", "top", "menu")
    assert above.far == ()
    assert above.navigation
    assert not above.in_heading
    assert found[0].group().links == 5
    assert found[0].block is found[0]
    assert boxes.top.above(("a",)).near == ("a",)


def test_only_so_many_elements_above_a_link_count() -> None:
    depth = ANCESTORS + 3
    _, found = boxed(
        "<body>" + "".join(f'<div class="level{chr(97 + i)}">' for i in range(depth)) + "<a href=x>x</a>" * 4
    )
    above = found[0].way.above(("a",))
    assert len([name for name in above.near if name == "div"]) == NEAR
    assert len([name for name in above.near + above.far if name == "div"]) == ANCESTORS
    outermost = found[0]
    for _ in range(depth - 1):
        outermost = outermost._parent
    assert outermost.links == 0
    assert found[0].links == GROUP_LINKS


def test_names_are_parted_at_capitals_and_marks() -> None:
    tree = parse('<body><div class="relatedPosts js-x BBC_news" id="a1-sideBar" role="list">x</div>')
    assert tree is not None
    div = next(tree.iter("div"))
    assert names_of(div, "div") == ("div", "related", "posts", "bbc", "news", "side", "bar", "role-list")


def test_a_page_is_freed_at_once_when_it_has_been_read() -> None:
    gc.collect()
    gc.disable()
    try:
        read_page("<body><div><p>One <a href=/a>link</a> in a paragraph</p></div>")
        assert not [thing for thing in gc.get_objects() if isinstance(thing, Box)]
    finally:
        gc.enable()
