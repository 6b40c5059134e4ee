"""The pages of sources: the table, and one source's page."""

from __future__ import annotations

import datetime
import re
from itertools import pairwise

import pytest
from flask import Flask

from api import charts
from scorer.ratings import Rating
from scorer.source_history import Period, band
from tests.api.conftest import Make
from tests.api.scored import remember


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    app = make()
    ledger = app.extensions["credence"].ledger
    for week in range(1, 7):
        for number in range(5):
            risk = 0.1 if week < 4 else 0.9
            remember(ledger, f"w{week}-{number}", risk, "turned.example", date=f"2026-0{week}-0{number + 1}")
    for number in range(30):
        remember(ledger, f"other{number}", 0.5, f"outlet{number:02}.example")
    hostile = "<script>alert(1)</script>"
    ledger.sources.rate(
        [
            Rating(
                "turned.example",
                "Index", "90", "0-100", 0.9, "2026-01-01", "javascript:alert(1)", hostile, None, (hostile,)
            ),
            Rating("turned.example", "Watch", "yes", "certified", None, "", "https://watch.example/", None, None, ()),
        ]
    )  # fmt: skip
    return app


def page(app: Flask, address: str) -> str:
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def listed(html: str) -> list[str]:
    return re.findall(r'<th scope="row" class="domain"><a href="/sources/([^"]+)"', html)


def test_the_table_goes_by_articles_and_has_pages(app: Flask) -> None:
    first = page(app, "/sources")
    assert listed(first)[0] == "turned.example"
    assert len(listed(first)) == 25
    assert "1 to 25 of 31 sources" in first
    second = page(app, "/sources?page=2")
    assert len(listed(second)) == 6
    assert not set(listed(first)) & set(listed(second))


def test_the_table_can_be_searched_and_filtered(app: Flask) -> None:
    assert listed(page(app, "/sources?q=let07")) == ["outlet07.example"]
    assert listed(page(app, "/sources?which=rated")) == ["turned.example"]
    assert "No source like that" in page(app, "/sources?q=nowhere")


def test_a_head_sorts_and_sorts_the_other_way_when_it_did(app: Flask) -> None:
    html = page(app, "/sources?order=domain")
    assert listed(html)[0] == "outlet00.example"
    assert 'aria-sort="ascending"' in html
    turned = re.search(r'href="([^"]*order=domain[^"]*)"', html)
    assert turned is not None
    assert listed(page(app, turned[1].replace("&amp;", "&")))[0] == "turned.example"


@pytest.mark.parametrize("query", ["order=colour", "which=few", "page=0", "page=x", "down=2", "colour=red"])
def test_what_is_no_table_is_refused(app: Flask, query: str) -> None:
    assert app.test_client().get(f"/sources?{query}").status_code == 400


def test_an_empty_ledger_says_how_sources_come(make: Make) -> None:
    assert "No source yet" in page(make(), "/sources")


def test_a_source_s_page_tells_its_record_its_history_and_its_ratings(app: Flask) -> None:
    html = page(app, "/sources/turned.example?by=month")
    assert re.search(r"of 100, between \d+ and \d+ with 90 % confidence", html)
    rows = re.findall(r'data-start="([^"]+)" data-risk="([^"]+)"', html)
    assert [start for start, _ in rows] == [f"2026-0{month}-01" for month in (6, 5, 4, 3, 2, 1)]
    assert "a change begins" in html
    assert html.count('class="change"') >= 1
    assert "no place on the scale" in html
    assert 'href="/articles/w6-4"' in html


def test_nothing_from_outside_runs_on_it(app: Flask) -> None:
    html = page(app, "/sources/turned.example")
    assert "<script>" not in html
    assert "javascript:" not in html
    assert 'href="https://watch.example/" rel="noopener noreferrer nofollow"' in html


def test_its_articles_come_in_pages(app: Flask) -> None:
    first = page(app, "/sources/turned.example")
    after = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert after is not None
    second = page(app, after[1].replace("&amp;", "&").partition("#")[0])
    ids = [set(re.findall(r'href="/articles/([^"]+)"', html)) for html in (first, second)]
    assert [len(found) for found in ids] == [20, 10]
    assert not ids[0] & ids[1]


def test_an_address_leads_to_the_registrable_domain(app: Flask) -> None:
    answer = app.test_client().get("/sources/www.turned.example")
    assert (answer.status_code, answer.location) == (301, "/sources/turned.example")
    assert app.test_client().get("/sources/nobody.example").status_code == 404


def test_a_drawing_keeps_to_its_frame() -> None:
    start = datetime.date(2026, 1, 5)
    for count in (1, 2, 40):
        periods = [Period(start + datetime.timedelta(weeks=n), 1 + n % 9, (n % 11) / 10, n == 3) for n in range(count)]
        drawn = charts.drawing(periods)
        assert drawn is not None
        places = [pair.split(",") for pair in f"{drawn.area} {drawn.line}".split()]
        assert all(0 <= float(x) <= charts.WIDTH and charts.TOP <= float(y) <= charts.HEIGHT for x, y in places)
        before = {"start": 0, "middle": charts.DATE / 2, "end": charts.DATE}
        lefts = [x - before[anchor] for x, _, anchor in drawn.dates]
        assert all(later - earlier >= charts.DATE for earlier, later in pairwise(lefts))
        assert 0 <= lefts[0] <= lefts[-1] <= charts.WIDTH - charts.DATE
    assert charts.drawing([]) is None
    assert charts.spark([]) is None


def test_a_period_of_many_articles_is_surer() -> None:
    day = datetime.date(2026, 1, 5)
    (few_low, few_high), (many_low, many_high) = (band(Period(day, n, 0.4, False)) for n in (1, 50))
    assert few_low < many_low < 0.4 < many_high < few_high
