"""The article with its evidence, used by pointer, by keyboard and on a telephone."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browsing import watched
from tests.service import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SENTENCE = "The mayor of Gull Point said on Monday that 1,200 homes had reportedly lost power in the storm. "
HOSTILE = "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'><b onclick=alert(1)>bold</b>"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service that keeps texts."""
    with running(tmp_path_factory.mktemp("kept"), "--workers", "1", CREDENCE_KEEP_TEXT="1") as address:
        yield address


def score(address: str, **article: str) -> None:
    body = json.dumps(article).encode("utf-8")
    request = urllib.request.Request(f"{address}/v1/articles", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def test_the_pointer_asks_why(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/articles/demonstration-03")
    page.locator(".text mark.figure").first.hover()
    page.wait_for_selector("#why:visible")
    told = page.locator("#why").inner_text()
    assert "Figure" in told
    assert "This is wrong" in told
    lit = page.locator(".text mark.now")
    assert lit.count() >= 1
    page.mouse.move(0, 0)
    page.wait_for_selector("#why", state="hidden")


def test_the_keyboard_steps_from_finding_to_finding_and_back(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/articles/demonstration-03")
    focused = "document.activeElement.id"
    page.keyboard.press("n")
    first = page.evaluate(focused)
    page.keyboard.press("j")
    second = page.evaluate(focused)
    assert first != second
    assert page.locator(f"#{second}").get_attribute("aria-describedby") == "why"
    page.keyboard.press("p")
    assert page.evaluate(focused) == first
    page.keyboard.press("k")  # round to the last
    assert page.evaluate(focused) == page.locator(".text mark[id]").last.get_attribute("id")
    page.keyboard.press("Escape")
    assert page.locator("#why").is_hidden()


def test_keys_can_be_switched_off_and_do_not_type_over_words(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/?example=1")
    page.locator("#article").focus()
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "article"
    page.locator("#keys-on").uncheck()
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "keys-on"


def test_each_kind_can_be_switched_off_and_is_then_passed_over(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/articles/demonstration-03")
    every = page.locator("[data-switch]")
    for index in range(every.count()):
        if every.nth(index).get_attribute("data-switch") != "figure":
            every.nth(index).uncheck()
    style = "mark => getComputedStyle(mark).backgroundImage + getComputedStyle(mark).boxShadow"
    source = page.locator(".text mark.source:not(.figure)").first
    assert "rgb" not in source.evaluate(style).replace("rgba(0, 0, 0, 0)", "")
    page.keyboard.press("n")
    assert "figure" in (page.evaluate("document.activeElement.className") or "")
    assert "hide=attribution" in (page.locator("#share").get_attribute("href") or "")


def test_findings_that_overlap_each_keep_their_look(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/articles/demonstration-03")
    both = page.locator(".text mark.content.hedge").first
    style = both.evaluate(
        "mark => [getComputedStyle(mark).textDecorationStyle, getComputedStyle(mark).backgroundColor]"
    )
    alone = page.locator(".text mark.content:not(.hedge)").first
    assert style == ["wavy", alone.evaluate("mark => getComputedStyle(mark).backgroundColor")]
    both.hover()
    page.wait_for_selector("#why:visible")
    assert {"Hedge", "Content"} <= set(page.locator("#why b").all_inner_texts())


def test_a_review_is_stored_in_place_and_the_text_stays(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_label("Text or HTML").fill(SENTENCE * 8)
    page.get_by_role("button", name="Read the evidence").click()
    page.wait_for_selector("#verdict")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.get_by_label("Your name").fill("Ann of the desk")
    page.get_by_role("button", name="Store the review").press("Enter")
    page.wait_for_selector("#announced")
    assert "stored" in page.locator("#announced").inner_text()
    assert "Gull Point" in page.locator("article.text").inner_text()
    page.goto(server + (page.locator("#share").get_attribute("href") or ""))
    assert "Ann of the desk" in page.locator("#reviews").inner_text()


def test_a_review_that_is_closed_leaves_the_focus_where_it_was(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/articles/demonstration-03")
    page.keyboard.press("n")
    before = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == before


def test_a_hostile_article_does_nothing(page: Page, kept: str) -> None:
    text = f"The mayor said {HOSTILE} reportedly. {SENTENCE * 6}"
    score(kept, id="hostile", title=HOSTILE, text=text, url="javascript:window.hit=3")
    page.goto(kept + "/articles/hostile")
    for _ in range(12):
        page.keyboard.press("n")
    assert page.evaluate("window.hit") is None
    assert page.locator("main b:not(#why b), main img, main script").count() == 0
    assert HOSTILE in page.locator("article.text").inner_text().replace("\n", "")
    assert page.locator("a[href^='javascript']").count() == 0


def test_long_words_and_other_directions_fit_a_telephone(browser: Browser, kept: str) -> None:
    hebrew = "ראש העיר אמר כי 1,200 בתים נותרו בלי חשמל."
    text = f"{SENTENCE * 6}\n\n{hebrew}\n\n{'Donaudampfschifffahrt' * 12} said so.\n\nhttps://x.example/{'a' * 300}"
    score(kept, id="odd", title="W" * 120, text=text)
    with watched(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as page:
        page.goto(kept + "/articles/odd")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.locator("article p", has_text="חשמל").evaluate("p => getComputedStyle(p).direction") == "rtl"
        page.locator(".text mark.figure").first.tap()
        page.wait_for_selector("#why:visible")
        box = page.locator("#why").bounding_box()
        assert box is not None
        assert (box["x"], round(box["y"] + box["height"])) == (0, 844)


def test_a_very_long_article_is_drawn_as_it_is_read(page: Page, kept: str) -> None:
    paragraphs = [f"{number}. {SENTENCE * 5}" for number in range(600)]
    score(kept, id="long", title="A very long article", text="\n\n".join(paragraphs))
    page.goto(kept + "/articles/long")
    assert page.locator("article.text > p").count() == 600
    drawn = """[...document.querySelectorAll("article.text > p > mark:first-of-type")]
        .filter(mark => mark.checkVisibility({ contentVisibilityAuto: true })).length"""
    assert 0 < page.evaluate(drawn) < 60
    page.keyboard.press("p")  # the last finding
    assert page.locator("#why").is_visible()
    assert page.locator(".finding-list li").count() <= 200
    assert "more are marked" in (page.locator(".finding-list").text_content() or "")


def test_on_paper_the_article_stands_alone(page: Page, demonstration: str) -> None:
    page.goto(demonstration + "/articles/demonstration-03")
    page.emulate_media(media="print")
    for hidden in ("nav", ".actions", ".legend", ".notices"):
        assert page.locator(hidden).first.is_hidden()
    assert page.locator("article.text").is_visible()
    assert page.locator(".waterfall").is_visible()
