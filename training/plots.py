"""The model card's plots, as SVG files that come out the same for the same data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_curve

from training.corpora import Row
from training.figures_of_merit import by_source
from training.thresholds import judged_tiers
from training.weights import base_rate_weights

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "credence", "figure.figsize": (5.2, 4.2), "font.size": 9})
import matplotlib.pyplot as plt  # noqa: E402 - the backend must be chosen first

Array = NDArray[np.float64]
BINS = 10


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def reliability(path: Path, rows: Sequence[Row], risk: Array, baseline: Array | None) -> None:
    """Predicted risk against the observed share of low-tier articles at the base rate, in ten bins."""
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for name, values, style in (("Credence", risk, "o-"), ("plain TF-IDF", baseline, "s--")):
        if values is None:
            continue
        truth, value = judged_tiers(rows, values)
        weight = base_rate_weights(truth)
        place = np.minimum((value * BINS).astype(int), BINS - 1)
        filled = [b for b in range(BINS) if weight[place == b].sum() > 0]
        predicted = [np.average(value[place == b], weights=weight[place == b]) for b in filled]
        observed = [np.average(truth[place == b], weights=weight[place == b]) for b in filled]
        axes.plot(predicted, observed, style, label=name, markersize=4)
    axes.set(xlabel="risk", ylabel="share of low-tier articles", title="Held-out sources, base rate 30 %")
    axes.legend()
    _save(figure, path)


def roc(path: Path, rows: Sequence[Row], risk: Array, baseline: Array | None) -> None:
    """ROC curves by corpus, every source weighing the same."""
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for corpus, colour in (("allsides", "C0"), ("recovery", "C3")):
        chosen = [i for i, a in enumerate(rows) if a["corpus"] == corpus and a["tier"] in ("low", "high")]
        own = [rows[i] for i in chosen]
        truth = [a["tier"] == "low" for a in own]
        for name, values, style in (("Credence", risk, "-"), ("plain TF-IDF", baseline, ":")):
            if values is None or len(set(truth)) < 2:
                continue
            value = np.where(np.isnan(values[chosen]), 0.3, values[chosen])
            false, true, _ = roc_curve(truth, value, sample_weight=by_source(own))
            axes.plot(false, true, style, color=colour, label=f"{corpus}, {name}")
    axes.set(xlabel="high-tier articles flagged", ylabel="low-tier articles flagged", title="Held-out sources")
    axes.legend(loc="lower right")
    _save(figure, path)


def curve(
    path: Path, title: str, labels: Sequence[str], lines: Mapping[str, Sequence[tuple[float, float, float]]]
) -> None:
    """AUC at each label: for every line of a name its value and the two ends of its interval."""
    figure, axes = plt.subplots()
    for number, (name, found) in enumerate(lines.items()):
        value, low, high = np.array(found).T
        place = np.arange(len(value)) + 0.06 * number
        axes.errorbar(place, value, yerr=np.abs([value - low, high - value]), fmt="os"[number % 2] + "-", label=name)
    axes.set_xticks(range(len(labels)), labels)
    axes.set(ylabel="AUC, held-out sources", title=title)
    axes.legend(loc="lower right")
    _save(figure, path)


def by_lean(path: Path, rows: Sequence[Row], risk: Array) -> None:
    """Spread of the risk by lean and tier."""
    figure, axes = plt.subplots()
    groups, labels = [], []
    for tier in ("high", "mid", "low"):
        for lean in ("left", "center", "right"):
            own = [risk[i] for i, a in enumerate(rows) if a["tier"] == tier and a["lean"] == lean]
            own = [value for value in own if value == value]
            if len(own) >= 20:
                groups.append(own)
                labels.append(f"{tier}\n{lean}\n{len(own)}")
    if groups:
        axes.boxplot(groups, whis=(5, 95), showfliers=False)
        axes.set_xticks(range(1, len(labels) + 1), labels)
    axes.set(ylabel="risk", title="Held-out risk by tier and lean (whiskers 5-95 %)")
    _save(figure, path)
