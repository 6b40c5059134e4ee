"""The table of sources, on both databases."""

from __future__ import annotations

import pytest

from scorer.ledger import Ledger
from scorer.ledger.source_list import Order, Which
from scorer.ratings import Rating
from tests.scorer.ledger.assessed import remember


@pytest.fixture
def table(ledger: Ledger) -> Ledger:
    for number in range(3):
        remember(ledger, f"a{number}", 0.9, "bad.example", date=f"2026-0{number + 1}-03")
        remember(ledger, f"b{number}", 0.1, "good.example", date=f"2026-0{number + 1}-03")
    remember(ledger, "c", 0.5, "lone.example")
    rating = Rating("rated.example", "A rater", "90", "0-100", 0.9, "2026-01-01", None, None, None, ("Évening 100%",))
    ledger.sources.rate([rating])
    return ledger


def domains(
    ledger: Ledger, order: Order = "domain", down: bool = False, which: Which = "all", **more: object
) -> list[str]:
    return [line.domain for line in ledger.source_list.page(order=order, down=down, which=which, **more).lines]  # type: ignore[arg-type]


def test_every_order_both_ways(table: Ledger) -> None:
    assert domains(table) == ["bad.example", "good.example", "lone.example", "rated.example"]
    assert domains(table, down=True) == ["rated.example", "lone.example", "good.example", "bad.example"]
    assert domains(table, "articles", True) == ["bad.example", "good.example", "lone.example", "rated.example"]
    assert domains(table, "ratings", True)[0] == "rated.example"
    assert domains(table, "latest", True)[0] == "lone.example"
    assert domains(table, "latest")[-1] == domains(table, "latest", True)[-1] == "rated.example"
    by_reliability = domains(table, "reliability")
    assert by_reliability.index("bad.example") < by_reliability.index("good.example")
    assert domains(table, "reliability", True) == by_reliability[::-1]


def test_search_looks_into_domains_and_names(table: Ledger) -> None:
    assert domains(table, search="GOOD") == ["good.example"]
    assert domains(table, search="vening 100%") == ["rated.example"]
    assert domains(table, search="%") == ["rated.example"]  # a sign, no pattern
    assert domains(table, search="nowhere") == []


def test_filters(table: Ledger) -> None:
    assert domains(table, which="rated") == ["rated.example"]
    assert domains(table, which="unrated") == ["bad.example", "good.example", "lone.example"]
    assert domains(table, which="read") == ["bad.example", "good.example", "lone.example"]


@pytest.mark.parametrize("order", ["domain", "reliability"])
def test_pages(table: Ledger, order: Order) -> None:
    first, second = (table.source_list.page(order=order, number=number, size=3) for number in (1, 2))
    assert (len(first.lines), len(second.lines), first.total, second.total) == (3, 1, 4, 4)
    assert not {line.domain for line in first.lines} & {line.domain for line in second.lines}


def test_a_line_is_what_the_source_s_own_page_says(table: Ledger) -> None:
    line = next(line for line in table.source_list.page().lines if line.domain == "bad.example")
    file = table.sources.file("bad.example")
    assert file is not None
    told = file.to_dict()
    assert round(100 * line.reliability.value) == told["reliability"]
    assert [round(100 * line.reliability.low), round(100 * line.reliability.high)] == told["interval"]
    assert line.articles == told["articles"] == 3
    assert [period.start.month for period in line.trend] == [1, 2, 3]
    assert line.latest is not None
    assert line.latest.tzinfo is not None


def test_many_sources_at_once_are_what_each_is(table: Ledger) -> None:
    found = table.source_list.reliabilities(["bad.example", "rated.example", "unknown.example"])
    for line in table.source_list.page().lines:
        if line.domain in found:
            assert found[line.domain] == line.reliability
    assert found["unknown.example"].basis == "nothing"
