"""Parts of the kernel by themselves: as described where whole texts rarely lead, and closed to what does not fit."""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from copy import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer import Scorer, kernel
from scorer.assembly import Link
from scorer.classifier import Terms, lost_with_one, terms_of
from scorer.logodds import sigmoid
from scorer.mentions import describer
from scorer.normal import Normal, normalise
from scorer.text import TOKEN
from scorer.word_choice import Choice, WordChoice, top_terms

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")

WORDS = ["The", "mayor", "said", "12", "U.S.", "NATO", "zzyqx", ",", ".", "“", "”", "\n", "and"]
TERMS = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 40), st.integers(1, 2), st.integers(1, 4)), max_size=90)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer()


@settings(max_examples=200, deadline=None)
@given(TERMS, st.sampled_from([1.0, 0.3, -0.7]), st.booleans())
def test_the_top_terms_are_the_same_with_many_of_one_strength(
    scorer: Scorer, given_terms: list[tuple[int, int, int, int]], share: float, is_positive: bool
) -> None:
    body = scorer.reader.read(normalise("word " * 42))
    values, first, width, count = (np.array([term[i] for term in given_terms], dtype=np.int64) for i in range(4))
    terms = Terms(first, count, np.ones(len(first)), first, width)
    amounts = values.astype(np.float64)
    rows = np.stack([np.zeros(len(values)), amounts, amounts, amounts]).tobytes()
    told = rows + np.concatenate([first, width, count]).astype(np.int32).tobytes()
    ours, theirs = Choice(0, 0, 0, None, None, bytearray(told)), Choice(0, 0, 0, terms, amounts)
    by, of = scorer.verdict.word_choice.top_terms, (body, share, is_positive)
    assert by(ours, *of) == by(theirs, *of) == top_terms(terms, amounts * share, body, is_positive)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=300))
def test_words_are_weighed_alike(scorer: Scorer, words: list[str]) -> None:
    body = scorer.reader.read(normalise(" ".join(words)))
    weighs = scorer.verdict.word_choice
    ours, title = weighs.of(body), weighs.genre.title_logits(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        theirs = weighs.of(body)
        assert weighs.genre.title_logits(body) == title
    assert (ours.logit, ours.opinion, ours.satire) == (theirs.logit, theirs.opinion, theirs.satire)
    assert ours.rows is not None
    assert theirs.terms is not None
    assert theirs.amounts is not None
    count = len(theirs.amounts)
    assert np.frombuffer(ours.rows, np.float64, count, 8 * count).tolist() == theirs.amounts.tolist()
    assert np.frombuffer(ours.rows, np.int32, offset=32 * count).reshape(3, -1).tolist() == [
        getattr(theirs.terms, name).tolist() for name in ("first", "width", "count")
    ]


def test_a_word_met_thousands_of_times_is_left_to_python(scorer: Scorer) -> None:
    body = scorer.reader.read(normalise("said " * 5_000))
    choice = scorer.verdict.word_choice.of(body)
    assert choice.terms is not None
    assert len(scorer.verdict.word_choice.top_terms(choice, body, 1.0, True)) > 0


def test_tables_of_other_lengths_are_looked_up_alike(scorer: Scorer) -> None:
    body = scorer.reader.read(normalise("The mayor of the town said that nobody had told the council anything."))
    text_model, genre = copy(scorer.verdict.text_model), copy(scorer.verdict.genre)
    genre.opinion = genre.opinion[: int(body.words.max())]
    weighs = WordChoice(text_model, genre)
    ours = weighs.of(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        theirs = weighs.of(body)
    assert (ours.logit, ours.opinion, ours.satire) == (theirs.logit, theirs.opinion, theirs.satire)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(min_size=1, max_size=90),
        st.lists(st.sampled_from("aBÉß3٣²-'’.ǅⒶİΣσ漢½€“x"), min_size=1, max_size=8).map("".join),
        st.lists(st.sampled_from("abÿþĀ’\u2010\x80\u2027\x97\0\xa0À-"), min_size=1, max_size=40).map("".join),
    )
)
def test_any_token_becomes_the_integers_that_the_lexicon_gives(scorer: Scorer, text: str) -> None:
    read = scorer.reader.read(Normal(text, text, None, None))
    assert read.tokens == TOKEN.findall(text)
    packed = [scorer.reader.lexicon.packed(token) for token in read.tokens]
    assert list(zip(read.words.tolist(), read.shapes.tolist(), strict=True)) == [(p >> 4, p & 15) for p in packed]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Mr", "U.S", "Dr", "acting", "12", "No", ".", "?", "!", " ", " ", "”", '"', ")", "...", "—", "a"]
        ),
        max_size=60,
    ).map("".join)
)
def test_sentences_end_where_the_rules_say(scorer: Scorer, text: str) -> None:
    read = scorer.reader.read(Normal(text, text, None, None))
    assert read.sentences.tolist() == [list(span) for span in scorer.reader.punkt.spans(text)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=400))
