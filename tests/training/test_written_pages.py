"""The pages written for this project read like pages, and their labels find their links."""

from __future__ import annotations

from collections import Counter

import pytest

from scorer.article import Article
from scorer.document import read_document
from scorer.store import find
from training.lexicon import load_reader
from training.links import normal_text, page_address
from training.written_pages import capitalised, read_pages, written_rows

SMALL = """\
= lake | example.example | plain | as written
T Lake level falls
P The lake fell by two metres, [a survey](/survey) says.
# related | More
r Who drinks the lake's water
b Fisherman Opens Net And Faints
""".splitlines()


def test_a_page_is_read_from_its_lines() -> None:
    (page,) = read_pages(SMALL)
    assert (page.title, page.layout, page.capitals) == ("Lake level falls", "plain", False)
    assert page.blocks[0].teasers == (("r", "Who drinks the lake's water"), ("b", "Fisherman Opens Net And Faints"))


def test_its_row_is_like_those_of_the_corpus() -> None:
    (row,) = written_rows(SMALL)
    teasers = [link for link in row["links"] if link["kind"] == "teaser"]
    assert [(link["related"], link["bait"]) for link in teasers] == [(True, False), (False, True)]
    assert page_address(row) == "https://example.example"
    assert '<a href="/survey">a survey</a>' in row["html"]


@pytest.mark.parametrize("line", ["? what", "r a teaser before any block"])
def test_a_line_that_says_nothing_known_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="says nothing known"):
        read_pages([*SMALL[:2], line])


def test_headline_capitals_leave_small_words() -> None:
    assert capitalised("what the island of Skarvoy eats") == "What the Island of Skarvoy Eats"


def test_there_are_many_teasers_of_each_kind() -> None:
    rows = written_rows()
    teasers = [[link for link in row["links"] if link["kind"] == "teaser"] for row in rows]
    assert len(rows) >= 20
    assert min(map(len, teasers)) >= 10
    counts = Counter((link["related"], link["bait"]) for page in teasers for link in page)
    assert counts[False, True] >= 100  # flagged
    assert min(counts[True, False], counts[False, False]) >= 65
    texts = [link["text"] for page in teasers for link in page]
    assert len(set(texts)) == len(texts)


def test_every_label_finds_its_link_and_every_body_is_found() -> None:
    reader = load_reader(find())
    for row in written_rows():
        document = read_document(Article(html=row["html"], url=page_address(row)), reader)
        assert document.page is not None
        found = {normal_text(link.text) for link in document.page.links}
        missing = [link["text"] for link in row["links"] if normal_text(link["text"]) not in found]
        assert not missing, (row["id"], missing)
        assert len(document.body.tokens) >= 60, row["id"]
