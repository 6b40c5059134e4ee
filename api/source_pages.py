"""`/sources`: the table of sources, and a page for each with its history, its articles and its ratings."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api import charts
from api.article_view import address, is_web
from api.demonstration import title_of
from api.desk import desk
from api.parameters import choice, only, whole, word
from api.problem import ProblemError
from scorer.domains import registrable
from scorer.ledger import Filter
from scorer.ledger.engine import now
from scorer.ledger.source_list import MAX_SORTED_SOURCES, ORDERS, WHICH, Order, Which
from scorer.source_history import Unit, band, history

blueprint = Blueprint("source_pages", __name__, url_prefix="/sources")

LINES = 25
"""Sources a page of the table holds."""

ARTICLES = 20
"""Articles a page of a source holds."""

MAX_TABLE_PAGE = 100_000
"""Last page of the table that can be asked for."""

MAX_SEARCH_CHARACTERS = 200
"""Characters of a search that are looked for."""

COLUMNS = (("domain", "Source"), ("reliability", "Reliability"), ("articles", "Articles"), ("ratings", "Ratings"),
           ("latest", "Last scored"))  # fmt: skip
"""Columns that the table can be sorted by, and what they are called."""

FIRST_DOWN = ("articles", "ratings", "latest")
"""Orders that begin with the largest."""


@blueprint.get("")
def table() -> str:
    """The sources: searched, filtered, sorted, in pages."""
    only("q", "which", "order", "down", "page")
    search = request.args.get("q", "").strip()[:MAX_SEARCH_CHARACTERS]
    which = cast(Which, choice("which", WHICH) or "all")
    order = cast(Order, choice("order", ORDERS) or "articles")
    down = (choice("down", ("0", "1")) or ("1" if order in FIRST_DOWN else "0")) == "1"
    number = whole("page", 1, 1, MAX_TABLE_PAGE)
    found = desk().ledger.source_list.page(search, which, order, down, number, LINES)
    asked: dict[str, Any] = {"q": search or None, "which": None if which == "all" else which}
    heads = [
        {
            "words": words,
            "name": name,
            "sorted": ("descending" if down else "ascending") if name == order else None,
            "href": url_for(".table", **asked, order=name, down=_turned(name, order, down)),
        }
        for name, words in COLUMNS
    ]
    here = {**asked, "order": order, "down": int(down)}
    return render_template(
        "sources.html",
        found=found,
        lines=[(line, charts.spark(line.trend)) for line in found.lines],
        heads=heads,
        search=search,
        which=which,
        order=order,
        down=int(down),
        first=(number - 1) * LINES + 1,
        before=url_for(".table", **here, page=number - 1) if number > 1 else None,
        after=url_for(".table", **here, page=number + 1) if number * LINES < found.total else None,
        sorted_at_most=MAX_SORTED_SOURCES,
    )


def _turned(name: str, order: str, down: bool) -> int:
    """Which way a click on a column's head sorts: the other way where it is sorted by that column already."""
    return int(not down) if name == order else int(name in FIRST_DOWN)


@blueprint.get("/<domain>")
def source(domain: str) -> str | Response:
    """One source."""
    only("by", "cursor")
    known_as = registrable(domain) or domain
    if known_as != domain:
        return redirect(url_for(".source", domain=known_as), 301)
    by = cast(Unit, choice("by", ("week", "month")) or "week")
    ledger = desk().ledger
    file = ledger.sources.file(domain)
    if file is None:
        raise ProblemError(
            "not_found", f"nothing is known of '{domain[:100]}': no article of it was scored, nobody rated it"
        )
    periods = history(ledger.sources.readings(domain), by)
    page = ledger.listing.page(Filter(source=domain), "newest", ARTICLES, word("cursor"))
    return render_template(
        "source.html",
        file=file,
        told=file.to_dict(now().date()),
        by=by,
        periods=[(period, *band(period)) for period in reversed(periods)],
        drawing=charts.drawing(periods),
        chart=charts,
        articles=[item.to_dict() | {"title": title_of(item)} for item in page.items],
        next=url_for(".source", domain=domain, by=by, cursor=page.next) if page.next else None,
        is_first="cursor" not in request.args,
    )


@blueprint.app_template_filter()
def without_scheme(url: str) -> str:
    """An address as people read it: without "https://" and "www."."""
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.")


@blueprint.app_context_processor
def links() -> dict[str, Any]:
    """For templates."""
    return {"article_link": address, "is_web": is_web}
