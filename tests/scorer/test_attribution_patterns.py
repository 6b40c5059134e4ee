"""The patterns that docs/signals/attribution.md says are read and are not read: held true for the model at hand.

After a new training a pattern may change its side. The assertion then shows what is found now; the document's list and
`READ` or `NOT_READ` here are to be brought in line with it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scorer import Article, store
from scorer.document import read_document
from scorer.lexicon import Lexicon
from scorer.sentences import Punkt
from scorer.signals import attribution
from scorer.text import Reader

PAGE = Path(__file__).parents[2] / "docs" / "signals" / "attribution.md"


class Seen(NamedTuple):
    """What is shown of one attribution."""

    source: str | None
    cue: str
    content: tuple[str, ...]
    kind: str
    resolved: str | None = None


READ = {
    "“The tide took the pier,” Nora Quist said, “and the council knew it would.”": [
        Seen("Nora Quist", "said", ("“The tide took the pier,”", "“and the council knew it would.”"), "named")
    ],
    "Critics say the city waited too long.": [Seen("Critics", "say", ("the city waited too long",), "vague")],
    "The ferry is believed to have been sold.": [Seen(None, "is believed to have been", ("sold",), "vague")],
    "“The water rose. The doors broke. We had to leave the house at once,” Carl Mendes said.": [
        Seen(
            "Carl Mendes",
            "said",
            ("“The water rose. The doors broke. We had to leave the house at once,”",),
            "named",
        )
    ],
    "The National Bridge Agency denied it. The agency insisted that it had checked.": [
        Seen("The National Bridge Agency", "denied", ("it",), "organisation"),
        Seen("The agency", "insisted", ("that it had checked",), "organisation", "National Bridge Agency"),
    ],
}

NOT_READ: dict[str, list[Seen]] = {
    "In the eyes of many islanders, the pier was never safe.": [],
    "Stocks fell on fears that the bank would fail.": [
        Seen("Stocks fell", "on fears", ("that the bank would fail",), "document")
    ],
    "By the harbour master's own account, the chain was rusty.": [],
    "Growing calls for an inquiry went unanswered.": [
        Seen("Growing", "calls for", ("an inquiry went unanswered",), "named")
    ],
    "The mayor's warning that the dyke would break went unheard.": [
        Seen("The mayor", "'s warning", ("that the dyke would break went unheard",), "anonymous")
    ],
}


@cache
def loaded() -> tuple[Reader, Any]:
    """Reader and measure of the shipped model."""
    model = store.load(store.find())
    reader = Reader(Lexicon(model.part("lexicon").meta["words"]), Punkt(model.part("punkt").meta))
    return reader, attribution.build(model)


def seen(text: str) -> list[Seen]:
    """What the product shows of a text."""
    reader, measure = loaded()
    signal = measure(read_document(Article(title="A headline", text=text), reader), {})
    return [
        Seen(
            text[slice(*span["source"])] if span["source"] else None,
            text[slice(*span["cue"])],
            tuple(text[a:b] for a, b in span["content"]),
            span["source_kind"],
            span["resolved"],
        )
        for span in signal.spans
    ]


@pytest.mark.parametrize(("text", "expected"), [*READ.items(), *NOT_READ.items()])
def test_what_the_page_says_of_a_pattern_is_what_is_found(text: str, expected: list[Seen]) -> None:
    assert seen(text) == expected


def test_the_page_lists_these_patterns_and_no_others() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## Five patterns", 1)[1].split("\n## ", 1)[0]
    read, not_read = (re.findall(r"^\d\. `([^`]+)`", part, re.MULTILINE) for part in section.split("Not read,", 1))
    assert read == list(READ)
    assert not_read == list(NOT_READ)
