"""Pages: main text, metadata, links; encodings; pages that are broken, hostile, or no article."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scorer.page import Page, decode_html, parse, read_page
from scorer.page_links import MAX_LINKS
from scorer.page_text import extract_text

MEGABYTES = 600
"""Memory that reading a hostile page of 10 MB may take (the worst here takes about 200 MB, libraries included)."""

PAGES = Path(__file__).parents[1] / "data" / "pages"
SECONDS = 10
"""No page may take longer; the worst here take about two, so that a slow machine does not fail the test."""


def page(name: str) -> Page:
    return read_page(
        (PAGES / f"{name}.html").read_text(encoding="utf-8"), "https://www.tidewaterpost.example.co.uk/here"
    )


def test_an_article_gives_its_text_and_metadata() -> None:
    found = page("article")
    assert found.is_article
    assert found.text.startswith("The harbour bridge will close")
    assert found.text.endswith("when a ship struck the southern pier.")
    assert found.title == "Harbour bridge to close for eleven weeks of repairs"
    assert found.author == "Maren Oduya, Piet Halloran"
    assert (found.date, found.modified) == ("2026-03-02T08:15:00Z", "2026-03-02T11:40:00Z")
    assert found.site_name == "The Tidewater Post"
    assert found.language == "en-GB"
    assert found.url == "https://www.tidewaterpost.example.co.uk/news/harbour-bridge-close-repairs"
    assert found.free is True
    assert found.contact


def test_links_know_where_they_stand() -> None:
    links = {link.text: link for link in page("article").links}
    assert links["inspection report published in January"].place == "body"
    assert links["Sport"].place == "navigation"
    teaser = links["23 Hilarious Wedding Photos You Need To See"]
    assert teaser.place == "around"
    assert teaser.heading == "Promoted stories"
    assert teaser.position > 1


@pytest.mark.parametrize("name", ["front", "login", "missing", "consent"])
def test_pages_without_an_article_are_told(name: str) -> None:
    assert not page(name).is_article


@pytest.mark.parametrize("name", sorted(file.stem for file in PAGES.glob("*.html")))
def test_text_is_the_same_without_what_the_head_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    short, whole = parse(source), parse(source)
    assert short is not None
    assert whole is not None
    text = extract_text(short)
    assert {element.tag for element in short.iterfind("head/*")} <= {"script", "noscript", "template"}
    monkeypatch.setattr("scorer.page_text._drop_head", lambda tree: None)
    assert extract_text(whole) == text


def test_microdata_and_open_graph_do_where_json_ld_is_absent_or_broken() -> None:
    found = read_page(
        '<html><head><meta property="og:title" content="Lido reopens &amp; swimmers queue | The Post">'
        '<meta property="og:site_name" content="The Post">'
        '<script type="application/ld+json">{"@type": "NewsArticle", </script></head>'
        '<body><span itemprop="author">By Ana Lindqvist</span>'
        '<time itemprop="datePublished" datetime="2026-05-01">May</time></body></html>'
    )
    assert found.title == "Lido reopens & swimmers queue"
    assert found.author == "Ana Lindqvist"
    assert found.date == "2026-05-01"


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        ("é".encode(), None, "é"),
        (b"\xef\xbb\xbf" + "é".encode(), "iso-8859-1", "é"),
        ("é".encode("utf-16-le"), "utf-16-le", "é"),
        (b"\xff\xfe" + "é".encode("utf-16-le"), None, "é"),
        (b"caf\xe9 \x93x\x94", None, "café “x”"),
        (b"caf\xe9", "text/html; charset=nonsense", "café"),
        (b"\x93x\x94", "ISO-8859-1", "“x”"),
        ('<meta charset="windows-1251">Ж'.encode("cp1251"), None, '<meta charset="windows-1251">Ж'),
        (b'<meta charset="utf-16">abc', None, '<meta charset="utf-16">abc'),
        (b'<meta charset="rot13">abc', None, '<meta charset="rot13">abc'),
        (b"\xff\x00\x81", "utf-8", "\ufffd\x00\ufffd"),
    ],
)
def test_bytes_are_decoded_as_browsers_do(data: bytes, declared: str | None, expected: str) -> None:
    assert decode_html(data, declared) == expected


HOSTILE = {
    "nothing": "",
    "blanks": " \n\t",
    "nul": "\0" * 100_000 + "<p>x</p>",
    "deep": "<div>" * 100_000 + "x",
    "attributes": "<p " + " ".join(f"a{i}=1" for i in range(1_000_000)) + ">x</p>",
    "quoted attributes": "<p " + " ".join(f'a{i}="1>"' for i in range(400_000)) + ">x</p>",
    "entities": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>' + "&b;&amp;" * 200_000,
    "links": "<a href='/x'>Some words of a link that goes nowhere</a>" * 60_000,
    "elements": "".join(f"<p id='{i}'>Paragraph {i}.</p>" for i in range(150_000)),
    "angle brackets": "<" * 1_000_000,
    "comments": "<!--" * 200_000,
    "scripts": "<script>" * 200_000,
    "open quotes": "<a " + '="' * 1_000_000,
    "nested links": "<div>" * 250 + '<a href="/x">some words to read here</a>' * 1_500,
    "json": '<script type="application/ld+json">' + "[" * 400_000 + "</script><p>x</p>",
    "surrogates": "<p>\ud800 lone \udfff</p>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_give_a_page_in_time(name: str) -> None:
    started = time.process_time()
    found = read_page(HOSTILE[name], "https://example.com/")
    assert time.process_time() - started < SECONDS
    assert not found.is_article
    assert len(found.links) <= MAX_LINKS


@pytest.mark.parametrize("number", [500, pytest.param(5_000, marks=pytest.mark.slow)])
def test_mutated_pages_are_read_without_an_error(number: int) -> None:
    chance = random.Random(5)
    sources = [path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.html"))]
    debris = [
        "<",
        ">",
        '"',
        "'",
        "&",
        "</div>",
        "<a href=",
        "<!--",
        "]]>",
        "\0",
        "\ud800",
        "<script>",
        "<table>",
        "=",
        "{",
        "é",
    ]
    for _ in range(number):
        text = chance.choice(sources)
        for _ in range(chance.randint(1, 12)):
            at, length = chance.randrange(len(text)), chance.choice((0, 1, 5, 40, 400))
            text = text[:at] + chance.choice(debris) * chance.choice((1, 1, 3)) + text[at + length :]
        started = time.process_time()
        found = read_page(text, "https://example.com/")
        assert time.process_time() - started < SECONDS
        assert isinstance(found.text, str)


BOUNDED = """
import resource, sys
from scorer.page import read_page
page = {"long": "<p>" + "Words of a page that does not end. " * 300_000,
        "deep": "<div>" * 100_000 + "<p>End.</p>",
        "wide": "<p " + " ".join(f"a{i}='x'" for i in range(1_000_000)) + ">End.</p>"}[sys.argv[1]]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
