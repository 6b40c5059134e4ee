"""Claims in the passive that name nobody, and what only looks like one."""

from __future__ import annotations

import pytest

from scorer import store
from scorer.lexicon import Lexicon
from scorer.normal import normalise
from scorer.passives import Passives
from scorer.sentences import Punkt
from scorer.text import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The shipped reader, alone: no other part is needed here."""
    model = store.load(store.find())
    return Reader(Lexicon(model.part("lexicon").meta["words"]), Punkt(model.part("punkt").meta))


def found(reader: Reader, sentence: str) -> list[str]:
    text = reader.read(normalise(sentence))
    return [sentence[slice(*text.token_span(*run))] for run in Passives.of(reader.lexicon).find(text)]


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("The ferry is believed to have sunk.", "is believed to have"),
        ("The firm has been accused of hiding reports.", "has been accused of"),
        ("It is widely thought that the mayor knew.", "It is widely thought that"),
        ("The dam is now considered a danger.", "is now considered"),
        ("The vote is not expected until June.", "is not expected"),
        ("It was reported that a letter signed by the mayor was lost.", "It was reported that"),
        ("The port was sharply criticised over its prices.", "was sharply criticised"),
        ("The old pier is considered safe.", "is considered"),
        ("The island elected a mayor accused of fraud.", "accused of"),
        ("Divers found a ship believed to have sunk in May.", "believed to have"),
    ],
)
def test_a_claim_that_nobody_makes(reader: Reader, sentence: str, cue: str) -> None:
    assert found(reader, sentence) == [cue]


@pytest.mark.parametrize(
    "sentence",
    [
        "The steel is believed by inspectors to be faulty.",  # by whom is said
        "Winters like these can be expected to return.",  # the writer's own reckoning
        "Nobody shouldn’t be expected to swim.",
        "A new bridge is being considered.",  # an act
        "The crew were asked to fill out forms.",
        "She was considered for the post.",
        "The island elected a mayor accused of fraud by his brother.",
        "He never believed to be wrong was a sin.",
        "The soldiers have been filmed at a camp.",
        "She believed the town was safe.",
    ],
)
def test_what_only_looks_like_it(reader: Reader, sentence: str) -> None:
    assert found(reader, sentence) == []
