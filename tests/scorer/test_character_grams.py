"""Characters in a row: how a text is spelled, looked up in small tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer import kernel
from scorer.character_grams import LOGARITHM, PRESENCE, CharacterGrams, from_part, grams, prepared
from scorer.store import Part

BITS = 10
NO_IDF = np.ones(1 << BITS, dtype=np.uint8)


def table(text: str, weight: int = 100) -> np.ndarray:
    """Weights that know the grams of one text."""
    weights = np.zeros(1 << BITS, dtype=np.int8)
    weights[grams(text, BITS)[0]] = weight
    return weights


def test_a_text_is_read_in_lower_case_with_one_space_between_words() -> None:
    assert prepared("  Area MAN\n\nspeaks ", 500) == " area man speaks "
    assert prepared("Area man", 4) == " area "


def test_three_and_four_characters_are_counted() -> None:
    places, counts = grams(" ab ", 15)
    assert len(places) == 3  # " ab", "ab ", " ab "
    assert counts.tolist() == [1, 1, 1]
    assert grams("aaaa", 15)[1].sum() == 3
    assert [len(part) for part in grams("ab", 15)] == [0, 0]


def test_what_was_learned_adds_up_to_its_weight_for_a_text_of_nothing_else() -> None:
    known = CharacterGrams(table(" area man "), 0.01, NO_IDF, PRESENCE)
    places, _ = grams(" area man ", BITS)
    assert known.log_odds(" area man ") == pytest.approx(np.sqrt(len(places)))
    assert known.log_odds(" area man ") > known.log_odds(" a man met us ") > 0
    assert known.log_odds("") == 0.0


def test_in_a_long_text_a_gram_met_often_counts_more() -> None:
    known = CharacterGrams(table("abc"), 0.01, NO_IDF, LOGARITHM)
    assert known.log_odds("abcxyzabcuvwabcrst") > known.log_odds("abcxyz") * 0.5
    by_presence = CharacterGrams(table("abc"), 0.01, NO_IDF, PRESENCE)
    text = "abc--abc==abc"
    assert known.log_odds(text) > by_presence.log_odds(text)


def test_a_model_without_the_table_serves() -> None:
    assert from_part(Part("genre", {}, {}), "satire_grams", LOGARITHM) is None
    part = Part("genre", {"satire_grams": table("abc")}, {"satire_grams_unit": 0.01})
    found = from_part(part, "satire_grams", LOGARITHM)
    assert found is not None
    assert found.log_odds("abc") > 0


@pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")
@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=80), st.integers(1, 400), st.integers(0, 9))
def test_compiled_and_plain_agree_to_the_bit(text: str, times: int, seed: int) -> None:
    source = np.random.default_rng(seed)
    weights = source.integers(-127, 128, 1 << BITS).astype(np.int8)
    idf = source.integers(1, 256, 1 << BITS).astype(np.uint8)
    for levels in (PRESENCE, LOGARITHM):
        known, part = CharacterGrams(weights, 0.013, idf, levels), (text * times, 900, times, times * len(text))
        part = (*part[:2], min(part[2:]), part[3])
        ours, of_part = known.log_odds(text * times), known.log_odds_of(*part)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernel, "native", None)
            assert known.log_odds(text * times) == ours
            assert known.log_odds_of(*part) == known.log_odds(prepared(*part)) == of_part


@pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")
@pytest.mark.parametrize(
    ("text", "weights", "idf", "levels"),
    [("abc", 7, 7, 2), ("abc", 8, 4, 2), ("abc", 8, 8, 1), ("abc", 8, 8, 257), ("a" * ((1 << 20) + 1), 8, 8, 2)],
)
def test_what_does_not_fit_is_refused(text: str, weights: int, idf: int, levels: int) -> None:
    arrays = (np.zeros(weights, dtype=np.int8), np.zeros(idf, dtype=np.uint8), np.zeros(levels, dtype=np.int16))
    with pytest.raises(ValueError, match=r"fit|shorter"):
        kernel.native.CharacterGrams(*arrays).sums(text)


@pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")
def test_a_part_outside_the_text_is_refused() -> None:
    made = kernel.native.CharacterGrams(NO_IDF.view(np.int8), NO_IDF, PRESENCE)
    for part in ((-1, 2), (2, 1), (0, 4)):
        with pytest.raises(ValueError, match="outside"):
            made.sums_of("abc", *part)
    with pytest.raises(RuntimeError, match="once"):
        made.__init__(NO_IDF.view(np.int8), NO_IDF, PRESENCE)
    with pytest.raises(RuntimeError, match="never made"):
        kernel.native.CharacterGrams.__new__(kernel.native.CharacterGrams).sums("abc")
