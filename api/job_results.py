"""What came out of an uploaded batch: the rows of its table, the counts that are drawn, and the file to download."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import orjson

from api.listing import cell
from scorer.batch.rows import COLUMNS, csv_lines, row
from scorer.source_history import band, history
from scorer.sources import Reading

Order = Literal["input", "riskiest", "safest"]
ORDERS: tuple[Order, ...] = get_args(Order)

BINS = 10
"""Bars of the histogram of risks, each 10 % wide."""

SOURCES_DRAWN = 10
"""Sources that are drawn, those with the most articles."""


@dataclass(frozen=True, slots=True)
class Row:
    """One article's line of the table; `why` says why there is no risk."""

    id: str | None
    risk: float | None
    low: float | None
    high: float | None
    label: str
    domain: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is drawn: counts by label, risks by steps of 10 %, and the sources with the most articles."""

    labels: list[tuple[str, int]]
    histogram: list[tuple[str, int]]
    sources: list[tuple[str, int, tuple[float, float, float] | None]]
    """Domain, articles, typical risk of those that have one with its interval (as in a source's history)."""
    errors: int


def rows(path: Path) -> list[Row]:
    """The rows in the order of the input; none where there is no table."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [Row(*orjson.loads(line)) for line in file]


def arranged(every: Sequence[Row], order: Order, label: str | None) -> list[Row]:
    """The rows with a label, in an order; by risk, those without one come last."""
    found = [one for one in every if label is None or one.label == label]
    if order == "input":
        return found
    sign = -1 if order == "riskiest" else 1
    return sorted(found, key=lambda one: (one.risk is None, sign * (one.risk or 0.0)))


def summary(every: Sequence[Row]) -> Summary:
    """Counts of all rows."""
    labels = Counter(one.label for one in every)
    bins = Counter(min(BINS - 1, int(one.risk * BINS)) for one in every if one.risk is not None)
    by_source: dict[str, list[float | None]] = {}
    for one in every:
        if one.domain:
            by_source.setdefault(one.domain, []).append(one.risk)
    largest = sorted(by_source.items(), key=lambda item: (-len(item[1]), item[0]))[:SOURCES_DRAWN]
    return Summary(
        labels=[(name.replace("_", " "), count) for name, count in labels.most_common() if name != "error"],
        histogram=[(f"{10 * n} to {10 * (n + 1)} %", bins[n]) for n in range(BINS)],
        sources=[(domain, len(risks), _typical(risks)) for domain, risks in largest],
        errors=labels["error"],
    )


def as_csv(results: Path) -> Iterator[bytes]:
    """The results as a table for a spreadsheet, a piece at a time; no cell is taken for a formula."""
    columns = COLUMNS[:-1]  # without the whole answer as JSON: that is what the other download is
    yield csv_lines([columns])
    with results.open("rb") as file:
        for line in file:
            yield csv_lines([[cell(value) for value in row(orjson.loads(line), b"")[:-1]]])


def _typical(risks: Sequence[float | None]) -> tuple[float, float, float] | None:
    """Risk at the mean of the log-odds, low and high end."""
    known = [Reading(risk, datetime.date.min) for risk in risks if risk is not None]
    if not known:
        return None
    (period,) = history(known, "month")
    return (period.risk, *band(period))


def counts(progress: dict[str, Any]) -> str:
    """What came out so far, in words."""
    labels: dict[str, int] = progress.get("labels", {})
    told = [f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(labels.items(), key=lambda item: -item[1])]
    failed = sum(progress.get("errors", {}).values())
    return ", ".join([*told, *([f"{failed:,} with an error"] if failed else [])])
