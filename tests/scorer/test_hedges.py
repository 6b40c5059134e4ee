"""Hedges: the wording that leaves open whether something is so, found as phrases and told by class."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from scorer import Scorer
from scorer.hedges import CUE_WORDS, OTHER, TABLE_SIZE, Hedge, Hedger
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader
from training.hedges import blocks


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


@pytest.mark.parametrize(
    ("sentence", "hedged"),
    [
        ("The storm could cause floods on the coast.", True),
        ("The closure could also cost the town a bridge.", True),
        ("He could play the organ at six.", False),
        ("Crews could hear the engines at night.", False),
        ("The firm could not open the gates.", False),
    ],
)
def test_could_is_a_hedge_where_something_may_come_of_it(
    hedger: Hedger, reader: Reader, sentence: str, hedged: bool
) -> None:
    text = reader.read(normalise(sentence))
    found = [text.tokens[hedge.first : hedge.last] for hedge in hedger.find(text, hedger.letters(text))]
    assert any("could" in tokens for tokens in found) is hedged


def test_an_article_is_never_the_likeliest_cue(hedger: Hedger, reader: Reader) -> None:
    for written in (
        "The Census Bureau estimates that 76 percent is silt.",
        "The many and the few, the old and the new.",
    ):
        text = reader.read(normalise(written))
        cues = [text.tokens[hedge.first].lower() for hedge in hedger.find(text, hedger.letters(text))]
        assert "the" not in cues


def test_hedges_never_overlap(hedger: Hedger, reader: Reader) -> None:
    text = reader.read(
        normalise("It may possibly perhaps be thought to be not yet confirmed, if confirmed by them. " * 50)
    )
    hedges = hedger.find(text, hedger.letters(text))
    assert hedges
    assert all(a.last <= b.first for a, b in itertools.pairwise(hedges))


def test_where_no_word_passes_the_likeliest_of_a_doubtful_sentence_is_the_cue(reader: Reader) -> None:
    text = reader.read(normalise("Crews left. Boats sank slowly."))
    weights = np.zeros(TABLE_SIZE, dtype=np.int8)
    weights[text.words[4]] = 2  # "sank": below the limit of a cue, above what is too faint
    arrays = {"weights": weights, "letters": np.full(len(reader.lexicon), OTHER, dtype=np.uint8)}
    sure = Hedger(Part("hedges", arrays, {"bias": 0.0, "unit": 0.5, "threshold": 2.0}))
    whole = Hedger(Part("hedges", arrays, {"bias": 0.0, "unit": 0.5, "threshold": 2.0, "sentence_threshold": 3.0}))
    assert text.tokens[4] == "sank"
    assert text.words[4] < CUE_WORDS
    assert sure.find(text, sure.letters(text)) == []
    assert whole.find(text, whole.letters(text)) == [Hedge(4, 5, "vague")]


def test_blocks_hold_both_kinds_alike_though_the_file_ends_in_hedged_ones() -> None:
    label = np.array([0, 1] * 100 + [1] * 200)
    shares = [label[blocks(label) == k].mean() for k in range(10)]
    assert shares == pytest.approx([0.75] * 10, abs=0.03)
