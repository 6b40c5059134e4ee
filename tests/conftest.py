"""What tests share: the shipped scorer, the labelled data beside the repository, a running service, a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scorer import Scorer
from scorer.text import Reader
from tests.browsing import watched
from tests.service import CREDENCE, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DATA") or ROOT.parent / "shared" / "data")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where REQUIRE_ALL is set (continuous integration), a test that is skipped fails."""
    report = yield
    if os.environ.get("REQUIRE_ALL") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and REQUIRE_ALL lets no test skip: {call.excinfo}"
    return report


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    """The shipped scorer, loaded once."""
    return Scorer()


@pytest.fixture(scope="session")
def reader(scorer: Scorer) -> Reader:
    """What turns text into tokens, integers and sentences, with the shipped lexicon and Punkt."""
    return scorer.reader


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def golden() -> Path:
    """Folder of the article we wrote ourselves, with what must be found in it."""
    return ROOT / "tests" / "data" / "golden"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the labelled data, which is not part of the repository."""
    return _folder(DATA)


@pytest.fixture(scope="session")
def shared_examples() -> Path:
    """Folder of the reference article, beside the labelled data."""
    return _folder(DATA.parent / "examples")


def _folder(path: Path) -> Path:
    if not path.is_dir():
        pytest.skip(f"{path} is absent: this test needs the labelled data (make test DATA=...)")
    return path


@pytest.fixture(scope="session")
def credence() -> Path:
    """The installed command."""
    assert CREDENCE.exists(), f"{CREDENCE} is absent: run `make setup`"
    return CREDENCE


@pytest.fixture(scope="session")
def server(credence: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real service, started as a user starts it and stopped when the tests end."""
    with running(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright (whose own browsers are not downloaded)."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("Chromium is absent: apt-get install chromium")
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses to run as root, which is what containers run as.
        chromium = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser page, watched: what goes wrong on it fails the test."""
    with watched(browser) as opened:
        yield opened
