"""Giant tags of a page: the compiled search finds what the described one finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import kernel
from scorer.page import MAX_ATTRIBUTE_CHARACTERS, _giant_tags

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")

LONG = MAX_ATTRIBUTE_CHARACTERS
PIECES = (
    *("<a", "<A:b-9", "<p>", "</p>", "<", ">", "=", "'", '"', '="', "='", '=\t\n"', "=\xa0'", "=\x1c'", " x"),
    *("<script", "<STYLE>", "<styles", "<scripts>", "</script>", "</ſtyle>", "</Style", "</", "<\u212a", "<é", "a<b"),
    *("<" + "n" * 31, "<" + "n" * 40, "[", "{", "@", "`", "\0", "漢", "\U0001f600", "ÿ"),
    *("y" * (LONG - 4), "z " * (LONG // 2 - 1), '="' + "v" * LONG + '"', "='>" + "v" * LONG + "'"),
)
PAGES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=40).map("".join)


@given(PAGES)
def test_the_kernel_finds_the_same_tags(html: str) -> None:
    assert kernel.native.giant_tags(html, LONG) == _giant_tags(html)


@pytest.mark.parametrize("length", range(LONG - 3, LONG + 3))
def test_the_limit_is_one_and_the_same(length: int) -> None:
    html = "<p>é<img " + "x" * length + ' alt="' + "v" * 9 + '"><p>'
    assert (
        kernel.native.giant_tags(html, LONG)
        == _giant_tags(html)
        == ([] if length <= LONG - 9 else [(8, len(html) - 4)])
    )


@pytest.mark.parametrize("given", [(), ("<p>",), (b"<p>", 1), ("<p>", "1"), (None, 1)])
def test_nothing_else_is_taken(given: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        kernel.native.giant_tags(*given)
