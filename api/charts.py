"""Where the lines of a drawing go (pure): shares over time, as SVG that needs no script."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scorer.source_history import Period, band

SPARK_WIDTH, SPARK_HEIGHT = 96, 24
"""Units of a line in a table."""

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 28
"""Units of the large drawing, and of the margins its axes stand in."""

DATE = 84
"""Units that a date needs, with some room beside it."""

Anchor = Literal["start", "middle", "end"]

MAX_TICKS = 8
"""Dates below the large drawing: more would run into each other."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A line in a table: points of the polyline, its last point, and where changes begin."""

    points: str
    last: tuple[float, float]
    changes: list[tuple[float, float]]
    words: str
    """What a screen reader says."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The large drawing: band, line, dots, dates, changes; all in units of the drawing."""

    area: str
    line: str
    dots: list[tuple[float, float]]
    dates: list[tuple[float, str, Anchor]]
    """Place, words, and which end of the words stands there."""
    changes: list[tuple[float, str]]
    levels: list[tuple[float, str]]


def spark(periods: Sequence[Period]) -> Spark | None:
    """The typical risks of a source's latest periods as a line, low risk below; None where there are none."""
    if not periods:
        return None
    xs = _even(len(periods), 2, SPARK_WIDTH - 4)
    places = [(x, _up(period.risk, 2, SPARK_HEIGHT - 4)) for x, period in zip(xs, periods, strict=True)]
    first, last = periods[0], periods[-1]
    words = f"Typical risk {percent(last.risk)} in the period from {last.start}"
    if len(periods) > 1:
        words = f"Typical risk from {percent(first.risk)} ({first.start}) to {percent(last.risk)} ({last.start})"
    changes = [place for place, period in zip(places, periods, strict=True) if period.changed]
    if changes:
        words += f"; it changed {len(changes)} time{'s' if len(changes) > 1 else ''}"
    return Spark(_polyline(places), places[-1], changes, words)


def drawing(periods: Sequence[Period]) -> Drawing | None:
    """The history of a source: typical risks with their band over true time; None where there are none."""
    if not periods:
        return None
    days = [period.start.toordinal() for period in periods]
    span = max(1, days[-1] - days[0])
    inner = WIDTH - LEFT - RIGHT
    xs = [LEFT + inner / 2 if len(days) == 1 else LEFT + inner * (day - days[0]) / span for day in days]
    bands = [band(period) for period in periods]
    upper = [(x, _y(high)) for x, (_, high) in zip(xs, bands, strict=True)]
    lower = [(x, _y(low)) for x, (low, _) in zip(xs, bands, strict=True)]
    if len(xs) == 1:  # a band needs a width
        upper, lower = ([(xs[0] - 6, edge[0][1]), (xs[0] + 6, edge[0][1])] for edge in (upper, lower))
    middle = [(x, _y(period.risk)) for x, period in zip(xs, periods, strict=True)]
    step = max(1, -(-len(periods) // MAX_TICKS))
    dates = [(round(x, 1), short(period.start)) for x, period in list(zip(xs, periods, strict=True))[::step]]
    return Drawing(
        area=_polyline([*upper, *reversed(lower)]),
        line=_polyline(middle),
        dots=[(round(x, 1), round(y, 1)) for x, y in middle],
        dates=_apart(dates),
        changes=[(round(x, 1), short(p.start)) for x, p in zip(xs, periods, strict=True) if p.changed],
        levels=[(_y(level), percent(level)) for level in (0, 0.25, 0.5, 0.75, 1)],
    )


def percent(share: float) -> str:
    """0.41 -> 41 %."""
    return f"{100 * share:.0f} %"


def short(day: datetime.date) -> str:
    """3 Nov 2026.

    >>> short(datetime.date(2026, 11, 3))
    '3 Nov 2026'
    """
    return f"{day.day} {day:%b %Y}"


def _apart(dates: list[tuple[float, str]]) -> list[tuple[float, str, Anchor]]:
    """Dates that neither run into each other nor out of the drawing, each with the place it hangs from."""
    kept: list[tuple[float, str, Anchor]] = []
    free_from = 0.0
    for x, words in dates:
        anchor: Anchor = "start" if x < LEFT + DATE / 2 else "end" if x > WIDTH - RIGHT - DATE / 2 else "middle"
        left = x - {"start": 0.0, "middle": DATE / 2, "end": DATE}[anchor]
        if left >= free_from:
            kept.append((x, words, anchor))
            free_from = left + DATE
    return kept


def _even(count: int, start: float, width: float) -> list[float]:
    return [start + (width / 2 if count == 1 else width * place / (count - 1)) for place in range(count)]


def _up(share: float, start: float, height: float) -> float:
    return round(start + height * (1 - share), 1)


def _y(share: float) -> float:
    return _up(share, TOP, HEIGHT - TOP - BOTTOM)


def _polyline(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
