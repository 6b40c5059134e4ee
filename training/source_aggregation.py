"""Other ways to make one figure of a source's articles than the mean of their log-odds, which the posterior rests on.

    python -m training.source_aggregation --data ../shared/data

prints the comparison of docs/ledger.md: how well each orders sources of the low and the high tier, from ten articles
each, all by risks from models that never saw the source. What is learned is learned from other sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from training.source_figures import DRAWS, FOLDS, Source, held_out, log_odds

Array = NDArray[np.float64]

ARTICLES = 10
"""Articles drawn a source."""


def trimmed(values: Array, share: float) -> float:
    """Mean of the values without this share of them at either end."""
    cut = int(len(values) * share)
    return float(np.sort(values)[cut : len(values) - cut].mean())


def weighed_by_certainty(values: Array) -> float:
    """Mean of log-odds, each weighing as much as it is far from even odds."""
    weights = np.abs(values) + 1e-9
    return float((values * weights).sum() / weights.sum())


AGGREGATES: Mapping[str, Callable[[Array], float]] = {
    "mean of log-odds (what is used)": lambda values: float(values.mean()),
    "mean of risks": lambda values: float((1 / (1 + np.exp(-values))).mean()),
    "mean of log-odds, a tenth trimmed at either end": lambda values: trimmed(values, 0.1),
    "mean of log-odds, a fifth trimmed": lambda values: trimmed(values, 0.2),
    "mean of log-odds weighed by certainty": weighed_by_certainty,
    "median": lambda values: float(np.median(values)),
    "upper quartile": lambda values: float(np.quantile(values, 0.75)),
    "highest": lambda values: float(values.max()),
}
"""Name -> log-odds of a source's articles to one figure, higher for worse."""

LEARNED = "learned from quantiles, spread and extremes"


def profile(values: Array) -> list[float]:
    """What the learned aggregate sees of a source's articles."""
    return [float(values.mean()), float(values.std()), *np.quantile(values, (0, 0.25, 0.5, 0.75, 1)).tolist()]


def compare(found: Sequence[Source], seed: int = 0) -> dict[str, float]:
    """AUC low against high tier of each aggregate, mean over `DRAWS` draws of `ARTICLES` articles a source."""
    able = [source for source in found if len(source.risks) >= ARTICLES]
    tiers = np.array([source.tier for source in able])
    rated = np.array([source.pc1 for source in able])
    judged = np.isin(tiers, ("low", "high"))
    rng = np.random.default_rng(seed)
    fold = rng.integers(0, FOLDS, len(able))
    aucs: dict[str, list[float]] = {name: [] for name in (*AGGREGATES, LEARNED)}
    for _ in range(DRAWS):
        drawn = [log_odds(rng.choice(source.risks, ARTICLES, replace=False)) for source in able]
        figures = {name: np.array([of(values) for values in drawn]) for name, of in AGGREGATES.items()}
        figures[LEARNED] = _learned(np.array([profile(values) for values in drawn]), rated, fold)
        for name, values in figures.items():
            aucs[name].append(float(roc_auc_score(tiers[judged] == "low", values[judged])))
    return {name: float(np.mean(values)) for name, values in aucs.items()}


def _learned(profiles: Array, rated: Array, fold: NDArray[np.int64]) -> Array:
    told = np.zeros(len(rated))
    for held in range(FOLDS):
        model = make_pipeline(StandardScaler(), Ridge(3.0)).fit(profiles[fold != held], -rated[fold != held])
        told[fold == held] = model.predict(profiles[fold == held])
    return told


def main() -> None:
    """Cross-validate, compare, print."""
    figures = compare(held_out(__doc__ or ""))
    print("| from ten articles each | AUC low against high |\n|---|---|")
    for name, auc in sorted(figures.items(), key=lambda item: -item[1]):
        print(f"| {name} | {auc:.3f} |")


if __name__ == "__main__":
    main()
