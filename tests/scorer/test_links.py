"""Teasers, citations and advertising."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scorer import Article, Scorer
from scorer.bait import bait_features, score, without_lead_in
from scorer.document import read_document
from scorer.findings import Signal
from scorer.page_links import Link
from scorer.relation import company_of, list_names, stem, topic_of
from scorer.signals import links
from scorer.teasers import link_contexts, probability
from tests.scorer.test_layout import BODY, TEASERS, TITLE

PAGE = (Path(__file__).parents[1] / "data" / "pages" / "article.html").read_text(encoding="utf-8")


def measured(scorer: Scorer, **given: Any) -> Signal:
    document = read_document(Article(**given), scorer.reader)
    return scorer.measures["links"](document, {})


def test_unrelated_lines_under_a_promotion_heading_are_flagged(scorer: Scorer) -> None:
    text = BODY + "\n\nPopular posts\n\n" + "\n\n".join(TEASERS)
    found = measured(scorer, title=TITLE, text=text)
    assert [teaser["text"] for teaser in found.extra["teasers"]] == list(TEASERS)
    assert all(teaser["flagged"] and teaser["href"] is None for teaser in found.extra["teasers"])
    assert all(text[teaser["start"] : teaser["end"]] == teaser["text"] for teaser in found.extra["teasers"])
    assert found.metrics["teasers"] == found.metrics["unrelated"] == found.metrics["flagged"] == 2


def test_a_related_line_is_not_flagged(scorer: Scorer) -> None:
    related = "Harbour Bridge Bearings Cracked In Cold, Port Authority Engineers Say"
    found = measured(scorer, title=TITLE, text=BODY + "\n\nPopular posts\n\n" + related + "\n\n" + TEASERS[0])
    by_text = {teaser["text"]: teaser for teaser in found.extra["teasers"]}
    assert by_text[related]["related"] > 0.5 > by_text[TEASERS[0]]["related"]
    assert not by_text[related]["flagged"]


def test_a_text_without_links_is_not_measured(scorer: Scorer) -> None:
    found = measured(scorer, title=TITLE, text=BODY)
    assert found.value is None
    assert not found.features


def test_teasers_of_a_page_are_told_from_navigation_and_citations(scorer: Scorer) -> None:
    found = measured(scorer, html=PAGE)
    by_text = {teaser["text"]: teaser for teaser in found.extra["teasers"]}
    assert "Sport" not in by_text
    assert "the port's published budget" not in by_text
    assert by_text["23 Hilarious Wedding Photos You Need To See"]["flagged"]
    assert not by_text["Ferry timetable published ahead of the harbour bridge closure"]["flagged"]
    assert found.metrics["citations"] == found.metrics["cited_domains"] == 2
    assert found.metrics["primary"] == 1
    assert found.metrics["ads"] == 4


def test_citations_in_plain_text_count_other_houses_only(scorer: Scorer) -> None:
    text = BODY + " See https://news.example.org/a, https://www.example.org/b and http://notexample.com/c for more."
    found = measured(scorer, title=TITLE, text=text, url="https://example.com/story")
    assert (found.metrics["citations"], found.metrics["cited_domains"]) == (3, 2)
    own = measured(scorer, title=TITLE, text=text, url="https://sub.example.org/story")
    assert (own.metrics["citations"], own.metrics["cited_domains"]) == (1, 1)


def test_a_tail_of_flagged_teasers_raises_the_risk(scorer: Scorer) -> None:
    prose = "\n\n".join(BODY.replace("nine", str(number)) for number in range(9, 13))
    bare = scorer.score(Article(title=TITLE, text=prose))
    third = "Ten Actors Who Lost Everything In One Night"
    tail = "\n\nPopular posts\n\n" + "\n\n".join((*TEASERS, third))
    pasted = scorer.score(Article(title=TITLE, text=prose + tail))
    assert pasted.signals["links"]["metrics"]["flagged"] == 3
    assert pasted.signals["links"]["contribution"] > bare.signals["links"]["contribution"] + 0.2


def test_prior_weights_are_bounded_and_name_features(scorer: Scorer) -> None:
    features = measured(scorer, html=PAGE).features
    assert set(links.PRIOR_WEIGHTS) == set(features)
    assert all(0 <= value <= 1 for value in features.values())
    weights = links.PRIOR_WEIGHTS.values()
    assert pytest.approx((sum(w for w in weights if w < 0), sum(w for w in weights if w > 0))) == links.PRIOR_BOUNDS


def test_words_are_compared_by_their_stems() -> None:
    assert stem("bridges") == stem("bridge") == stem("bridge's")
    assert stem("parties") == stem("party")


def test_what_all_teasers_hold_sets_none_apart() -> None:
    company = company_of(f"Tidewater story number {number} of the week" for number in range(6))
    assert company[stem("tidewater")] == 1.0
    assert company_of(["one", "two"]) == {}


def test_a_list_is_told_from_a_count() -> None:
    assert "listicle" in bait_features("7 Kitchens That Will Surprise You")
    assert "listicle" not in bait_features("7 people arrested after harbour protest")


@pytest.mark.parametrize("odds", [-1e9, 0.0, 1e9])
def test_probabilities_are_safe(odds: float) -> None:
    assert 0 <= probability(odds) <= 1


@pytest.mark.shared
def test_the_labelled_pages_give_the_figures_of_the_documentation(scorer: Scorer, shared_data: Path) -> None:
    from training.corpora import Corpora
    from training.links import evaluate

    figures = evaluate(Corpora(shared_data), scorer.model.folder)
    assert figures["teaser_f1"] >= 0.91
    assert figures["unrelated_f1"] >= 0.88
    assert figures["bait_f1"] >= 0.70
    assert figures["flagged_f1"] >= 0.45
    assert figures["pages"] == 52


def test_the_part_is_small_and_plain(scorer: Scorer) -> None:
    part = scorer.model.part("links")
    assert part.arrays["idf"].dtype == np.float16
    assert len(json.dumps(dict(part.meta))) < 200_000


def test_pieces_of_a_recommendation_widget_are_teasers_and_its_credits_are_not() -> None:
    piece = Link("This One Trick Empties Your Bin", "https://paid.outbrain.com/r?x=1", "around", words=6)
    assert links.in_widget(piece)
    assert links.in_widget(piece._replace(href="/story", near=("li", "taboola", "feed")))
    assert not links.in_widget(piece._replace(href="https://notoutbrain.com/r"))
    assert not links.in_widget(piece._replace(text="Sponsored links", words=2))
    assert not links.in_widget(piece._replace(place="body"))


def test_links_to_the_own_site_and_dead_schemes_are_counted_apart(scorer: Scorer) -> None:
    cited = '<a href="/earlier">earlier</a> <a href="ftp://files.example.net/a.txt">a file</a> <a href="gopher://x.y/1">b</a>'
    page = PAGE.replace("said on Monday.", f"said on Monday, as {cited} show.")
    found, before = measured(scorer, html=page), measured(scorer, html=PAGE)
    assert found.metrics["own_citations"] == before.metrics["own_citations"] + 1
    assert found.metrics["dead_citations"] == 2
    assert found.metrics["citations"] == before.metrics["citations"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("3 days agoDoes anyone care?", "Does anyone care?"),
        ("Next Post: Seven Soups", "Seven Soups"),
        ("11 Photos Lighthouses in winter", "Lighthouses in winter"),
        ("04 Ferry sinks", "Ferry sinks"),
        ("—", "—"),
    ],
)
def test_what_a_page_puts_before_a_headline_is_left_out(text: str, left: str) -> None:
    assert without_lead_in(text) == left


def test_long_lead_ins_take_linear_time() -> None:
    assert without_lead_in("3 days ago " * 50_000 + "x") == "x"


def test_a_page_says_of_a_list_what_it_holds() -> None:
    assert list_names(("li", "related"), ("aside",), "Related stories") == (
        "in:aside",
        "in:related",
        "under:related",
        "under:stories",
    )
    assert list_names((), (), "") == ("under:nothing",)


def test_the_quick_sum_over_surroundings_is_the_model(scorer: Scorer) -> None:
    document = read_document(Article(html=PAGE), scorer.reader)
    part = scorer.model.part("links")
    judge = links._Judge(scorer.model)
    page = document.page
    assert page is not None
    for context in link_contexts(page, topic_of(document.title, document.body), judge.wording):
        odds = [score(context.kind(), part.meta["kinds"][kind]) for kind in links.KINDS]
        share = np.exp(odds[2]) / np.exp(odds).sum()
        assert judge.is_teaser(context) == (share >= 0.5)
