"""What the attribution tagger learns from, and the samples labelled by hand that parts of it are judged on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scorer import store
from scorer.lexicon import Lexicon
from scorer.normal import normalise
from scorer.sentences import Punkt
from scorer.text import Reader
from training import passives, references
from training.attribution import cue_words, example
from training.corpora import Corpora

SENTENCE = "Ellen Brandt said the bridge was old."
ROW = {"text": SENTENCE, "attributions": [{"source": [[0, 12]], "cue": [[13, 17]], "content": [[18, 36]]}]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    model = store.load(store.find())
    return Reader(Lexicon(model.part("lexicon").meta["words"]), Punkt(model.part("punkt").meta))


def test_gold_spans_become_labels_of_tokens(reader: Reader) -> None:
    text = reader.read(normalise(SENTENCE))
    one = example(ROW, text, np.zeros(len(reader.lexicon), dtype=bool))
    assert one.labels.tolist() == [1, 2, 3, 0, 0, 0, 0, 0]
    assert one.content.tolist() == [0, 0, 0, 1, 1, 1, 1, 0]


def test_words_that_stand_in_cues_are_cue_words(reader: Reader) -> None:
    text = reader.read(normalise(SENTENCE))
    found = np.flatnonzero(cue_words([(ROW, text)] * 5, len(reader.lexicon)))
    assert [reader.lexicon.words[i] for i in found] == ["said"]


@pytest.mark.parametrize(
    ("found", "right", "same"),
    [
        ("Ellen Brandt", "Ellen Brandt", True),
        ("Mayor Ellen Brandt", "Brandt", True),
        ("Ellen J. Brandt", "Ellen Brandt", True),
        ("Paul Brandt", "Ellen Brandt", False),
        (None, "Ellen Brandt", False),
        (None, None, True),
        ("Harbour Office To Expand Programme For Ferries From The North", "Harbour Office", False),
    ],
)
def test_names_that_are_alike(found: str | None, right: str | None, same: bool) -> None:
    assert references.alike(found, right) is same


@pytest.mark.slow
@pytest.mark.shared
def test_mentions_are_led_back(shared_data: Path, reader: Reader) -> None:
    shares = references.shares(references.judge(Corpora(shared_data), reader))
    assert sum(of for _, of in shares.values()) == 137
    assert all(right / of >= 0.8 for right, of in shares.values())


@pytest.mark.slow
@pytest.mark.shared
def test_passives_are_found(shared_data: Path, reader: Reader) -> None:
    for right, wrong, missed in passives.figures(Corpora(shared_data), reader).values():
        assert right / (right + wrong) >= 0.9
        assert right / (right + missed) >= 0.75
