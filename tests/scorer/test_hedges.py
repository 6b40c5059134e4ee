"""Hedges: the wording that leaves open whether something is so, found as phrases and told by class."""

from __future__ import annotations

import itertools

import pytest

from scorer import Scorer
from scorer.hedges import Hedger
from scorer.normal import normalise
from scorer.text import Reader


@pytest.fixture(scope="module")
def hedger(scorer: Scorer) -> Hedger:
    return Hedger(scorer.model.part("hedges"))


def found(hedger: Hedger, reader: Reader, written: str) -> list[tuple[str, str]]:
    text = reader.read(normalise(written))
    hedges = hedger.find(text, hedger.letters(text))
    return [(written[slice(*text.token_span(hedge.first, hedge.last))], hedge.kind) for hedge in hedges]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("The bridge could be closed by spring.", ("could be", "modal")),
        ("The toll was not confirmed by the harbour office.", ("not confirmed by", "negated")),
        ("The claim has not yet been independently verified.", ("not yet been independently verified", "negated")),
        ("If confirmed, it would be the third such find.", ("If confirmed", "conditional")),
        ("The crew reportedly left at dawn.", ("reportedly", "evidential")),
        ("The sailors are believed to be safe.", ("are believed to be", "evidential")),
        ("The owner allegedly sold the boat twice.", ("allegedly", "distancing")),
    ],
)
def test_a_cue_is_found_as_a_phrase_of_a_class(
    hedger: Hedger, reader: Reader, written: str, expected: tuple[str, str]
) -> None:
    assert expected in found(hedger, reader, written)


@pytest.mark.parametrize(
    "plain",
    [
        "The harbour opened on Monday.",
        "In May the ferry carried 300 cars.",
        "About 500 people walked along the dike.",
        "She bought bread and went home.",
    ],
)
def test_plain_statements_rounding_and_the_month_of_may_hedge_nothing(
    hedger: Hedger, reader: Reader, plain: str
) -> None:
    assert found(hedger, reader, plain) == []


def test_hedges_never_overlap(hedger: Hedger, reader: Reader) -> None:
    text = reader.read(
        normalise("It may possibly perhaps be thought to be not yet confirmed, if confirmed by them. " * 50)
    )
    hedges = hedger.find(text, hedger.letters(text))
    assert hedges
    assert all(a.last <= b.first for a, b in itertools.pairwise(hedges))
