"""Aggregates of a source's articles, on made-up sources."""

from __future__ import annotations

import numpy as np
import pytest

from training.source_aggregation import AGGREGATES, LEARNED, compare, trimmed, weighed_by_certainty
from training.source_figures import Source


def sources(difference: float) -> list[Source]:
    rng = np.random.default_rng(1)
    made = []
    for number in range(60):
        low = number % 2 == 0
        values = rng.normal(difference if low else -difference, 1.0, 15)
        rating = 0.2 if low else 0.9
        made.append(Source(f"{number}.example", rating, "low" if low else "high", 1 / (1 + np.exp(-values))))
    return made


def test_every_aggregate_tells_apart_what_differs_and_none_what_does_not() -> None:
    told, none = compare(sources(1.0)), compare(sources(0.0))
    assert set(told) == {*AGGREGATES, LEARNED}
    assert min(told.values()) > 0.9
    assert max(none.values()) < 0.7


def test_trimming_and_weighing() -> None:
    values = np.array([-9.0, *[1.0] * 8, 9.0])
    assert trimmed(values, 0.1) == 1.0
    assert weighed_by_certainty(np.array([-1.0, 3.0])) == pytest.approx((9 - 1) / 4)
