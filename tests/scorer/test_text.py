"""Reading: tokens cover every character that is no blank, positions are exact, sentences hold whole tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.lexicon import Lexicon
from scorer.normal import normalise
from scorer.sentences import Punkt
from scorer.text import TOKEN, Reader
from tests.scorer.prose import ARTICLE

BARE = Reader(
    Lexicon(["", "the", "said", "~", "~ing"]),
    Punkt({"abbreviations": [], "collocations": [], "sentence_starters": [], "orthographic_context": {}}),
)
TRICKY = st.text(
    st.sampled_from("ab Z.!?'’\"-—1,$\r\n\t\u00a0\u0301\u200bﬁ½\U0001f600Ａ中") | st.characters(), max_size=80
)


def test_words_names_figures_and_marks_are_tokens(reader: Reader) -> None:
    text = reader.read(normalise("Moscow's well-known U.S. envoy doesn't owe $1,200.50—\"not yet...\""))
    words = ["Moscow", "'s", "well-known", "U.S.", "envoy", "doesn't", "owe", "$", "1,200.50"]
    assert text.tokens == [*words, "—", '"', "not", "yet", "...", '"']


def test_positions_count_in_the_whole_text_also_when_a_part_is_read(reader: Reader) -> None:
    origin = normalise(ARTICLE)
    start = ARTICLE.index("Ferries")
    part = reader.read(origin, start)
    assert part.tokens[0] == "Ferries"
    assert part.span(*part.sentences[0].tolist()) == (start, ARTICLE.index(" Shop owners"))


def test_a_token_knows_its_sentence(reader: Reader) -> None:
    text = reader.read(normalise("Ferries run. Nobody said why. They do."))
    assert [text.sentence_of(token) for token in (0, 2, 3, 6, 7)] == [(0, 3), (0, 3), (3, 7), (3, 7), (7, 10)]


def test_a_token_leads_back_to_the_callers_text(reader: Reader) -> None:
    raw = "The “vaс\u200bcine\u00ad” café\r\nopened."
    text = reader.read(normalise(raw))
    pieces = [raw[slice(*text.token_span(i, i + 1))] for i in range(len(text.tokens))]
    assert pieces[2] == "vaс\u200bcine"
    assert pieces[4:] == ["café", "opened", "."]


@given(TRICKY)
def test_tokens_are_every_character_that_is_no_blank(raw: str) -> None:
    normal = normalise(raw)
    text = BARE.read(normal)
    assert "".join(text.tokens) == "".join(normal.text.split())
    assert [normal.text[a:b] for a, b in zip(text.starts, text.ends, strict=True)] == text.tokens


@given(TRICKY)
def test_remembered_chunks_give_the_same_tokens_as_the_whole_text(raw: str) -> None:
    normal = normalise(raw)
    assert BARE.read(normal).tokens == TOKEN.findall(normal.text)


@pytest.mark.shared
def test_remembered_chunks_give_the_same_tokens_on_real_articles(reader: Reader, some_articles: list[str]) -> None:
    for raw in some_articles:
        normal = normalise(raw)
        assert reader.read(normal).tokens == TOKEN.findall(normal.text)


@given(TRICKY)
def test_sentences_part_the_tokens(raw: str) -> None:
    text = BARE.read(normalise(raw))
    borders = text.sentence_tokens
    assert borders[-1] == len(text.tokens)
    assert len(borders) == len(text.sentences) + 1
    for (start, end), first, last in zip(text.sentences, borders, borders[1:], strict=False):
        assert first < last
        assert start == text.starts[first]
        assert end >= text.ends[last - 1]


def test_token_at_finds_the_token_under_a_position(reader: Reader) -> None:
    text = reader.read(normalise("One two three"))
    assert [text.token_at(position) for position in (0, 4, 6, 8, 13)] == [0, 1, 1, 2, 3]


def test_empty_and_blank_texts_have_no_tokens_and_no_sentences(reader: Reader) -> None:
    for raw in ("", " \n\t ", "\u200b\u00ad"):
        text = reader.read(normalise(raw))
        assert (len(text.tokens), len(text.sentences), text.sentence_tokens.tolist()) == (0, 0, [0])


@pytest.mark.parametrize(
    "raw", ["a" * 200_000, "a." * 100_000, "-" * 200_000, "a-" * 100_000, "1," * 100_000, "'" * 200_000]
)
def test_no_text_makes_reading_slow(reader: Reader, raw: str) -> None:
    text = reader.read(normalise(raw))  # quadratic work would take minutes
    assert int(np.sum(text.ends - text.starts)) == len(raw)
