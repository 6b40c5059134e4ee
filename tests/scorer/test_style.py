"""The style signal: loaded wording marked, rates that compare texts of any length."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer import Article, Scorer
from scorer.document import read_document
from scorer.findings import Signal
from scorer.loaded import sentence_of_tokens
from scorer.normal import normalise
from scorer.signals import style
from scorer.stylometry import Stylometry, variety
from scorer.text import Reader
from tests.scorer.prose import ARTICLE, LOADED, TITLE


def measured(scorer: Scorer, text: str) -> Signal:
    return style.build(scorer.model)(read_document(Article(title=TITLE, text=text), scorer.reader), {})


def test_loaded_wording_is_marked_where_it_stands(scorer: Scorer) -> None:
    signal = measured(scorer, LOADED)
    marked = " ".join(LOADED[span["start"] : span["end"]] for span in signal.spans)
    assert all(span["kind"] == "loaded" for span in signal.spans)
    assert sum(word in marked for word in ("disgusting", "traitors", "vile", "thugs", "pathetic", "evil")) >= 5


def test_a_sober_report_has_little_of_it(scorer: Scorer) -> None:
    sober, loaded = measured(scorer, ARTICLE).value, measured(scorer, LOADED).value
    assert sober is not None
    assert loaded is not None
    assert sober < 0.03 < 0.1 < loaded


def test_spans_count_in_the_callers_text(scorer: Scorer) -> None:
    disguised = LOADED.replace("traitors", "tr\u0430it\u200bors")
    signal = measured(scorer, disguised)
    assert any("tr\u0430it\u200bors" in disguised[span["start"] : span["end"]] for span in signal.spans)


def test_rates_do_not_grow_with_length(scorer: Scorer) -> None:
    once, thrice = measured(scorer, ARTICLE).features, measured(scorer, "\n".join([ARTICLE] * 3)).features
    for name in ("second_person", "comma", "speech_past", "name", "word_length", "quote"):
        assert thrice[name] == pytest.approx(once[name], abs=0.02)


@pytest.mark.parametrize(
    ("more", "feature"),
    [
        ("You know what your neighbours did to you.", "second_person"),
        ("It happened! It did! At once!", "exclamation"),
        ("Why would they do that? Who gains?", "question"),
        ("Everybody always knew all of it.", "absolute"),
        ("It was the worst and the biggest of them.", "superlative"),
        ("The so-called “experts” met their “friends” again.", "scare_quote"),
        ("THEY KNEW ABOUT THE CRACKS.", "capitals_in_a_row"),
    ],
)
def test_each_class_of_words_moves_its_own_rate(scorer: Scorer, more: str, feature: str) -> None:
    assert measured(scorer, ARTICLE + more).features[feature] > measured(scorer, ARTICLE).features[feature]


def test_a_quotation_is_no_scare_quote(reader: Reader, scorer: Scorer) -> None:
    text = reader.read(
        normalise('"It is late," he said, "and we are tired of it," she said. "No more of that," he said.')
    )
    _, measures = Stylometry(scorer.model.part("style")).measure(text)
    assert measures["scare_quote"] == 0


def test_variety_is_comparable_across_lengths() -> None:
    words = np.random.default_rng(0).zipf(1.3, 5_000).astype(np.int32) % 20_000
    whole = variety(words)
    assert variety(words[:1_000]) == pytest.approx(whole, abs=0.08)
    assert variety(np.array([5], dtype=np.int32)) == 1.0
    assert variety(np.full(300, 7, dtype=np.int32)) == pytest.approx(0.01)


def test_a_short_text_is_not_measured(scorer: Scorer) -> None:
    signal = measured(scorer, "Too short for any rate.")
    assert signal.value is None
    assert signal.features == {}


def test_every_token_belongs_to_its_sentence(reader: Reader) -> None:
    text = reader.read(normalise(ARTICLE))
    sentence = sentence_of_tokens(text)
    for token, index in enumerate(sentence):
        assert text.sentence_tokens[index] <= token < text.sentence_tokens[index + 1]


@settings(max_examples=40, deadline=None)
@given(st.text(st.sampled_from("abc DE.!?\"'“”—1\n\u0301\u200bé😀"), max_size=300))
def test_any_text_gives_finite_features_and_spans_inside_it(scorer: Scorer, tail: str) -> None:
    text = LOADED + " " + tail
    signal = measured(scorer, text)
    assert all(math.isfinite(value) for value in signal.features.values())
    assert all(0 <= span["start"] < span["end"] <= len(text) for span in signal.spans)
    assert [span["start"] for span in signal.spans] == sorted(span["start"] for span in signal.spans)
