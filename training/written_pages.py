"""Pages written for this project, as HTML and labels of links in the shape of the `pages` corpus: for learning only.

The corpus has few teasers that are flagged (25), so these hold many, in the forms that real pages give them: columns of
related pieces, lists of the most read, blocks of recommendation networks, promotions between two paragraphs. The words
stand in `data/written_pages.txt`, which says how it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from training.corpora import Row

SOURCE = Path(__file__).parent / "data" / "written_pages.txt"

LABELS: dict[str, tuple[bool, bool]] = {"r": (True, False), "x": (True, True), "o": (False, False), "b": (False, True)}
"""The letters of teasers as related, bait."""

PROMOTION = "promo"
"""Form of a block that stands between the paragraphs."""

NETWORKS = {"widget": "https://click.adnet.example/go", "outbrain": "https://paid.discover.example/r"}
"""Forms whose teasers lead to a network's address instead of the house's own pages."""

NAVIGATION = (
    ("Home", "/"),
    ("News", "/news/"),
    ("Sport", "/sport/"),
    ("Culture", "/culture/"),
    ("Newsletter", "/newsletter"),
    ("About us", "/about"),
    ("Privacy policy", "/privacy"),
    ("Contact", "/contact"),
)
_INLINE = re.compile(r"\[([^]]+)\]\(([^)]+)\)")
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Block:
    """A block of teasers: its form, the heading above it, (letter, text) of each teaser."""

    form: str
    heading: str
    teasers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WrittenPage:
    """A page before it is laid out. `capitals`: whether its teasers are written Like This."""

    name: str
    host: str
    layout: str
    capitals: bool
    title: str = ""
    paragraphs: tuple[str, ...] = ()
    navigation: tuple[tuple[str, str], ...] = NAVIGATION
    blocks: tuple[Block, ...] = field(default=())


def written_rows(lines: Iterable[str] | None = None) -> list[Row]:
    """Rows like those of the corpus `pages`: `id`, `title`, `html`, `links`; ids begin with the host."""
    read = SOURCE.read_text(encoding="utf-8").splitlines() if lines is None else lines
    return [_row(page) for page in read_pages(read)]


def read_pages(lines: Iterable[str]) -> list[WrittenPage]:
    """Pages of the text format. Raises `ValueError` for a line that says nothing known."""
    pages: list[WrittenPage] = []
    for number, line in enumerate(lines, 1):
        mark, _, rest = line.partition(" ")
        if not line.strip() or (mark == "#" and not pages):
            continue
        if mark == "=":
            name, host, layout, case = (part.strip() for part in rest.split("|"))
            pages.append(WrittenPage(name, host, layout, case == "capitals"))
            continue
        if not pages:
            raise ValueError(f"line {number} stands before the first page: {line!r}")
        page = pages[-1]
        if mark == "T":
            pages[-1] = replace(page, title=rest)
        elif mark == "P":
            pages[-1] = replace(page, paragraphs=(*page.paragraphs, rest))
        elif mark == "N":
            pages[-1] = replace(page, navigation=(*page.navigation, (rest, "/" + slug(rest) + "/")))
        elif mark == "#":
            form, _, heading = (part.strip() for part in rest.partition("|"))
            pages[-1] = replace(page, blocks=(*page.blocks, Block(form, heading)))
        elif mark in LABELS and page.blocks:
            *before, last = page.blocks
            text = capitalised(rest) if page.capitals else rest
            pages[-1] = replace(page, blocks=(*before, replace(last, teasers=(*last.teasers, (mark, text)))))
        else:
            raise ValueError(f"line {number} says nothing known: {line!r}")
    return pages


def capitalised(text: str) -> str:
    """Headline capitals, as many American sites write them."""
    small = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
    words = text.split(" ")
    return " ".join(w if i and w in small else w[:1].upper() + w[1:] for i, w in enumerate(words))


def slug(text: str) -> str:
    """The words of a text as they stand in an address."""
    return _SLUG.sub("-", text.lower()).strip("-")[:60]


def target(block: Block, number: int, text: str) -> str:
    """Where a teaser leads: a network's own ones to the network, the others to the house."""
    if block.form in NETWORKS:
        return f"{NETWORKS[block.form]}?item={number + 40}&utm_source=page"
    return f"/2023/05/{slug(text)}" if block.form != "popular" else f"/article/{slug(text)}-{5000 + 7 * number}"


