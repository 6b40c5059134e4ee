"""What is said of our own texts stays what it was, unless somebody meant to change it."""

from __future__ import annotations

import json

import pytest

from scorer import Scorer
from tests.golden import FILE, articles, digests, model_digest, rounded


@pytest.fixture(scope="module")
def known() -> dict[str, object]:
    found: dict[str, object] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def test_the_digests_are_those_of_this_model(scorer: Scorer, known: dict[str, object]) -> None:
    assert (known["model"], known["manifest"]) == (scorer.model.version, model_digest(scorer)), (
        "the model was learned anew: `make golden` writes the digests of its assessments"
    )


def test_every_text_is_told_as_it_was(scorer: Scorer, known: dict[str, object]) -> None:
    assert digests(scorer) == known["assessments"], "meant? `make golden` writes the digests anew"


def test_there_are_thirty_texts_and_more_of_many_kinds(scorer: Scorer) -> None:
    told = {name: scorer.score(article) for name, article in articles()}
    assert len(told) >= 30
    assert len({assessment["label"] for assessment in told.values()}) >= 3
    found = {name for each in told.values() for name, signal in each.signals.items() if signal["spans"]}
    assert found >= {"attribution", "figures", "headline", "style", "transparency", "obfuscation"}
    assert any(each.signals["links"]["teasers"] for each in told.values())


def test_a_digit_that_processors_differ_in_is_left_out() -> None:
    assert rounded({"risk": [0.12345678912, 3]}) == rounded({"risk": [0.12345678909, 3]})
    assert rounded(0.1234567) != rounded(0.1234568)
