"""The text model learns what parts the tiers, not what the articles are about."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from training.text_model import fit_text, tf_idf
from training.topics import find_topics, matched_pairs

WORDS, ARTICLES = 60, 1_200
UNKNOWN = sp.csr_matrix((WORDS, 0), dtype=np.float32)


def corpus() -> tuple[sp.csr_matrix, np.ndarray, np.ndarray, np.ndarray]:
    """Counts, targets, topics and sources of made-up articles: two of the topics are mostly of the low tier.

    Forty words tell the four topics apart, ten each; of four more two are of the low tier and two of the high one.
    """
    chance = np.random.default_rng(5)
    topic = chance.integers(0, 4, ARTICLES)
    target = (chance.random(ARTICLES) < np.where(topic < 2, 0.85, 0.15)).astype(float)
    rates = np.full((ARTICLES, WORDS), 0.3)
    for each in range(4):
        rates[topic == each, each * 10 : each * 10 + 10] = 2.0
    low, high = target == 1, target == 0
    rates[low, 40:42] = rates[high, 42:44] = 0.9
    counts = sp.csr_matrix(np.log1p(chance.poisson(rates)).astype(np.float32))
    return counts, target, topic, np.array([f"source {n % 40}" for n in range(ARTICLES)])


def test_no_weight_lies_along_what_tells_topics() -> None:
    counts, target, topic, sources = corpus()
    model = fit_text(counts, target, np.ones(ARTICLES), sources, ["one"] * ARTICLES, UNKNOWN)
    directions = find_topics(tf_idf(counts, model.idf).astype(np.float32)).directions(target)
    assert directions.shape[1] > 0
    assert np.allclose(directions.T @ directions, np.eye(directions.shape[1]), atol=1e-6)
    assert abs(directions.T @ model.weights).max() < 0.01 * abs(model.weights).max()
    logits = model.logits(counts)
    for each in range(4):
        low, high = (logits[(topic == each) & (target == tier)].mean() for tier in (1, 0))
        assert low > high + 0.5


def test_pairs_are_of_one_topic_and_camp_and_of_different_tiers() -> None:
    chance = np.random.default_rng(1)
    topic, target = chance.integers(0, 5, 500).astype(np.int32), chance.choice([0.1, 0.5, 0.9], 500)
    camps = chance.choice(["left", "right"], 500)
    low, high = matched_pairs(topic, list(camps), target, np.ones(500))
    assert len(low) == len(high) > 0
    assert (topic[low] == topic[high]).all()
    assert (camps[low] == camps[high]).all()
    assert (target[low] == 0.9).all()
    assert (target[high] == 0.1).all()


def test_where_no_camp_has_both_tiers_there_are_no_pairs_and_a_model_all_the_same() -> None:
    counts, target, _, sources = corpus()
    camps = [str(each) for each in target]
    topic = find_topics(counts).clusters(10)
    assert len(matched_pairs(topic, camps, target, np.ones(ARTICLES))[0]) == 0
    logits = fit_text(counts, target, np.ones(ARTICLES), sources, camps, UNKNOWN).logits(counts)
    assert logits[target == 1].mean() > logits[target == 0].mean()


def test_a_handful_of_articles_has_no_topics() -> None:
    counts, target, _, _ = corpus()
    few = find_topics(counts[:60])
    assert not few.clusters(20).any()
    assert few.directions(target[:60]).shape[1] == 0


def test_a_term_that_is_known_to_tell_is_believed_before_articles_show_it() -> None:
    """Words 44 and 45 stand in few articles, 42 and 43 in many; all four were rated as marks of careful writing."""
    counts, target, _, sources = corpus()
    chance = np.random.default_rng(2)
    dense = counts.toarray()
    dense[:, 44:46] = chance.random((ARTICLES, 2)) < 0.03
    ratings = sp.csr_matrix((-np.ones(4), (np.arange(42, 46), np.zeros(4, dtype=int))), (WORDS, 1), dtype=np.float32)
    told, untold = (
        fit_text(sp.csr_matrix(dense), target, np.ones(ARTICLES), sources, ["one"] * ARTICLES, known)
        for known in (ratings, UNKNOWN)
    )
    assert (told.weights - untold.weights)[44:46].mean() < -0.1
    directions = find_topics(tf_idf(sp.csr_matrix(dense), told.idf).astype(np.float32)).directions(target)
    assert abs(directions.T @ told.weights).max() < 0.01 * abs(told.weights).max()
