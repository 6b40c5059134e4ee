"""A pasted text falls into title, body and tail; an ordinary article is left whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import lines
from scorer.layout import Layout, split
from scorer.lines import byline_of, is_date, label_of
from scorer.normal import normalise
from scorer.page import read_page
from training.corpora import Corpora

TITLE = "Harbour Bridge To Close For Eleven Weeks Of Repairs"
BODY = (
    "The harbour bridge will close to all traffic from Monday, the port authority said in a statement.\n\n"
    "A crane lowers the first of the new bearings on to the eastern pier\n\n"
    "Engineers found that nine of the old bearings no longer move, and that two more had cracked in the cold.\n\n"
    "Ferries will run every twenty minutes between the two banks. Shopkeepers have asked for a cut in rates."
)
TEASERS = ("Pop Star Seen Leaving Hotel With Mystery Man", "Goalkeeper Suspended For Six Games After Tunnel Brawl")


def parts(text: str, has_title: bool = False, is_page: bool = False) -> tuple[str, str, list[tuple[str, str]]]:
    layout = split(text, has_title, is_page)
    title = text[layout.title_start : layout.title_end]
    body = text[layout.body_start : layout.body_end]
    return title, body.strip(), [(line.kind, text[line.start : line.end]) for line in layout.tail]


def test_a_pasted_page_is_taken_apart() -> None:
    text = "\n\n".join((TITLE, BODY, "Comments", "Popular posts from this blog", *TEASERS))
    title, body, tail = parts(text)
    assert title == TITLE
    assert body == BODY  # with the caption in it
    assert tail == [
        ("heading", "Comments"),
        ("heading", "Popular posts from this blog"),
        ("teaser", TEASERS[0]),
        ("teaser", TEASERS[1]),
    ]


def test_an_article_without_a_tail_is_left_whole() -> None:
    assert parts(BODY, has_title=True) == ("", BODY, [])


def test_a_given_title_is_not_looked_for_in_the_text() -> None:
    layout = split(TITLE + "\n\n" + BODY, has_title=True, is_page=False)
    assert (layout.title_start, layout.title_end) == (0, 0)


def test_byline_and_date_stand_before_the_body() -> None:
    text = "\n".join((TITLE, "By Maren Oduya", "Updated 2 March 2026, 11:40 GMT", BODY))
    layout = split(text, has_title=False, is_page=False)
    assert [line.kind for line in layout.head] == ["byline", "date"]
    assert text[layout.body_start :].startswith("The harbour bridge")


@pytest.mark.parametrize(
    "heading",
    [
        "You may also like",
        "RELATED ARTICLES",
        "Read more:",
        "Trending Now",
        "Most Read",
        "More from The Tidewater Post",
    ],
)
def test_promotion_headings_start_the_tail(heading: str) -> None:
    _, body, tail = parts("\n\n".join((BODY, heading, *TEASERS)), has_title=True)
    assert body == BODY
    assert [kind for kind, _ in tail] == ["heading", "teaser", "teaser"]


def test_bare_headlines_at_the_end_are_teasers_but_one_alone_is_not() -> None:
    _, body, tail = parts("\n\n".join((BODY, *TEASERS)), has_title=True)
    assert body == BODY
    assert [kind for kind, _ in tail] == ["teaser", "teaser"]
    assert parts(BODY + "\n\n" + TEASERS[0], has_title=True)[2] == []


def test_share_and_subscribe_lines_at_the_end_are_no_text() -> None:
    text = BODY + "\n\nShare this article\n\nSign up for our newsletter\n\nCopyright 2026 The Tidewater Post."
    _, body, tail = parts(text, has_title=True)
    assert body == BODY
    assert {kind for kind, _ in tail} == {"boilerplate"}


def test_read_more_between_paragraphs_stays_in_the_body() -> None:
    first, second = BODY.split("\n\n", 1)
    text = first + "\n\nRead more\n\n" + second * 3
    assert parts(text, has_title=True)[1:] == (text, [])


def test_comments_are_cut_off_though_they_are_prose() -> None:
    text = BODY + "\n\n2 Comments\n\nI have used that bridge for thirty years and it never closed once."
    assert parts(text, has_title=True)[1] == BODY


@pytest.mark.parametrize("text", ["", "\n\n", "One line", "Comments", "Comments\n\nPopular posts", TITLE])
def test_texts_with_next_to_nothing_in_them(text: str) -> None:
    layout = split(text, has_title=False, is_page=False)
    assert 0 <= layout.body_start <= layout.body_end <= len(text)


def test_lines_are_told_by_what_they_look_like() -> None:
    assert byline_of("By JANE DOE and John Roe, Tidewater Wire") == "JANE DOE and John Roe, Tidewater Wire"
    assert byline_of("By then it was too late to turn the ship") is None
    assert is_date("Published: 24 October 2024 10:31")
    assert not is_date(
        "Twelve people were hurt in March 2024, and the harbour has been closed to swimmers since then, he said"
    )
    assert label_of("« Previous") == "promotion_weak"
    assert label_of("The council voted on Tuesday") is None


LINES = st.sampled_from(
    [TITLE, *BODY.split("\n\n"), *TEASERS, "Comments", "Read more", "Share", "By Jane Doe", "", " "]
)


@given(st.lists(LINES | st.text(max_size=60), max_size=14), st.booleans(), st.booleans())
def test_the_parts_never_overlap_and_stand_in_order(lines: list[str], has_title: bool, is_page: bool) -> None:
    text = "\n".join(lines)
    layout: Layout = split(text, has_title, is_page)
    borders = [layout.title_start, layout.title_end]
    borders += [at for line in layout.head for at in (line.start, line.end)]
    borders += [layout.body_start, layout.body_end]
    borders += [at for line in layout.tail for at in (line.start, line.end)]
    assert borders == sorted(borders)
    assert borders[0] >= 0
    assert borders[-1] <= len(text)


def test_work_is_linear_also_on_a_million_lines() -> None:
    layout = split("Read more\n" * 200_000, has_title=True, is_page=False)
    assert layout.body_end <= 2_000_000


SENTENCE_CASE = (
    "Ferry stuck on sandbank for six hours",
    "Mayor opens new swimming pool",
    "Is the old pier worth saving?",
)


def test_a_run_of_headlines_in_sentence_case_ends_the_body() -> None:
    text = BODY + "\n\n" + "\n\n".join(SENTENCE_CASE)
    layout = split(text, True, False)
    assert [text[line.start : line.end] for line in layout.tail] == list(SENTENCE_CASE)
    assert {line.kind for line in layout.tail} == {"teaser"}


def test_two_such_lines_or_a_list_that_the_text_announces_stay() -> None:
    assert not split(BODY + "\n\n" + "\n\n".join(SENTENCE_CASE[:2]), True, False).tail
    announced = BODY + "\n\nThe council will vote on three proposals:\n\n" + "\n\n".join(SENTENCE_CASE)
    assert not split(announced, True, False).tail


def test_read_more_before_headlines_starts_the_tail_whatever_they_end_in() -> None:
    text = BODY + "\n\nRead more\n\n" + "\n\n".join(SENTENCE_CASE)
    teasers = [text[line.start : line.end] for line in split(text, True, False).tail if line.kind == "teaser"]
    assert teasers == list(SENTENCE_CASE)


@pytest.mark.shared
@pytest.mark.parametrize(("heading", "found_at_least"), [("Popular posts", 0.98), ("Read more", 0.85), ("", 0.38)])
def test_text_made_from_real_pages_is_split_where_the_body_ends(
    shared_data: Path, heading: str, found_at_least: float
) -> None:
    lost = body_characters = found = wanted = 0
    for row in Corpora(shared_data).rows("pages"):
        page = read_page(row["html"])
        teasers = dict.fromkeys(link["text"] for link in row["links"] if link["kind"] == "teaser")
        kept = [text for text in teasers if 20 <= len(text) < 200 and "\n" not in text]
        if not page.is_article or len(kept) < 3:
            continue
        body = normalise(page.title + "\n\n" + page.text.strip().replace("\n", "\n\n")).text
        text = body + "\n\n" + (heading + "\n\n" if heading else "") + "\n\n".join(normalise(t).text for t in kept)
        layout = split(text, False, False)
        lines = {text[line.start : line.end] for line in layout.tail if line.kind == "teaser"}
        lost += max(0, len(body) - layout.body_end)
        body_characters += len(body)
        found += sum(normalise(t).text.strip() in lines for t in kept)
        wanted += len(kept)
    assert wanted > 300
    assert lost <= 0.003 * body_characters
    assert found >= found_at_least * wanted


def test_nothing_in_letters_that_opens_a_longer_line_is_shorter_than_what_is_looked_up() -> None:
    rules = lines._rules()
    starts = (*rules.promotion_starts, *rules.boilerplate_starts)
    assert all(len(start) >= lines.OPENING for start in starts if start.isascii() and start[0].isalpha())
