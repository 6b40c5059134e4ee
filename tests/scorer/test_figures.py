"""The figures signal: what is a figure, who stands behind it, whether the wording leaves it open."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer import Article, Scorer
from scorer.document import read_document
from scorer.figure_findings import is_told
from scorer.findings import Signal
from scorer.normal import normalise


def measure(scorer: Scorer, text: str) -> Signal:
    document = read_document(Article(text=text, title="Ferry traffic on the lower river"), scorer.reader)
    said = scorer.measures["attribution"](document, {})
    return scorer.measures["figures"](document, {"attribution": said})


def figures(scorer: Scorer, text: str) -> dict[str, dict[str, Any]]:
    spans = measure(scorer, text).spans
    return {text[span["start"] : span["end"]]: dict(span) for span in spans if span["kind"] == "figure"}


NEWS = (
    "The ferry company carried 41,300 cars last summer. "
    "According to the harbour office, 1,250 of them were turned away. "
    "Police said 14 drivers were fined. "
    "Local media reported that as many as 9,000 cars could be refused next year, "
    "though this number was not confirmed by the company. "
    "The captain, who is 52 years old, has worked on the river since 1998."
)


def test_figures_are_found_and_dates_and_ages_are_not(scorer: Scorer) -> None:
    assert list(figures(scorer, NEWS)) == ["41,300", "1,250", "14", "9,000"]


def test_a_figure_is_sourced_by_the_attribution_that_covers_it(scorer: Scorer) -> None:
    found = figures(scorer, NEWS)
    assert [span["sourced"] for span in found.values()] == [False, True, True, True]


def test_a_figure_is_unconfirmed_where_a_hedge_reaches_it(scorer: Scorer) -> None:
    found = figures(scorer, NEWS)
    assert [span["unconfirmed"] for span in found.values()] == [False, False, False, True]
    assert NEWS[slice(*found["9,000"]["hedge"])] == "not confirmed by"
    assert found["41,300"]["hedge"] is None


def test_what_holds_of_the_figures_is_summed_up(scorer: Scorer) -> None:
    signal = measure(scorer, NEWS)
    assert signal.summary == "4 figures: 3 sourced, 1 left unconfirmed"
    assert signal.value == 0.5
    assert signal.metrics["figures"] == 4
    assert signal.metrics["unsourced_share"] == signal.metrics["unconfirmed_share"] == 0.25


def test_the_two_nations_are_no_count_and_one_of_them_neither(scorer: Scorer) -> None:
    assert not figures(scorer, "The treaty binds the two nations, and one of them has left it.")


@pytest.mark.parametrize(
    "number",
    ["1,200", "1.200", "1 200", "1.2m", "twelve thousand", "dozens of", "3,000 to 5,000", "30 per cent", "$3bn"],
)
def test_a_number_is_one_figure_in_any_usual_notation(scorer: Scorer, number: str) -> None:
    found = list(figures(scorer, f"The river flooded {number} farms in the valley last spring."))
    assert len(found) == 1
    assert found[0] in number


@pytest.mark.parametrize("money", ["$3bn", "₹2 crore", "€1.2m", "£500"])
def test_money_is_one_figure_with_its_currency_and_its_scale(scorer: Scorer, money: str) -> None:
    (found,) = figures(scorer, f"The new bridge cost {money} and opened in May.")
    assert found == money


@pytest.mark.parametrize(
    "plain",
    [
        "The bridge opened on 5 May 2016.",
        "The gates close at 5:30 p.m. each day.",
        "The captain, 52, lives by the river.",
        "It was the 3rd ferry to sink.",
        "He drove a Boeing 737 for the company.",
    ],
)
def test_dates_times_ages_ordinals_and_names_are_no_figures(scorer: Scorer, plain: str) -> None:
    assert not figures(scorer, plain)


def test_what_rounds_a_number_is_told_apart_from_what_hedges_it(scorer: Scorer) -> None:
    text = "About 500 boats were moored there, and some 40 of them sank."
    found = figures(scorer, text)
    assert [text[slice(*span["approximator"])] for span in found.values()] == ["About", "some"]
    assert not any(span["unconfirmed"] for span in found.values())
    assert figures(scorer, "The storm sank 500 boats.")["500"]["approximator"] is None


@pytest.mark.parametrize(
    ("sentence", "number", "is_open"),
    [
        ("The crew reportedly found 300 crates on board.", "300", True),
        ("As many as 9,000 cars could be refused next year.", "9,000", True),
        ("An estimated 300 boats were moored there.", "300", True),
        ("More than 140 sailors are thought to have left the port.", "140", True),
        ("The toll is expected to bring in $4 million a year.", "$4 million", True),
        ("The port is home to about 300 boats.", "300", False),
        ("Police said 300 boats were moored there.", "300", False),
        ("The port has room for 300 boats, and the mayor may visit it in summer.", "300", False),
    ],
)
def test_a_hedge_opens_the_figure_in_its_scope(scorer: Scorer, sentence: str, number: str, is_open: bool) -> None:
    assert figures(scorer, sentence)[number]["unconfirmed"] is is_open


def test_what_leaves_a_figure_open_is_in_the_list_of_hedges(scorer: Scorer) -> None:
    text = "The Census Bureau estimates that roughly 76 percent of the harbour is silted. A storm could cost 40 boats."
    signal = measure(scorer, text)
    hedges = [(span["start"], span["end"]) for span in signal.spans if span["kind"] == "hedge"]
    shown = [tuple(span["hedge"]) for span in signal.spans if span["kind"] == "figure" and span["hedge"]]
    assert [text[slice(*span)] for span in shown] == ["estimates", "could"]
    assert set(shown) <= set(hedges)
    assert len(set(hedges)) == len(hedges)
    words = len(text.replace(".", "").split())
    assert signal.metrics["hedges_per_100_words"] == pytest.approx(100 * len(hedges) / words, rel=0.2)


def test_a_text_without_figures_has_no_shares(scorer: Scorer) -> None:
    signal = measure(scorer, "The mayor opened the market and thanked the bakers for their patience.")
    assert signal.value is None
    assert signal.metrics["figures"] == 0
    assert signal.metrics["unsourced_share"] is None
    assert signal.features["no_figures"] == 1.0


def test_without_text_nothing_is_measured(scorer: Scorer) -> None:
    signal = measure(scorer, "")
    assert signal.value is None
    assert not signal.features


PIECES = ["1,200", " cars ", "$3bn", "might be", "\r\n", "\u00a0", "é", "e\u0301", "\u200b", "\U0001f600", "“", "”"]
PIECES += ["30 per cent", "not confirmed", " said ", "May 5", "2016", "twelve", "\n\n", ". ", ", ", "5-4", "₹2 crore"]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join))
def test_spans_stand_in_the_callers_text_and_never_overlap_within_a_kind(scorer: Scorer, text: str) -> None:
    spans = measure(scorer, text).spans
    assert all(0 <= span["start"] < span["end"] <= len(text) for span in spans)
    assert [span["start"] for span in spans] == sorted(span["start"] for span in spans)
    for kind in ("figure", "hedge"):
        own = [span for span in spans if span["kind"] == kind]
        assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(own))


@pytest.mark.parametrize(
    "hostile",
    [
        ("7", 50_000, ""),
        ("1,200 men could fall, ", 10_000, ""),
        ('"', 100_000, " 1,200 cars"),
        ("maybe ", 20_000, "1,200 cars"),
    ],
    ids=["digits", "one long sentence", "quotation marks", "hedges"],
)
def test_work_grows_with_length_and_no_faster(scorer: Scorer, hostile: tuple[str, int, str]) -> None:
    piece, times, end = hostile

    def seconds(text: str) -> float:
        document = read_document(Article(text=text, title="A title that was given"), scorer.reader)
        begin = time.process_time()
        scorer.measures["figures"](document, {})
        return time.process_time() - begin

    half = min(seconds(piece * (times // 2) + end) for _ in range(2))
    assert min(seconds(piece * times + end) for _ in range(2)) < 4 * half + 0.1


def test_what_a_source_beside_its_cue_tells_is_sourced(scorer: Scorer) -> None:
    """Whether the trees think so or not."""
    written = "There were reports from the harbour office that 1,500 crates were lost."
    text = scorer.reader.read(normalise(written))

    def span(words: str) -> list[int]:
        return [written.index(words), written.index(words) + len(words)]

    said = {
        "source": span("the harbour office"), "cue": span("reports"), "content": [span("that 1,500 crates were lost")]
    }  # fmt: skip
    figure = text.tokens.index("1,500")
    assert is_told(text, said, 0, figure)
    assert not is_told(text, said | {"source": None}, 0, figure)
    assert not is_told(text, said | {"content": [span("1,500 crates were lost")]}, 0, figure)
    assert not is_told(text, said | {"cue": span("There")}, 0, figure)
