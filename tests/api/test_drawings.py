"""Numbers as places in a drawing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from api.drawings import MAP_WIDTH, WATERFALL_WIDTH, lanes, waterfall
from api.found import Found


def test_the_waterfall_adds_up() -> None:
    fields = {
        "base": -0.7,
        "signals": [{"name": "attribution", "contribution": 0.4}, {"name": "figures", "contribution": -0.1}],
        "text_model": {"contribution": 1.2},
    }
    steps = waterfall(fields)
    assert [step.name for step in steps] == ["Base", "Who says what", "Figures and hedges", "Choice of words"]
    for before, after in pairwise(steps):
        assert before.x_to == after.x_from
    assert steps[0].x_from == steps[0].zero
    assert steps[-1].risk == pytest.approx(1 / (1 + 2.718281828**-0.8))
    assert all(0 <= step.x <= step.x + step.width <= WATERFALL_WIDTH for step in steps)


def test_a_lane_shows_every_place_and_stays_small() -> None:
    found = [Found("figures", "figure", at, at + 5, False, "", None) for at in range(0, 100_000, 10)]
    (lane,) = lanes(found, 100_000)
    assert lane.count == len(found)
    assert len(lane.path) < 20 * MAP_WIDTH
    assert lane.path.startswith("M0 0")
