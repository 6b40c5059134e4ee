"""Intervals hold the figure, are wider where less varies independently, and figures say of how many they are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from training.figures_of_merit import merit, weighted_auc
from training.uncertainty import auc_interval, cross_intervals, figure_sizes, satire_interval, share_interval

RANDOM = np.random.default_rng(1)
TRUTH = np.arange(400) % 2
VALUE = TRUTH + RANDOM.normal(0, 1.2, 400)


def width(ends: tuple[float, float]) -> float:
    return ends[1] - ends[0]


def test_an_auc_lies_in_its_interval() -> None:
    low, high = auc_interval(TRUTH, VALUE)
    assert low < weighted_auc(TRUTH, VALUE) < high


def test_articles_of_few_sources_are_surer_apart_than_together() -> None:
    # each source has a risk of its own, so that its articles say the same
    sources = np.arange(400) // 20
    tier = sources % 2
    value = tier + RANDOM.normal(0, 1.5, 20)[sources]
    assert width(auc_interval(tier, value, sources)) > width(auc_interval(tier, value))


def test_one_class_has_no_auc() -> None:
    assert all(math.isnan(end) for end in auc_interval(np.ones(5), np.arange(5.0)))


def test_every_source_counts_the_same_in_a_share() -> None:
    happened = np.array([True] * 90 + [False] * 10)
    sources = np.array(["large"] * 90 + [f"small {number}" for number in range(10)])
    low, high = share_interval(happened, sources)
    assert low <= 1 / 11 <= high < 0.5
    assert all(math.isnan(end) for end in share_interval(happened[:90], sources[:90])), "of one source nothing is sure"


def article(number: int, **about: Any) -> dict[str, Any]:
    row = {"corpus": "allsides", "source": f"{number // 6}.example", "tier": ("low", "high")[number // 6 % 2]}
    row |= {"pc1": 0.2 if row["tier"] == "low" else 0.9, "lean": ("left", "right")[number // 12 % 2]}
    return row | {"genre": "news", "text": "word " * 100} | about


ROWS = [article(number) for number in range(60)]
CROSS = [{"corpus": "claims", "label": ("fake", "real")[number % 2], "text": "word " * 100} for number in range(40)]


def test_figures_say_of_how_many_articles_and_sources_they_are() -> None:
    short = {"corpus": "claims", "label": "fake", "text": "too short"}
    sizes = figure_sizes([*ROWS, article(60, tier="mid", pc1=0.5)], [*CROSS, short])
    assert sizes["allsides_auc"] == (60, 10)
    assert sizes["within_right_auc"] == (24, 4)
    assert sizes["lean_fpr_gap"] == (30, 5)
    assert sizes["spearman_pc1"] == (60, 10), "a source of one article is not ranked"
    assert sizes["claims"] == sizes["cross_mean"] == (40, 0)


def test_every_figure_of_merit_has_its_size() -> None:
    risk = np.linspace(0.1, 0.9, 60)
    figures = merit(ROWS, risk, CROSS, np.linspace(0.1, 0.9, 40))
    assert set(figures) - {"sources"} <= set(figure_sizes(ROWS, CROSS))


def test_articles_labelled_one_by_one_are_drawn_one_by_one() -> None:
    risk = np.array([0.6, 0.4] * 20) + RANDOM.normal(0, 0.15, 40)
    risk[0] = np.nan  # not judged: counts as the base rate
    found = cross_intervals(CROSS, risk)
    value = merit(ROWS, np.full(60, 0.5), CROSS, risk)["claims"]
    low, high = found["claims"]
    assert low < value < high
    assert found["cross_mean"] == pytest.approx(found["claims"])


def test_a_corpus_without_sources_is_drawn_article_by_article() -> None:
    rows = [{"corpus": "golbeck", "tier": ("low", None)[number % 2]} for number in range(80)] + ROWS
    risk = np.concatenate([np.array([0.6, 0.4] * 40) + RANDOM.normal(0, 0.2, 80), np.full(60, 0.5)])
    low, high = satire_interval(rows, risk)["fake_over_satire_auc"]
    assert 0.5 < low < high < 1
    assert all(math.isnan(end) for end in satire_interval(ROWS, np.full(60, 0.5))["fake_over_satire_auc"])
