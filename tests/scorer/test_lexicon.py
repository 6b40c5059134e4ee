"""The lexicon: every token has a word id and a shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.lexicon import SHAPE_BITS, Lexicon, Shape, key_of, shape_of

WORDS = ["", "the", "moscow", "0,000", "0000", "don't", "~", "~g", "~ng", "~ing"]


@pytest.mark.parametrize(
    ("token", "shape"),
    [
        ("the", Shape.LOWER),
        ("Moscow", Shape.TITLE),
        ("NATO", Shape.UPPER),
        ("U.S.", Shape.UPPER),
        ("McCain", Shape.MIXED),
        ("J", Shape.INITIAL),
        ("1911", Shape.INTEGER),
        ("1,200.5", Shape.NUMBER),
        ("covid19", Shape.ALPHANUMERIC),
        ("well-known", Shape.HYPHENATED),
        ("...", Shape.PUNCTUATION),
        ("“", Shape.QUOTE_OPEN),
        ("”", Shape.QUOTE_CLOSE),
        ('"', Shape.QUOTE_STRAIGHT),
        ("$", Shape.CURRENCY),
    ],
)
def test_a_shape_says_how_a_token_is_written(token: str, shape: Shape) -> None:
    assert shape_of(token) is shape


@pytest.mark.parametrize(("token", "key"), [("Don’t", "don't"), ("1,500", "0,000"), ("1984", "0000"), ("12th", "00th")])
def test_a_key_forgets_case_and_digits(token: str, key: str) -> None:
    assert key_of(token) == key


def test_a_word_and_a_shape_make_one_integer() -> None:
    lexicon = Lexicon(WORDS)
    packed = lexicon["Moscow"]
    assert WORDS[packed >> SHAPE_BITS] == "moscow"
    assert packed & ((1 << SHAPE_BITS) - 1) == Shape.TITLE


@pytest.mark.parametrize(
    ("word", "known_as"),
    [("running", "~ing"), ("strang", "~ng"), ("pig", "~g"), ("g", "~"), ("xyz", "~"), ("the", "the")],
)
def test_an_unknown_word_is_known_by_its_longest_ending(word: str, known_as: str) -> None:
    assert WORDS[Lexicon(WORDS).word_id(word)] == known_as


def test_a_lexicon_without_the_catch_all_is_refused() -> None:
    with pytest.raises(ValueError, match="catch-all"):
        Lexicon(["", "the"])


def test_memory_is_bounded_and_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorer.lexicon.CACHE_LIMIT", 100)
    lexicon = Lexicon(WORDS)
    before = lexicon["Moscow"]
    for number in range(250):
        lexicon[f"x{number}"]
    assert dict.__len__(lexicon) <= 101
    assert lexicon["Moscow"] == before
    assert len(lexicon) == len(WORDS)


def test_very_long_tokens_are_not_remembered() -> None:
    lexicon = Lexicon(WORDS)
    assert lexicon["a" * 10_000] == lexicon["a" * 10_000]
    assert dict.__len__(lexicon) == 0


@given(st.text(min_size=1).filter(lambda token: not token.isspace()))
def test_every_token_has_an_id_and_a_shape(token: str) -> None:
    packed = Lexicon(WORDS)[token]
    assert 0 < packed >> SHAPE_BITS < len(WORDS)
    assert packed & ((1 << SHAPE_BITS) - 1) in {int(shape) for shape in Shape}
