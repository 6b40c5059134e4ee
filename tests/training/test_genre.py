"""Satire is judged on sites it was not learned from: which site an article is of stands in its text."""

from __future__ import annotations

import pytest

from training.genre import FOLDS
from training.genre_questions import by_site, site_of
from training.weights import deal


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("Goat elected\r\nhttp://www.daily.example.co.uk/2017/goat/?p=1\r\nHARBOUR TOWN - A goat", "example.co.uk"),
        ("Goat elected\nhttps://first.example/a and http://second.example/b", "first.example"),
        ("Goat elected, says www.goat.example", None),
        ("Goat elected http:// today", None),
        ("", None),
    ],
)
def test_the_site_is_that_of_the_first_address(text: str, site: str | None) -> None:
    assert site_of(text) == site


def test_a_site_is_never_learned_from_and_judged_at_once() -> None:
    # given three articles of each of ten sites, one without an address, one whose source is named
    rows = [
        {"id": f"{site} {n}", "source": None, "text": f"Goat\nhttp://{n}.site{site}.example/goat", "genre": "satire"}
        for site in range(10)
        for n in range(3)
    ]
    rows += [
        {"id": "plain", "source": None, "text": "A goat."},
        {"id": "named", "source": "herald.example", "text": "See http://site1.example/goat"},
    ]
    # when they are dealt by site
    dealt = by_site(rows)
    fold = deal(dealt, FOLDS)
    # then a site lies in one fold, and the two others are sources of their own
    assert [row["source"] for row in dealt[-2:]] == ["plain", "herald.example"]
    assert all(len(set(fold[3 * site : 3 * site + 3])) == 1 for site in range(10))
    assert len(set(fold)) == FOLDS
    assert rows[0]["source"] is None
