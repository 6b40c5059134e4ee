"""`/about`: what the score says, what a threshold on it costs, what is measured, and what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from api.desk import desk
from api.parameters import only, share, whole
from api.thresholds import at_base_rate
from scorer import words
from scorer.scorer import Scorer

blueprint = Blueprint("about_page", __name__)

ARTICLES = 1_000
"""Articles that the page counts out what a threshold does to."""

CHART_WIDTH, CHART_HEIGHT = 400, 160
"""The drawing of precision and recall, in its own units."""

FIGURES = (
    ("allsides_auc", "Articles told apart, news and politics 2012-20 (AUC)", True),
    ("recovery_auc", "Articles told apart, COVID-19 news 2020 (AUC)", True),
    ("source_auc", "Sources told apart, five articles or more each (AUC)", True),
    ("within_right_auc", "Articles told apart within right-leaning outlets (AUC)", True),
    ("spearman_pc1", "Rank agreement of sources with expert ratings", True),
    ("ece", "Gap between stated and true risk (calibration error)", False),
    ("lean_fpr_gap", "Gap in wrong flags between left and right", False),
)
"""Name in the manifest, in words, and whether higher is better."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a threshold does to `ARTICLES` articles, counted out in whole articles."""

    flagged_low: int
    flagged_other: int
    missed: int
    left_alone: int


@blueprint.get("/about")
def about() -> str:
    """The page; `base_rate` and `point` (which of the thresholds) choose what is counted out."""
    only("base_rate", "point")
    scorer = desk().default
    points = scorer.model.manifest["operating_points"]
    base_rate = share("base_rate", open_ends=True) or desk().settings.base_rate
    chosen = whole("point", _usual(points, scorer.model.manifest["cuts"]), 0, len(points) - 1)
    lines = at_base_rate(points, base_rate)
    return render_template(
        "about.html",
        model=_model(scorer),
        figures=_figures(scorer.model.manifest.get("figures", {})),
        base_rate=base_rate,
        lines=lines,
        chosen=chosen,
        line=lines[chosen],
        count=count(lines[chosen], base_rate),
        articles=ARTICLES,
        curves=[(name, curve(lines, name)) for name in ("precision", "recall")],
        chosen_x=_x(lines[chosen]["threshold"]),
        signal_names=words.SIGNALS,
        cuts=scorer.model.manifest["cuts"],
    )


def count(line: Mapping[str, Any], base_rate: float) -> Count:
    """Whole articles of `ARTICLES`; the four add up to it."""
    low = round(ARTICLES * base_rate)
    flagged_low = round(line["recall"] * low)
    flagged_other = round(line["false_positive_rate"] * (ARTICLES - low))
    return Count(flagged_low, flagged_other, low - flagged_low, ARTICLES - low - flagged_other)


def curve(lines: Sequence[Mapping[str, Any]], name: str) -> str:
    """`points` of an SVG polyline: the threshold from left to right, the share from bottom to top."""
    known = [line for line in lines if line[name] is not None]
    return " ".join(f"{_x(line['threshold'])},{round(CHART_HEIGHT * (1 - line[name]), 1)}" for line in known)


def _x(threshold: float) -> float:
    return round(CHART_WIDTH * threshold, 1)


def _usual(points: Sequence[Mapping[str, float]], cuts: Mapping[str, float]) -> int:
    """The threshold nearest to the one that the label "unreliable" begins at."""
    return min(range(len(points)), key=lambda at: abs(points[at]["threshold"] - cuts["unreliable"]))


def _model(scorer: Scorer) -> dict[str, Any]:
    manifest = scorer.model.manifest
    return {name: manifest.get(name) for name in ("version", "articles", "sources", "base_rate", "without")}


def _figures(figures: Mapping[str, Any]) -> list[tuple[str, float, float | None, bool]]:
    ours, theirs = figures.get("credence", {}), figures.get("baseline", {})
    return [(told, ours[name], theirs.get(name), higher) for name, told, higher in FIGURES if name in ours]
