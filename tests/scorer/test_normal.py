"""Normalisation undoes disguises, and every position leads back to the caller's text."""

import itertools
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scorer.article import Span
from scorer.normal import _leetspeak, normalise
from tests.scorer.prose import ARTICLE, DISGUISES, disguise

SECONDS = 2
"""Far more than any of these texts takes (milliseconds), far less than quadratic work would."""

LEET_READINGS = _leetspeak()[1]

TRICKY = st.text(
    st.sampled_from("ab Z.é1\r\n\t\u00a0\u0301\u0335\u200b\u200d\u00adﬁ½…’\u202e\U0001f600\ufe0f\u2028Ａаß\ud800中")
    | st.characters(),
    max_size=60,
)


def test_plain_text_is_left_alone() -> None:
    normal = normalise("Plain text, “quoted” — and $5.")
    assert normal.text is normal.raw
    assert normal.span(0, 5) == Span(0, 5)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("caf\u00e9", "cafe"),
        ("cafe\u0301", "cafe"),
        ("o\ufb03ce", "office"),
        ("va\u200bcc\u00adine", "vaccine"),
        ("\u0440\u0430y", "pay"),
        ("\u0406ran", "Iran"),
        ("\uff34\uff32\uff35\uff34\uff28", "TRUTH"),
        ("\U0001d42d\U0001d42b\U0001d42e\U0001d42d\U0001d421", "truth"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("ten\u00a0percent", "ten percent"),
    ],
)
def test_each_kind_of_writing_has_one_normal_form(raw: str, text: str) -> None:
    assert normalise(raw).text == text


@pytest.mark.parametrize("how", sorted(DISGUISES))
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_a_disguised_article_reads_like_its_plain_form(how: str, share: float) -> None:
    article = 10 * ARTICLE
    disguised = disguise(article, how, share)
    assert disguised != article
    assert normalise(disguised).text == normalise(article).text


@pytest.mark.shared
@pytest.mark.parametrize("how", sorted(DISGUISES))
def test_real_articles_survive_every_disguise(how: str, some_articles: list[str]) -> None:
    for text in some_articles[:40]:
        assert normalise(disguise(text, how)).text == normalise(text).text


def test_a_span_takes_the_marks_of_its_letters_along() -> None:
    normal = normalise("a cafe\u0301 opens")
    start = normal.text.index("cafe")
    assert normal.raw[slice(*normal.span(start, start + 4))] == "cafe\u0301"


def test_a_span_of_disguised_letters_covers_them_as_sent() -> None:
    normal = normalise("They \u200bl\u200bi\u200be\u200b.")
    start = normal.text.index("lie")
    assert normal.raw[slice(*normal.span(start, start + 3))] == "l\u200bi\u200be"


@given(TRICKY)
@example("\u0301a")
@example("\r\n\r\n")
@example("ﬁ\u0301\u200bx")
def test_positions_are_in_order_and_inside_the_text(raw: str) -> None:
    normal = normalise(raw)
    spans = [normal.span(i, i + 1) for i in range(len(normal.text))]
    assert all(0 <= span.start < span.end <= len(raw) for span in spans)
    assert all(a.start <= b.start for a, b in itertools.pairwise(spans))


@given(TRICKY)
@example("10SE")
def test_what_a_position_leads_back_to_gave_that_character(raw: str) -> None:
    normal = normalise(raw)
    for index, character in enumerate(normal.text):
        source = normalise(raw[slice(*normal.span(index, index + 1))]).text
        # a sign is read as a letter in its word only: "10SE" begins with an l, "1" alone is a one
        assert character in source or any(character in source.translate(reading) for reading in LEET_READINGS)


@given(TRICKY)
def test_the_normal_form_holds_no_marks_and_nothing_invisible(raw: str) -> None:
    assert not [c for c in normalise(raw).text if unicodedata.category(c) in ("Mn", "Me", "Cf", "Cs")]


@given(TRICKY)
def test_a_normal_text_is_its_own_normal_form(raw: str) -> None:
    once = normalise(raw).text
    assert normalise(once).text == once


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("The s h o c k i n g truth", "The shocking truth"),
        ("S H O C K I N G !", "SHOCKING !"),
        ("a v4ccine h0ax", "a vaccine hoax"),
        ("tr41t0rs and k1llers", "traitors and killers"),
        ("b\u0430d v4\u200bccin3", "bad vaccine"),
        ("A B C D, the 4th MP3 and B2B in 1990s", "A B C D, the 4th MP3 and B2B in 1990s"),
        ("a t0wn by the s3a", "a t0wn by the s3a"),
    ],
)
def test_spaced_out_words_are_joined_and_loaded_words_in_leetspeak_read(raw: str, text: str) -> None:
    normal = normalise(raw)
    assert normal.text == text
    assert normal.span(0, len(text)) == (0, len(raw))


def test_a_span_of_a_spaced_out_word_covers_it_as_sent() -> None:
    normal = normalise("the s h o c k i n g truth")
    start = normal.text.index("shocking")
    assert normal.raw[slice(*normal.span(start, start + 8))] == "s h o c k i n g"


def test_signs_and_single_letters_without_end_take_linear_time() -> None:
    for raw in ("4a" * 200_000, "a " * 200_000, "@$" * 200_000 + "a", "x 1 " * 100_000):
        started = time.process_time()
        normalise(raw)
        assert time.process_time() - started < SECONDS
