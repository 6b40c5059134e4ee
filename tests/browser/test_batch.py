"""The page of batches as a person uses it: watched, cancelled, gone on with after a restart, without scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.api.conftest import LONG_TEXT, TEXT
from tests.browser.axe import complaints
from tests.service import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PATIENCE_MILLISECONDS = 120_000
"""How long a batch may take here: it shares the machine with the rest of the tests."""


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of three articles, one of them too short and one with a name that is too long for any cell."""
    path = tmp_path_factory.mktemp("upload") / "three.jsonl"
    told = [
        {"id": "plain", "text": TEXT, "url": "https://news.example/plain"},
        {"id": "a" * 200, "text": TEXT + "\n\nMore.", "source": f"{'long' * 14}.example"},
        {"id": "<script>window.hit = 1</script>", "text": "Too short."},
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in told), encoding="utf-8")
    return path


def test_a_batch_keeps_nobody_out(look: Page, desk: str, articles: Path) -> None:
    look.goto(desk + "/batch")
    look.locator("#file").set_input_files(articles)
    look.get_by_role("button", name="Score them").click()
    look.wait_for_selector("h2:text-is('Done')", timeout=PATIENCE_MILLISECONDS)
    assert look.evaluate("window.hit") is None
    assert look.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints(look) == []
    look.get_by_role("button", name="Delete now").click()
    look.wait_for_url("**/batch")


def test_a_batch_is_watched_survives_a_reload_and_is_taken_home(page: Page, desk: str, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"id": f"m{n}", "text": TEXT}) + "\n" for n in range(400)), encoding="utf-8")
    page.goto(desk + "/batch")
    page.get_by_label("A JSONL or CSV file").set_input_files(path)
    page.get_by_role("button", name="Score them").click()
    page.wait_for_url(re.compile(r"/batch/[0-9a-f]{24}$"))
    page.reload()
    page.wait_for_selector("h2:text-is('Done')", timeout=PATIENCE_MILLISECONDS)
    assert "400 of 400" in page.locator("#job-line").inner_text()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take the results").click()
    assert len(Path(taken.value.path()).read_text(encoding="utf-8").splitlines()) == 400
    with page.expect_download() as taken:
        page.get_by_role("link", name="As CSV").click()
    assert taken.value.suggested_filename == "many-scored.csv"


def test_a_batch_is_cancelled(page: Page, desk: str, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(
        "".join(json.dumps({"id": f"c{n}", "text": LONG_TEXT}) + "\n" for n in range(5_000)), encoding="utf-8"
    )
    page.goto(desk + "/batch")
    page.get_by_label("A JSONL or CSV file").set_input_files(path)
    page.get_by_role("button", name="Score them").click()
    page.get_by_role("button", name="Cancel, keep what was scored").click()
    page.wait_for_selector("h2:text-is('Cancelled')", timeout=PATIENCE_MILLISECONDS)


@pytest.mark.slow
def test_a_restart_is_told_and_gone_on_with(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text(
        "".join(json.dumps({"id": f"r{n}", "text": LONG_TEXT}) + "\n" for n in range(4_000)), encoding="utf-8"
    )
    with running(tmp_path, "--workers", "2") as address:
        page.goto(address + "/batch")
        page.get_by_label("A JSONL or CSV file").set_input_files(path)
        page.get_by_role("button", name="Score them").click()
        page.wait_for_url(re.compile(r"/batch/[0-9a-f]{24}$"))
        where = page.url.removeprefix(address)
        page.wait_for_function(
            "() => !document.querySelector('#job-done').textContent.startsWith('0 ')", timeout=PATIENCE_MILLISECONDS
        )
        page.goto("about:blank")
    with running(tmp_path, "--workers", "2") as address:
        page.goto(address + where)
        assert page.locator("#state").inner_text() == "Interrupted"
        assert "The service stopped while this was being scored" in page.get_by_role("alert").inner_text()
        page.get_by_role("button", name="Go on").click()
        page.wait_for_selector("h2:text-is('Done')", timeout=2 * PATIENCE_MILLISECONDS)
        assert "4,000 of 4,000" in page.locator("#job-line").inner_text()


def test_a_batch_works_without_scripts(plain: Page, desk: str, articles: Path) -> None:
    plain.goto(desk + "/batch")
    plain.get_by_label("A JSONL or CSV file").set_input_files(articles)
    plain.get_by_role("button", name="Score them").click()
    plain.wait_for_selector("h2:text-is('Done')", timeout=PATIENCE_MILLISECONDS)  # the page loads itself anew
    plain.locator("#order").select_option("input")
    plain.get_by_role("button", name="Show", exact=True).click()
    assert plain.locator("td:has-text('none: too short')").count() == 1


def test_a_file_that_is_none_is_refused_in_words(page: Page, desk: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG")
    page.goto(desk + "/batch")
    page.get_by_label("A JSONL or CSV file").set_input_files(path)
    page.get_by_role("button", name="Score them").click()
    assert "neither JSONL nor CSV" in page.get_by_role("alert").inner_text()
