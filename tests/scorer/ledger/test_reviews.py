"""Reviews: a person's verdict is kept beside the article it is about."""

from __future__ import annotations

from typing import Any

import pytest

from scorer.article import InvalidInput
from scorer.ledger import Ledger
from tests.scorer.ledger.assessed import remember


def test_a_review_is_found_with_its_article(ledger: Ledger) -> None:
    remember(ledger, "a", 0.9)
    given = ledger.reviews.add("a", "reliable", "Ann", "It quotes the court's own file.")
    other = ledger.reviews.add("a", "wrong", "Ben", finding={"signal": "figures", "start": 3, "end": 8})
    assert given is not None
    assert other is not None
    assert ledger.reviews.of("a") == [given, other]
    assert [(review.reviewer, found and found.assessment["risk"]) for review, found in ledger.reviews.every()] == [
        ("Ann", 0.9),
        ("Ben", 0.9),
    ]


def test_an_article_that_nobody_scored_cannot_be_reviewed(ledger: Ledger) -> None:
    assert ledger.reviews.add("a", "reliable", "Ann") is None
    assert ledger.reviews.of("a") == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"verdict": "fake"}, "one of reliable, mixed"),
        ({"reviewer": " "}, "name of its reviewer"),
        ({"reviewer": "x" * 201}, "MAX_REVIEWER_CHARACTERS is 200"),
        ({"reason": "x" * 10_001}, "MAX_REASON_CHARACTERS is 10,000"),
        ({"finding": {"signal": "figures"}}, "verdict on a finding must be one of right, wrong"),
        ({"verdict": "right", "finding": {"signal": "mood"}}, "'signal' must be one of attribution"),
        ({"verdict": "right", "finding": {"signal": "links", "start": 2, "end": 2}}, "0 <= start < end"),
        ({"verdict": "right", "finding": {"signal": "links", "colour": 2}}, "unknown: colour"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(ledger: Ledger, given: dict[str, Any], told: str) -> None:
    remember(ledger, "a")
    with pytest.raises(InvalidInput, match=told):
        ledger.reviews.add("a", **{"verdict": "mixed", "reviewer": "Ann", **given})
    assert ledger.reviews.of("a") == []


def test_a_repeated_request_is_told_from_another_under_the_same_key(ledger: Ledger) -> None:
    claims = [
        ledger.repeats.claim(owner, "k", digest) for owner, digest in (("o", "1"), ("o", "1"), ("o", "2"), ("p", "2"))
    ]
    assert claims == ["first", "same", "other", "first"]
