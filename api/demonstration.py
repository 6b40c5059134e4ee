"""The demonstration: invented articles that fill an empty ledger, marked as such on every page, removed by one click.

Their texts come with the program, so they can be read although the ledger keeps no text.
"""

from __future__ import annotations

import datetime
import json
from functools import cache
from importlib import resources
from typing import Any

from flask import Blueprint, Flask, redirect
from werkzeug.wrappers import Response

from api.desk import Desk, desk
from api.parameters import only
from scorer.article import Article
from scorer.ledger import LedgerError
from scorer.ledger.assessments import Remembered, content_digest, row_of
from scorer.ledger.listing import Filter
from scorer.ratings import ratings_of

blueprint = Blueprint("demonstration", __name__)


@cache
def contents() -> dict[str, Any]:
    """What the demonstration holds: articles, ratings and reviews."""
    told = (resources.files("api") / "examples" / "demonstration.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(told)
    return loaded


def article_of(given: dict[str, Any], today: datetime.date) -> Article:
    """One of its articles, dated back from today."""
    date = (today - datetime.timedelta(days=given["days_ago"])).isoformat()
    text = "\n\n".join(given["paragraphs"])
    url = f"https://{given['domain']}/{given['id']}"
    return Article(
        text=text, title=given["title"], id=given["id"], url=url, date=date, reach=given["reach"]
    )  # fmt: skip


def seed(at: Desk, today: datetime.date | None = None) -> int:
    """Fill an empty ledger; gives the number of articles, 0 where the ledger holds anything. Raises `LedgerError`."""
    if at.ledger.listing.page(limit=1).items or at.ledger.sources.page(1, None):
        return 0
    today = today or datetime.datetime.now(datetime.UTC).date()
    articles = [article_of(given, today) for given in contents()["articles"]]
    at.ledger.remember_many([row_of(article, at.default.score(article), False) for article in articles])
    ratings = []
    for given in contents()["ratings"]:
        date = (today - datetime.timedelta(days=given["days_ago"])).isoformat()
        ratings += ratings_of({**{k: v for k, v in given.items() if k != "days_ago"}, "date": date}, {})
    at.ledger.sources.rate(ratings)
    for review in contents()["reviews"]:
        at.ledger.reviews.add(review["article"], review["verdict"], review["reviewer"], review["reason"])
    return len(articles)


def is_present(at: Desk) -> bool:
    """Whether any of its articles is in the ledger."""
    return at.ledger.assessments.any_of([given["id"] for given in contents()["articles"]])


def remove(at: Desk) -> None:
    """Take it out: its articles with every review of them, its sources where nothing else is known of them."""
    for given in contents()["articles"]:
        at.ledger.retention.forget_article(given["id"])
    for domain in {given["domain"] for given in contents()["articles"]}:
        if not at.ledger.listing.page(Filter(source=domain), limit=1).items:
            at.ledger.retention.forget_source(domain)
    at.ledger.records.forget()


def words_of(identifier: str, content_sha256: str) -> tuple[str, str] | None:
    """Text and title of one of its articles, None for any other."""
    for given in contents()["articles"]:
        if given["id"] == identifier:
            article = article_of(given, datetime.date.min + datetime.timedelta(days=1_000))
            return (article.text, article.title) if content_digest(article) == content_sha256 else None
    return None


def title_of(item: Remembered) -> str | None:
    """What an article is called in a list: its title where it is kept, or where it is one of these."""
    found = None if item.title is not None else words_of(item.assessment["id"], item.content_sha256)
    return item.title if found is None else found[1]


@blueprint.post("/demonstration/remove")
def take_out() -> Response:
    """Remove it, and go to the first page."""
    only()
    remove(desk())
    return redirect("/", 303)


def register(app: Flask) -> None:
    """Let every page say that the demonstration is there."""

    def demonstration_articles() -> int:
        try:
            return len(contents()["articles"]) if is_present(desk()) else 0
        except LedgerError:  # a page that needs no ledger works without it
            return 0

    app.jinja_env.globals["demonstration_articles"] = demonstration_articles
