"""Who answers for an article: what a page says, what plain text can tell, and what nobody can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scorer import Article, Scorer
from scorer.document import read_document
from scorer.findings import Signal
from scorer.signals import transparency
from tests.scorer.test_layout import BODY, TITLE

PAGE = (Path(__file__).parents[1] / "data" / "pages" / "article.html").read_text(encoding="utf-8")


def measured(scorer: Scorer, **given: Any) -> Signal:
    document = read_document(Article(**given), scorer.reader)
    return scorer.measures["transparency"](document, {})


def test_plain_text_cannot_tell_what_is_absent(scorer: Scorer) -> None:
    found = measured(scorer, title=TITLE, text=BODY)
    assert set(found.metrics.values()) == {None}
    assert found.value is None
    assert not found.features


def test_a_byline_line_is_seen_and_shown(scorer: Scorer) -> None:
    text = f"{TITLE}\n\nBy Maren Oduya\n\n{BODY}"
    found = measured(scorer, text=text)
    assert found.metrics["byline"] == 1
    (span,) = found.spans
    assert text[span["start"] : span["end"]] == "By Maren Oduya"


def test_corrections_wire_and_own_reporting_are_read_in_the_text(scorer: Scorer) -> None:
    text = BODY.replace(" in a statement", " in an interview with this newspaper")
    text = "PORT TOWN (Reuters) - " + text + "\n\nCorrection: an earlier version of this article gave the wrong date."
    found = measured(scorer, title=TITLE, text=text)
    assert found.metrics["corrections"] == found.metrics["wire_credit"] == found.metrics["original_reporting"] == 1
    kinds = {span["kind"]: text[span["start"] : span["end"]] for span in found.spans}
    assert kinds == {"correction": "Correction:", "wire_credit": "(Reuters) -"}


def test_an_aggregated_article_is_told(scorer: Scorer) -> None:
    text = BODY + " The closure was first reported by another paper. Read the full article there."
    assert measured(scorer, title=TITLE, text=text).metrics["original_reporting"] == 0


def test_a_page_that_could_say_so_is_held_to_it(scorer: Scorer) -> None:
    signed = measured(scorer, html=PAGE)
    assert [signed.metrics[name] for name in ("byline", "date", "contact", "named_outlet")] == [1, 1, 1, 1]
    bare = measured(
        scorer, html=f"<html><body><article><p>{BODY.replace(chr(10) * 2, '</p><p>')}</p></article></body></html>"
    )
    assert [bare.metrics[name] for name in ("byline", "date", "contact", "named_outlet")] == [0, 0, 0, 0]
    assert bare.features["byline"] == -1
    assert bare.features["corrections"] == 0  # most articles need none


def test_prior_weights_are_bounded_and_name_features(scorer: Scorer) -> None:
    features = measured(scorer, html=PAGE).features
    assert set(features) <= set(transparency.PRIOR_WEIGHTS)
    assert sum(abs(weight) for weight in transparency.PRIOR_WEIGHTS.values()) <= 0.4 + 1e-9
    assert all(-1 <= value <= 1 for value in features.values())
