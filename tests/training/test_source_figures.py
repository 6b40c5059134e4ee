"""The constants of a source's reliability can be found again in sources made from them, and the intervals hold."""

from __future__ import annotations

import numpy as np
import pytest

from training import source_figures
from training.source_figures import Constants, Source

TRUE = Constants(level=0.3, slope=1.8, shared_sd=0.4, own_sd=0.6)


def made(count: int) -> list[Source]:
    rng = np.random.default_rng(0)
    found = []
    for number in range(count):
        pc1 = float(np.clip(rng.normal(0.6, 0.25), 0, 1))
        logits = TRUE.level - TRUE.slope * pc1 + rng.normal(0, TRUE.shared_sd) + rng.normal(0, TRUE.own_sd, 20)
        tier = "low" if pc1 < 0.42 else "high" if pc1 > 0.74 else "mid"
        found.append(Source(f"{number}.example", pc1, tier, 1 / (1 + np.exp(-logits))))
    return found


def test_the_constants_are_found_again() -> None:
    found = source_figures.fit(made(600))
    assert (found.level, found.slope, found.own_sd) == pytest.approx((TRUE.level, TRUE.slope, TRUE.own_sd), rel=0.15)
    assert found.shared_sd / source_figures.WIDER == pytest.approx(TRUE.shared_sd, rel=0.1)


def test_intervals_hold_what_they_promise_and_more_articles_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_figures, "FEW", (1, 10))
    monkeypatch.setattr(source_figures, "DRAWS", 3)
    one, ten = source_figures.curve(made(200)).values()
    assert all(0.85 <= figures["held"] <= 0.97 for figures in (one, ten))
    assert one["auc"] < ten["auc"]
    assert one["width"] > ten["width"]


def test_sources_without_a_rating_and_abstentions_are_left_out() -> None:
    rows = [
        {"source": name, "pc1": pc1, "tier": "low"} for name, pc1 in (("a", 0.2), ("a", 0.2), ("b", None), ("", 0.5))
    ]
    (found,) = source_figures.collect(rows, np.array([0.5, np.nan, 0.5, 0.5]))
    assert (found.domain, len(found.risks)) == ("a", 1)
