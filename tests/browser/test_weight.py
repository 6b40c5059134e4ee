"""What a page costs to load, as a server that packs with gzip would send it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MAX_BYTES = 150_000


@pytest.mark.parametrize("address", ["/", "/?example=1", "/articles/demonstration-10", "/about"])
def test_a_page_with_all_it_needs_is_light(page: Page, demonstration: str, address: str) -> None:
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(gzip.compress(response.body()))}))
    page.goto(demonstration + address)
    page.wait_for_load_state("networkidle")
    assert any(name.endswith(".js") for name in sizes)
    assert sum(sizes.values()) <= MAX_BYTES, sizes
