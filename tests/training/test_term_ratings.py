"""What is known of single terms finds its place among the features of the text model."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scorer.classifier import terms_of
from scorer.lexicon import Lexicon
from training import term_ratings
from training.articles import pair_offset


def test_a_rating_stands_where_the_text_model_counts_the_term(monkeypatch: pytest.MonkeyPatch) -> None:
    lexicon = Lexicon(["", "declined", "to", "comment", "miracle", "~"])
    offset = pair_offset(len(lexicon))
    known = {"attribution": {"declined to": -2, "declined gladly": -1}, "loaded": {"miracle": 3, "unheard-of": 2}}
    monkeypatch.setattr(term_ratings, "_ratings", lambda: known)
    ratings = term_ratings.rated_terms(lexicon, offset)
    assert ratings.nnz == 2  # what the lexicon does not know is left out
    counted = terms_of(np.array([4, 1, 2], dtype=np.int32), offset)
    assert {tuple(row) for row in ratings[counted.index].toarray().tolist()} == {(0, 0), (0, 3), (-2, 0)}
    assert ratings[counted.index[counted.width == 1]].toarray()[:, 1].sum() == 3


def test_a_place_that_two_rated_terms_share_has_no_rating(monkeypatch: pytest.MonkeyPatch) -> None:
    lexicon = Lexicon(["", "declined", "to", "~"])
    known = {"attribution": {"declined to": -2}, "loaded": {"declined to": 2, "to": 1}}
    monkeypatch.setattr(term_ratings, "_ratings", lambda: known)
    assert term_ratings.rated_terms(lexicon, pair_offset(len(lexicon))).nnz == 1


def test_ratings_are_whole_numbers_of_minus_3_to_3_and_never_0() -> None:
    table = json.loads(term_ratings.RATINGS.read_text(encoding="utf-8"))["ratings"]
    assert sum(map(len, table.values())) == 13_193
    assert {rating for terms in table.values() for rating in terms.values()} == {-3, -2, -1, 1, 2, 3}
    assert all(1 <= len(term.split(" ")) <= 2 for terms in table.values() for term in terms)
