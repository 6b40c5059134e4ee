"""How well a source's reliability is told from few of its articles, on sources that neither model nor constants saw.

    python -m training.source_figures --data ../shared/data

fits the constants of scorer/sources.py and prints the table of docs/ledger.md. It cross-validates the whole model
first, which takes as long as `credence evaluate`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from scorer import sources
from scorer.sources import EDGE, Reading
from training import evaluate
from training.corpora import Corpora, Row

Array = NDArray[np.float64]

FEW = (1, 2, 3, 5, 10, 20, 50)
FOLDS = 5
DRAWS = 20
FIT_FROM = 5
"""Sources with fewer articles tell little of the error that a source's articles share."""

WIDER = 9 / 8
"""The shared error is widened by this (see SHARED_SD)."""


@dataclass(frozen=True)
class Source:
    """A rated source: its rating, its tier, the risks of its articles by models that never saw it."""

    domain: str
    pc1: float
    tier: str
    risks: Array


@dataclass(frozen=True)
class Constants:
    """What scorer/sources.py calls LEVEL, SLOPE, SHARED_SD and OWN_SD."""

    level: float
    slope: float
    shared_sd: float
    own_sd: float


def collect(rows: Sequence[Row], risk: Array) -> list[Source]:
    """The sources that have a `pc1`, with their articles' risks; abstentions (nan) are left out."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if row["source"] and row["pc1"] is not None and not np.isnan(risk[place]):
            places.setdefault(row["source"], []).append(place)
    return [Source(d, rows[p[0]]["pc1"], rows[p[0]]["tier"], risk[p]) for d, p in sorted(places.items())]


def fit(found: Sequence[Source]) -> Constants:
    """Maximum likelihood: mean log-odds of a source ~ Normal(level - slope pc1, shared^2 + own^2 / n)."""
    known = [source for source in found if len(source.risks) >= FIT_FROM]
    logits = [log_odds(source.risks) for source in known]
    own = float(np.mean([values.var(ddof=1) for values in logits]))
    means = np.array([values.mean() for values in logits])
    own_part = own / np.array([len(values) for values in logits])
    design = np.column_stack([np.ones(len(known)), [-source.pc1 for source in known]])

    def attempt(shared: float) -> tuple[float, Array]:
        variance = shared + own_part
        weighted = design / variance[:, None]
        line: Array = np.linalg.solve(weighted.T @ design, weighted.T @ means)
        return float(np.sum(np.log(variance) + (means - design @ line) ** 2 / variance)), line

    shared = min(np.linspace(0.0005, 1.0, 2000), key=lambda value: attempt(float(value))[0])
    line = attempt(float(shared))[1]
    return Constants(float(line[0]), float(line[1]), float(shared**0.5) * WIDER, own**0.5)


def using(constants: Constants) -> Any:
    """Let scorer/sources.py use other constants inside a block."""
    told = {"LEVEL": constants.level, "SLOPE": constants.slope}
    return mock.patch.multiple(sources, **told, SHARED_SD=constants.shared_sd, OWN_SD=constants.own_sd)


def curve(found: Sequence[Source], seed: int = 0) -> dict[int, Mapping[str, float]]:
    """For few articles a source: AUC low against high tier, share of 90 % intervals that hold `pc1`, their width.

    Each source is judged with constants that were fitted without it; articles are drawn without repeats, `DRAWS` times.
    """
    rng = np.random.default_rng(seed)
    fold = rng.integers(0, FOLDS, len(found))
    fitted = [fit([source for source, k in zip(found, fold, strict=True) if k != held]) for held in range(FOLDS)]
    return {few: _figures(found, fold, fitted, few, rng) for few in FEW}


def _figures(
    found: Sequence[Source], fold: NDArray[np.int64], fitted: Sequence[Constants], few: int, rng: np.random.Generator
) -> Mapping[str, float]:
    day = evaluate_day()
    held, widths, aucs = [], [], []
    able = [(source, int(k)) for source, k in zip(found, fold, strict=True) if len(source.risks) >= few]
    for _ in range(DRAWS):
        values, tiers = [], []
        for source, k in able:
            drawn = [Reading(float(risk), day) for risk in rng.choice(source.risks, few, replace=False)]
            with using(fitted[k]):
                told = sources.reliability(drawn, [], day)
            held.append(told.low <= source.pc1 <= told.high)
            widths.append(told.high - told.low)
            if source.tier in ("low", "high"):
                # With equally many articles the order of sources is that of their mean log-odds, whatever the
                # constants; comparing values told with five folds' constants would only blur it.
                values.append(sources.reliability(drawn, [], day).value)
                tiers.append(source.tier == "high")
        aucs.append(float(roc_auc_score(tiers, values)))
    return {
        "sources": len(able),
        "auc": float(np.mean(aucs)),
        "held": float(np.mean(held)),
        "width": float(np.mean(widths)),
    }


def evaluate_day() -> Any:
    """Any day: what counts is that no article is older than today."""
    import datetime

    return datetime.date(2020, 1, 1)


def table(figures: Mapping[int, Mapping[str, float]]) -> str:
    """The figures as Markdown."""
    lines = ["| articles each | sources | AUC low against high | 90 % intervals that hold `pc1` | mean width |"]
    lines.append("|---|---|---|---|---|")
    lines += [
        f"| {few} | {of['sources']:.0f} | {of['auc']:.3f} | {of['held']:.1%} | {of['width']:.2f} |"
        for few, of in figures.items()
    ]
    return "\n".join(lines)


def log_odds(risks: Array) -> Array:
    """Of risks, kept off 0 and 1."""
    clipped = np.clip(risks, EDGE, 1 - EDGE)
    return np.asarray(np.log(clipped / (1 - clipped)))


def held_out(description: str) -> list[Source]:
    """What the command line names, cross-validated: the rated sources with risks by models that never saw them."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/2026.11"))
    options = parser.parse_args()
    prepared = evaluate.prepare(Corpora(options.data), options.model)
    folds = evaluate.outer_folds(prepared)
    judged = evaluate.cross_validate(prepared, folds, evaluate.fitted_names(prepared.clean))
    return collect(prepared.plain.rows, judged.risk)


def main() -> None:
    """Cross-validate, fit, print."""
    found = held_out(__doc__ or "")
    print(fit(found))
    print(table(curve(found)))


if __name__ == "__main__":
    main()
