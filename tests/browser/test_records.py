"""Sources and queue as a person uses them: by pointer, by keyboard alone, without scripts, two at once."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.axe import complaints
from tests.browsing import watched
from tests.service import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

STORED = ".notices:not(.no-print)"
"""Where the queue says what it did; the other one tells of the demonstration."""


def start_reviewing(page: Page, desk: str, name: str) -> None:
    page.goto(desk + "/queue")
    page.get_by_label("Your name").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict-form")
    page.wait_for_load_state()  # keys are listened to from then on


def article(page: Page) -> str:
    return page.locator("#verdict-form [name=article]").input_value()


def wait_for_article(page: Page, relation: str, other: str) -> None:
    """Wait until the article asked about is (`===`) or is not (`!==`) this one, and keys are listened to."""
    page.wait_for_function(
        f"other => document.querySelector('#verdict-form [name=article]').value {relation} other", arg=other
    )
    page.wait_for_load_state()


def verdict_stored(page: Page) -> str:
    page.wait_for_selector(STORED)
    page.wait_for_load_state()
    return page.locator(STORED).inner_text()


def reviews(page: Page, desk: str, identifier: str) -> list[tuple[str, str]]:
    told = page.request.get(f"{desk}/v1/articles/{identifier}/reviews").json()["reviews"]
    return [(review["reviewer"], review["verdict"]) for review in told]


@pytest.mark.parametrize(
    "address",
    ["/sources", "/sources?q=nothing-like-that", "/sources/harbour-gazette.example",
     "/sources/harbour-gazette.example?by=month", "/queue", "/batch", "/login", "/sources/nobody.example"],
)  # fmt: skip
def test_nothing_keeps_anybody_out(look: Page, demonstration: str, address: str) -> None:
    look.goto(demonstration + address)
    for details in look.locator("details").all():
        details.evaluate("details => details.open = true")
    assert look.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints(look) == []


def test_the_queue_keeps_nobody_out(look: Page, desk: str) -> None:
    start_reviewing(look, desk, "Looks")
    for details in look.locator("details").all():
        details.evaluate("details => details.open = true")
    assert look.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints(look) == []


def test_a_source_is_found_and_its_history_drawn(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/sources")
    page.get_by_label("Find a source").fill("harbour")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=harbour**")
    assert page.locator("table.sources tbody tr").count() == 1
    page.locator("table.sources tbody a").click()
    page.wait_for_selector(".history-plot canvas")
    assert page.locator(".history-drawing").is_hidden()
    canvas = page.locator(".history-plot .u-over")
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert re.search(r"\d+ %", page.locator(".history-plot .u-legend").inner_text())
    page.get_by_role("link", name="month").click()
    page.wait_for_url("**by=month**")
    page.locator("#history-table").evaluate("table => table.closest('details').open = true")
    assert page.locator("#history-table tbody tr").count() >= 1


def test_a_head_of_the_table_sorts_it(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/sources")
    page.get_by_role("link", name="Reliability").click()
    page.wait_for_selector("th[aria-sort=ascending]")
    values = [int(value) for value in page.locator("table.sources .figure-value").all_inner_texts()]
    assert values == sorted(values)
    page.get_by_role("link", name="Reliability").click()
    page.wait_for_selector("th[aria-sort=descending]")
    assert [int(value) for value in page.locator("table.sources .figure-value").all_inner_texts()] == values[::-1]


def test_sources_are_read_without_scripts(plain: Page, demonstration: str) -> None:
    plain.goto(demonstration + "/sources")
    plain.locator("table.sources tbody a").first.click()
    assert plain.locator(".history-drawing polyline").is_visible()
    plain.locator("summary").first.click()
    assert plain.locator("#history-table").is_visible()


def test_the_queue_is_worked_by_keys_alone(page: Page, desk: str) -> None:
    start_reviewing(page, desk, "Keys")
    first = article(page)
    page.keyboard.press("3")
    assert "Noted: “unreliable”" in verdict_stored(page)
    second = article(page)
    assert second != first
    assert ("Keys", "unreliable") in reviews(page, desk, first)
    page.keyboard.press("s")
    wait_for_article(page, "!==", second)
    page.keyboard.press("u")
    wait_for_article(page, "===", second)
    page.keyboard.press("u")
    wait_for_article(page, "===", first)
    assert ("Keys", "unreliable") not in reviews(page, desk, first)


def test_keys_write_where_one_writes_and_can_be_switched_off(page: Page, desk: str) -> None:
    start_reviewing(page, desk, "Writer")
    first = article(page)
    page.locator("summary", has_text="Say why").click()
    page.locator("#reason").press_sequentially("1 of 3 sources")
    assert page.locator("#reason").input_value() == "1 of 3 sources"
    page.locator("#keys-on").uncheck()
    page.locator("h1").click()
    page.keyboard.press("1")
    page.reload()
    assert article(page) == first
    assert not page.locator("#keys-on").is_checked()
    assert all(name != "Writer" for name, _ in reviews(page, desk, first))


def test_the_queue_is_worked_by_tab_and_enter(page: Page, desk: str) -> None:
    start_reviewing(page, desk, "Tabs")
    first = article(page)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "mixed":
            break
    page.keyboard.press("Enter")
    assert "Noted" in verdict_stored(page)
    assert ("Tabs", "mixed") in reviews(page, desk, first)


def test_the_queue_is_worked_without_scripts(plain: Page, desk: str) -> None:
    start_reviewing(plain, desk, "Plain")
    first = article(plain)
    plain.get_by_role("button", name="satire").click()
    assert "Noted: “satire”" in verdict_stored(plain)
    plain.get_by_role("button", name="Undo last step").click()
    assert article(plain) == first
    plain.get_by_role("button", name="Skip for now").click()
    assert article(plain) != first


def test_two_tabs_lose_nothing(page: Page, desk: str) -> None:
    start_reviewing(page, desk, "Tabby")
    other = page.context.new_page()
    other.goto(desk + "/queue")
    same = article(page)
    assert article(other) == same
    page.keyboard.press("2")
    assert "Noted" in verdict_stored(page)
    other.keyboard.press("4")
    other.wait_for_selector(".message.warning")
    assert "You judged this article “mixed”" in other.locator(".message.warning").first.inner_text()
    assert [verdict for name, verdict in reviews(page, desk, same) if name == "Tabby"] == ["mixed"]
    other.get_by_role("button", name="Change it to “satire”").click()
    other.wait_for_selector(".message.done")
    assert [verdict for name, verdict in reviews(page, desk, same) if name == "Tabby"] == ["mixed", "satire"]


def test_two_reviewers_lose_nothing_and_learn_of_each_other(page: Page, browser: Browser, desk: str) -> None:
    start_reviewing(page, desk, "Ann")
    with watched(browser) as second:
        start_reviewing(second, desk, "Bo")
        same = article(page)
        second.goto(f"{desk}/queue")
        number = page.locator(".next-list a").first.get_attribute("href")  # both look at one and the same article
        page.goto(desk + str(number))
        second.goto(desk + str(number))
        same = article(page)
        assert article(second) == same
        page.keyboard.press("1")
        assert "Noted" in verdict_stored(page)
        second.keyboard.press("3")
        assert "Meanwhile Ann found it “reliable”" in verdict_stored(second)
    found = reviews(page, desk, same)
    assert ("Ann", "reliable") in found
    assert ("Bo", "unreliable") in found


def test_who_has_no_key_signs_in_and_out(page: Page, tmp_path: Path) -> None:
    from scorer.ledger import Ledger

    ledger = Ledger(f"sqlite:///{tmp_path / 'credence.sqlite'}")
    ledger.migrate()
    secret = ledger.keys.create("Night desk", ["score", "read", "review"])[1]
    ledger.close()
    with running(tmp_path, "--workers", "1") as address:
        page.goto(address + "/sources")
        assert "/login" in page.url
        page.get_by_label("Your key").fill(secret[:-1] + ("0" if secret[-1] != "0" else "1"))
        page.keyboard.press("Enter")
        assert "unknown or was revoked" in page.get_by_role("alert").inner_text()
        page.get_by_label("Your key").fill(secret)
        page.keyboard.press("Enter")
        page.wait_for_url("**/sources")
        assert complaints(page) == []
        page.goto(address + "/queue")
        assert "Nothing waits for you" in page.locator("main").inner_text()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/login")


@pytest.mark.parametrize("address", ["/sources", "/sources/harbour-gazette.example", "/batch"])
def test_a_page_with_all_it_needs_is_light(page: Page, demonstration: str, address: str) -> None:
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(gzip.compress(response.body()))}))
    page.goto(demonstration + address)
    page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) <= 150_000, sizes
