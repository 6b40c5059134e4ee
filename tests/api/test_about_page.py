"""The page about the score."""

from __future__ import annotations

import pytest
from flask import Flask

from api.about_page import ARTICLES, count
from tests.api.conftest import Make


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    return make()


@pytest.mark.parametrize("base_rate", [0.01, 0.3, 0.9])
def test_articles_are_counted_out_to_the_last(base_rate: float) -> None:
    counted = count({"recall": 0.37, "false_positive_rate": 0.08}, base_rate)
    assert sum((counted.flagged_low, counted.flagged_other, counted.missed, counted.left_alone)) == ARTICLES
    assert counted.flagged_low + counted.missed == round(ARTICLES * base_rate)


def test_the_page_tells_the_same_as_the_interface_for_programs(app: Flask) -> None:
    client = app.test_client()
    version = client.get("/v1/models").get_json()["default"]["version"]
    line = client.get(f"/v1/models/{version}?base_rate=0.1").get_json()["thresholds"][10]
    page = client.get("/about?base_rate=0.1&point=10").get_data(as_text=True)
    flagged = round(line["recall"] * 100) + round(line["false_positive_rate"] * 900)
    assert f"you would look at <strong>{flagged}</strong>" in page


@pytest.mark.parametrize("query", ["base_rate=0", "base_rate=2", "point=99", "point=-1", "colour=red"])
def test_what_makes_no_sense_is_refused(app: Flask, query: str) -> None:
    assert app.test_client().get(f"/about?{query}").status_code == 400
