"""Lists: filters, sorts, and pages that together hold each article once."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from scorer.article import InvalidInput
from scorer.ledger import Filter, Ledger
from scorer.ledger.listing import SORTS, Sort
from tests.scorer.ledger.assessed import remember

FUTURE = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    for name, risk in (("a", 0.2), ("b", 0.9), ("c", None), ("d", 0.2), ("e", 0.6), ("f", None)):
        remember(ledger, name, risk, source="b.example" if name in "bc" else "a.example")
    ledger.reviews.add("b", "unreliable", "Ann")
    return ledger


def names(ledger: Ledger, of: Filter | None = None, sort: Sort = "oldest") -> str:
    return "".join(item.assessment["id"] for item in ledger.listing.export(of, sort))


@pytest.mark.parametrize(
    ("sort", "order"), [("newest", "fedcba"), ("oldest", "abcdef"), ("riskiest", "bedafc"), ("safest", "adebfc")]
)
def test_a_list_is_sorted_with_abstentions_last(filled: Ledger, sort: Sort, order: str) -> None:
    assert names(filled, sort=sort) == order


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 2, 5, 6])
def test_pages_of_any_size_hold_the_same_as_the_list(filled: Ledger, sort: Sort, size: int) -> None:
    found, cursor = "", None
    while True:
        page = filled.listing.page(sort=sort, limit=size, cursor=cursor)
        assert len(page.items) <= size
        found += "".join(item.assessment["id"] for item in page.items)
        cursor = page.next
        if cursor is None:
            break
    assert found == names(filled, sort=sort)


def test_a_page_stays_true_while_articles_are_added(filled: Ledger) -> None:
    first = filled.listing.page(limit=3)
    remember(filled, "g")
    second = filled.listing.page(limit=3, cursor=first.next)
    assert "".join(item.assessment["id"] for item in first.items + second.items) == "fedcba"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"label": "insufficient_evidence"}, "cf"),
        ({"source": "b.example"}, "bc"),
        ({"min_risk": 0.2, "max_risk": 0.6}, "ade"),
        ({"min_risk": 0.61}, "b"),
        ({"reviewed": True}, "b"),
        ({"reviewed": False, "source": "b.example"}, "c"),
        ({"since": FUTURE}, ""),
        ({"until": FUTURE}, "abcdef"),
    ],
)
@pytest.mark.parametrize("sort", ["oldest", "riskiest"])
def test_a_filter_leaves_what_it_names(filled: Ledger, given: dict[str, Any], found: str, sort: Sort) -> None:
    assert "".join(sorted(names(filled, Filter(**given), sort))) == found


def test_of_an_article_scored_again_the_latest_assessment_is_listed(ledger: Ledger) -> None:
    for model, risk in (("1", 0.9), ("2", 0.1)):
        remember(ledger, "a", risk, model=model)
    assert [item.assessment["risk"] for item in ledger.listing.export()] == [0.1]
    assert [item.assessment["risk"] for item in ledger.listing.export(Filter(every_version=True))] == [0.9, 0.1]
    assert names(ledger, Filter(min_risk=0.5)) == ""


@pytest.mark.parametrize("cursor", ["", "x", "é", "W10", "WyJuZXdlc3QiLDEsMV0", "a" * 3000])
def test_a_cursor_that_was_not_given_out_is_refused(filled: Ledger, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor was not given out"):
        filled.listing.page(cursor=cursor)


def test_a_cursor_belongs_to_its_sort(filled: Ledger) -> None:
    cursor = filled.listing.page(limit=1, sort="riskiest").next
    with pytest.raises(InvalidInput, match="sorted by 'newest'"):
        filled.listing.page(limit=1, cursor=cursor)


@pytest.mark.parametrize("limit", [0, 501])
def test_a_page_has_a_limit(filled: Ledger, limit: int) -> None:
    with pytest.raises(InvalidInput, match="MAX_PAGE"):
        filled.listing.page(limit=limit)
