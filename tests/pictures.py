"""The pictures of the pages in docs/pictures/, taken anew by `make pictures` from the demonstration."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.service import running

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
COLOURS = 224
"""Colours of a picture: pages have few, and a palette makes the file a third."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page and the look it is taken in, after `keys` are pressed, `click` is clicked, `reviewer` begins to review."""

    name: str
    address: str
    width: int = 1280
    height: int = 900
    scheme: str = "light"
    keys: str = ""
    click: str = ""
    reviewer: str = ""
    scroll: int = 0


PICTURES = (
    Picture("score", "/"),
    Picture("article", "/articles/demonstration-10", height=1180),
    Picture("article-dark", "/articles/demonstration-10", height=1180, scheme="dark"),
    Picture("article-why", "/articles/demonstration-03", keys="nnnnnnnnn"),
    Picture("article-phone", "/articles/demonstration-10", width=390, height=844, scroll=760),
    Picture("article-review", "/articles/demonstration-03", click=".actions [data-review]"),
    Picture("about", "/about", height=1100, scroll=420),
    Picture("sources", "/sources", height=760),
    Picture("source", "/sources/truth-lantern.example", height=1180),
    Picture("queue", "/queue", height=1000, reviewer="Ann"),
    Picture("batch", "/batch", height=860),
)


def take() -> None:
    """Take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), "--demonstration") as service,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        for picture in PICTURES:
            context = chromium.new_context(
                viewport={"width": picture.width, "height": picture.height},
                color_scheme="dark" if picture.scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(service + picture.address)
            _prepare(page, picture)
            _save(page.screenshot(), FOLDER / f"{picture.name}.png")
            context.close()
        chromium.close()


def _prepare(page: Page, picture: Picture) -> None:
    for key in picture.keys:
        page.keyboard.press(key)
    if picture.reviewer:
        page.get_by_label("Your name").fill(picture.reviewer)
        page.get_by_role("button", name="Start reviewing").click()
        page.wait_for_selector("#this-article")
    if picture.click:
        page.locator(picture.click).click()
        page.wait_for_selector("dialog[open]")
    if picture.scroll:
        page.mouse.wheel(0, picture.scroll)
    page.wait_for_timeout(300)


def _save(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    take()