def _row(page: WrittenPage) -> Row:
    links: list[Row] = [
        {"text": text, "href": href, "kind": "nav", "related": None, "bait": None} for text, href in page.navigation
    ]
    links += [
        {"text": text, "href": href, "kind": "inline", "related": None, "bait": None}
        for paragraph in page.paragraphs
        for text, href in _INLINE.findall(paragraph)
    ]
    for block in page.blocks:
        for number, (letter, text) in enumerate(block.teasers):
            related, bait = LABELS[letter]
            href = target(block, number, text)
            links.append({"text": text, "href": href, "kind": "teaser", "related": related, "bait": bait})
    return {"id": f"written/{page.host}.html.{page.name}", "title": page.title, "html": html(page), "links": links}


def html(page: WrittenPage) -> str:
    """The page as a site would write it."""
    middle = max(1, len(page.paragraphs) - 2)
    promotions = [_block(block) for block in page.blocks if block.form == PROMOTION]
    paragraphs = [f"<p>{_inline(text)}</p>" for text in page.paragraphs]
    body = "\n".join([*paragraphs[:middle], *promotions, *paragraphs[middle:]])
    blocks = [_block(block) for block in page.blocks if block.form != PROMOTION]
    bar, main = _LAYOUTS[page.layout]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(page.title)}</title>'
        f'<link rel="canonical" href="https://{page.host}/2023/05/{slug(page.title)}"></head><body>'
        + bar.replace("%", _items(page.navigation[:5]))
        + main.replace("%T", escape(page.title)).replace("%B", body).replace("%L", "\n".join(blocks))
        + f'<footer class="site-footer"><ul>{_items(page.navigation[5:])}</ul></footer></body></html>'
    )


_LAYOUTS: dict[str, tuple[str, str]] = {
    "column": (
        '<header class="masthead"><nav><ul>%</ul></nav></header>',
        '<main><article class="story"><h1>%T</h1><div class="story-body">%B</div></article>%L</main>',
    ),
    "cards": (
        '<nav class="navbar"><ul class="menu">%</ul></nav>',
        '<div id="content"><div class="post"><h1 class="entry-title">%T</h1><div class="entry-content">%B</div></div>'
        '<section class="after-post">%L</section></div>',
    ),
    "sidebar": (
        '<header><div class="nav-primary"><ul>%</ul></div></header>',
        '<div class="wrap"><div class="article-main"><h1>%T</h1>%B</div><aside class="sidebar">%L</aside></div>',
    ),
    "plain": ('<ul id="navigation">%</ul>', "<h1>%T</h1>\n<div>%B</div>\n<div>%L</div>"),
    "blog": (
        '<nav class="main-navigation"><ul>%</ul></nav>',
        '<article class="hentry"><header><h1>%T</h1></header><div class="entry-content">%B</div></article>'
        '<div id="secondary" class="widget-area">%L</div>',
    ),
    "recipe": (
        '<nav class="topbar"><ul>%</ul></nav>',
        '<main class="recipe"><h1>%T</h1><section class="recipe-body">%B</section>%L</main>',
    ),
}
"""The navigation bar and the middle of each layout, `%`, `%T`, `%B`, `%L` standing for what it holds."""


def _items(links: Sequence[tuple[str, str]]) -> str:
    return "".join(f'<li><a href="{escape(href)}">{escape(text)}</a></li>' for text, href in links)


def _inline(text: str) -> str:
    return _INLINE.sub(r'<a href="\2">\1</a>', escape(text, quote=False))


def _block(block: Block) -> str:
    links = [(escape(text), escape(target(block, n, text))) for n, (_, text) in enumerate(block.teasers)]
    heading = escape(block.heading)
    if block.form == PROMOTION:
        text, href = links[0]
        return f'<div class="inline-promo"><strong>{heading}:</strong> <a href="{href}">{text}</a></div>'
    if block.form == "related":
        items = "".join(f'<article class="card"><h3><a href="{href}">{text}</a></h3></article>' for text, href in links)
        return f'<section class="related-articles"><h2>{heading}</h2>{items}</section>'
    if block.form == "popular":
        items = "".join(f'<li><a href="{href}">{text}</a></li>' for text, href in links)
        return f'<div class="widget most-read"><h4>{heading}</h4><ol>{items}</ol></div>'
    names = {"widget": ("content-recommendations", "trc_item"), "outbrain": ("ob-widget grid", "ob-unit ob-rec-link")}
    outer, inner = names[block.form]
    items = "".join(
        f'<div class="{inner}"><a href="{href}" rel="nofollow sponsored"><img src="/t/{n}.jpg" alt="">'
        f'<span class="caption">{text}</span></a></div>'
        for n, (text, href) in enumerate(links)
    )
    return f'<div class="{outer}"><div class="header"><span>{heading}</span></div>{items}</div>'
