"""The headline signal: lures, promises kept and broken, shouting."""

import pytest

from scorer import Article, Scorer
from scorer.document import read_document
from scorer.findings import Signal
from scorer.signals import headline
from tests.scorer.prose import ARTICLE, TITLE

LURES = [
    "21 Things Only People Who Hate Mornings Will Understand",
    "You Won't Believe What This Cat Did Next",
    "This Simple Trick Will Change The Way You Cook Rice",
    "Here's What Happens To Your Body When You Stop Eating Sugar",
    "17 Photos That Will Make You Want To Move To Norway",
]
PLAIN = [
    "Council approves budget for new fire station",
    "Ferry runs aground off Norway; 40 rescued",
    "Central bank holds interest rates at 3 percent",
    "Police arrest two men over warehouse fire",
    "President signs trade deal with neighbouring state",
]


def measured(scorer: Scorer, title: str, text: str = "") -> Signal:
    document = read_document(Article(title=title, text=text), scorer.reader)
    return headline.build(scorer.model)(document, {})


@pytest.mark.parametrize("title", LURES)
def test_luring_wording_is_clickbait(scorer: Scorer, title: str) -> None:
    clickbait = measured(scorer, title).metrics["clickbait"]
    assert clickbait is not None
    assert clickbait >= 0.5


@pytest.mark.parametrize("title", PLAIN)
def test_plain_wording_is_not(scorer: Scorer, title: str) -> None:
    clickbait = measured(scorer, title).metrics["clickbait"]
    assert clickbait is not None
    assert clickbait < 0.5


def test_case_is_a_house_style_and_changes_nothing(scorer: Scorer) -> None:
    cases = [measured(scorer, title).metrics["clickbait"] for title in (LURES[1], LURES[1].lower(), LURES[1].upper())]
    assert len(set(cases)) == 1


def test_a_title_without_a_body_has_no_agreement(scorer: Scorer) -> None:
    signal = measured(scorer, TITLE)
    assert signal.value is not None
    assert signal.metrics["body_agreement"] is None
    assert "body_agreement" not in signal.features
    assert signal.spans == []


def test_a_body_that_keeps_the_promise_agrees(scorer: Scorer) -> None:
    agreement = measured(scorer, TITLE, ARTICLE).metrics["body_agreement"]
    assert agreement is not None
    assert agreement >= 0.5


def test_a_body_about_something_else_does_not(scorer: Scorer) -> None:
    signal = measured(scorer, "Film star quits hospital drama over pay dispute", ARTICLE)
    agreement = signal.metrics["body_agreement"]
    assert agreement is not None
    assert agreement < 0.5
    assert "hardly about" in signal.summary


def test_words_the_body_never_takes_up_are_marked_in_the_title(scorer: Scorer) -> None:
    title = "Lindholm closes cracked bridge, dolphins celebrate"
    signal = measured(scorer, title, ARTICLE * 2)
    marked = {title[span["start"] : span["end"]] for span in signal.spans if span["kind"] == "unsupported"}
    assert {"dolphins", "celebrate"} <= marked
    assert not {"Lindholm", "bridge"} & marked


def test_spans_stand_in_the_title_as_the_caller_wrote_it(scorer: Scorer) -> None:
    title = "Lindholm\u00a0closes \u201cbri\u200bdge\u201d; dol\u00adphins celebrate"
    signal = measured(scorer, title, ARTICLE * 2)
    assert "dol\u00adphins" in [title[span["start"] : span["end"]] for span in signal.spans]


@pytest.mark.parametrize(
    ("title", "least", "most"),
    [
        ("Council meets", 0, 0),
        ("WAKE UP America", 0.01, 1),
        ("They LIED about EVERYTHING!", 0.5, 1),
        ("NATO meets", 0, 1),
    ],
)
def test_shouting_is_a_share(scorer: Scorer, title: str, least: float, most: float) -> None:
    shouting = measured(scorer, title).metrics["shouting"]
    assert shouting is not None
    assert least <= shouting <= most


def test_without_a_title_nothing_is_measured(scorer: Scorer) -> None:
    document = read_document(Article(text=""), scorer.reader)
    signal = headline.build(scorer.model)(document, {})
    assert signal.value is None
    assert signal.features == {}


@pytest.mark.parametrize("title", ["???", "中文标题", "a" * 2_000, "1 2 3 4", "\U0001f600"])
def test_odd_titles_are_measured_or_left(scorer: Scorer, title: str) -> None:
    signal = measured(scorer, title, ARTICLE)
    assert signal.value is None or 0 <= signal.value <= 1
