"""Intervals that promise too much are widened until what was observed lies inside."""

from __future__ import annotations

import numpy as np
import pytest

from training.intervals import FACTORS, HELD, Spread, bins, held, widening


def made(error: float, half_width: float, count: int = 8_000) -> tuple[list[dict[str, object]], Spread]:
    """Articles whose true log-odds lie `error` over those told; intervals reach `half_width` to either side."""
    random = np.random.default_rng(0)
    told = random.normal(-0.98, 1.0, count)  # 30 % of them are low, the base rate
    low = random.random(count) < 1 / (1 + np.exp(-(told + error)))
    rows = [{"tier": "low" if is_low else "high", "corpus": "allsides", "pc1": None} for is_low in low]
    return rows, Spread(told, told - half_width, told + half_width)


def test_wide_and_right_intervals_hold_as_they_are() -> None:
    rows, spread = made(0.0, 0.6)
    assert held(bins(rows, spread, 1.0, equal_width=False)) >= HELD
    assert widening(rows, spread) == 1.0


def test_narrow_ones_are_widened_and_hold_then() -> None:
    rows, spread = made(0.0, 0.08)
    factor = widening(rows, spread)
    assert 1.0 < factor < FACTORS[-1]
    assert held(bins(rows, spread, factor, equal_width=False)) >= HELD


def test_intervals_that_are_wrong_by_far_get_the_widest() -> None:
    rows, spread = made(2.0, 0.01)
    assert widening(rows, spread) == FACTORS[-1]


def test_bins_hold_all_judged_articles_once() -> None:
    rows, spread = made(0.0, 0.3, 2_000)
    logits = np.where(np.arange(2_000) < 100, np.nan, spread.logits)
    found = bins(rows, Spread(logits, spread.low, spread.high), 1.0, equal_width=False)
    assert sum(one.articles for one in found) == 1_900
    assert all(one.low < one.high for one in found)


def test_widening_keeps_the_risk_inside() -> None:
    spread = Spread(np.array([0.0]), np.array([-0.5]), np.array([0.2]))
    low, high = spread.widened(2.0)
    assert (low[0], high[0]) == pytest.approx((1 / (1 + np.exp(1.0)), 1 / (1 + np.exp(-0.4))))
