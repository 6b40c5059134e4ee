"""Quality against cost: Credence beside what else one might run, on the same texts and the same split; one table.

    .venv/bin/python -m benchmarks.compare                 at most 6 articles an outlet: some minutes
    .venv/bin/python -m benchmarks.compare --per-source 25 --picture docs/pictures/quality-and-cost.svg

Quality is the AUC of low against high tier on outlets that were not learned from (grouped folds, every outlet weighs
the same, training/figures_of_merit.py); every approach learns from the same articles, fewer than a shipped model does.
Cost is measured in a process of its own each (benchmarks/cost.py), on one core: from its start to its first answer,
then text by text in processor time, which a busy machine moves little.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import argparse
import collections
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from benchmarks.peers import PEERS, Measures
from scorer.store import find
from training import evaluate
from training.corpora import Corpora, Row, source_of
from training.figures_of_merit import merit
from training.weights import hard_targets

ROOT = Path(__file__).resolve().parent.parent
CREDENCE = "Credence, with all evidence"
TIMED = 150
"""Texts timed an approach."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an approach costs: seconds to its first answer, peak megabytes, milliseconds a text."""

    start_seconds: float
    megabytes: float
    milliseconds: Sequence[float]

    @property
    def median(self) -> float:
        """Milliseconds of the middle text."""
        return float(np.median(self.milliseconds))

    @property
    def slow(self) -> float:
        """Milliseconds of the text that 99 of 100 do not exceed."""
        return float(np.quantile(self.milliseconds, 0.99))

    @property
    def per_second(self) -> float:
        """Texts a second of processor time."""
        return 1e3 / float(np.mean(self.milliseconds))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path(os.environ.get("DATA", ROOT.parent / "shared" / "data")))
    options.add_argument("--per-source", type=int, default=6, help="articles an outlet at the most (default: 6)")
    options.add_argument("--picture", type=Path, help="write quality against cost as SVG here")
    given = options.parse_args()
    table(given.data, given.per_source, given.picture)


def table(data: Path, per_source: int, picture: Path | None) -> None:
    """One row an approach."""
    corpora = Corpora(data)
    prepared = evaluate.prepare(corpora, find(), sample(corpora.articles, per_source))
    folds = evaluate.outer_folds(prepared)
    rows, fold = list(prepared.plain.rows), folds.fold
    sources = len({source_of(row) for row in rows})
    print(f"{len(rows):,} articles of {sources} outlets; quality on outlets not learned from; cost on one core\n")
    risks = {CREDENCE: evaluate.cross_validate(prepared, folds, evaluate.fitted_names(prepared.clean)).risk}
    risks |= {name: cross_validated(make, rows, fold) for name, make in PEERS.items()}
    costs = measure_costs(rows)
    print(f"{'':<28}{'texts a':>9}{'ms':>9}{'ms':>9}{'peak':>8}{'start':>8}{'AUC':>9}{'AUC':>10}")
    print(f"{'':<28}{'second':>9}{'median':>9}{'p99':>9}{'MB':>8}{'s':>8}{'allsides':>9}{'recovery':>10}")
    quality = {}
    for name, risk in risks.items():
        found, cost = merit(rows, risk), costs[name]
        quality[name] = float(np.mean([found["allsides_auc"], found["recovery_auc"]]))
        print(
            f"{name:<28}{cost.per_second:>9,.1f}{cost.median:>9.2f}{cost.slow:>9.2f}{cost.megabytes:>8.0f}"
            f"{cost.start_seconds:>8.2f}{found['allsides_auc']:>9.3f}{found['recovery_auc']:>10.3f}",
            flush=True,
        )
    ours = float(np.mean(costs[CREDENCE].milliseconds))
    for name in PEERS:
        print(f"{name} costs {float(np.mean(costs[name].milliseconds)) / ours:,.1f} times Credence's time")
    if picture:
        draw(picture, {name: (costs[name].median, quality[name]) for name in risks})


def sample(rows: Sequence[Row], per_source: int) -> list[Row]:
    """The first articles of each outlet of the two corpora whose tiers come from raters."""
    seen: collections.Counter[str] = collections.Counter()
    chosen = []
    for row in rows:
        if row["corpus"] in ("allsides", "recovery") and seen[source_of(row)] < per_source:
            seen[source_of(row)] += 1
            chosen.append(row)
    return chosen


def cross_validated(make: Callable[[], Any], rows: Sequence[Row], fold: NDArray[np.int64]) -> NDArray[np.float64]:
    """Held-out scores, folds side by side on two processes."""
    number = int(fold.max()) + 1
    parts = Parallel(n_jobs=2)(delayed(_held_out)(make(), rows, fold, k) for k in range(number))
    scores = np.zeros(len(rows))
    for k, part in enumerate(parts):
        scores[fold == k] = part
    return scores


def _held_out(peer: Any, rows: Sequence[Row], fold: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    fitted = _fitted(peer, [row for row, own in zip(rows, fold, strict=True) if own != k])
    texts = [row["text"] for row, own in zip(rows, fold, strict=True) if own == k]
    if isinstance(fitted, Measures):
        return fitted.scores(texts)
    return np.array([fitted.score(text) for text in texts])


def _fitted(peer: Any, rows: Sequence[Row]) -> Any:
    truth = hard_targets(rows)
    known = [row for row, label in zip(rows, truth, strict=True) if label >= 0]
    sizes = collections.Counter(map(source_of, known))
    weights = np.array([1 / np.sqrt(sizes[source_of(row)]) for row in known])
    return peer.fit([row["text"] for row in known], truth[truth >= 0].astype(float), weights)


def measure_costs(rows: Sequence[Row]) -> dict[str, Cost]:
    """Each approach in a process of its own over the same texts."""
    texts = [row["text"] for row in rows[:: max(1, len(rows) // TIMED)]][:TIMED]
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        for number, approach in enumerate((CREDENCE, *PEERS)):
            model = folder / f"{number}.pickle"
            few = rows[:: max(1, len(rows) // 400)]
            model.write_bytes(b"" if approach == CREDENCE else pickle.dumps(_fitted(PEERS[approach](), few)))
            found[approach] = _cost(model, folder / "texts.json")
    return found


def _cost(model: Path, texts: Path) -> Cost:
    command = [sys.executable, "-m", "benchmarks.cost", str(model), str(texts)]
    begun = time.time()
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    answer = json.loads(told.splitlines()[-1])
    return Cost(answer["first_answer"] - begun, answer["megabytes"], answer["milliseconds"])


def draw(picture: Path, points: dict[str, tuple[float, float]]) -> None:
    """Milliseconds a text (logarithmic) against the mean AUC of both corpora."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "credence"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    for name, (milliseconds, auc) in points.items():
        ours = name == CREDENCE
        axes.scatter([milliseconds], [auc], s=60, color="#0b5394" if ours else "#777777")
        axes.annotate(name, (milliseconds, auc), xytext=(7, 5), textcoords="offset points", fontsize=9)
    axes.set_xscale("log")
    axes.margins(x=0.3, y=0.2)
    axes.set_xlabel("milliseconds a text, median, one core (logarithmic)")
    axes.set_ylabel("AUC on outlets not learned from")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, metadata={"Date": None})


if __name__ == "__main__":
    main()
