"""Findings as marks in a text: nothing lost, nothing hidden by another, nothing alive."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from api.found import Part, findings
from api.marks import Mark, lines, marks_of, paragraphs


def mark(start: int, end: int, style: str, why: str = "", badges: tuple[str, ...] = ()) -> Mark:
    return Mark(Part(start, end, style, why), f"{style}:{start}:{end}", badges)


class Words(HTMLParser):
    """The words of HTML that are the article's own, badges left out."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.badge, self.tags = "", False, set()
        self.feed(str(html))  # Markup would escape what is added to it
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.badge = tag == "span"

    def handle_endtag(self, tag: str) -> None:
        self.badge = False

    def handle_data(self, data: str) -> None:
        self.words += "" if self.badge else data


def test_findings_that_overlap_are_all_told() -> None:
    text = "One two three.\n\nFour five\nsix seven."
    marks = [mark(0, 7, "source", "a"), mark(4, 20, "content", "b"), mark(4, 7, "figure", "c", ("sourced",))]
    cut = lines(text, marks)
    assert ["".join(segment.text for segment in line) for line in cut] == ["One two three.", "Four five", "six seven."]
    assert [badge for line in cut for segment in line for badge in segment.badges] == ["sourced"]
    both = next(segment for segment in cut[0] if segment.text == "two")
    assert both.styles == ["source", "content", "figure"]
    assert [why for _, why in both.why] == ["a", "b", "c"]


@given(
    st.text("ab \n<&\"'\u05d0", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)
)
def test_every_character_stands_on_the_page_once(text: str, places: list[tuple[int, int]]) -> None:
    styles = ("source", "content", "figure", "hedge", "teaser", "altered")
    marks = [mark(a, b, style) for (a, b), style in zip(places, styles, strict=False)]
    told = "".join(Words(line).words for line in paragraphs(text, marks))
    assert re.sub(r"\s", "", told) == re.sub(r"\s", "", text)


def test_a_hostile_article_is_text() -> None:
    hostile = "</mark></p><script>alert(1)</script><img src=x onerror=alert(2)> said \"onfocus='alert(3)'"
    html = Markup("").join(paragraphs(hostile, [mark(0, len(hostile), "content", hostile), mark(4, 20, "teaser")]))
    assert Words(html).tags <= {"mark", "s", "span"}
    assert Words(html).words == hostile


def test_a_mark_begins_where_its_finding_does() -> None:
    span: dict[str, Any] = {
        "start": 0, "end": 22, "kind": "attribution", "source": [11, 17], "cue": [18, 22], "content": [[0, 9]],
        "source_kind": "named", "resolved": "Anna Holm",
    }  # fmt: skip
    found = findings([{"name": "attribution", "spans": [span]}], 'It broke", Mr Holm said', None)
    assert found[0].anchor == "m0"
    begins = [placed.begins for placed in marks_of(found)]
    assert sorted(begins) == [False, False, True]
    assert found[0].why == "the source is a named person: Anna Holm"
