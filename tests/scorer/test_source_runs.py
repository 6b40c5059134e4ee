"""Sources made whole: what the tagger cut short or parted."""

from __future__ import annotations

import pytest

from scorer.assembly import Link
from scorer.normal import normalise
from scorer.source_runs import mend
from scorer.tagger import Run, Tags
from scorer.text import Reader, Text


def run_of(text: Text, words: str) -> Run:
    """The tokens of these words, where they stand first."""
    wanted = words.split()
    size = len(wanted)
    first = next(i for i in range(len(text.tokens)) if text.tokens[i : i + size] == wanted)
    return first, first + size


def mended(reader: Reader, sentence: str, cue: str, source: str, *others: str) -> str | None:
    """The source that the link of `cue` and `source` ends up with, in the sentence's tokens."""
    text = reader.read(normalise(sentence))
    link = Link(run_of(text, source), run_of(text, cue), [])
    sources = sorted(run_of(text, words) for words in (source, *others))
    (after,) = mend(text, [link], Tags(sources, [run_of(text, cue)], [], []))
    return " ".join(text.tokens[slice(*after.source)]) if after.source is not None else None


@pytest.mark.parametrize(
    ("sentence", "cue", "source", "whole"),
    [
        ("The two idle ferries denied it.", "denied", "The two idle", "The two idle ferries"),
        ("It is shut, according to the two harbour masters.", "according to", "the", "the two harbour masters"),
        ("It is shut, said three of them.", "said", "three", "three"),
        ("The mayor later denied it.", "denied", "The mayor", "The mayor"),
        ("The mayor repeatedly denied it.", "denied", "The mayor", "The mayor"),
        ("Some have denied it.", "have denied", "Some", "Some"),
        ("The Department of Public Works denied it.", "denied", "The Department of", "The Department of Public Works"),
        (
            "The Center for Harbour Safety and Rescue denied it.",
            "denied",
            "The Center",
            "The Center for Harbour Safety and Rescue",
        ),
        (
            "The Center for Harbour Safety and Coastal Rescue, seldom heard, denied it.",
            "denied",
            "The Center for Harbour Safety",
            "The Center for Harbour Safety and Coastal Rescue",
        ),
        (
            "The Department of Roads & Harbours denied it.",
            "denied",
            "The Department of Roads",
            "The Department of Roads & Harbours",
        ),
        ("The head of Ardania and Mayor Brook denied it.", "denied", "The head of Ardania", "The head of Ardania"),
        ("The Ministry on Friday denied it.", "denied", "The Ministry", "The Ministry"),
        ("The Council and Mayor Brook denied it.", "denied", "The Council", "The Council"),
        ("And the mayor denied it.", "denied", "And the mayor", "the mayor"),
    ],
)
def test_a_noun_phrase_cut_short_is_made_whole(
    reader: Reader, sentence: str, cue: str, source: str, whole: str
) -> None:
    assert mended(reader, sentence, cue, source) == whole


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("It is shut, according to the office for roads.", "the office for roads"),
        ("It is shut, according to the office for roads in the north", "the office for roads in the north"),
        ("According to the office for roads, it is shut.", "the office for roads"),
        ("According to the office for roads it is shut.", "the office"),
        ("It is shut, according to the office (for roads) in the north.", "the office"),
        ("It is shut, said the office for roads.", "the office"),
        ("It is shut, according to the office " + "for roads " * 7 + ".", "the office"),
    ],
)
def test_what_something_is_according_to_ends_with_its_phrase(reader: Reader, sentence: str, whole: str) -> None:
    cue = "said" if "said" in sentence else sentence[sentence.lower().index("according") :][:12]
    assert mended(reader, sentence, cue, "the office") == whole


def test_a_clause_joins_the_name_before_it(reader: Reader) -> None:
    sentence = "Nora Quist , who runs the ferry , added that she had written."
    assert mended(reader, sentence, "added", "who runs the ferry", "Nora Quist ,") == "Nora Quist , who runs the ferry"


def test_a_name_with_a_cue_of_its_own_keeps_its_clause_apart(reader: Reader) -> None:
    text = reader.read(normalise("Nora Quist, who runs the ferry, added that she had written."))
    name, clause = run_of(text, "Nora Quist ,"), run_of(text, "who runs the ferry ,")
    links = [Link(name, run_of(text, "written")), Link(clause, run_of(text, "added"))]
    mend(text, links, Tags([name, clause], [(8, 9)], [], []))
    assert [link.source for link in links] == [name, clause]


def test_what_is_made_of_joints_alone_is_no_source(reader: Reader) -> None:
    assert mended(reader, "They spoke of it and denied it.", "denied", "and") is None


def test_a_source_grows_into_no_other(reader: Reader) -> None:
    text = reader.read(normalise("It is shut, according to the masters Ann Lee said."))
    article, name = run_of(text, "the"), run_of(text, "masters Ann Lee")
    link = Link(article, run_of(text, "according to"))
    mend(text, [link], Tags([article, name], [run_of(text, "according to"), run_of(text, "said")], [], []))
    assert link.source is None


@pytest.mark.parametrize(
    ("sentence", "cue", "source", "whole"),
    [
        ("Ann Lee , a harbour pilot , said it was old.", "said", "Ann Lee", "Ann Lee , a harbour pilot ,"),
        ("Ann Lee , a harbour pilot , said it was old.", "said", "Ann Lee ,", "Ann Lee , a harbour pilot ,"),
        ("Ann Lee , too , said it was old.", "said", "Ann Lee", "Ann Lee"),
        ("The U.S. Senate said it was old.", "said", "The U.S.", "The U.S. Senate"),
        ("Gov. Ann Lee said it was old.", "said", "Gov .", "Gov . Ann Lee"),
    ],
)
def test_a_name_goes_on_over_what_is_said_of_it(
    reader: Reader, sentence: str, cue: str, source: str, whole: str
) -> None:
    assert mended(reader, sentence, cue, source) == whole
