"""Error rates by slice, and how sure a figure is, from risks made for it."""

from __future__ import annotations

import math

import numpy as np

from training.figures_of_merit import lean_gap
from training.slices import error_rates, error_table, figure_intervals, lean_gap_by_chance


def made(sources: int = 40, articles: int = 6) -> tuple[list[dict[str, object]], np.ndarray]:
    """Sources of both tiers and three leans; the risk is right but for the right-leaning high tier, which it flags."""
    rows, risk = [], []
    for number in range(sources):
        tier, lean = ("low", "high")[number % 2], ("left", "center", "right")[number % 3]
        for article in range(articles):
            rows.append(
                {"corpus": "allsides", "source": f"{number}.example", "tier": tier, "lean": lean, "genre": "news",
                 "pc1": 0.2 if tier == "low" else 0.9, "text": "word " * 400, "date": "2018-05-01"}
            )  # fmt: skip
            wrong = tier == "high" and lean == "right"
            risk.append(0.8 + article / 100 if tier == "low" or wrong else 0.1 + article / 100)
    return rows, np.array(risk)


def test_an_unfair_risk_shows_in_its_slice() -> None:
    rows, risk = made()
    found = {(row["slice"], row["kind"]): row for row in error_rates(rows, risk, 0.5)}
    assert found["lean", "right"]["flagged_high"] == 1
    assert found["lean", "left"]["flagged_high"] == found["lean", "center"]["flagged_high"] == 0
    assert found["date", "2017-18"]["missed_low"] == 0
    assert found["length", "300 to 800 words"]["sources"] == 40
    assert "| lean | right |" in error_table(list(found.values()))


def test_what_was_not_judged_is_not_flagged_but_missed() -> None:
    rows, risk = made()
    found = error_rates(rows, np.full(len(rows), np.nan), 0.5)
    assert {row["flagged_high"] for row in found} == {0.0}
    assert {row["missed_low"] for row in found} == {1.0}
    assert risk.min() > 0


def test_few_articles_give_no_auc() -> None:
    rows, risk = made(4, 2)
    assert all(math.isnan(row["auc"]) for row in error_rates(rows, risk, 0.5))


def test_intervals_hold_the_figure_and_more_sources_make_them_narrower() -> None:
    random = np.random.default_rng(0)
    widths = []
    for sources in (20, 120):
        rows, risk = made(sources)
        noisy = np.clip(risk + random.normal(0, 0.3, len(risk)), 0, 1)
        low, high = figure_intervals(rows, noisy, draws=30)["allsides_auc"]
        widths.append(high - low)
    assert widths[1] < widths[0]


def test_an_unfair_gap_is_wider_than_chance_and_that_of_few_articles_is_not() -> None:
    rows, risk = made(60)
    assert lean_gap(rows, risk) > lean_gap_by_chance(rows, risk)["high"]
    blind = np.random.default_rng(2).random(len(rows))
    assert lean_gap(rows, blind) <= lean_gap_by_chance(rows, blind)["high"]
    assert lean_gap_by_chance(rows, risk)["few"] == 0
    assert lean_gap_by_chance([row | {"tier": "low"} for row in rows], risk) == {}
