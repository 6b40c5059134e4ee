"""The queue: what waits for a verdict, and verdicts that meet."""

from __future__ import annotations

import datetime
import threading

import pytest

from scorer.article import Article, InvalidInput
from scorer.ledger import Ledger
from scorer.ledger.queue import Noted
from tests.scorer.ledger.assessed import remember

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def waiting(ledger: Ledger, reviewer: str) -> set[str]:
    return {candidate.article_id for candidate in ledger.queue.candidates(reviewer)}


def note(ledger: Ledger, article: str, verdict: str, reviewer: str, seen: int = 0, again: bool = False) -> Noted:
    noted = ledger.queue.note(article, verdict, reviewer, None, seen, again)
    assert noted is not None
    return noted


def test_what_a_reviewer_has_judged_waits_for_the_others_only(ledger: Ledger) -> None:
    for name in ("a", "b"):
        remember(ledger, name)
    remember(ledger, "abstained", None)
    note(ledger, "a", "mixed", "Ann")
    assert waiting(ledger, "Ann") == {"b"}
    assert waiting(ledger, "Bo") == {"a", "b"}
    assert {c.article_id: c.reviews for c in ledger.queue.candidates("Bo")} == {"a": 1, "b": 0}
    assert ledger.queue.waiting() == 1
    assert (ledger.queue.given("Ann", LONG_AGO), ledger.queue.given("Bo", LONG_AGO)) == (1, 0)


def test_a_verdict_on_a_finding_is_none_on_the_article(ledger: Ledger) -> None:
    remember(ledger, "a")
    ledger.reviews.add("a", "wrong", "Ann", finding={"signal": "figures"})
    assert waiting(ledger, "Ann") == {"a"}


def test_an_article_scored_twice_waits_once_with_its_latest_risk(ledger: Ledger) -> None:
    remember(ledger, "a", 0.5)
    remember(ledger, "a", 0.9, model="2")
    assert [(c.article_id, c.risk) for c in ledger.queue.candidates("Ann")] == [("a", 0.9)]


def test_risks_are_told_at_one_base_rate(ledger: Ledger) -> None:
    remember(ledger, "a", 0.5, base_rate=0.5)
    assert ledger.queue.candidates("Ann")[0].risk == pytest.approx(0.3)


def test_reach_is_kept_and_a_later_one_wins(ledger: Ledger) -> None:
    remember(ledger, "a", reach=10)
    remember(ledger, "a", reach=70_000)
    remember(ledger, "a")
    assert [c.reach for c in ledger.queue.candidates("Ann")] == [70_000]
    found = ledger.recall("a")
    assert found is not None
    assert found.to_dict()["ledger"]["reach"] == 70_000


def test_reach_is_a_number_of_people() -> None:
    assert Article.from_mapping({"text": "x", "reach": 12.0}).reach == 12
    assert Article.from_mapping({"text": "x", "reach": None}).reach is None
    for wrong in (-1, 1.5, True, "many", "12", "", 10**12, [1], float("inf")):
        with pytest.raises(InvalidInput, match="'reach'"):
            Article.from_mapping({"text": "x", "reach": wrong})


def test_a_second_tab_does_not_write_over_the_first(ledger: Ledger) -> None:
    remember(ledger, "a")
    seen = ledger.queue.last_review("a")
    first = note(ledger, "a", "mixed", "Ann", seen)
    second = note(ledger, "a", "satire", "Ann", seen)
    assert second.review is None
    assert second.mine == first.review
    meant = note(ledger, "a", "satire", "Ann", seen, again=True)
    assert meant.review is not None
    assert [review.verdict for review in ledger.reviews.of("a")] == ["mixed", "satire"]


def test_of_two_reviewers_both_verdicts_stay_and_the_second_is_told(ledger: Ledger) -> None:
    remember(ledger, "a")
    first = note(ledger, "a", "mixed", "Ann")
    second = note(ledger, "a", "unreliable", "Bo")
    assert second.review is not None
    assert second.others == (first.review,)


def test_of_two_that_send_at_the_same_moment_one_wins(ledger: Ledger) -> None:
    remember(ledger, "a")
    start, results = threading.Barrier(6), []

    def send() -> None:
        start.wait()
        results.append(note(ledger, "a", "mixed", "Ann"))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(result.review is not None for result in results) == 1
    assert len(ledger.reviews.of("a")) == 1


def test_only_one_s_own_verdict_can_be_taken_back(ledger: Ledger) -> None:
    remember(ledger, "a")
    review = note(ledger, "a", "mixed", "Ann").review
    assert review is not None
    assert ledger.queue.undo(review.number, "Bo") is None
    assert ledger.queue.undo(review.number, "Ann") == review
    assert ledger.queue.undo(review.number, "Ann") is None
    assert waiting(ledger, "Ann") == {"a"}


def test_an_article_nobody_scored_has_no_verdict(ledger: Ledger) -> None:
    assert ledger.queue.note("none", "mixed", "Ann", None, 0) is None
    with pytest.raises(InvalidInput, match="verdict"):
        ledger.queue.note("none", "right", "Ann", None, 0)


def test_verdicts_are_each_reviewer_s_latest_beside_the_model_s_label(ledger: Ledger) -> None:
    remember(ledger, "a", label="unreliable")
    note(ledger, "a", "mixed", "Ann")
    note(ledger, "a", "satire", "Ann", again=True)
    note(ledger, "a", "unreliable", "Bo")
    assert {tuple(verdict) for verdict in ledger.queue.verdicts()} == {
        ("a", "Ann", "satire", "unreliable"),
        ("a", "Bo", "unreliable", "unreliable"),
    }
