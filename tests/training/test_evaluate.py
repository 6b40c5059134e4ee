"""What the verdict may weigh, and where the bounds of 'like training' lie."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from scorer.abstention import PROFILE
from training.articles import Measured
from training.evaluate import abstained, abstention_meta, fitted_names


def measured(count: int = 2_000) -> Measured:
    random = np.random.default_rng(0)
    profiles = {name: np.clip(random.normal(0.5, 0.05, count), 0, 1) for name in PROFILE}
    profiles["words_a_sentence"] = random.normal(20, 3, count)
    profiles["words"] = np.full(count, 500.0)
    profiles["capital_share"] = np.full(count, 0.02)
    names = [("attribution", "attributed_share"), ("style", "comma"), ("links", "ads"), ("style", "loaded")]
    empty = sp.csr_matrix((count, 1))
    return Measured([{}] * count, empty, empty, names, np.zeros((count, 4)), profiles, 1, sp.csr_matrix((1, 0)))


def test_only_features_with_an_expected_direction_are_weighed() -> None:
    assert fitted_names(measured()) == [("attribution", "attributed_share"), ("style", "loaded")]


def test_bounds_reach_past_what_was_seen_and_what_lies_far_out_is_not_judged() -> None:
    articles = measured()
    meta = abstention_meta(articles, 1)
    low, high = meta["bounds"]["words_a_sentence"]
    assert low < articles.profiles["words_a_sentence"].min()
    assert high > articles.profiles["words_a_sentence"].max()
    assert abstained(articles, meta).mean() < 0.02
    articles.profiles["number_share"][:10] = 1.0  # a table
    assert abstained(articles, meta)[:10].all()


def test_capitals_throughout_are_not_judged_in_cross_validation_either() -> None:
    articles = measured()
    meta = abstention_meta(articles, 1)
    articles.profiles["capital_share"][:10] = 0.8
    assert abstained(articles, meta)[:10].all()
