"""Genre is one sum of look-ups: body, headline, signals."""

from __future__ import annotations

import numpy as np
import pytest

from scorer.character_grams import grams
from scorer.classifier import terms_of
from scorer.feature_row import FeatureRow
from scorer.findings import Signal
from scorer.genre import Genre
from scorer.logodds import standardise
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader

OFFSET = 100_000
"""Where pairs begin in these tests."""


def part(reader: Reader, **changes: np.ndarray) -> Part:
    """A genre part that weighs nothing but what `changes` say."""
    arrays = {
        "opinion": np.zeros(OFFSET),
        "satire": np.zeros(OFFSET + (1 << 18), dtype=np.float16),
        "title_idf": np.ones(OFFSET),
        "title_opinion": np.zeros(OFFSET),
        "title_satire": np.zeros(OFFSET),
        "mean": np.zeros(1),
        "scale": np.ones(1),
        "weights": np.zeros((2, 1)),
    }
    meta = {"features": [["style", "first_singular"]], "opinion_intercept": -1, "satire_intercept": -1}
    return Part("genre", {**arrays, **changes}, {**meta, "title_intercept": 0})


def shares(genre: Genre, reader: Reader, body: str, title: str = "", first_singular: float = 0.0) -> dict[str, float]:
    words = reader.read(normalise(body)).words
    terms = terms_of(words, OFFSET)
    signal = Signal("style", None, "", features={"first_singular": first_singular})
    standard = standardise(np.array(FeatureRow(genre.features).of({"style": signal})), genre.mean, genre.scale)
    body = genre.body_logits(terms, np.ones(len(terms.index)))
    return genre.shares(body, reader.read(normalise(title)), standard)


def weighted(reader: Reader, word: str, weight: float) -> np.ndarray:
    table = np.zeros(OFFSET)
    table[reader.read(normalise(word)).words[0]] = weight
    return table


def test_shares_sum_to_one_and_news_is_the_rest(reader: Reader) -> None:
    found = shares(Genre(part(reader)), reader, "The mayor spoke.")
    assert sum(found.values()) == pytest.approx(1)
    assert found["news"] > found["opinion"] == found["satire"]


def test_body_words_headline_words_and_signals_each_move_the_share(reader: Reader) -> None:
    plain = shares(Genre(part(reader)), reader, "we believe", "we believe", 1.0)["opinion"]
    by_body = Genre(part(reader, opinion=weighted(reader, "believe", 2.0)))
    by_title = Genre(part(reader, title_opinion=weighted(reader, "believe", 2.0)))
    by_signal = Genre(part(reader, weights=np.array([[2.0], [0.0]])))
    for genre in (by_body, by_title, by_signal):
        assert shares(genre, reader, "we believe", "we believe", 1.0)["opinion"] > plain


def test_satire_reads_pairs(reader: Reader) -> None:
    terms = terms_of(reader.read(normalise("area man")).words, OFFSET)
    satire = np.zeros(OFFSET + (1 << 18), dtype=np.float16)
    satire[terms.index[terms.width == 2]] = 3.0
    genre = Genre(part(reader, satire=satire))
    assert shares(genre, reader, "area man")["satire"] > 0.7 > shares(genre, reader, "man area")["satire"]


def test_a_signal_that_was_not_measured_counts_nothing(reader: Reader) -> None:
    genre = Genre(part(reader, weights=np.array([[5.0], [0.0]])))
    assert shares(genre, reader, "a b", first_singular=float("nan")) == shares(Genre(part(reader)), reader, "a b")


def test_satire_reads_how_the_opening_is_spelled(reader: Reader) -> None:
    body = reader.read(normalise("Area man says so."))
    weights = np.zeros(1 << 15, dtype=np.int8)
    weights[grams(" area man says so. ", 15)[0]] = 100
    known = part(reader, satire_grams=weights, satire_grams_idf=np.ones(1 << 15, dtype=np.uint8))
    known.meta["satire_grams_unit"] = 0.01
    genre, nothing = Genre(known), reader.read(normalise(""))
    spelling = genre.spelling_of(body)
    assert spelling > 0.0 == genre.spelling_of(nothing)
    told = (0.0, 0.0), nothing, np.zeros(1)
    assert genre.shares(*told, spelling)["satire"] > genre.shares(*told)["satire"]