read_page(page)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("name", ["long", "deep", "wide"])
def test_memory_stays_within_a_few_times_the_page(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", BOUNDED, name], capture_output=True, text=True, check=True)
    assert int(done.stdout) < MEGABYTES * 1_024


PARAGRAPHS = "<p>The harbour bridge will close on Monday for repairs, the port authority said in a statement.</p>" * 6
SECRET = "Nobody reads these words, said nobody to no one."


@pytest.mark.parametrize(
    "hiding",
    [
        'style="display: none"',
        'style="visibility:hidden"',
        'style="color:red; font-size:0"',
        'style="opacity: 0;"',
        'style="position:absolute; left:-9999px"',
        'class="lead ghost"',
        "hidden",
    ],
)
@pytest.mark.parametrize("tag", ["p", "span"])
def test_text_that_style_hides_is_left_out_and_counted(hiding: str, tag: str) -> None:
    hidden = f"<{tag} {hiding}>{SECRET}</{tag}>"
    hidden = hidden if tag == "p" else f"<p>The council {hidden} agreed to the plan on Tuesday.</p>"
    sheet = "<style>p{margin:0} .ghost, .x{display:none} @media print {.lead{display:none}}</style>"
    found = read_page(
        f"<html><head>{sheet}</head><body><article>{PARAGRAPHS}{hidden}{PARAGRAPHS}</article></body></html>"
    )
    assert "Nobody" not in found.text
    assert "harbour bridge" in found.text
    assert found.hidden_characters == len(SECRET)


@pytest.mark.parametrize(
    "shown",
    ['style="font-size:0.9em"', 'style="opacity:0.5"', 'style="text-indent:-20px"', 'class="lead"', 'class="ghostly"'],
)
def test_what_people_see_stays(shown: str) -> None:
    sheet = "<style>.ghost{display:none} @media print {.lead{display:none}}</style>"
    found = read_page(f"<head>{sheet}</head><body><article>{PARAGRAPHS}<p {shown}>{SECRET}</p></article></body>")
    assert SECRET in found.text
    assert found.hidden_characters == 0


def test_an_article_that_fades_in_is_no_hidden_text() -> None:
    found = read_page(f'<body><main><div style="opacity:0">{PARAGRAPHS}</div></main></body>')
    assert "harbour bridge" in found.text
    assert found.hidden_characters == 0
