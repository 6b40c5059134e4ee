"""The demonstration: fills an empty ledger, is marked as such, and goes without a trace."""

from __future__ import annotations

import datetime

from flask import Flask

from api import demonstration
from scorer.abstention import MIN_WORDS
from tests.api.conftest import TEXT, Make
from tests.api.forms import send


def seeded(make: Make) -> Flask:
    app = make()
    assert demonstration.seed(app.extensions["credence"]) == len(demonstration.contents()["articles"])
    return app


def test_it_is_marked_on_every_page_and_one_click_removes_it(make: Make) -> None:
    app = seeded(make)
    client, ledger = app.test_client(), app.extensions["credence"].ledger
    for page in ("/", "/about", "/articles/demonstration-01"):
        assert "invented articles" in client.get(page).get_data(as_text=True)
    assert send(client, "/", "/demonstration/remove").status_code == 303
    assert "invented articles" not in client.get("/").get_data(as_text=True)
    assert ledger.listing.page(limit=1).items == []
    assert ledger.sources.page(1, None) == []
    assert list(ledger.reviews.every()) == []


def test_it_leaves_alone_what_is_not_its_own(make: Make) -> None:
    app = seeded(make)
    client, ledger = app.test_client(), app.extensions["credence"].ledger
    mine = {"id": "mine", "title": "Mine", "text": TEXT, "url": "https://daily-spoon.example/mine"}
    client.post("/v1/articles", json=mine)
    send(client, "/", "/demonstration/remove")
    assert [item.assessment["id"] for item in ledger.listing.page().items] == ["mine"]


def test_a_ledger_that_holds_anything_is_not_filled(make: Make) -> None:
    app = make()
    app.test_client().post("/v1/articles", json={"id": "mine", "text": TEXT})
    assert demonstration.seed(app.extensions["credence"]) == 0


def test_its_texts_can_be_read_though_none_is_kept(make: Make) -> None:
    client = seeded(make).test_client()
    assert "cattle" in client.get("/articles/demonstration-05").get_data(as_text=True)
    # another article under the same id is not ours to show
    client.post("/v1/articles", json={"id": "demonstration-05", "text": TEXT})
    assert "cattle" not in client.get("/articles/demonstration-05").get_data(as_text=True)


def test_every_article_is_long_enough_to_be_judged_and_names_nobody_real() -> None:
    for given in demonstration.contents()["articles"]:
        article = demonstration.article_of(given, datetime.date(2026, 11, 24))
        assert len(article.text.split()) >= MIN_WORDS
        assert given["domain"].endswith(".example")
