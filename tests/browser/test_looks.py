"""Every page in every look: nothing wider than the screen, nothing that keeps anybody out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.axe import complaints

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/?example=1",
    "/articles/demonstration-03",
    "/articles/demonstration-10",
    "/articles/demonstration-10?hide=attribution,hedge,loaded",
    "/articles/demonstration-10/review?finding=links",
    "/articles/demonstration-10/review",
    "/about",
    "/about?base_rate=0.02&point=3",
    "/articles/nobody",
    "/docs",
)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_keeps_anybody_out(look: Page, demonstration: str, address: str) -> None:
    look.goto(demonstration + address)
    for details in look.locator("details").all():
        details.evaluate("details => details.open = true")
    assert look.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints(look) == []


def test_a_finding_and_its_review_keep_nobody_out(look: Page, demonstration: str) -> None:
    look.goto(demonstration + "/articles/demonstration-10")
    look.keyboard.press("n")
    look.keyboard.press("n")
    assert look.locator("#why").is_visible()
    assert complaints(look) == []
    look.locator("#why a").first.click()
    look.wait_for_selector("dialog[open]")
    assert complaints(look) == []
    assert look.evaluate("document.documentElement.scrollWidth <= innerWidth")
