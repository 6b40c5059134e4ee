"""MiniLM fitted to who says what: the layers of `training.minilm`, learning."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from scorer.normal import normalise
from scorer.tagger import FLAGS, LABELS, Inputs, inputs
from scorer.text import Reader, Text
from training import encoder, minilm
from training.network import Example

SENTENCES = "Ellen Brandt said the bridge was old. The Lahn is cold in winter, according to Kestrelhaven's office. "

Reading = Callable[[str], tuple[Text, Inputs]]


@pytest.fixture(scope="module")
def read(reader: Reader) -> Reading:
    nothing = np.zeros(len(reader.lexicon), dtype=bool)

    def read(written: str) -> tuple[Text, Inputs]:
        text = reader.read(normalise(written))
        return text, inputs(text, nothing)

    return read


def test_every_token_has_its_place_in_one_stretch(read: Reading) -> None:
    (long, of_long), (short, of_short) = read(SENTENCES * 30), read("Nobody came.")
    laid = encoder.lay_out([long, short], [of_long, of_short])
    assert laid.tokens[laid.tokens >= 0].tolist() == list(range(len(long.tokens) + len(short.tokens)))
    assert len(laid.pieces) > 2
    last = [minilm.load().tokenizer.id_to_token(piece) for piece in laid.pieces[-1]]
    assert last == ["[CLS]", "nobody", "came", ".", "[SEP]", *["[PAD]"] * 251]
    assert laid.flags[-1, 1:4].tolist() == of_short.flag_columns().tolist()
    assert not laid.flags[-1, 4:].any()


def test_before_it_learns_it_is_minilm(read: Reading) -> None:
    """In whatever company: what is left over of a stretch is not looked at."""
    text, given = read(SENTENCES)
    weights = encoder.start(FLAGS, np.random.default_rng(1))
    (found,) = encoder.opinions(weights, [text], [given])
    (row,) = encoder.lay_out([text], [given]).pieces
    states = minilm.states(row[row > 0].astype(np.intp))
    first = np.flatnonzero(encoder.lay_out([text], [given]).tokens[0] >= 0)
    assert found == pytest.approx(states[first] @ np.asarray(weights["head"]), abs=2e-3)
    assert found.std() > 0.1


@pytest.mark.slow
def test_it_learns_what_words_are(read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("BATCH", 1), ("EPOCHS", 40), ("HEAD_RATE", 1e-2)):
        monkeypatch.setattr(encoder, name, value)
    text, given = read(SENTENCES * 8)
    labels = np.array([LABELS.index("B-cue") if word in ("said", "according") else 0 for word in text.tokens])
    content = np.array([word in ("the", "bridge", "was", "old") for word in text.tokens], dtype=np.int64)
    weights = encoder.fit([text], [Example(given, labels, content)])
    other, of_other = read("The mayor said the bridge was old.")
    (found,) = encoder.opinions(weights, [other], [of_other])
    assert (found[:, : len(LABELS)].argmax(axis=1) == LABELS.index("B-cue")).tolist() == [
        word == "said" for word in other.tokens
    ]
    assert (found[:, 6] > found[:, 5])[other.tokens.index("bridge")]
    assert not (found[:, 6] > found[:, 5])[other.tokens.index("said")]
