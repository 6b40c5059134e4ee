"""Faster ways to an answer give the answer of the plain way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import kernel
from scorer.forest import Forest
from scorer.logodds import quantile, quantiles, standardise, standardised
from scorer.quantities import PATTERN, _matches


@given(st.text(alphabet="c12NXtwoaHsvhFfrTMpPemiu&-:/Z", max_size=60))
def test_number_expressions_are_found_where_the_pattern_finds_them(letters: str) -> None:
    found = _matches(np.frombuffer(letters.encode(), dtype=np.uint8))
    assert list(found) == [match.span() for match in PATTERN.finditer(letters)]


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=120), st.sampled_from([0.0, 0.05, 0.5, 0.95, 1.0]))
def test_a_quantile_is_numpys(values: list[float], share: float) -> None:
    assert quantile(sorted(values), share) == np.quantile(values, share)


SHARES = st.floats(0, 1)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=120), st.floats(-3, 3), st.tuples(SHARES, SHARES))
def test_two_quantiles_are_those_of_the_sorted_values(
    values: list[float], added: float, shares: tuple[float, float]
) -> None:
    ordered = sorted(value + added for value in values)
    assert quantiles(np.array(values), added, shares) == tuple(quantile(ordered, share) for share in shares)


NUMBERS = st.one_of(st.floats(-50, 50), st.just(float("nan")), st.integers(-5, 5), st.booleans())


@given(
    st.lists(st.tuples(NUMBERS, st.floats(-9, 9), st.floats(0.01, 9), st.sampled_from([0.5, 3.0, np.inf])), max_size=40)
)
def test_features_of_one_text_are_standardised_like_those_of_many(features: list[tuple[float, ...]]) -> None:
    raw = [number for number, *_ in features]
    mean, scale, limit = (np.array([feature[i] for feature in features]) for i in (1, 2, 3))
    ours = standardised(raw, mean, scale, limit)
    assert ours.tobytes() == standardise(np.array(raw, dtype=np.float64), mean, scale, limit).tobytes()


@pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to refuse")
def test_what_does_not_fit_is_refused() -> None:
    two, row = np.ones(2), [1.0, 2.0]
    for short in (([1.0], two, two, two), (row, two[:1], two, two), (row, two, two[:1], two), (row, two, two, two[:1])):
        with pytest.raises(ValueError, match="fit"):
            kernel.native.standardised(*short)
    for few_or_odd in (
        (two[:1], 0.0, (0.0, 1.0)),
        (np.ones(1025), 0.0, (0.0, 1.0)),
        (two, 0.0, (-0.1, 1.0)),
        (two, 0.0, (0.0, 1.1)),
        (two, 0.0, (float("nan"), 1.0)),
    ):
        with pytest.raises(ValueError, match="wanted"):
            kernel.native.quantiles(*few_or_odd)
    for wrong in (row, two, two, two.astype(np.float32)), (tuple(row), two, two, two), ([1.0, "2"], two, two, two):
        with pytest.raises(TypeError):
            kernel.native.standardised(*wrong)


@pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to compare")
@pytest.mark.parametrize("depth", range(1, 8))
@pytest.mark.parametrize("seed", range(7))
def test_trees_are_summed_alike(seed: int, depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(seed)
    trees, columns = 40, 9
    inner = 2**depth - 1
    limits = random.integers(0, 5, (trees, inner)).astype(np.float32)
    limits[random.random(limits.shape) < 0.2] = np.inf
    forest = Forest(
        random.integers(0, columns, (trees, inner)), limits, random.normal(size=(trees, inner + 1), scale=300), 0.3
    )
    values = random.integers(0, 6, (3 * seed, columns)).astype(np.float32)
    values[random.random(values.shape) < 0.1] = random.choice([np.nan, np.inf, -np.inf])
    compiled = forest.scores(values)
    monkeypatch.setattr(kernel, "native", None)
    assert np.array_equal(compiled, forest.scores(values))
