"""Which content goes with which cue: what the shipped model shows of sentences where neighbours could be taken in."""

from __future__ import annotations

import numpy as np
import pytest

from scorer.content_ties import AFTER, BEFORE, BUCKETS, FEATURES, INSIDE, Ground, trimmed
from scorer.normal import normalise
from scorer.tagger import Run, Tags
from scorer.text import Reader, Text
from scorer.token_classes import CLASSES, word_classes
from tests.scorer.test_attribution_patterns import seen

TOLD = {
    "Police said the break-in was at the harbour office but later said it happened at the pier.": [
        ("Police", ("the break-in was at the harbour office",)),
        ("Police", ("it happened at the pier",)),
    ],
    "Local reporters said a lorry was towed away, while dockers chanted, “Give us work!”": [
        ("Local reporters", ("a lorry was towed away",)),
        ("dockers", ("“Give us work!”",)),
    ],
    "The pump hall has two doors and a siren, but engineers say that is not enough for a storm like this one.": [
        ("engineers", ("that is not enough for a storm like this one",)),
    ],
    "While the council works to mend the dyke, harbour master Nora Quist says the pier is beyond repair.": [
        ("harbour master Nora Quist", ("the pier is beyond repair",)),
    ],
    "Keith Moss was taken to the hospital, where doctors later confirmed that he had died.": [
        ("doctors", ("that he had died",)),
    ],
    "The Harbour Post reported that the dam leaks. “We never hid it,” Mayor Ann Bly said.": [
        ("The Harbour Post", ("that the dam leaks",)),
        ("Mayor Ann Bly", ("“We never hid it,”",)),
    ],
    "“The tide took the pier,” Nora Quist said. “The council knew it would.”": [
        ("Nora Quist", ("“The tide took the pier,”", "“The council knew it would.”")),
    ],
    "The plan calls for deep cuts in spending that the treasury said would save 3 million crowns.": [
        ("The plan", ("deep cuts in spending",)),
        ("the treasury", ("would save 3 million crowns",)),
    ],
}


@pytest.mark.parametrize("text", TOLD)
def test_a_cue_takes_its_own_clause_and_no_neighbours(text: str) -> None:
    assert [(one.source, one.content) for one in seen(text)] == TOLD[text]


def runs(text: Text, *pieces: str) -> list[Run]:
    """The tokens that these words of the text are."""
    found = []
    for piece in pieces:
        start = text.normal.index(piece)
        found.append((text.token_at(start), text.token_at(start + len(piece) - 1) + 1))
    return found


@pytest.mark.parametrize(
    ("written", "piece", "kept"),
    [
        ("She said the pier was gone and the crane too.", "the pier was gone and", "the pier was gone"),
        ("She said the cuts that the union fought.", "the cuts that the", "the cuts"),
        ("She said he knew that.", "he knew that", "he knew that"),
        ("She said it went to the harbour.", "it went to", "it went"),
        ("She asked what they came for today.", "what they came for", "what they came for"),
        ("She said the tide, the wind and luck did it.", "the tide,", "the tide"),
        ("She said and the rest went.", "and the", None),
    ],
)
def test_content_has_no_loose_ends(reader: Reader, written: str, piece: str, kept: str | None) -> None:
    text = reader.read(normalise(written))
    tags = Tags([], runs(text, written.split()[1]), runs(text, piece), [])
    found = trimmed(text, tags, word_classes(reader.lexicon)).content
    assert found == ([] if kept is None else runs(text, kept))


def test_content_ends_before_the_next_speaker(reader: Reader) -> None:
    text = reader.read(normalise("It needs cuts that the treasury said would help."))
    tags = Tags(runs(text, "the treasury"), runs(text, "said"), runs(text, "cuts that the treasury"), [])
    assert trimmed(text, tags, word_classes(reader.lexicon)).content == runs(text, "cuts")


def test_a_pair_is_told_by_what_stands_around_it(reader: Reader) -> None:
    text = reader.read(normalise("The dam holds, she said, but others say it leaks."))
    tags = Tags(runs(text, "she", "others"), runs(text, "said", "say"), runs(text, "The dam holds", "it leaks"), [])
    ground = Ground(text, tags, word_classes(reader.lexicon), np.zeros(11, np.int32))
    sides = [[ground.looks(piece, cue, 0)[0] for cue in range(2)] for piece in range(2)]
    assert sides == [[BEFORE, BEFORE], [AFTER, AFTER]]
    assert ground.gap(1, 1) == 0
    assert ground.gap(1, 0) == len(text.tokens[text.token_at(text.normal.index("said")) + 1 :]) - 3
    for piece in range(2):
        for cue in ground.near(piece):
            buckets = ground.looks(piece, cue, 2)[1]
            assert len(buckets) == FEATURES
            assert 0 <= min(buckets) <= max(buckets) < BUCKETS


def test_a_cue_may_stand_inside_its_content(reader: Reader) -> None:
    text = reader.read(normalise("The dam, she said, holds."))
    tags = Tags(runs(text, "she"), runs(text, "said"), [(0, len(text.tokens))], [])
    ground = Ground(text, tags, word_classes(reader.lexicon), np.zeros(11, np.int32))
    assert ground.looks(0, 0, 0)[0] == INSIDE


def test_every_word_has_a_class(reader: Reader) -> None:
    classes = word_classes(reader.lexicon)
    assert len(classes) == len(reader.lexicon)
    assert 1 <= classes.min() <= classes.max() < CLASSES
