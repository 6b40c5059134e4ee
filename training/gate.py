"""The quality gate: `python -m training.gate` fails when a figure falls under its floor or behind the plain baseline.

Every figure is measured on what the measured model did not learn from: the verdict is fitted anew in grouped folds
(text model, weights, calibration), the other parts by their own `evaluate` (cross-validated, or on a part of the data
kept out of training). What is gated is therefore the recipe and the code that ships; that the shipped files are what
the recipe gives is the manifest's matter, which also records the digests of the data.
"""

from __future__ import annotations

import argparse
import json
import operator
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joblib import delayed

from scorer.store import find
from training import attribution, evaluate, figures, genre, headline, hedges, links, source_labels, style
from training.corpora import Corpora
from training.parallel import side_by_side

FLOORS = Path(__file__).parent / "floors.json"

MODULES = {
    "attribution": attribution,
    "sources": source_labels,
    "figures": figures,
    "hedges": hedges,
    "links": links,
    "headline": headline,
    "style": style,
}

COMPARE = {">=": operator.ge, "<=": operator.le}


def measure(data: Path, model: Path, only: str | None = None) -> dict[str, dict[str, float]]:
    """Every gated figure by part and name; the parts side by side, each being measured in one process."""
    parts = [name for name in MODULES if only in (None, name)]
    found = dict(zip(parts, side_by_side(delayed(_part)(name, data, model) for name in parts), strict=True))
    if only in (None, "verdict"):
        corpora, begun = Corpora(data), time.monotonic()
        prepared = evaluate.prepare(corpora, model)
        folds = evaluate.outer_folds(prepared)
        judged = evaluate.cross_validate(prepared, folds, evaluate.fitted_names(prepared.clean))
        both = evaluate.figures(prepared, evaluate.with_baseline(prepared, folds, judged))
        found["verdict"], found["baseline"] = both["credence"], both["baseline"]
        found["genre"] = genre.evaluate(corpora, prepared.clean, model)
        print(f"verdict: {time.monotonic() - begun:.0f} s", flush=True)
    return found


def _part(name: str, data: Path, model: Path) -> dict[str, float]:
    begun = time.monotonic()
    found: dict[str, float] = MODULES[name].evaluate(Corpora(data), model)
    print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)
    return found


def judge(found: Mapping[str, Mapping[str, float]], floors: Mapping[str, Any]) -> list[tuple[str, float, str, bool]]:
    """Each gated figure: its name, value, the condition as text, and whether it holds."""
    rows = []
    for part, conditions in floors["floors"].items():
        for name, (sign, bound) in conditions.items():
            if part in found:
                value = found[part].get(name, float("nan"))
                rows.append((f"{part}.{name}", value, f"{sign} {bound}", COMPARE[sign](value, bound)))
    for name, sign in floors["against_baseline"].items():
        if "verdict" in found:
            value, base = found["verdict"][name], found["baseline"][name]
            rows.append((f"verdict.{name}", value, f"{sign} {base:.3f} (plain TF-IDF)", COMPARE[sign](value, base)))
    return rows


def main() -> int:
    """Measure, print a table, and return 1 where a figure falls short."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the labelled data")
    parser.add_argument("--model", default=None, help="model whose parts are measured (default: the newest shipped)")
    parser.add_argument("--only", choices=[*MODULES, "verdict"], help="measure one part")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"gate: {asked.data} is absent: the gate needs the labelled data; give its folder with --data")
        return 2
    rows = judge(measure(asked.data, find(asked.model), asked.only), json.loads(FLOORS.read_text(encoding="utf-8")))
    width = max(len(name) for name, *_ in rows)
    for name, value, condition, holds in rows:
        print(f"{'ok  ' if holds else 'FAIL'} {name:<{width}} {value:.3f} {condition}")
    failed = sum(not holds for *_, holds in rows)
    print(f"quality gate: {len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
