"""The page about the score, with its sliders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_sliders_count_while_they_move(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/about")
    before = page.locator(".counted").inner_text()
    page.locator("#base_rate").focus()
    page.keyboard.press("Home")
    page.wait_for_function("words => document.querySelector('.counted').innerText !== words", arg=before)
    assert page.evaluate("document.activeElement.id") == "base_rate"
    assert page.locator("#base-out").inner_text().startswith("1")
    assert "base_rate=0.01" in page.url
    assert page.get_by_role("button", name="Count again").is_hidden()
