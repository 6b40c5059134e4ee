"""The experiment report: every view of quality on sources never seen, with plots, from measured articles that are kept.

`credence evaluate --report FOLDER` calls `write_report`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training import evaluate, plots, probe, slices, views
from training.baseline import Plain
from training.cache import prepare_cached
from training.card import FIGURES
from training.corpora import Corpora

Ends = Mapping[str, tuple[float, float]]

SEEDS = 2


@dataclass(frozen=True)
class Repeat:
    """Grouped folds dealt with one seed: figures of Credence and of the baseline by name, each with 90 % intervals."""

    judged: evaluate.Judged
    figures: Mapping[str, Mapping[str, float]]
    ends: Mapping[str, Ends]


def write_report(
    data: Path,
    model: Path,
    folder: Path,
    cache: Path | None = None,
    seeds: int = SEEDS,
    say: Callable[[str], None] = print,
) -> Path:
    """Write `folder`/report.md and its plots; returns the report's path.

    `model` gives the parts that measure articles; text model, weights and calibration are learned anew in every view.
    `cache` keeps the measured articles (default: `folder`/cache).
    """
    folder.mkdir(parents=True, exist_ok=True)
    return report_on(prepare_cached(Corpora(data), model, cache or folder / "cache", say), folder, seeds, say)


def report_on(
    prepared: evaluate.Prepared, folder: Path, seeds: int = SEEDS, say: Callable[[str], None] = print
) -> Path:
    """The same from articles that are measured already."""
    begun = time.monotonic()

    def told(name: str) -> None:
        say(f"{name}: {time.monotonic() - begun:.0f} s")

    folder.mkdir(parents=True, exist_ok=True)
    names = evaluate.fitted_names(prepared.clean)
    plain = evaluate.count_words(prepared)
    told("words counted for the baseline")
    repeats = []
    for seed in range(seeds):
        folds = evaluate.outer_folds(prepared, seed=seed)
        repeats.append(_repeat(prepared, folds, names, plain))
        if seed == 0:
            ablated = evaluate.ablations(prepared, folds, names)
        del folds
        told(f"grouped folds, seed {seed}")
    cut, dates = views.dates_apart(prepared, plain)
    told("dates apart")
    corpora = views.corpora_apart(prepared, plain)
    told("corpora apart")
    by_source, by_article = views.learning_curves(prepared, plain)
    told("learning curves")
    outlets = probe.probe(prepared)
    told("outlets guessed")
    _plots(folder, prepared, repeats[0].judged, by_source, by_article)
    parts = [
        _head(prepared, seeds),
        _grouped(repeats),
        "## Dates apart\n\n"
        f"Learned from articles before {cut or 'a date'} (the median), judged on articles of other sources, two folds. "
        "The second line is of the same models on articles as old as those they learned from.\n\n" + view_table(dates),
        "## Corpora apart\n\nLearned from the other corpora, less the sources they share with the one judged on. "
        f"Without {views.MIN_SOURCES} sources of each tier no AUC is told.\n\n" + view_table(corpora),
        "## Learning curves\n\nJudged on one third of the sources; learned from parts of the rest.\n\n"
        + view_table([*by_source, *by_article])
        + "\n\n![AUC by share of sources](sources.svg)\n\n![AUC by articles a source](articles.svg)",
        _ablations(ablated),
        "## Plots\n\nHeld-out risks of the grouped folds, seed 0.\n\n![Reliability diagram](calibration.svg)\n\n"
        "![ROC by corpus](roc.svg)\n\n![Risk by tier and lean](lean.svg)",
        _outlets(outlets),
    ]
    path = folder / "report.md"
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    told("report written")
    return path


def _repeat(
    prepared: evaluate.Prepared, folds: evaluate.Folds, names: Sequence[tuple[str, str]], plain: Plain
) -> Repeat:
    judged = evaluate.with_baseline(prepared, folds, evaluate.cross_validate(prepared, folds, names), plain)
    rows = prepared.plain.rows
    ends = {"credence": slices.figure_intervals(rows, judged.risk)}
    if judged.baseline_risk is not None:
        ends["baseline"] = slices.figure_intervals(rows, judged.baseline_risk)
    return Repeat(judged, evaluate.figures(prepared, judged), ends)


def _plots(
    folder: Path,
    prepared: evaluate.Prepared,
    judged: evaluate.Judged,
    by_source: Sequence[views.View],
    by_article: Sequence[views.View],
) -> None:
    rows = prepared.plain.rows
    plots.reliability(folder / "calibration.svg", rows, judged.risk, judged.baseline_risk)
    plots.roc(folder / "roc.svg", rows, judged.risk, judged.baseline_risk)
    plots.by_lean(folder / "lean.svg", rows, judged.risk)
    for name, found, title in (
        ("sources.svg", by_source, "by share of the sources learned from"),
        ("articles.svg", by_article, "by articles a source, at most"),
    ):
        labels = [view.name.replace(" of sources", "").replace("at most ", "").split(" art")[0] for view in found]
        both = {
            "Credence": [(v.credence.value, v.credence.low, v.credence.high) for v in found],
            "plain TF-IDF": [(v.plain.value, v.plain.low, v.plain.high) for v in found if v.plain],
        }
        plots.curve(folder / name, title, labels, both)


def _head(prepared: evaluate.Prepared, seeds: int) -> str:
    rows = [prepared.plain.rows[place] for place in prepared.of_articles]
    sources = len({row["source"] for row in rows if row.get("source")})
    return (
        f"# Experiment report\n\n{len(rows):,} articles of {sources:,} sources, {len(prepared.cross):,} articles "
        "labelled one by one. Sources learned from and judged are apart in every view but the last. Grouped folds are "
        f"dealt {seeds} times. Intervals are 90 %, by bootstrap over sources: they hold the spread of sources judged, "
        "not of sources learned from, which the seeds show. The baseline is plain TF-IDF with logistic regression on "
        "the same articles. The taggers and the lexicon that measure articles are the model's and were not learned "
        "apart in each view."
    )


def _grouped(repeats: Sequence[Repeat]) -> str:
    lines = [
        "## Grouped folds\n",
        "Mean over the seeds, the lowest and highest of them, and the mean of their intervals' ends.\n",
        "| figure | Credence | seeds | 90 % interval | plain TF-IDF | seeds | 90 % interval |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, name in FIGURES.items():
        cells = []
        for which in ("credence", "baseline"):
            values = [one.figures[which].get(key, float("nan")) for one in repeats]
            ends = [one.ends[which][key] for one in repeats if key in one.ends[which]]
            low, high = np.mean(ends, axis=0) if ends else (float("nan"), float("nan"))
            cells += [_number(float(np.mean(values))), _range(min(values), max(values)), _range(low, high)]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def view_table(found: Sequence[views.View]) -> str:
    """Views as a Markdown table."""
    lines = [
        "| view | learned from: articles, sources | judged: articles, sources | Credence AUC | plain TF-IDF AUC |",
        "|---|---|---|---|---|",
    ]
    for view in found:
        judged = f"{view.credence.articles:,}, {view.credence.sources:,}"
        plain = _auc(view.plain) if view.plain else ""
        learned = f"{view.learned:,}, {view.learned_sources:,}"
        lines.append(f"| {view.name} | {learned} | {judged} | {_auc(view.credence)} | {plain} |")
    return "\n".join(lines) if found else "The data do not allow it."


def _ablations(found: Mapping[str, Mapping[str, float]]) -> str:
    shown = ("allsides_auc", "recovery_auc", "source_auc", "spearman_pc1", "within_right_auc", "lean_fpr_gap", "ece")
    lines = ["## Ablations\n", "Seed 0, a signal left out and all else fitted again.\n"]
    lines += ["| left out | " + " | ".join(FIGURES[key] for key in shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for name, values in found.items():
        lines.append(f"| {name} | " + " | ".join(_number(values.get(key, float("nan"))) for key in shown) + " |")
    return "\n".join(lines)


def _outlets(found: probe.Probe) -> str:
    lines = [
        "## How well the outlet can be guessed\n",
        f"Top-1 accuracy on {found.judged:,} held-out articles of the {found.sources} largest sources, learned from "
        f"{found.learned:,} others of the same sources; always guessing the commonest is right in {found.chance:.3f}. "
        "What can be guessed can be learned in place of reliability: lower is better.\n",
        "| read | accuracy |",
        "|---|---|",
        *(f"| {name} | {_number(value)} |" for name, value in found.accuracy.items()),
    ]
    return "\n".join(lines)


def _auc(found: views.Auc) -> str:
    return f"{_number(found.value)} ({_range(found.low, found.high)})" if found.value == found.value else "–"


def _range(low: float, high: float) -> str:
    return f"{low:.3f} to {high:.3f}" if low == low and high == high else ""


def _number(value: float) -> str:
    return f"{value:.3f}" if value == value else ""
