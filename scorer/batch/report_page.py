"""The page about a run: how the risks spread, by source, by month, and the articles to look at first. One file."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from scorer import words
from scorer.batch.tally import BINS, OTHER, Tally
from scorer.checkpoint import OutputError, Progress

SOURCES_SHOWN = 50
"""Sources shown, those with the most articles first."""


def write_report(path: Path, progress: Progress, output: str, base_rate: float) -> None:
    """Write the page, at one blow. Raises `OutputError` where it cannot be written."""
    page = render(progress, output, base_rate)
    new = path.with_name(f"{path.name}.new")
    try:
        new.write_text(page, encoding="utf-8")
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OutputError(f"cannot write the report {path}: {os.strerror(error.errno or 0)}") from None


def render(progress: Progress, output: str, base_rate: float) -> str:
    """The page as HTML: nothing in it is fetched, nothing in it runs, every word of an article is escaped."""
    tally = Tally(**progress.tally) if progress.tally else Tally()
    tallest = max(1, *tally.histogram)
    bars = [
        {
            "from": 100 * n // BINS,
            "to": 100 * (n + 1) // BINS,
            "count": count,
            "height": round(100 * count / tallest, 1),
        }
        for n, count in enumerate(tally.histogram)
    ]
    by_size = sorted(tally.sources.items(), key=lambda item: (item[0] == OTHER, -item[1][0], item[0]))
    known = sorted(item for item in tally.months.items() if item[0] not in ("unknown", OTHER))
    rest = [item for item in tally.months.items() if item[0] in ("unknown", OTHER)]
    template = resources.files("scorer.batch").joinpath("report.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(
        progress=progress,
        output=output,
        base_rate=base_rate,
        bars=bars,
        sources=[_group(*item) for item in by_size[:SOURCES_SHOWN]],
        more_sources=max(0, len(by_size) - SOURCES_SHOWN),
        months=[_group(*item) for item in known + rest],
        top=tally.top,
        no_claim=words.NO_CLAIM,
    )


def _group(name: str, counts: list[float]) -> dict[str, Any]:
    articles, with_risk, risks, unreliable = counts
    return {
        "name": name,
        "articles": int(articles),
        "with_risk": int(with_risk),
        "mean": risks / with_risk if with_risk else None,
        "unreliable": int(unreliable),
    }
