"""The demonstration that `make run` begins with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.service import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_one_click_removes_it(page: Page, tmp_path: Path) -> None:
    with running(tmp_path, "--demonstration", "--workers", "1") as address:
        page.goto(address)
        page.get_by_role("button", name="Remove them").click()
        page.wait_for_load_state()
        assert page.get_by_text("invented articles").count() == 0
        page.goto(address + "/articles/demonstration-01")
        assert "There is nothing here" in page.locator("main").inner_text()
