"""Weights keep to the direction a person expects, whatever the data say."""

from __future__ import annotations

import numpy as np

from training.stack import calibrate, fit_stack

RANDOM = np.random.default_rng(3)
TRUTH = RANDOM.integers(0, 2, 4_000)
FEATURES = np.column_stack([TRUTH + RANDOM.normal(0, 0.5, 4_000), -TRUTH + RANDOM.normal(0, 0.5, 4_000)])
WORDS = TRUTH + RANDOM.normal(0, 1.0, 4_000)


def test_a_weight_against_its_direction_is_zero_and_one_along_it_is_not() -> None:
    contrary = fit_stack(FEATURES, WORDS, TRUTH.astype(float), np.ones(4_000), [(-0.01, -1), (0.01, 1)])
    assert contrary.coefficients[1] == contrary.coefficients[2] == 0.0
    along = fit_stack(FEATURES, WORDS, TRUTH.astype(float), np.ones(4_000), [(0.01, 1), (-0.01, -1)])
    assert along.coefficients[1] > 0.0 > along.coefficients[2]


def test_calibration_turns_no_direction_round() -> None:
    stack = fit_stack(FEATURES, WORDS, TRUTH.astype(float), np.ones(4_000), [(0.01, 1), (-0.01, -1)])
    backwards = calibrate(stack, -stack.logits(FEATURES, WORDS), TRUTH, np.ones(4_000))
    assert backwards.coefficients[1] >= 0.0 >= backwards.coefficients[2]


def test_a_few_outlets_with_many_articles_do_not_turn_the_calibration_round() -> None:
    stack = fit_stack(FEATURES, WORDS, TRUTH.astype(float), np.ones(4_000), [(0.01, 1), (-0.01, -1)])
    logits = stack.logits(FEATURES, WORDS)
    many = np.arange(4_000) < 3_000  # articles of one outlet, judged the wrong way round
    votes = np.where(many, 1e-4, 1.0)
    calibrated = calibrate(stack, np.where(many, -logits, logits), TRUTH, votes)
    assert calibrated.coefficients[1] > 0.0 > calibrated.coefficients[2]


def test_an_outlet_of_many_articles_does_not_set_the_slope_alone() -> None:
    stack = fit_stack(FEATURES, WORDS, TRUTH.astype(float), np.ones(4_000), [(0.01, 1), (-0.01, -1)])
    logits = stack.logits(FEATURES, WORDS)
    many = np.arange(4_000) < 3_600  # articles of one outlet, told apart by nothing
    judged = np.where(many, RANDOM.permutation(logits), logits)
    alike = calibrate(stack, judged, TRUTH, np.ones(4_000)).coefficients[1]
    voted = calibrate(stack, judged, TRUTH, np.where(many, 1 / 3_600, 1 / 8)).coefficients[1]
    assert voted > 2 * alike > 0.0