def test_few_and_many_terms_are_counted_alike(words: list[int]) -> None:
    ids = np.array(words, dtype=np.int32)
    ours = terms_of(ids, 70_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        theirs = terms_of(ids, 70_000)
    for name in ("index", "count", "value", "first", "width"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name


def test_what_a_word_loses_with_one_occurrence() -> None:
    count = np.array([1, 2, 3, 5_000])
    assert lost_with_one(count[:3]).tolist() == lost_with_one(count)[:3].tolist()
    assert lost_with_one(count)[0] == 1.0
    assert 0 < lost_with_one(count)[3] < lost_with_one(count)[2] < lost_with_one(count)[1]


FIVE = np.arange(5, dtype=np.int32)
ZEROS = np.zeros(5, dtype=np.int32)
TAG_SCORES = np.zeros((5, 7), np.float32)
ROW_OF_16 = np.zeros(16, np.int8)
SCORES = np.zeros(5, dtype=np.float32)
ONE_SENTENCE = np.array([0, 5], dtype=np.int32)
TABLES, BY_SHAPE = np.zeros((3, 5), dtype=np.float32), np.zeros((3, 14), dtype=np.float32)
TOKENS = list("abcde")


TOLD = {
    "text": ("abcde", TOKENS, FIVE, ZEROS, FIVE, FIVE + 1, ONE_SENTENCE), "starts": FIVE, "ends": FIVE + 1,
    "scores": TAG_SCORES, "quotations": [], "links": [], "rules": (frozenset(), frozenset()),
    "sure": (ROW_OF_16 + 1, 4, 0.1, 0.0, np.zeros(5), 0.5),
    "kinds": (np.zeros((4, 5), np.int8), np.ones(5), np.array([0.0, 2.0, 2.0, 1.0, 0.0]), 2, ZEROS, 4),
}  # fmt: skip
STUMP = {
    "values": TAG_SCORES[0], "feature": np.array([4], np.uint8), "limit": TAG_SCORES[:1, 0], "leaves": FIVE[:2],
    "width": 7, "inner": 1, "unit": 1.0, "bias": 0.0,
}  # fmt: skip


def classes(sets: Any = ZEROS, members: int = 2, limits: Any = (7, 100)) -> Any:
    return kernel.tables("HBq", sets.astype(np.uint16), np.zeros(members, np.uint8), np.array(limits, np.int64))


STYLE = {
    "tables": classes(), "names": dict.fromkeys("abcdefghijkl"), "words": FIVE, "shapes": ZEROS, "starts": FIVE,
    "ends": FIVE + 1, "sentences": ONE_SENTENCE,
}  # fmt: skip
FIRST = kernel.tables("ffd", TABLES, BY_SHAPE, np.zeros(1))
RULES = np.zeros(3)
SECOND = kernel.tables("ffd", np.zeros(14, np.float32), BY_SHAPE[:2], RULES)
LOADED = {
    "tables": SECOND, "against": SCORES, "shapes": ZEROS, "sentences": ONE_SENTENCE, "means": SCORES[:2],
    "starts": FIVE, "ends": FIVE + 1,
}  # fmt: skip
"""What fits, by what it is."""


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("masked", (FIVE, ZEROS[:4], ONE_SENTENCE, 1, 1, 9)),
        ("kinds", (FIVE, ZEROS[:4], (1, 1, 1), 9, 9)),
        ("loaded_first", (FIRST, FIVE, ZEROS, ONE_SENTENCE)),
        ("loaded_first", (FIRST, ZEROS, FIVE + 10, ONE_SENTENCE)),
        ("loaded_first", (FIRST, ZEROS, FIVE[:4], ONE_SENTENCE)),
        ("loaded_first", (SECOND, ZEROS, FIVE, ONE_SENTENCE)),
        ("loaded_means", (SCORES, np.array([0, 9], dtype=np.int32))),
        ("loaded_means", (SCORES, np.array([0, 3, 3, 5], dtype=np.int32))),
        ("loaded_runs", {**LOADED, "tables": kernel.tables("ffd", BY_SHAPE[0][:13], BY_SHAPE[:2], RULES)}.values()),
        ("loaded_runs", {**LOADED, "tables": kernel.tables("ffd", BY_SHAPE[0], BY_SHAPE[:2], RULES[:2])}.values()),
        ("loaded_runs", {**LOADED, "means": SCORES[:1]}.values()),
        ("loaded_runs", {**LOADED, "shapes": ZEROS + 14}.values()),
        ("loaded_runs", {**LOADED, "sentences": FIVE[:2]}.values()),
        ("loaded_runs", {**LOADED, "starts": FIVE[:4]}.values()),
        ("loaded_runs", {**LOADED, "ends": FIVE[:4]}.values()),
        ("style_measures", {**STYLE, "words": FIVE + 1}.values()),
        ("style_measures", {**STYLE, "words": FIVE - 1}.values()),
        ("style_measures", {**STYLE, "shapes": ZEROS + 14}.values()),
        ("style_measures", {**STYLE, "ends": FIVE[:4]}.values()),
        ("style_measures", {**STYLE, "sentences": np.array([0, 9], dtype=np.int32)}.values()),
        ("style_measures", {**STYLE, "sentences": np.array([0, 4, 3, 5], dtype=np.int32)}.values()),
        ("style_measures", {**STYLE, "tables": classes(ZEROS + 1)}.values()),
        ("style_measures", {**STYLE, "tables": classes(ZEROS - 1)}.values()),
        ("style_measures", {**STYLE, "tables": classes(members=3)}.values()),
        ("style_measures", {**STYLE, "tables": classes(members=0)}.values()),
        ("style_measures", {**STYLE, "tables": classes(limits=(7, 0))}.values()),
        ("style_measures", {**STYLE, "tables": classes(limits=(7,))}.values()),
        ("style_measures", {**STYLE, "names": dict.fromkeys("abcdefghijklm")}.values()),
        ("style_measures", {**STYLE, "names": dict.fromkeys("abcdefghij")}.values()),
        ("attributions", {**TOLD, "links": [Link((3, 9), None)]}.values()),
        ("attributions", {**TOLD, "links": [Link(None, (-1, 2))]}.values()),
        ("attributions", {**TOLD, "links": [Link(None, (2, 2))]}.values()),
        ("attributions", {**TOLD, "links": [Link(None, (0, 1), [(4, 6)])]}.values()),
        ("attributions", {**TOLD, "links": [Link(None, None)]}.values()),
        ("attributions", {**TOLD, "quotations": [(2, 7, True)]}.values()),
        ("attributions", {**TOLD, "quotations": [(3, 2, True)]}.values()),
        ("attributions", {**TOLD, "starts": FIVE[:2]}.values()),
        ("attributions", {**TOLD, "starts": FIVE[:2], "ends": FIVE[:2]}.values()),
        ("attributions", {**TOLD, "scores": TAG_SCORES[:4]}.values()),
        ("attributions", {**TOLD, "sure": (ROW_OF_16, 5, 1.0, 0.0, np.zeros(5), 0.5)}.values()),
        ("attributions", {**TOLD, "sure": (ROW_OF_16, 4, 1.0, 0.0, np.zeros(4), 0.5)}.values()),
        ("attributions", {**TOLD, "kinds": (*TOLD["kinds"][:4], ZEROS[:4], 4)}.values()),
        ("attributions", {**TOLD, "kinds": (*TOLD["kinds"][:4], ZEROS, 3)}.values()),
        ("attributions", {**TOLD, "kinds": (*TOLD["kinds"][:3], 3, ZEROS, 4)}.values()),
        ("attributions", {**TOLD, "kinds": (ROW_OF_16, np.ones(4), np.zeros(5), 2, ZEROS, 4)}.values()),
        ("attributions", {**TOLD, "text": ("abcde", TOKENS[:4], *TOLD["text"][2:])}.values()),
        ("attributions", {**TOLD, "text": ("abcde", [*TOKENS[:4], ""], *TOLD["text"][2:])}.values()),
        ("attributions", {**TOLD, "text": (*TOLD["text"][:3], ZEROS[:4], *TOLD["text"][4:])}.values()),
        ("attributions", {**TOLD, "text": (*TOLD["text"][:6], ONE_SENTENCE[:1])}.values()),
        ("attributions", {**TOLD, "text": (*TOLD["text"][:6], np.array([0, 7, 5], np.int32))}.values()),
        ("forest", {**STUMP, "feature": np.array([7], np.uint8)}.values()),
        ("forest", {**STUMP, "limit": TAG_SCORES[0]}.values()),
        ("forest", {**STUMP, "leaves": FIVE[:3]}.values()),
        ("forest", {**STUMP, "inner": 2}.values()),
        ("forest", {**STUMP, "width": 6}.values()),
        ("letters", (np.zeros(4, np.uint8), FIVE)),
        ("letters", (np.zeros(5, np.uint8), FIVE - 1)),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_not_read(name: str, arguments: tuple[object, ...]) -> None:
    given = (describer(), *arguments) if name == "attributions" else arguments
    with pytest.raises(ValueError, match=r"fit|wanted|most|inside|outside|hold"):
        getattr(kernel.native, name)(*given)


def test_arrays_are_known_by_their_fields_or_asked_for_their_buffers() -> None:
    """A look at numpy's fields tells what the buffer would; a layout that is not as expected is not relied on."""
    words, shapes = FIVE % 3, ZEROS

    def capitals(of: object, marks: object = shapes) -> object:
        return kernel.native.kinds(of, marks, (1, 0, 1), 9, 0)

    examples = [np.zeros((2, 3), kind) for kind in kernel.KINDS]
    assert kernel.native.known_arrays(*examples)
    expected = capitals(words)
    others = (words.view(np.recarray), memoryview(words), np.repeat(words, 2)[::2].copy(), words.reshape(1, 5, 1))
    for same in (*others, np.frombuffer(words.tobytes(), np.int32)):
        assert capitals(same) == expected
    for wrong in (words.astype(np.float32), words.astype(">i4"), words.astype(np.int64), words == 1, words.tolist()):
        with pytest.raises(TypeError):
            capitals(wrong)
    with pytest.raises((TypeError, ValueError, BufferError)):
        capitals(np.repeat(words, 2)[::2])
    for unlike in ([], [np.zeros((3, 2))], [np.zeros((2, 3)), np.zeros(6)], [memoryview(bytes(6))]):
        with suppress(AttributeError):
            assert not kernel.native.known_arrays(*unlike)
        assert capitals(words) == expected
    assert kernel.native.known_arrays(*examples)


def weigher(**changes: object) -> object:
    """Of a table of 5 ids and 3 columns, with words masked."""
    told = {
        "table": np.zeros((5, 3), np.float32), "columns": 3, "sublinear": np.ones(9), "lost": np.ones(3), "limits": (),
        "offset": 0, "bits": 4, "mask": (1, 1, 9), "counted": None,
    }  # fmt: skip
    return kernel.native.Weigher(*{**told, **changes}.values())


@pytest.mark.parametrize(
    ("changes", "arguments"),
    [
        ({"columns": 4}, (FIVE, ZEROS, ONE_SENTENCE)),
        ({"columns": 1}, (FIVE, ZEROS, ONE_SENTENCE)),
        ({"bits": 32}, (FIVE, ZEROS, ONE_SENTENCE)),
        ({"limits": (1,) * 5}, (FIVE, ZEROS, ONE_SENTENCE)),
        ({"offset": 5}, (FIVE, ZEROS, ONE_SENTENCE)),
        ({}, (FIVE, ZEROS[:4], ONE_SENTENCE)),
        ({}, (FIVE, ZEROS, ONE_SENTENCE[:0])),
        ({"counted": FIVE}, (FIVE + 1, ZEROS, ONE_SENTENCE)),
        ({"counted": FIVE}, (FIVE - 1, ZEROS, ONE_SENTENCE)),
    ],
)
def test_words_that_do_not_fit_are_not_weighed(changes: dict[str, object], arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"fit|wanted|outside"):
        weigher(**changes).weigh(*arguments)


@pytest.mark.parametrize("places", [(4, 2, 1), (0, 1, 4), (0, 1, 0), (0, 0, 1), (-1, 1, 1)])
def test_terms_that_do_not_fit_are_not_shown(places: tuple[int, ...]) -> None:
    rows, good = (bytearray(bytes(24) + np.array(of, np.int32).tobytes()) for of in (places, (4, 1, 3)))
    assert len(weigher().top_terms(good, 1.0, True, FIVE, FIVE + 1, 4, 2)) == 1
    with pytest.raises(ValueError, match="fit"):
        weigher().top_terms(rows, 1.0, True, FIVE, FIVE + 1, 4, 2)
    with pytest.raises(ValueError, match="looked at"):
        weigher().top_terms(good, 1.0, True, FIVE, FIVE + 1, 10_000, 2)
    with pytest.raises(ValueError, match="fit"):
        weigher().amounts(good[1:], 1.0)


def test_a_weigher_that_was_never_made_weighs_nothing() -> None:
    fresh = kernel.native.Weigher.__new__(kernel.native.Weigher)
    for call in (lambda: fresh.weigh(FIVE), lambda: fresh.amounts(bytearray(), 1.0)):
        with pytest.raises(TypeError, match="made"):
            call()
    made = weigher(mask=None)
    with pytest.raises(RuntimeError, match="once"):
        made.__init__()
    with pytest.raises(TypeError, match="wanted"):
        made.weigh(FIVE, ZEROS, ONE_SENTENCE)
    assert made.weigh(FIVE)[1] == 5


@pytest.mark.parametrize("sentences", [[0, -9_999, 2, 5], [0, 2, 9_999, 5], [0, 2, 2, 6]])
def test_sentences_outside_the_text_are_refused_not_read(sentences: list[int]) -> None:
    borders, places = np.array([0, 2, 5], np.int32), np.array(sentences, np.int32)
    with pytest.raises(ValueError, match="fit"):
        kernel.native.marks("abcde", TOKENS, ZEROS, FIVE, FIVE + 1, places, borders, None, None)


def test_words_as_long_as_a_text_are_forgotten() -> None:
    """Such a word is another string in each text: remembered, they would fill the memory."""
    words = [chr(ord("A") + n) + "x" * 400_000 for n in range(20)]
    before = sum(sys.getrefcount(word) for word in words)
    fresh = describer.__wrapped__()
    for word in words:
        fresh.describe((word, [word], FIVE[:1], ZEROS[:1] + 1, FIVE[:1], FIVE[:1] + len(word), FIVE[:2]), [], [(0, 1)])
    del word
    assert 0 < sum(sys.getrefcount(word) for word in words) - before < 10


class Sly(str):
    """A string whose own methods would do more than they should."""

    __slots__ = ()

    def lower(self) -> str:
        raise AssertionError


def test_no_method_of_a_token_is_called() -> None:
    """It could change the list that is read."""
    told, ones = [Sly("Mayor"), Sly("Voted")], np.ones(16, np.uint8)
    few, one = FIVE[:2], np.ones(5, np.float32)
    limits, unknown = np.array([0, 9, 9, 9]), np.array([1.0, 0.0])
    tables = kernel.tables("HffBqd", FIVE.astype(np.uint16), one, np.ones(10, np.float32), ones, limits, unknown)
    answer = kernel.native.overlap(tables, None, few, ZEROS[:2], told, FIVE, ONE_SENTENCE, "Mayor", 0, 5)
    assert answer[2] == []


def test_what_was_never_made_is_refused() -> None:
    with pytest.raises(RuntimeError, match="never made"):
        kernel.native.Reader.__new__(kernel.native.Reader).read("abc", 0, 3)
    with pytest.raises(RuntimeError, match="never made"):
        kernel.native.Describer.__new__(kernel.native.Describer).describe(TOLD["text"], [], [(0, 1)])
    with pytest.raises(RuntimeError, match="never made"):
        kernel.native.Network.__new__(kernel.native.Network).scores(FIVE, ZEROS, ZEROS, ONE_SENTENCE)
    with pytest.raises(RuntimeError, match="never made"):
        kernel.native.Figures.__new__(kernel.native.Figures).told()
    with pytest.raises(RuntimeError, match="once"):
        kernel.native.Reader({"~": 0}, len, bool, frozenset()).__init__({"~": 0}, len, bool, frozenset())  # type: ignore[misc]


def test_only_tables_of_the_right_kinds_are_read() -> None:
    for name, arguments in (
        ("loaded_first", (None, ZEROS, FIVE, ONE_SENTENCE)),
        ("loaded_first", (classes(), ZEROS, FIVE, ONE_SENTENCE)),
        ("loaded_first", (FIRST, ZEROS, FIVE)),
        ("loaded_means", (SCORES,)),
        ("loaded_runs", (SECOND, SCORES)),
        ("loaded_runs", {**LOADED, "tables": classes()}.values()),
        ("style_measures", {**STYLE, "tables": FIRST}.values()),
        ("style_measures", {**STYLE, "names": tuple("abcdefghijkl")}.values()),
        ("lure", ()),
        ("wording", ()),
        ("shouting", (ZEROS,)),
        ("overlap", ()),
        ("bait", (FIRST, {}, "text")),
        ("bait", (FIRST, {})),
    ):
        with pytest.raises(TypeError):
            getattr(kernel.native, name)(*arguments)
    with pytest.raises(TypeError, match="create"):
        type(FIRST)()


def test_what_fits_is_read() -> None:
    assert kernel.native.letters(np.frombuffer(b"abcde", np.uint8), FIVE[::-1].copy()) == b"edcba"
    assert np.frombuffer(kernel.native.forest(*STUMP.values()), np.float32).tolist() == [0.0]
    links = [Link((0, 1), (1, 2), [(2, 5)]), Link((0, 1), None, [(2, 5)]), Link(None, (1, 2))]
    spans, *counts = kernel.native.attributions(
        describer(), *{**TOLD, "quotations": [(2, 5, True)], "links": links}.values()
    )
    chance = round(1 / (1 + math.exp(-1.7)), 2)  # a tenth for each of 17 features
    assert [(span["confidence"], span["standing"], span["source_kind"]) for span in spans] == [
        (chance, "unclear", "organisation"),  # a letter is nobody
        (None, "unclear", "organisation"),
        (None, "counted", "vague"),
    ]
    assert counts == [(0, 0, 0, 0, 1), 0, 0, 5, 0, 0]
    ruled = {"links": [Link((3, 5), (1, 2), [(0, 1)])], "rules": (frozenset("c"), frozenset("b"))}
    spans, *counts = kernel.native.attributions(describer(), *{**TOLD, **ruled}.values())
    assert [(span["confidence"], span["standing"], span["why"]) for span in spans] == [
        (None, "counted", "cue 'b', source read as organisation")
    ]
    assert counts == [(0, 1, 0, 0, 0), 1, 1, 5, 1, 0]


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.floats(0, 1), st.integers(0, 2_000).map(lambda n: n / 2_000), st.integers(0, 64).map(lambda n: n / 64))
)
def test_chances_are_rounded_as_python_rounds(chance: float) -> None:
    odds = math.log(chance / (1 - chance)) if 0 < chance < 1 else 60.0 * (chance or -1)
    sure = (ROW_OF_16, 4, 0.0, odds, np.zeros(5), 0.5)
    links = [Link((0, 1), (1, 2))]
    spans = kernel.native.attributions(describer(), *{**TOLD, "sure": sure, "links": links}.values())[0]
    assert spans[0]["confidence"] == round(sigmoid(odds), 2)
