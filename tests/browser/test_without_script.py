"""Scoring and reading, with no script at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_an_article_is_scored_and_its_marks_tell_why(plain: Page, server: str, golden: Path) -> None:
    plain.goto(server)
    plain.get_by_label("Text or HTML").fill((golden / "dam.txt").read_text(encoding="utf-8"))
    plain.get_by_role("button", name="Read the evidence").click()
    assert "Figure: " in (plain.locator("article mark.figure").first.get_attribute("title") or "")
    plain.locator("#show-figure").uncheck()
    assert plain.locator("article .badge.sourced").first.is_hidden()
    plain.locator(".finding-list summary").click()
    plain.locator(".finding-list a[href^='#m']").first.click()
    assert "#m" in plain.url


def test_a_file_is_scored(plain: Page, server: str, golden: Path) -> None:
    plain.goto(server)
    plain.locator("#file").set_input_files(golden / "dam.txt")
    plain.get_by_role("button", name="Read the evidence").click()
    assert "Senna" in plain.locator("article.text").inner_text()


def test_a_review_is_a_page_of_its_own(plain: Page, server: str) -> None:
    plain.goto(server + "/?example=1")
    plain.get_by_role("link", name="This is wrong", exact=True).first.click()
    plain.get_by_label("mixed").check()
    plain.get_by_label("Your name").fill("Bea without scripts")
    plain.get_by_role("button", name="Store the review").click()
    assert "Your review is stored" in plain.locator(".notices").inner_text()
    assert "Bea without scripts" in plain.locator("#reviews").inner_text()


def test_thresholds_are_counted_at_another_base_rate(plain: Page, server: str) -> None:
    plain.goto(server + "/about")
    before = plain.locator(".counted").inner_text()
    plain.locator("#base_rate").fill("0.05")
    plain.get_by_role("button", name="Count again").click()
    assert plain.locator(".counted").inner_text() != before
    assert "5" in plain.locator("#base-out").inner_text()
