"""Numbers as places in a drawing. Templates put them into SVG attributes: no inline style is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from api.found import SWITCHES, Found
from scorer import words

WATERFALL_WIDTH = 200
"""Width of the drawing of a step, in its own units."""

MAP_WIDTH = 1_000
"""Width of the map of findings, in its own units."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the waterfall: a bar from where the steps before led (`x_from`) to where this one leads (`x_to`)."""

    name: str
    value: float
    risk: float
    x: float
    width: float
    x_from: float
    x_to: float
    zero: float


def waterfall(fields: Mapping[str, Any]) -> list[Step]:
    """Base and contributions as steps that begin where the one before ended; the last ends at the risk's log-odds."""
    steps = words.contributions(fields)
    sums = [0.0]
    for _, value, _ in steps:
        sums.append(sums[-1] + value)
    low, high = min(sums), max(sums)
    scale = (WATERFALL_WIDTH - 4) / max(high - low, 1e-9)

    def place(total: float) -> float:
        return round(2 + (total - low) * scale, 2)

    return [
        Step(
            name, value, risk, min(place(before), place(after)),
            max(0.8 if value else 0.0, round(abs(value) * scale, 2)),
            place(before), place(after), place(0.0),
        )
        for (name, value, risk), (before, after) in zip(steps, pairwise(sums), strict=True)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lane:
    """The places of one kind of finding along the text, as the `d` of an SVG path 10 units high."""

    switch: str
    name: str
    count: int
    path: str


def lanes(found: Iterable[Found], length: int | None) -> list[Lane]:
    """Where findings stand in the text, a lane a kind that has any; `length` is the text's, where it is known."""
    kinds: dict[str, list[tuple[int, int]]] = {}
    end = length or 0
    for one in found:
        if not one.is_counted or one.in_title or one.switch not in SWITCHES:
            continue
        if one.start is not None and one.end is not None:
            kinds.setdefault(one.switch, []).append((one.start, one.end))
            end = max(end, one.end)
    return [
        Lane(switch, name, len(kinds[switch]), _path(kinds[switch], end))
        for switch, name in SWITCHES.items()
        if switch in kinds
    ]


def _path(places: Sequence[tuple[int, int]], length: int) -> str:
    """Bars of at least 3 units; those that touch become one, so that a path has a few hundred of them at the most."""
    bars: list[list[int]] = []
    for start, end in sorted(places):
        left = MAP_WIDTH * start // max(1, length)
        right = min(MAP_WIDTH, max(left + 3, -(-MAP_WIDTH * end // max(1, length))))
        if bars and left <= bars[-1][1]:
            bars[-1][1] = max(right, bars[-1][1])
        else:
            bars.append([left, right])
    return "".join(f"M{left} 0h{right - left}v10h{left - right}z" for left, right in bars)
