"""Boosted trees as tables: the tables say what scikit-learn's own trees say."""

from __future__ import annotations

import numpy as np
import pytest

from scorer.forest import Forest
from training.trees import boosted, halved


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_the_tables_answer_as_the_learner_does(depth: int) -> None:
    from sklearn.ensemble import GradientBoostingClassifier

    chance = np.random.default_rng(7)
    values = chance.integers(0, 9, (200, 6)).astype(np.float32)
    label = (values[:, 0] + values[:, 1] * (values[:, 2] > 4) + chance.normal(0, 2, 200) > 7).astype(np.int64)
    settings = {"n_estimators": 20, "learning_rate": 0.3, "max_features": 0.5, "min_samples_leaf": 3}
    theirs = GradientBoostingClassifier(subsample=0.5, max_depth=depth, random_state=0, **settings).fit(values, label)
    ours = Forest(*boosted(values, label, max_depth=depth, **settings))
    assert ours.scores(values) == pytest.approx(theirs.decision_function(values), abs=1e-4)


def test_half_the_room_leaves_the_limits_of_counts_as_they_are() -> None:
    chance = np.random.default_rng(8)
    values = chance.integers(0, 1_000, (300, 3)).astype(np.float32)
    trees = boosted(values, (values[:, 0] > values[:, 1]).astype(np.int64), n_estimators=30, min_samples_leaf=5)
    small = halved(trees)
    assert small[1].tolist() == trees[1].tolist()
    assert Forest(*small).scores(values) == pytest.approx(Forest(*trees).scores(values), abs=0.01)


def test_a_forest_adds_up_the_leaf_of_each_tree() -> None:
    two_stumps = Forest(np.array([[0], [1]]), np.array([[2.0], [5.0]]), np.array([[-1.0, 1.0], [0.0, 10.0]]), bias=0.5)
    rows = np.array([[2, 5], [3, 5], [3, 6]], dtype=np.float32)
    assert two_stumps.scores(rows).tolist() == [-0.5, 1.5, 11.5]
    assert two_stumps.scores(rows[:0]).tolist() == []


def test_trees_that_need_more_room_are_refused() -> None:
    with pytest.raises(ValueError, match="256 columns"):
        Forest(np.array([[256]]), np.array([[2.0]]), np.array([[-1.0, 1.0]]), bias=0.5)
    with pytest.raises(ValueError, match="less than 2048"):
        Forest(np.array([[0]]), np.array([[2.0]]), np.array([[-3_000.0, 1.0]]), bias=0.5)
