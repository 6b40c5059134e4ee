"""Number expressions: what counts as one, in which notation, and that no input makes the search slow."""

from __future__ import annotations

import time

import pytest

from scorer import Scorer
from scorer.normal import normalise
from scorer.quantities import Finder
from scorer.text import Reader


@pytest.fixture(scope="module")
def finder(scorer: Scorer) -> Finder:
    part = scorer.model.part("figures")
    return Finder(part.arrays["letters"], part.meta["rare"])


def found(finder: Finder, reader: Reader, written: str) -> list[str]:
    text = reader.read(normalise(written))
    quantities = finder.find(text)
    return [
        written[slice(*text.token_span(int(a), int(b)))] for a, b in zip(quantities.first, quantities.last, strict=True)
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("It sold 1,200 boats.", ["1,200"]),
        ("It sold 1.200 boats.", ["1.200"]),
        ("It sold 1 200 boats.", ["1 200"]),
        ("It sold 1.2m boats.", ["1.2m"]),
        ("The ferry cost $3bn.", ["$3bn"]),
        ("The temple raised ₹2 crore.", ["₹2 crore"]),
        ("Twelve thousand sheep were moved.", ["Twelve thousand"]),
        ("Two hundred and fifty boats left.", ["Two hundred and fifty"]),
        ("Half a million letters came.", ["Half a million"]),
        ("Tens of thousands of crabs came ashore.", ["Tens of thousands"]),
        ("They hired 3,000 to 5,000 pickers.", ["3,000 to 5,000"]),
        ("They hired between 3,000 and 5,000 pickers.", ["3,000 and 5,000"]),
        ("The council voted 5-4 for it.", ["5-4"]),
        ("Some 30 per cent of the 40 % left.", ["30 per cent", "40 %"]),
        ("About 7 in 10 agreed.", ["7 in 10"]),
        ("Two-thirds of it was mud.", ["Two-thirds"]),
        ("One of the mayors slept.", []),
        ("The COVID-19 ward was shut.", []),
    ],
)
def test_one_quantity_is_one_expression(finder: Finder, reader: Reader, written: str, expected: list[str]) -> None:
    assert found(finder, reader, written) == expected


def test_no_expression_spans_lines(finder: Finder, reader: Reader) -> None:
    assert found(finder, reader, "Route 95\n200 people came") == ["95"]


@pytest.mark.parametrize(
    "hostile",
    ["7" * 50_000, "7 " * 25_000, "200 " * 25_000, "one hundred and " * 10_000, "5-" * 20_000, "3 to " * 20_000],
    ids=["digits", "numerals", "groups", "words", "hyphens", "ranges"],
)
def test_hostile_input_stays_quick(finder: Finder, reader: Reader, hostile: str) -> None:
    text = reader.read(normalise(hostile))
    begin = time.process_time()
    quantities = finder.find(text)
    assert time.process_time() - begin < 2
    assert (quantities.last[:-1] <= quantities.first[1:]).all()
