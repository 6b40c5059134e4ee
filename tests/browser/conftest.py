"""What the browser's tests share: a service with the demonstration, and every look a page has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browsing import LOOKS, watched
from tests.service import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service that began with the demonstration; tests must not remove it."""
    with running(tmp_path_factory.mktemp("demonstration"), "--demonstration", "--workers", "1") as address:
        yield address


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service with the demonstration, whose queue the tests of one file work through."""
    with running(tmp_path_factory.mktemp("desk"), "--demonstration", "--workers", "2") as address:
        yield address


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in one of the looks that every page has: wide and narrow, light and dark."""
    width, scheme = request.param
    with watched(
        browser,
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        reduced_motion="reduce",
        has_touch=width < 500,
    ) as page:
        yield page


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page on which no script runs."""
    with watched(browser, java_script_enabled=False) as page:
        yield page
