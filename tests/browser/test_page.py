"""The page at `/`, used as a person uses it: paste, read the verdict, find the evidence in the text."""

from __future__ import annotations

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
    figures = read.locator("article mark.figure").all_inner_texts()
    for figure in ("2,300", "45,000", "18,000", "3.4 billion"):
        assert any(figure in marked for marked in figures), figures
    for paragraph in (golden / "dam.txt").read_text(encoding="utf-8").split("\n\n")[1:3]:
        assert paragraph in _text(read)


def test_what_stands_around_the_article_is_struck_out(read: Page) -> None:
    struck = read.locator("article mark.teaser").all_inner_texts()
    assert len(struck) == 3
    assert any("Singer Lola Quintero" in teaser for teaser in struck)


def test_the_steps_lead_from_the_base_to_the_risk(read: Page) -> None:
    risk_so_far = read.locator(".bars tbody tr:last-child td:last-child").inner_text()
    assert risk_so_far == read.locator(".bars tfoot td:last-child").inner_text()


def test_a_pasted_script_is_text(page: Page, server: str) -> None:
    hostile = "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'> said the mayor. "
    page.goto(server)
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
