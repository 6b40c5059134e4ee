"""Risk adds up, answers to the base rate, abstains with a reason, and is not moved by disguise."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from scorer import Article, InvalidInput, Scorer
from scorer.verdict import Verdict

ARTICLE = (Path(__file__).parents[1] / "data" / "golden" / "dam.txt").read_text(encoding="utf-8")

SPANISH = (
    "El gobierno anunció el martes que las obras del puerto empezarán en otoño, según una portavoz del ministerio. "
    "Los sindicatos piden que se publique antes el informe sobre la seguridad de los muelles y que se abra una mesa "
    "de diálogo con los trabajadores, que llevan tres semanas en huelga. "
) * 3


def total(assessment: object) -> float:
    fields = assessment.fields  # type: ignore[attr-defined]
    return (
        fields["base"]
        + sum(signal["contribution"] for signal in fields["signals"])
        + fields["text_model"]["contribution"]
    )


def test_contributions_add_up_to_the_log_odds_of_the_risk(scorer: Scorer) -> None:
    assessment = scorer.score(Article(text=ARTICLE))
    risk = assessment["risk"]
    assert total(assessment) == pytest.approx(math.log(risk / (1 - risk)), abs=1e-9)
    assert assessment["reliability"] == round(100 * (1 - risk))
    low, high = assessment["interval"]
    assert 0 < low <= risk <= high < 1


def test_a_base_rate_shifts_the_log_odds_and_shows_in_base(scorer: Scorer) -> None:
    usual = scorer.score(Article(text=ARTICLE))
    rare = scorer.at_base_rate(0.05).score(Article(text=ARTICLE))
    shift = math.log(0.05 / 0.95) - math.log(0.3 / 0.7)
    assert rare["base"] - usual["base"] == pytest.approx(shift)
    assert total(rare) - total(usual) == pytest.approx(shift)
    assert rare["risk"] < usual["risk"]
    assert rare["base_rate"] == 0.05
    assert rare["label"] == usual["label"], "the label's cut-offs do not move with the base rate"


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 2.0])
def test_an_impossible_base_rate_is_refused(scorer: Scorer, rate: float) -> None:
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        Verdict(scorer.model, rate)


@pytest.mark.parametrize(
    ("article", "reason"),
    [
        (Article(title="Harbour talks stall as dockers walk out"), "too_short"),
        (Article(text="Talks stalled on Monday. Nobody would say why."), "too_short"),
        (Article(text=SPANISH), "language"),
        (Article(text=ARTICLE.upper()), "unlike_training"),
        (Article(html="<html><body><h1>404</h1><p>Page not found</p></body></html>"), "not_an_article"),
    ],
)
def test_abstention_gives_a_reason_and_no_number(scorer: Scorer, article: Article, reason: str) -> None:
    assessment = scorer.score(article)
    assert assessment["abstained"] == reason
    assert assessment["label"] == "insufficient_evidence"
    assert assessment["risk"] is assessment["reliability"] is assessment["interval"] is None


def test_a_bare_headline_still_has_its_headline_signal(scorer: Scorer) -> None:
    signal = scorer.score(Article(title="You won't believe what this dentist found")).signals["headline"]
    assert signal["metrics"]["clickbait"] > 0.5


TIRADE = """Another week, another disgrace from the {camp} camp. On Monday a senator told a crowd of {camp} donors that
the country was finished. The crowd cheered. Of course it did.

This is what the party has become: a machine for raising money out of fear. Its leaders have no plan for schools, no
plan for wages and no plan for the border. They have slogans. When a reporter asked about rents, the senator walked
away.

The {camp} press will tell you that he was tired. The {camp} think tanks will tell you that rents are falling. Do not
believe a word of it, and no {camp} columnist is going to talk you out of it."""


@pytest.mark.parametrize("camps", [("liberal", "conservative"), ("left-wing", "right-wing"), ("socialist", "fascist")])
def test_a_tirade_reads_alike_whichever_camp_it_attacks(scorer: Scorer, camps: tuple[str, str]) -> None:
    left, right = (scorer.score(Article(text=TIRADE.format(camp=camp)))["risk"] for camp in camps)
    assert abs(left - right) <= 0.05  # other signals read the words, too


def test_disguised_letters_move_no_score(scorer: Scorer) -> None:
    disguised = ARTICLE.replace("e", "е").replace("a", "a\u0301").replace("th", "t\u200bh")
    plain, hidden = scorer.score(Article(text=ARTICLE)), scorer.score(Article(text=disguised))
    assert hidden["risk"] == pytest.approx(plain["risk"], abs=1e-9)
    assert hidden.signals["obfuscation"]["contribution"] == 0
    assert hidden.signals["obfuscation"]["metrics"]["altered_share"] > 0.05
    assert plain.signals["obfuscation"]["metrics"]["altered_share"] == 0


def test_top_terms_quote_the_text(scorer: Scorer) -> None:
    assessment = scorer.score(Article(text=ARTICLE))
    terms = assessment["text_model"]["top_terms"]
    assert 0 < len(terms) <= 10
    for term in terms:
        assert ARTICLE[term["start"] : term["end"]].strip()


def test_genre_shares_sum_to_one(scorer: Scorer) -> None:
    assert sum(scorer.score(Article(text=ARTICLE))["genre"].values()) == pytest.approx(1)


def test_an_empty_id_names_nothing(scorer: Scorer) -> None:
    given = {"text": ARTICLE}
    assert (
        scorer.score(Article.from_mapping(given | {"id": ""}))["id"] == scorer.score(Article.from_mapping(given))["id"]
    )


def test_a_text_beside_a_page_is_told_not_to_be_read(scorer: Scorer) -> None:
    page = (
        f"<html><body><article><h1>Dam</h1><p>{'The dam held and nobody was hurt. ' * 30}</p></article></body></html>"
    )
    told = "the page (html) was read, the text given beside it was not"
    assert told in scorer.score(Article(html=page, text="Another text.")).fields["warnings"]
    assert told not in scorer.score(Article(html=page)).fields["warnings"]
