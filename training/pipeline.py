"""The whole model in one command: every learned part in the order they build on each other, then the report.

`credence train` and `make train` call `train_model`, `credence evaluate` and `make evaluate` call `evaluate_model`.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from scorer.article import InvalidInput
from scorer.logodds import BASE_RATE
from scorer.sparse import packed
from scorer.store import digest, find
from training import (
    abstention,
    attribution,
    card,
    evaluate,
    figures,
    gate,
    genre,
    headline,
    hedges,
    hyperpartisan,
    intervals,
    lexicon,
    links,
    minilm,
    reviews,
    slices,
    source_labels,
    style,
    ties,
    uncertainty,
)
from training.articles import pair_offset
from training.attribution_labels import ATTRIBUTIONS
from training.camps import CAMPS, camp_words
from training.corpora import Corpora, Row
from training.judgements import JUDGEMENTS
from training.lexicon import load_reader
from training.source_labels import SOURCES
from training.store import write_manifest, write_part
from training.term_ratings import RATINGS
from training.thresholds import choose_cuts, operating_points
from training.verdict import FittedVerdict, cross_fit_text, fit_verdict

PARTS: Mapping[str, Callable[[Corpora, Path], None]] = {
    "lexicon": lexicon.train,
    "attribution": attribution.train,
    "ties": ties.train,
    "sources": source_labels.train,
    "hedges": hedges.train,
    "figures": figures.train,
    "links": links.train,
    "headline": headline.train,
    "style": style.train,
}
"""What is learned before the verdict, in order; each reads the parts before it. `ties` adds to `attribution`."""

BESIDE = ("hedges", "links", "headline", "style")
"""Parts that read nothing but the lexicon: in a whole run a second process learns them beside `attribution`."""

HELD_OUT_BOOTSTRAP = 50
"""Resamples of the sources behind the intervals of each outer fold, by which intervals are judged and widened."""

MIN_SOURCES = 20
"""Fewest sources a tier needs before a verdict is fitted: with fewer, sources and reliability cannot be told apart."""


def train_model(
    data: Path,
    out: Path,
    version: str,
    only: str | None = None,
    without: Collection[str] = (),
    say: Callable[[str], None] = print,
    reviewed: Sequence[Row] = (),
) -> dict[str, Any]:
    """Train a model from the corpora in `data` into the folder `out`, with its manifest and model card.

    `only` names one part of `PARTS`, or "verdict", to be trained again in a model that has the others; `without` names
    article corpora to leave out (the manifest records them); `reviewed` are articles that people reviewed, learned from
    beside the corpora (training/reviews.py). Returns the held-out figures. Raises `InvalidInput` where the data are too
    few or MiniLM is not installed, `FileNotFoundError` where they are absent.
    """
    corpora = Corpora(data, frozenset(without), tuple(reviewed))
    check(corpora)
    if only is not None and only not in (*PARTS, "verdict"):
        raise InvalidInput(f"no part '{only}'; the parts are {', '.join((*PARTS, 'verdict'))}")
    if only in (None, "attribution"):
        minilm.load()  # says at once where it is not installed
        importlib.import_module("training.encoder")
    out.mkdir(parents=True, exist_ok=True)
    if only is None:
        _train_parts(corpora, out, say)
    elif only in PARTS:
        for name in (only, "ties") if only == "attribution" else (only,):  # a new network has no ties yet
            _train_part(name, corpora, out, say)
    if only not in (None, "verdict"):
        manifest = json.loads((out / "manifest.json").read_bytes())
        about = {key: value for key, value in manifest.items() if key not in ("format", "files", "version")}
        write_manifest(out, version, **about)
        return dict(about.get("figures", {}))
    return _train_verdict(corpora, out, version, say)


def _train_parts(corpora: Corpora, out: Path, say: Callable[[str], None]) -> None:
    _train_part("lexicon", corpora, out, say)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as second:
        # the corpora are read anew there: cheaper than sending them
        beside = [second.submit(_train_part, name, Corpora(corpora.folder, corpora.without), out) for name in BESIDE]
        for name in ("attribution", "ties", "sources"):
            _train_part(name, corpora, out, say)
        for one in beside:
            say(one.result())
    _train_part("figures", corpora, out, say)


def _train_part(name: str, corpora: Corpora, out: Path, say: Callable[[str], object] = str) -> str:
    """Learn one part; returns, and says, how long it took."""
    begun = time.monotonic()
    PARTS[name](corpora, out)
    told = f"{name}: {time.monotonic() - begun:.0f} s"
    say(told)
    return told


def _train_verdict(corpora: Corpora, out: Path, version: str, say: Callable[[str], None]) -> dict[str, Any]:
    begun = time.monotonic()
    prepared = evaluate.prepare(corpora, out)
    say(f"{len(prepared.plain)} articles measured: {time.monotonic() - begun:.0f} s")
    return finish(corpora, out, version, prepared, evaluate.outer_folds(prepared), say)


def finish(
    corpora: Corpora,
    out: Path,
    version: str,
    prepared: evaluate.Prepared,
    folds: evaluate.Folds,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """From measured articles to a sealed model with its card; returns the held-out figures."""
    begun = time.monotonic()
    names = evaluate.fitted_names(prepared.clean)
    fitted = fit_verdict(prepared.clean, cross_fit_text(prepared.clean), names)
    say(f"verdict fitted: {time.monotonic() - begun:.0f} s")
    crossed = evaluate.cross_validate(prepared, folds, names, bootstrap=HELD_OUT_BOOTSTRAP)
    judged = evaluate.with_baseline(prepared, folds, crossed)
    found: dict[str, Any] = evaluate.figures(prepared, judged)
    found["folds"] = evaluate.OUTER_FOLDS
    found["ablations"] = evaluate.ablations(prepared, folds, names)
    say(f"cross-validated beside the baseline: {time.monotonic() - begun:.0f} s")
    genre_figures = genre.train(corpora, prepared.clean, fitted.text.idf, out)
    found["genre"] = genre_figures
    found["cuts"] = cuts = {**choose_cuts(prepared.plain.rows, judged.risk), "satire": genre_figures["satire_cut"]}
    if corpora.reviews:
        found["reviews"] = reviews.agreement(prepared.plain.rows, judged.risk, cuts["unreliable"])
    points = operating_points(prepared.plain.rows, judged.risk)
    found["intervals"] = held = intervals.report(prepared.plain.rows, judged.spread)
    meta = evaluate.abstention_meta(prepared.clean, prepared.first_ending)
    found["abstention"] = abstention.evaluate(out, meta, np.isnan(judged.risk[prepared.of_articles]))
    found["risk_coverage"] = abstention.risk_coverage(prepared.plain.rows, judged.risk)
    found["figure_intervals"] = {
        **slices.figure_intervals(prepared.plain.rows, judged.risk),
        **uncertainty.satire_interval(prepared.plain.rows, judged.risk),
        **uncertainty.cross_intervals(prepared.cross.rows, judged.cross_risk),
    }
    found["figure_sizes"] = uncertainty.figure_sizes(prepared.plain.rows, prepared.cross.rows)
    found["lean_gap_by_chance"] = slices.lean_gap_by_chance(prepared.plain.rows, judged.risk)
    found["slices"] = slices.error_rates(prepared.plain.rows, judged.risk, cuts["unreliable"])
    if corpora.has("hyperpartisan"):
        found["hyperpartisan"] = hyperpartisan.against_labels(
            *hyperpartisan.risks(corpora, out, prepared, judged, fitted, meta)
        )
    rated = [prepared.plain.rows[place] for place in prepared.of_articles]
    write_verdict(out, fitted, prepared, cuts, held["factor"])
    write_manifest(
        out,
        version,
        base_rate=BASE_RATE,
        cuts=cuts,
        operating_points=points,
        figures=found,
        without=sorted(corpora.without),
        data={
            path.name: digest(path)
            for path in (*sorted(corpora.folder.glob("*.jsonl*")), ATTRIBUTIONS, CAMPS, JUDGEMENTS, RATINGS, SOURCES)
        },
        articles=len(rated),
        judged_alone=len(prepared.plain) - len(rated),
        reviewed=len(corpora.reviews),
        sources=len({row["source"] for row in rated if row["source"]}),
    )
    card.write(out, version, corpora, prepared, judged, fitted, found)
    say(card.table(found))
    return found


def write_verdict(
    out: Path, fitted: FittedVerdict, prepared: evaluate.Prepared, cuts: Mapping[str, float], widening: float
) -> None:
    """Write the parts `text` and `verdict`; `widening` is the factor of the intervals (training/intervals.py)."""
    measured = prepared.clean
    write_part(
        out,
        "text",
        {**packed("idf", fitted.text.idf), **packed("weights", fitted.text.weights)},
        {
            "vocabulary": measured.vocabulary,
            "pair_offset": pair_offset(measured.vocabulary),
            "alike": camp_words(load_reader(out).lexicon),
            "intercept": fitted.text.intercept,
        },
    )
    write_part(
        out,
        "verdict",
        {
            "mean": fitted.stack.mean,
            "scale": fitted.stack.scale,
            "coefficients": np.vstack([fitted.stack.coefficients, fitted.bootstrap]),
        },
        {
            "features": [list(name) for name in fitted.names],
            "text_mean": fitted.stack.text_mean,
            "cuts": dict(cuts),
            "widening": widening,
            "abstention": evaluate.abstention_meta(measured, prepared.first_ending),
        },
    )


def evaluate_model(
    data: Path, only: str | None = None, model: Path | None = None, say: Callable[[str], None] = print
) -> dict[str, dict[str, float]]:
    """Measure a model's parts on what they did not learn from (training/gate.py says how) and print the figures.

    `only` names one part of the gate, or "verdict"; `model` is a folder (default: the newest shipped model).
    """
    known = (*gate.MODULES, "verdict")
    if only is not None and only not in known:
        raise InvalidInput(f"no part '{only}' to measure; the parts are {', '.join(known)}")
    corpora, folder = Corpora(data), model or find()
    check(corpora)
    found = gate.measure(data, folder, only)
    if "verdict" in found:
        say(card.table({"credence": found["verdict"], "baseline": found["baseline"]}))
    for part, values in found.items():
        if part not in ("verdict", "baseline"):
            say(f"{part}: " + ", ".join(f"{name} {value:.3f}" for name, value in values.items()))
    if "attribution" in found:
        say(
            "attribution by publisher (F1, 90 % interval over documents):\n\n" + attribution.publishers(corpora, folder)
        )
    return found


def report_model(data: Path, folder: Path, cache: Path | None, seeds: int, say: Callable[[str], None] = print) -> Path:
    """Write the experiment report (training/report.py) from the parts of the newest shipped model."""
    from training.report import write_report

    check(Corpora(data))
    return write_report(data, find(), folder, cache, seeds, say)


def check(corpora: Corpora) -> None:
    """Raise `InvalidInput` where no verdict can be learned: too few sources, one class."""
    sources: dict[str, set[str]] = {"low": set(), "high": set()}
    for number, row in enumerate(corpora.articles, start=1):
        if not isinstance(row.get("text"), str):
            raise InvalidInput(f"articles, row {number}: field 'text' must be a string")
        if row.get("tier") in sources and row.get("source"):
            sources[row["tier"]].add(row["source"])
    for tier, known in sources.items():
        if len(known) < MIN_SOURCES:
            raise InvalidInput(
                f"tier '{tier}' has {len(known)} sources, {MIN_SOURCES} are needed: with fewer, a model learns the "
                "outlets rather than their reliability"
            )
