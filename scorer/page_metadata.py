"""What a page says about itself: JSON-LD, OpenGraph and other `meta` tags, microdata, a few elements."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import XPath
    from lxml.html import HtmlElement

MAX_JSON_CHARACTERS = 500_000
"""A longer JSON-LD block is not read."""

MAX_JSON_NODES = 500
"""Objects looked at in all JSON-LD of a page."""

MAX_VALUE_CHARACTERS = 500
"""Metadata values are cut to this length."""

_ARTICLE_TYPE = re.compile(r"(?:article|blogposting|newsarticle|report)$", re.IGNORECASE)
_TAGS = ("meta", "title", "h1", "link", "script", "time")
_PROPERTIES = ("author", "headline")
_PUBLISHERS = ("Organization", "NewsMediaOrganization", "WebSite")
_TITLE_PARTS = re.compile(r"\s+[|\u2013\u2014\u00b7\u00bb-]\s+")
_BYLINE_CLASS = re.compile(r"\b(?:by-?line|author-?name|(?:article-?|post-?|entry-?)?author)\b", re.IGNORECASE)
_BY = re.compile(r"^(?:recipe by|by|written by|posted by|from)\b[\s:]*", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\d@|]{2,120}$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Metadata of a page; None (or "" for the title) where it does not say."""

    title: str
    url: str | None
    author: str | None
    date: str | None
    modified: str | None
    site_name: str | None
    language: str | None
    free: bool | None
    corrected: bool
    is_article: bool


def read_metadata(tree: HtmlElement, url: str | None) -> Metadata:
    """Read the metadata of a page; the first source that has a value gives it: JSON-LD, `meta`, microdata, elements."""
    found = _elements(tree)
    meta = _meta(found["meta"])
    articles, publisher = _linked_data(found["script"])
    article: dict[str, Any] = articles[0] if articles else {}
    items = _microdata(tree)

    def first(*values: object) -> str | None:
        return next((text for value in values if (text := _text(value))), None)

    canonicals = (link.get("href") for link in found["link"] if link.get("rel") == "canonical")
    site = first(_name(article.get("publisher")), meta.get("og:site_name"), publisher, meta.get("application-name"))
    h1, page_title = (_text(found[tag][0].text_content()) if found[tag] else None for tag in ("h1", "title"))
    declared = (article.get("headline"), meta.get("og:title"), items.get("headline"), meta.get("twitter:title"))
    title = first(*declared, h1, page_title)
    author = first(
        _people(article.get("author") or article.get("creator")),
        meta.get("author"),
        meta.get("article:author"),
        meta.get("parsely-author"),
        meta.get("dc.creator"),
        meta.get("byl"),
        items.get("author"),
    )
    author = _person(author, site) or _person(_byline_element(tree), site)
    if title is not None and h1 is not None and len(title.split()) < 2 < len(h1.split()):
        title = h1  # the name of the publishing system, not of the article
    free = article.get("isAccessibleForFree")
    kind = (meta.get("og:type") or "").lower()
    return Metadata(
        title=_headline(title or "", site),
        url=first(_first_written(canonicals), meta.get("og:url"), url),
        author=author,
        date=first(
            article.get("datePublished"),
            meta.get("article:published_time"),
            meta.get("datepublished"),
            meta.get("date"),
            meta.get("dc.date"),
            meta.get("pubdate"),
            meta.get("parsely-pub-date"),
            items.get("datePublished"),
            _first_written(element.get("datetime") for element in found["time"]),
        ),
        modified=first(
            article.get("dateModified"),
            meta.get("article:modified_time"),
            meta.get("og:updated_time"),
            meta.get("last-modified"),
            items.get("dateModified"),
        ),
        site_name=site,
        language=first(tree.get("lang"), article.get("inLanguage"), meta.get("og:locale")),
        free=None if free is None else str(free).lower() not in ("false", "no", "0"),
        corrected=bool(article.get("correction")),
        is_article=bool(articles) or kind.endswith("article") or "article:published_time" in meta,
    )


def _first_written(values: Iterable[str | None]) -> str | None:
    """The first attribute that is there, be it empty."""
    return next((value for value in values if value is not None), None)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str):
        return None
    text = " ".join(html.unescape(value[: 4 * MAX_VALUE_CHARACTERS]).split())
    return text[:MAX_VALUE_CHARACTERS] or None


