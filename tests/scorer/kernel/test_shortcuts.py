"""Faster ways to an answer give the answer of the plain way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import kernel
from scorer.feature_row import StandardRow
from scorer.findings import Signal
from scorer.forest import Forest
from scorer.logodds import quantile, quantiles
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
    st.lists(
        st.tuples(NUMBERS, st.floats(-9, 9), st.floats(0.01, 9), st.sampled_from([0.5, 3.0, np.inf])), max_size=40
    ),
    st.integers(0, 40),
    st.integers(1, 3),
)
def test_a_row_of_features_is_standardised_like_those_of_many(
    numbers: list[tuple[float, ...]], fitted: int, of_each: int
) -> None:
    """Some are not measured, some are both fitted and read besides."""
    named = [(f"signal {i // of_each % 3}", f"feature {i}") for i in range(len(numbers))]
    features, others = named[:fitted], named[min(fitted, 2) :]
    signals = {f"signal {i}": Signal(f"signal {i}", None, "", features={}) for i in range(3)}
    for (signal, name), (number, *_) in zip(named[1:], numbers[1:], strict=True):
        signals[signal].features[name] = number  # type: ignore[index]
    told = [(1.0, 0.0, 1.0, np.inf), *numbers[:fitted], (0.5, 0.2, 1.0, np.inf), *numbers[min(fitted, 2) :]]
    mean, scale, limit = (np.array([one[i] for one in told], dtype=np.float64) for i in (1, 2, 3))
    row = StandardRow(features, others, mean, scale, limit, np.linspace(-2, 1, len(features) + 2))
    ours, *adds = row.of(signals, 0.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        theirs, *they_add = row.of(signals, 0.5)
    assert ours.tobytes() == theirs.tobytes()
    assert adds == they_add


@pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to refuse")
def test_what_does_not_fit_is_refused() -> None:
    two = np.ones(2)
    for few_or_odd in (
        (two[:1], 0.0, (0.0, 1.0)),
        (np.ones(1025), 0.0, (0.0, 1.0)),
        (two, 0.0, (-0.1, 1.0)),
        (two, 0.0, (0.0, 1.1)),
        (two, 0.0, (float("nan"), 1.0)),
    ):
        with pytest.raises(ValueError, match="wanted"):
            kernel.native.quantiles(*few_or_odd)


@pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to refuse")
def test_a_row_that_does_not_fit_is_refused() -> None:
    three, which, slots = np.ones(3), np.array([1, 0, 2], np.int32), np.zeros(1, np.int32)
    good = ((("a", ("b",)),), which, three, three, three, three, slots, 1)
    row = kernel.native.StandardRow(*good)
    assert row.of({"a": Signal("a", None, "", features={"b": 4})}, 1.0)[3] == [1.0]
    for place, wrong in (
        (1, which + 1), (1, which - 1), (1, which[:2]), (2, three[:2]), (3, three[:2]), (4, three[:2]),
        (5, np.ones(4)), (5, np.ones(1)), (6, slots + 1), (6, slots - 1), (6, which), (7, 0), (7, 99),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="fit"):
            kernel.native.StandardRow(*good[:place], wrong, *good[place + 1 :])
    for place, odd in ((0, ("a",)), (0, (("a", ["b"]),)), (1, three), (2, which)):
        with pytest.raises(TypeError):
            kernel.native.StandardRow(*good[:place], odd, *good[place + 1 :])
    with pytest.raises(RuntimeError, match="once"):
        row.__init__(*good)
    with pytest.raises(KeyError):
        row.of({}, 1.0)
    never = kernel.native.StandardRow.__new__(kernel.native.StandardRow)
    measured, odd = ({"a": Signal("a", None, "", features=of)} for of in ({"b": 1.0}, {"b": "c"}))
    for one, arguments in (
        (never, (measured, 1.0)),
        (row, (measured,)),
        (row, ([], 1.0)),
        (row, (measured, "")),
        (row, (odd, 1.0)),
    ):
        with pytest.raises(TypeError):
            one.of(*arguments)


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
