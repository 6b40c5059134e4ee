"""The article we wrote ourselves, over HTTP as a user reaches it: what is found, and what moves the verdict."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.findings import missing_attributions, missing_figures, plain, signal, spans


@dataclass(frozen=True)
class Golden:
    """The article in its variants, and what a person finds in it."""

    title: str
    body: str
    unattributed: str
    expected: dict[str, Any]

    @property
    def confirmed(self) -> str:
        """The article with its unconfirmed figures confirmed."""
        body = self.body
        for open_wording, settled in self.expected["confirm"]:
            assert open_wording in body
            body = body.replace(open_wording, settled)
        return body

    @property
    def tail(self) -> int:
        """Where the comments and teasers below the article begin."""
        return self.body.index("\n" + self.expected["tail_starts"] + "\n")


@pytest.fixture(scope="module")
def article(golden: Path) -> Golden:
    title, _, body = (golden / "dam.txt").read_text(encoding="utf-8").partition("\n\n")
    unattributed = (golden / "unattributed.txt").read_text(encoding="utf-8").partition("\n\n")[2]
    expected = json.loads((golden / "dam.expected.json").read_text(encoding="utf-8"))
    return Golden(title, body, unattributed, expected)


@pytest.fixture(scope="module")
def assessment(server: str, article: Golden) -> dict[str, Any]:
    return post(server, article.title, article.body)


def post(server: str, title: str, text: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{server}/v1/articles",
        json.dumps({"title": title, "text": text}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def by_signals(assessment: dict[str, Any]) -> float:
    """What the signals add to the log-odds."""
    return float(sum(each["contribution"] or 0 for each in assessment["signals"]))


def test_every_figure_is_found_with_its_source_and_its_doubt(article: Golden, assessment: dict[str, Any]) -> None:
    found = spans(assessment, "figures", "figure")
    assert missing_figures(article.body, found, article.expected["figures"]) == []


def test_hedges_are_found(article: Golden, assessment: dict[str, Any]) -> None:
    found = spans(assessment, "figures", "hedge")
    starts = [article.body.index(hedge) for hedge in article.expected["hedges"]]
    missed = [
        hedge
        for hedge, start in zip(article.expected["hedges"], starts, strict=True)
        if not any(h["start"] < start + len(hedge) and start < h["end"] for h in found)
    ]
    assert missed == []


def test_attributions_are_found_with_the_kind_of_their_source(article: Golden, assessment: dict[str, Any]) -> None:
    found = spans(assessment, "attribution", "attribution")
    missed = missing_attributions(article.body, found, article.expected["attributions"])
    assert len(article.expected["attributions"]) - len(missed) >= article.expected["attributions_found_at_least"], (
        missed
    )


def test_a_pronoun_stands_for_the_person_named_before(article: Golden, assessment: dict[str, Any]) -> None:
    she = next(
        a
        for a in spans(assessment, "attribution", "attribution")
        if a["source"] and article.body[slice(*a["source"])] == "she"
    )
    assert "Ilsa Brandt" in she["resolved"]


def test_teasers_below_the_article_are_flagged(article: Golden, assessment: dict[str, Any]) -> None:
    flagged = {plain(t["text"]) for t in signal(assessment, "links")["teasers"] if t["flagged"]}
    assert flagged == {plain(text) for text in article.expected["teasers"]}


def test_what_stands_below_the_article_feeds_the_links_alone(article: Golden, assessment: dict[str, Any]) -> None:
    evidence = [s for name in ("attribution", "figures", "style") for s in signal(assessment, name)["spans"]]
    evidence += assessment["text_model"]["top_terms"]
    assert [article.body[s["start"] : s["end"]] for s in evidence if s["end"] > article.tail] == []


def test_taking_away_the_sources_raises_what_the_signals_add(
    server: str, article: Golden, assessment: dict[str, Any]
) -> None:
    without = post(server, article.title, article.unattributed)
    assert signal(without, "attribution")["contribution"] > signal(assessment, "attribution")["contribution"]
    assert by_signals(without) > by_signals(assessment)


def test_taking_away_the_sources_raises_the_risk(server: str, article: Golden, assessment: dict[str, Any]) -> None:
    without = post(server, article.title, article.unattributed)
    assert without["risk"] > assessment["risk"]


def test_confirming_the_figures_lowers_the_risk(server: str, article: Golden, assessment: dict[str, Any]) -> None:
    confirmed = post(server, article.title, article.confirmed)
    assert not any(figure["unconfirmed"] for figure in spans(confirmed, "figures", "figure")[1:])
    assert signal(confirmed, "figures")["contribution"] < signal(assessment, "figures")["contribution"]
    assert confirmed["risk"] < assessment["risk"]


def test_taking_away_the_teasers_lowers_the_risk(server: str, article: Golden, assessment: dict[str, Any]) -> None:
    without = post(server, article.title, article.body[: article.tail])
    assert signal(without, "links")["contribution"] < signal(assessment, "links")["contribution"]
    assert without["risk"] < assessment["risk"]
