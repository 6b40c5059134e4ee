"""The reference article beside the repository (not part of it): every finding its readers agreed on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scorer import Article, Scorer
from tests.findings import missing_attributions, missing_figures, plain, signal, spans

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def expected(shared_examples: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared_examples / "troops.expected.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def body(shared_examples: Path) -> str:
    return (shared_examples / "troops.txt").read_text(encoding="utf-8").partition("\n")[2].lstrip("\n")


@pytest.fixture(scope="module")
def assessment(scorer: Scorer, body: str, expected: dict[str, Any]) -> dict[str, Any]:
    return scorer.score(Article(title=expected["title"], text=body)).to_dict()


def test_all_figures_and_no_others(assessment: dict[str, Any], body: str, expected: dict[str, Any]) -> None:
    assert missing_figures(body, spans(assessment, "figures", "figure"), expected["figures"]) == []


def test_at_least_twelve_of_fifteen_attributions(
    assessment: dict[str, Any], body: str, expected: dict[str, Any]
) -> None:
    missed = missing_attributions(body, spans(assessment, "attribution", "attribution"), expected["attributions"])
    assert len(missed) <= 3, missed


def test_all_three_teasers_are_flagged(assessment: dict[str, Any], expected: dict[str, Any]) -> None:
    flagged = {plain(t["text"]) for t in signal(assessment, "links")["teasers"] if t["flagged"]}
    assert flagged == {plain(t["text"]) for t in expected["teasers"]}


def test_nothing_below_the_article_is_evidence_of_anything_else(assessment: dict[str, Any], body: str) -> None:
    tail = body.index("Popular posts")
    evidence = [s for name in ("attribution", "figures", "style") for s in signal(assessment, name)["spans"]]
    assert [body[s["start"] : s["end"]] for s in evidence if s["start"] >= tail] == []
