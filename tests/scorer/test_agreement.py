"""What a body takes up of its headline, measured word by word."""

import numpy as np
import pytest

from scorer import Scorer
from scorer.agreement import FEATURES, Agreement
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader

WORDS = ("egypt", "reportedly", "minister")
"""Stems 1 to 3. Titles' "egypt" is nearly always taken up by bodies, "reportedly" is not."""

EVIDENCE = [[8.0, 5.0, 1.0, 3.0], [-0.5, -3.0, -0.2, -1.0]]
BODY = "The minister spoke in the capital for an hour. He left early."


def small(reader: Reader) -> Agreement:
    lexicon = reader.lexicon
    stems = np.zeros(len(lexicon), dtype=np.uint16)
    for number, word in enumerate(WORDS, start=1):
        stems[lexicon.id_of[word]] = number
    arrays = {"stems": stems, "idf": np.array([0, 5, 5, 5], dtype=np.float16), "evidence": np.array(EVIDENCE)}
    return Agreement(Part("headline", arrays, {"first_ending": lexicon.id_of["~"], "unknown_idf": 8.0}))


def measures(reader: Reader, title: str) -> dict[str, float]:
    overlap = small(reader).overlap(reader.read(normalise(title)), reader.read(normalise(BODY)))
    assert overlap is not None
    return dict(zip(FEATURES, overlap.measures.tolist(), strict=True))


def test_every_measure_has_a_name(scorer: Scorer) -> None:
    assert len(measures(scorer.reader, "Minister in Egypt")) == len(FEATURES) == 24


def test_a_missing_word_weighs_what_its_absence_means(scorer: Scorer) -> None:
    name = measures(scorer.reader, "Minister in Egypt")
    adverb = measures(scorer.reader, "Minister reportedly")
    assert name["coverage"] == adverb["coverage"] == 0.5  # rarity alone cannot tell them apart
    assert name["evidence"] == pytest.approx((3.0 - 3.0) / 20)
    assert adverb["evidence"] == pytest.approx((3.0 - 0.2) / 20)
    assert name["worst_evidence"] < adverb["worst_evidence"]


def test_evidence_for_and_against_are_told_apart(scorer: Scorer) -> None:
    found = measures(scorer.reader, "Minister in Egypt")
    assert found["evidence_for"] == pytest.approx(3.0 / 20)
    assert found["evidence_against"] == pytest.approx(-3.0 / 5)
    assert found["evidence_at_risk"] == pytest.approx((-1.0 - 3.0) / 5)


def test_a_word_that_no_lexicon_holds_counts_as_unknown(scorer: Scorer) -> None:
    unknown = measures(scorer.reader, "Minister Qzxwvillekar")
    assert unknown["evidence_against"] == pytest.approx(EVIDENCE[1][0] / 5)
