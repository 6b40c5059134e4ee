"""The text model learns what parts the tiers, not what the articles are about."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from training.text_model import fit_text, tf_idf
from training.topics import find_topics, matched_pairs

WORDS, ARTICLES = 60, 1_200
TOPIC_WORDS, TIER_WORDS = slice(0, 40), slice(40, 44)
"""Forty words tell four topics apart, ten each; of four words two are of the low tier and two of the high one."""


def corpus() -> tuple[sp.csr_matrix, np.ndarray, np.ndarray, np.ndarray]:
    """Counts, targets, topics and sources of made-up articles: two of the topics are mostly of the low tier."""
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


def test_topics_are_found_and_no_weight_lies_along_them() -> None:
    counts, target, topic, sources = corpus()
    fitted = fit_text(counts, target, np.ones(ARTICLES), sources, ["one"] * ARTICLES)
    features = tf_idf(counts, fitted.idf)
    logits = fitted.logits(counts)
    within = [
        logits[(topic == t) & (target == 1)].mean() - logits[(topic == t) & (target == 0)].mean() for t in range(4)
    ]
    of_tier = [[logits[(topic == t) & (target == tier)].mean() for t in range(4)] for tier in (0, 1)]
    assert min(within) > 0.1
    assert max(np.ptp(means) for means in of_tier) < 0.5 * min(within)
    of_topic = fitted.weights[TOPIC_WORDS].reshape(4, 10).mean(axis=1)
    assert abs(of_topic).max() < 0.2 * abs(fitted.weights[TIER_WORDS]).mean()
    directions = find_topics(features.astype(np.float32)).directions(target)
    assert directions.shape[1] > 0
    assert np.allclose(directions.T @ directions, np.eye(directions.shape[1]), atol=1e-6)


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
    logits = fit_text(counts, target, np.ones(ARTICLES), sources, camps).logits(counts)
    assert logits[target == 1].mean() > logits[target == 0].mean()


def test_a_handful_of_articles_has_no_topics() -> None:
    counts, target, _, _ = corpus()
    topics = find_topics(counts[:60])
    assert not topics.clusters(20).any()
    assert topics.directions(target[:60]).shape[1] == 0
