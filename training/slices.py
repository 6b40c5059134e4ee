"""Where the risk errs, by lean, length, date, genre and corpus; how sure each figure is; hyperpartisan text.

All from held-out risks that are there already: nothing is fitted here.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.logodds import BASE_RATE
from training.corpora import Row, source_of
from training.figures_of_merit import FLAGGED_SHARE, by_source, merit, weighted_auc
from training.uncertainty import NOTHING, auc_interval, share_interval
from training.weights import hard_targets

Array = NDArray[np.float64]

DRAWS = 100
LEANS = ("left", "center", "right")
FEW_ARTICLES = 5

MIN_ARTICLES = 30
"""A slice with fewer articles of either tier gives no AUC."""


def _length(row: Row) -> str:
    words = len((row.get("text") or "").split())
    return "under 300 words" if words < 300 else "300 to 800 words" if words < 800 else "over 800 words"


def _years(row: Row) -> str:
    year = str(row.get("date") or "")[:4]
    return "no date" if not year else "2012-16" if year < "2017" else "2017-18" if year < "2019" else "2019-20"


SLICES: Mapping[str, Callable[[Row], str]] = {
    "lean": lambda row: str(row.get("lean") or "not given"),
    "length": _length,
    "date": _years,
    "genre": lambda row: str(row.get("genre")),
    "corpus": lambda row: str(row.get("corpus")),
}


def error_rates(rows: Sequence[Row], risk: Array, cut: float) -> list[dict[str, Any]]:
    """For each slice: articles of either tier, sources, AUC (nan where too few), shares of high-tier articles flagged
    and of low-tier ones missed at the risk `cut`, each with its 90 % interval over sources (`..._ends`). Every source
    weighs the same; what was not judged is not flagged.
    """
    truth = hard_targets(rows)
    value = np.where(np.isnan(risk), 0.0, risk)
    found = []
    for name, of in SLICES.items():
        kinds = np.array([of(row) for row in rows], dtype=object)
        for kind in sorted(set(kinds[truth >= 0])):
            chosen = np.flatnonzero((kinds == kind) & (truth >= 0))
            own = [rows[i] for i in chosen]
            weight, low = by_source(own), truth[chosen] == 1
            flagged = value[chosen] >= cut
            enough = min(low.sum(), (~low).sum()) >= MIN_ARTICLES
            sources = np.array([source_of(row) for row in own], dtype=str)
            found.append(
                {
                    "slice": name,
                    "kind": kind,
                    "low": int(low.sum()),
                    "high": int((~low).sum()),
                    "sources": len(set(sources)),
                    "auc": weighted_auc(low, value[chosen], weight) if enough else float("nan"),
                    "flagged_high": _share(flagged, weight, ~low),
                    "missed_low": _share(~flagged, weight, low),
                    "auc_ends": auc_interval(low, value[chosen], sources, weight) if enough else NOTHING,
                    "flagged_high_ends": share_interval(flagged[~low], sources[~low]),
                    "missed_low_ends": share_interval(~flagged[low], sources[low]),
                }
            )
    return found


def _share(happened: NDArray[np.bool_], weight: Array, among: NDArray[np.bool_]) -> float:
    return float(np.average(happened[among], weights=weight[among])) if among.any() else float("nan")


def figure_intervals(
    rows: Sequence[Row], risk: Array, draws: int = DRAWS, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """90 % intervals of the figures of merit: the sources are drawn anew, each with all its articles."""
    groups: dict[str, list[int]] = collections.defaultdict(list)
    for place, row in enumerate(rows):
        groups[source_of(row)].append(place)
    names = sorted(groups)
    slim = [{key: row.get(key) for key in ("corpus", "tier", "lean", "pc1", "genre", "source")} for row in rows]
    random = np.random.default_rng(seed)
    found: dict[str, list[float]] = collections.defaultdict(list)
    for _ in range(draws):
        chosen, drawn = [], []
        for number, name in enumerate(random.integers(0, len(names), len(names))):
            for place in groups[names[name]]:
                chosen.append(place)
                source = slim[place]["source"]
                # a source drawn twice counts as two
                drawn.append({**slim[place], "source": None if source is None else f"{source}#{number}"})
        for figure, value in merit(drawn, risk[chosen]).items():
            found[figure].append(value)
    known = {figure: np.array(values)[~np.isnan(values)] for figure, values in found.items()}
    return {
        figure: (float(np.quantile(values, 0.05)), float(np.quantile(values, 0.95)))
        for figure, values in known.items()
        if len(values)
    }


def lean_gap_by_chance(rows: Sequence[Row], risk: Array, draws: int = 500, seed: int = 0) -> dict[str, float]:
    """The lean gap a risk has that knows nothing of lean: the high-tier sources trade their leans at random.

    Gives `mean`, the upper end of 90 % of the draws (`high`), `cells` (sources, apart by lean) and how many of them
    have fewer than `FEW_ARTICLES` (`few`): of one article, the share flagged is 0 or 1. Empty without such articles.
    """
    risk = np.where(np.isnan(risk), BASE_RATE, risk)
    own = [i for i, row in enumerate(rows) if row["corpus"] == "allsides" and row["tier"] == "high"]
    if not own:
        return {}
    flagged = risk[own] > np.sort(risk[own])[int((1 - FLAGGED_SHARE) * len(own))]
    cells = np.array([f"{rows[i]['lean']} {source_of(rows[i])}" for i in own], dtype=str)
    names, group, sizes = np.unique(cells, return_inverse=True, return_counts=True)
    leans = np.array([name.split(" ")[0] for name in names], dtype=str)
    known = np.isin(leans, LEANS)
    shares, leans, sizes = (np.bincount(group, weights=flagged) / sizes)[known], leans[known], sizes[known]
    if not known.any():
        return {}
    random = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        traded = random.permutation(leans)
        means = [float(shares[traded == lean].mean()) if (traded == lean).any() else 0.0 for lean in LEANS]
        found.append(max(means) - min(means))
    return {
        "mean": float(np.mean(found)),
        "high": float(np.quantile(found, 0.9)),
        "cells": float(len(shares)),
        "few": float((sizes < FEW_ARTICLES).sum()),
    }


def _with_ends(value: float, ends: tuple[float, float]) -> str:
    if value != value:
        return ""
    return f"{value:.3f}" if ends[0] != ends[0] else "{:.3f} ({:.3f} to {:.3f})".format(value, *ends)


def error_table(found: Sequence[Mapping[str, Any]]) -> str:
    """The error rates as a Markdown table."""
    lines = [
        "| | | articles low / high | sources | AUC | high-tier flagged | low-tier missed |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in found:
        cells = (_with_ends(row[name], row[f"{name}_ends"]) for name in ("auc", "flagged_high", "missed_low"))
        lines.append(
            f"| {row['slice']} | {row['kind']} | {row['low']:,} / {row['high']:,} | {row['sources']} | "
            + " | ".join(cells)
            + " |"
        )
    return "\n".join(lines)
