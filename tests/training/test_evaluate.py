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
    names = [("attribution", "attributed_share"), ("style", "comma"), ("links", "ads"), ("style", "loaded")]
    empty = sp.csr_matrix((count, 1))
    return Measured([{}] * count, empty, empty, names, np.zeros((count, 4)), profiles, 1)


def test_only_features_with_an_expected_direction_are_weighed() -> None:
    assert fitted_names(measured()) == [("attribution", "attributed_share"), ("style", "loaded")]


def test_few_training_articles_are_unlike_training() -> None:
    articles = measured()
    assert 0 < abstained(articles, abstention_meta(articles, 1)).mean() < 0.02


def test_lists_have_a_tight_bound_and_long_sentences_a_wide_one() -> None:
    articles = measured()
    low, high = abstention_meta(articles, 1)["bounds"]["words_a_sentence"]
    values = articles.profiles["words_a_sentence"]
    assert low > values.min()
    assert high > values.max()
