"""Sources that stand after what they said, read by rule."""

from __future__ import annotations

import pytest

from scorer.agents import Agents
from scorer.article import Article
from scorer.normal import normalise
from scorer.scorer import Scorer
from scorer.text import Reader


@pytest.fixture(scope="module")
def agents(reader: Reader) -> Agents:
    return Agents(reader.lexicon)


def read(agents: Agents, reader: Reader, sentence: str) -> list[tuple[str, str]]:
    """(source, cue) of what is found, in the sentence's own words."""
    text = reader.read(normalise(sentence))
    found = []
    for link in agents.find(text):
        assert link.source is not None
        assert link.cue is not None
        source, cue = text.token_span(*link.source), text.token_span(*link.cue)
        found.append((sentence[source.start : source.end], sentence[cue.start : cue.end]))
    return found


@pytest.mark.parametrize(
    ("sentence", "source", "cue"),
    [
        ("The toll was not confirmed by the Harbour Authority.", "the Harbour Authority", "confirmed"),
        ("In a video shared with Radio Castell by the Meranian Center for Rivers, trucks leave.",
         "the Meranian Center for Rivers", "shared"),
        ("The clip, geolocated by Radio Castell, shows a bridge.", "Radio Castell", "geolocated"),
        ("There were reports from the Coast Guard Office (CGO) that two boats sank.",
         "the Coast Guard Office (CGO)", "reports"),
        ("She noted survey data suggesting that 900 homes are empty.", "survey data", "suggesting"),
    ],
)  # fmt: skip
def test_the_source_after_its_verb_or_noun_is_found(
    agents: Agents, reader: Reader, sentence: str, source: str, cue: str
) -> None:
    assert read(agents, reader, sentence) == [(source, cue)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry rejected a push by Barbara Henk to reopen the case.",  # who pushed, not who rejected
        "Reports from Kestrel were sparse.",  # where, and of nothing in particular
        "The book was published by hand.",
        "A leaked memo obtained by Radio Castell shows nothing.",  # who got it, not who leaked it
        "The opening provided by the Harbour Authority was missed.",
        "By Monday the water had gone.",
        "The figures were confirmed, and by then Mara Lind had left.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(agents: Agents, reader: Reader, sentence: str) -> None:
    assert read(agents, reader, sentence) == []


def test_the_subject_of_a_passive_is_not_its_source(scorer: Scorer) -> None:
    text = "Both the council and the mayor have been accused of hiding letters from residents."
    attribution = next(s for s in scorer.score(Article(text=text))["signals"] if s["name"] == "attribution")
    assert [(a["source"], a["source_kind"]) for a in attribution["spans"]] == [(None, "vague")]
