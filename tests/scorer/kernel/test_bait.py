"""A teaser's wording weighed: the compiled sum is the sum of the described features."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer import Scorer, kernel
from scorer.bait import LISTS, SETS, Bait, bait_features, lists, score, traits

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")

LISTED = sorted({word for name in (*LISTS, *SETS) for word in lists()[name]})
PIECES = (
    "7",
    "15",
    "1234",
    "999",
    "٣",
    "²",
    "04",
    "Top 10",
    "the the 5",
    "TOP the 3 ",
    "How to",
    "how",
    "HOW",
    "to",
    "won’t",
    "YOU’LL",
    "don't",
    "BELIEVE",
    "SHOCK",
    "ǅ",
    "İstanbul",
    "ΣΑΣ",
    "ſs",
    "漢字",
    "\U0001f600",
    "_under",
    "-dash",
    "“",
    "”",
    "‘",
    "'",
    '"',
    "?",
    "!",
    "…",
    "...",
    "... ",
    "$5",
    "\n",
    "3 days ago",
    "Next Post:",
    "11 Photos",
    "advertisement",
    "é",
    "Things",
    "Photos",
    "slow-cooker dinners",
    "This",
    "These",
    "Here's",
    "a" * 80,
    "s",
)
TEASERS = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(LISTED), st.text(max_size=8)), max_size=60)
JOINED = st.tuples(TEASERS, st.sampled_from((" ", "  ", "", "-"))).map(lambda given: given[1].join(given[0]))


@pytest.fixture(scope="module")
def models(scorer: Scorer) -> list[Bait]:
    """The two shipped ones, and one in which no weight is like another, so that none can stand for another."""
    names = [*traits(), *("word:" + word for word in LISTED), *("opens:" + word for word in lists()["questions"])]
    apart = dict(zip(names, np.random.default_rng(5).normal(size=len(names)).tolist(), strict=True))
    shipped = scorer.model.part("headline").meta["traits"], scorer.model.part("links").meta["bait"]
    return [*map(Bait, shipped), Bait(apart)]


@settings(max_examples=500, deadline=None)
@given(text=JOINED)
def test_any_teaser_weighs_the_same(models: list[Bait], text: str) -> None:
    for model in models:
        for written in (text, text.title(), text.upper()):
            assert model.log_odds(written) == score(bait_features(written), model.weights)


def test_every_trait_is_weighed_somewhere(models: list[Bait]) -> None:
    texts = (
        "5 things",
        "12 photos that 3 reasons you need to see right now!",
        "How to win",
        "How he won… ",
        "Why?",
        "What is it that you do when you are not there any more, my friend?",
        "“Nobody told us”",
        "BELIEVE this $5 trick…",
        "She finds the best ring",
        "This is what they found",
        "one two three four five six seven eight nine ten",
        " ".join("abcdefghijklmnopqrst"),
        " ".join("abcdefghijklmnopqrstuvwxyz"),
        "Breaking: the 9 worst ones",
        "“",
        "Who said so to them, and when?",
        "Is this the end of the great old town?",
        "Share if you agree",
    )
    met: set[str] = set()
    for text in texts:
        met |= bait_features(text).keys()
        for model in models:
            assert model.log_odds(text) == score(bait_features(text), model.weights)
    assert not set(traits()) - met, "add a teaser that shows them"


@pytest.mark.shared
def test_real_headlines_weigh_the_same(models: list[Bait], shared_data: Path) -> None:
    with gzip.open(shared_data / "clickbait.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(3_000), strict=False)]
    titles = [value for row in rows for value in row.values() if isinstance(value, str)]
    for title in titles:
        for model in models:
            assert model.log_odds(title) == score(bait_features(title), model.weights), title


EMPTY, NUMBERS, NO_WORDS = np.zeros(0), np.zeros(len(traits())), np.zeros(0, np.int32)


@pytest.mark.parametrize(
    ("number_of", "tables"),
    [
        ({}, (np.zeros(1, np.int32), EMPTY, EMPTY, NUMBERS, (40, 4))),
        ({}, (NO_WORDS, EMPTY, EMPTY, NUMBERS[1:], (40, 4))),
        ({"text": 0}, (NO_WORDS, EMPTY, EMPTY, NUMBERS, (40, 4))),
        ({"text": -2}, (np.zeros(1, np.int32), NUMBERS[:1], NUMBERS[:1], NUMBERS, (40, 4))),
        ({}, (NO_WORDS, EMPTY, EMPTY, NUMBERS, (40, -4))),
        ({}, (NO_WORDS, EMPTY, EMPTY, NUMBERS, (40,))),
        ([], (NO_WORDS, EMPTY, EMPTY, NUMBERS, (40, 4))),
    ],
)
def test_tables_that_do_not_fit_are_refused(number_of: object, tables: tuple[Any, ...]) -> None:
    *arrays, limits = tables
    with pytest.raises(ValueError, match="fit"):
        kernel.native.bait(kernel.tables("idddq", *arrays, np.array(limits, np.int64)), number_of, "text")
