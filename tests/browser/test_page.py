"""The page at `/`, used as a person uses it: paste, read the verdict, find the evidence in the text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def read(page: Page, server: str, golden: Path) -> Page:
    """The page after our own article was pasted into it."""
    page.goto(server)
    page.get_by_label("Text or HTML").fill((golden / "dam.txt").read_text(encoding="utf-8"))
    page.get_by_role("button", name="Read the evidence").click()
    page.wait_for_selector("#verdict")
    return page


def test_a_pasted_article_is_given_back_with_its_evidence_marked(read: Page, golden: Path) -> None:
    assert "%" in read.locator(".risk").inner_text()
    figures = read.locator("article mark.figure").all_text_contents()
    for figure in ("2,300", "45,000", "18,000", "3.4 billion"):
        assert any(figure in marked for marked in figures), figures
    for paragraph in (golden / "dam.txt").read_text(encoding="utf-8").split("\n\n")[1:3]:
        assert paragraph in _text(read)


def test_what_stands_around_the_article_is_struck_out(read: Page) -> None:
    struck = read.locator("article mark.teaser").all_text_contents()
    assert len(struck) == 3
    assert any("Singer Lola Quintero" in teaser for teaser in struck)


def test_the_steps_lead_from_the_base_to_the_risk(read: Page) -> None:
    risk_so_far = read.locator(".waterfall tbody tr:last-child td:last-child").inner_text()
    assert risk_so_far == read.locator(".waterfall tfoot td:last-child").inner_text()
    bars = read.locator(".waterfall tbody svg").all()
    ends = [[float(mark.get_attribute("x") or 0) for mark in bar.locator(".link").all()] for bar in bars]
    assert all(before[-1] == after[0] for before, after in pairwise(ends))  # each begins where the last one ended


def test_a_pasted_script_is_text(page: Page, server: str) -> None:
    hostile = "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'> said the mayor. "
    page.goto(server)
    page.get_by_text("Headline and address").click()
    page.get_by_label("Headline").fill("<b onclick=alert(1)>Bold</b>")
    page.get_by_label("Text or HTML").fill("The council met on Monday. " + hostile * 5)
    page.get_by_role("button", name="Read the evidence").click()
    page.wait_for_selector("#verdict")
    assert page.evaluate("window.hit") is None
    assert page.locator("article b, article img, article script").count() == 0


def test_an_empty_form_says_what_is_missing(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("button", name="Read the evidence").click()
    assert page.get_by_role("alert").inner_text()


def test_the_answer_takes_the_forms_place_and_back_brings_it_again(page: Page, server: str, golden: Path) -> None:
    page.goto(server)
    page.evaluate("window.same = true")
    text = (golden / "dam.txt").read_text(encoding="utf-8")
    page.get_by_label("Text or HTML").fill(text)
    page.get_by_role("button", name="Read the evidence").press("Enter")
    page.wait_for_selector("#verdict")
    assert page.evaluate("window.same")  # no page was loaded
    assert page.evaluate("document.activeElement.id") == "verdict"
    page.go_back()
    page.wait_for_selector("#verdict", state="detached")
    assert page.get_by_label("Text or HTML").input_value() == text


def test_a_dropped_file_is_scored(page: Page, server: str, golden: Path) -> None:
    page.goto(server)
    page.evaluate(
        """text => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], "dam.txt", { type: "text/plain" }));
            document.querySelector("#article").dispatchEvent(
                new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        (golden / "dam.txt").read_text(encoding="utf-8"),
    )
    page.wait_for_selector("#verdict")
    assert "Senna" in page.locator("article.text").inner_text()


def test_when_the_service_does_not_answer_the_text_is_still_there(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_label("Text or HTML").fill("What I have typed.")
    page.route("**/*", lambda route: route.abort())
    page.get_by_role("button", name="Read the evidence").click()
    page.wait_for_selector("[role=alert]")
    assert page.get_by_label("Text or HTML").input_value() == "What I have typed."


def test_one_click_shows_an_example_and_its_findings_as_a_table(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("link", name="Show an example").click()
    page.wait_for_selector("#verdict")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of the findings").click()
    table = download.value.path().read_text(encoding="utf-8")
    assert "40 million" in table


def test_the_page_fits_a_telephone(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(server + "/?example=1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def _text(page: Page) -> str:
    """The article as the page shows it, without the badges put between its words."""
    shown: str = page.locator("article.text").evaluate(
        "article => { const copy = article.cloneNode(true);"
        " copy.querySelectorAll('.badge').forEach(badge => badge.remove()); return copy.textContent; }"
    )
    return shown


def test_by_keyboard_alone_from_the_address_to_a_finding(page: Page, server: str, golden: Path) -> None:
    page.goto(server)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    _tab_to(page, "document.activeElement.id === 'article'")
    page.keyboard.insert_text((golden / "dam.txt").read_text(encoding="utf-8"))
    _tab_to(page, "document.activeElement.textContent === 'Read the evidence'")
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict:focus")
    _tab_to(page, "document.activeElement.matches('.text mark')")
    page.wait_for_selector("#why:visible")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.matches('.text mark.now')")


def _tab_to(page: Page, there: str) -> None:
    """Press Tab until it is true; a person would give up after some thirty."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    raise AssertionError(f"Tab never leads to where {there}")