def _elements(tree: HtmlElement) -> dict[str, list[HtmlElement]]:
    """Elements that metadata stand in, by tag, in one walk."""
    found: dict[str, list[HtmlElement]] = {tag: [] for tag in _TAGS}
    for element in tree.iter(*_TAGS):
        found[element.tag].append(element)
    return found


def _meta(elements: list[HtmlElement]) -> dict[str, str]:
    """Every `meta` of the page by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for element in elements:
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = element.get("content")
        if name and content and len(found) < MAX_JSON_NODES:
            found.setdefault(name.lower(), content)
    return found


def _linked_data(scripts: list[HtmlElement]) -> tuple[list[dict[str, Any]], str | None]:
    """Article nodes of all JSON-LD blocks, and the name of an organisation or web site described beside them."""
    articles: list[dict[str, Any]] = []
    publisher: str | None = None
    budget = MAX_JSON_NODES
    for script in scripts:
        source = script.text or ""
        if script.get("type") != "application/ld+json" or len(source) > MAX_JSON_CHARACTERS:
            continue
        try:
            waiting: list[Any] = [orjson.loads(source.strip().rstrip(";"))]
        except orjson.JSONDecodeError:
            continue
        while waiting and budget > 0:
            node = waiting.pop(0)
            budget -= 1
            if isinstance(node, list):
                waiting.extend(node[:budget])
            elif isinstance(node, dict):
                kinds = node.get("@type")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                if any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in kinds):
                    articles.append(node)
                elif publisher is None and any(kind in _PUBLISHERS for kind in kinds):
                    publisher = _text(node.get("name"))
                waiting.extend(node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node)
    return articles, publisher


def _name(node: object) -> str | None:
    if isinstance(node, list):
        node = node[0] if node else None
    return _text(node.get("name")) if isinstance(node, dict) else _text(node)


def _people(node: object) -> str | None:
    nodes = node if isinstance(node, list) else [node]
    return ", ".join(name for one in nodes[:10] if (name := _name(one))) or None


@cache
def _named_properties() -> XPath:
    """The `itemprop` attributes of a tree; compiled once, as a path given to a tree costs more than to walk it."""
    from lxml.etree import XPath

    return XPath("/descendant::*/@itemprop")


def _microdata(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    properties = [name for name in _named_properties()(tree) if name in _PROPERTIES or name.startswith("date")]
    for name in properties[:50]:
        element = name.getparent()
        value = element.get("content") or element.get("datetime") or element.text_content()
        if (text := _text(value)) is not None:
            found.setdefault(str(name), text)
    return found


def _person(author: str | None, site: str | None) -> str | None:
    """A byline without its "By"; None for what is no name: an address, a form's label, the site itself."""
    name = _BY.sub("", author or "").strip(" -|,")
    words = name.split()
    if not words or not _NAME.match(name) or name.lower() == (site or "").lower():
        return None
    capitals = sum(word[0].isupper() for word in words)
    return name if capitals * 2 >= len(words) and "http" not in name and "*" not in name else None


def _byline_element(tree: HtmlElement) -> str | None:
    """A short element that convention marks as the byline."""
    for element in islice(_marked(tree), 20):
        if element.get("rel") == "author" or _BYLINE_CLASS.search(element.get("class") or ""):
            text = _text(element.text_content())
            if text is not None and 4 <= len(text) <= 120:
                return text
    return None


def _marked(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Elements whose class or relation speaks of an author, in order; half the time that a path takes for it."""
    for element in tree.iter("*"):
        name = element.get("class")
        if (name is not None and ("author" in name or "byline" in name)) or element.get("rel") == "author":
            yield element


def _headline(title: str, site: str | None) -> str:
    """A page title without the site's name behind (or before) it."""
    parts = _TITLE_PARTS.split(title)
    if len(parts) < 2:
        return title
    name = (site or "").lower()
    for at in (-1, 0):
        part = parts[at].lower()
        if name and (part in name or name in part):
            cut = title[: title.rindex(parts[at])] if at else title[len(parts[at]) :]
            return cut.strip(" |\u2013\u2014\u00b7\u00bb-")
    return title
