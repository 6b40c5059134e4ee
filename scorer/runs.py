"""From the chances of single tokens to whole spans: the runs of tokens most likely to be right.

Readers agree that "said" is a cue and differ over "said in a statement on Monday"; the likeliest label sequence then
takes a middle course that matches neither. Here every run is worth its expected matches (minimum Bayes risk, Kumar &
Byrne 2004): the summed chances of all runs that it overlaps by at least half of the two together. numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.intp]

MAX_RUN = 16
"""Longest run in tokens; of PolNeAR's cues 99 % are shorter, of its sources 95 %: longer ones are cut."""

MIN_BEGIN = 0.03
"""No run begins at a token that begins one with less than this chance."""

MIN_RUN = 0.01
"""A run of less than this chance is no candidate."""

MAX_GROUP = 64
"""Candidates weighed against each other at most; more of them in one chain of overlaps are parted."""

BLOCK = 1 << 20
"""Pairs of candidates weighed at once: bounds the memory that a hostile text can ask for."""

EXACT = 0.05
"""What a run's own chance adds to its worth: among runs that match alike the likeliest is taken."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """k runs of one role that may be right, by first and last token.

    Attributes:
        first, last: (k,), run i holds tokens first[i], ..., last[i] - 1.
        chance: (k,), that exactly this run is right.
        matches: (k,), that it overlaps the right run by at least half of the two together, 0 to 1.
        groups: (g + 1,), candidates groups[j]:groups[j + 1] may overlap each other and no others.
    """

    first: IntArray
    last: IntArray
    chance: FloatArray
    matches: FloatArray
    groups: IntArray


def candidates(
    begin: FloatArray, inside: FloatArray, edges: NDArray[Any], stop: IntArray, longest: int = MAX_RUN
) -> Candidates:
    """Runs that may be right; linear in the number of tokens n.

    `begin`, `inside`: (n,), chances that a token begins a run or goes on with one. `edges`: (n, 2), where tokens
    start and end, in characters. `stop`: (n,), first token after the one's sentence: no run reaches over it.
    """
    n = len(begin)
    at = np.flatnonzero(begin >= MIN_BEGIN)
    before = np.concatenate([[1], (begin + inside)[:-1]]).astype(np.float32)
    goes_on = np.append(np.minimum(1, inside / np.maximum(before, 1e-6)), 0)
    following = at[:, None] + np.arange(1, longest + 1)
    more = np.where(following < stop[at][:, None], goes_on[np.minimum(following, n)], 0)
    more[:, -1:] = 0
    reached = np.cumprod(np.concatenate([begin[at][:, None], more[:, :-1]], axis=1), axis=1)
    chances = reached * (1 - more)
    row, length = np.nonzero(chances > MIN_RUN)
    first, chance = at[row], chances[row, length].astype(np.float32)
    last = first + length + 1
    groups = _groups(first, last)
    left, right = edges[first, 0], edges[last - 1, 1]
    return Candidates(first, last, chance, _matches(left, right, chance, groups), groups)


def _groups(first: IntArray, last: IntArray) -> IntArray:
    if not len(first):
        return np.zeros(1, dtype=np.intp)
    new = np.ones(len(first), dtype=bool)
    new[1:] = first[1:] >= np.maximum.accumulate(last)[:-1]
    begins = np.flatnonzero(new)
    within = np.arange(len(first)) - np.repeat(begins, np.diff(np.append(begins, len(first))))
    return np.append(np.flatnonzero(within % MAX_GROUP == 0), len(first))


def _padded(groups: IntArray) -> list[IntArray]:
    """Groups of like size together, as index arrays (groups, size); -1 where a group is smaller."""
    sizes = np.diff(groups)
    order = np.argsort(sizes, kind="stable")
    tables = []
    at = 0
    while at < len(order):
        # as many groups as fit in a block, none less than half as large as the largest
        small = max(1, int(sizes[order[at]]))
        end = min(
            int(np.searchsorted(sizes[order], 2 * small, side="right")), at + max(1, BLOCK // (4 * small * small))
        )
        chosen = order[at:end]
        width = int(sizes[chosen[-1]])
        column = np.arange(width)
        tables.append(np.where(column < sizes[chosen][:, None], groups[chosen][:, None] + column, -1))
        at = end
    return tables


def _matches(left: NDArray[Any], right: NDArray[Any], chance: FloatArray, groups: IntArray) -> FloatArray:
    matches = np.zeros(len(left), dtype=np.float32)
    for table in _padded(groups):
        real = table >= 0
        a, b = left[table], right[table]
        # in double precision these sums are exact, whatever their order
        weight = np.where(real, chance[table].astype(np.float64), 0.0)
        shared = np.minimum(b[:, :, None], b[:, None]) - np.maximum(a[:, :, None], a[:, None])
        together = np.maximum(b[:, :, None], b[:, None]) - np.minimum(a[:, :, None], a[:, None])
        summed = ((2 * shared >= together) * weight[:, None]).sum(axis=2)
        matches[table[real]] = summed[real]
    return matches


def choose(found: Candidates, cost: float, exact: float = EXACT) -> IntArray:
    """Indices of candidates that do not overlap, in order: the best of each group first, while worth their `cost`.

    With F the F1 one hopes for, a run is worth showing when its expected matches exceed about F / 2 (Lipton, Elkan &
    Naryanaswamy 2014).
    """
    worth = found.matches + np.float32(exact) * found.chance - np.float32(cost)
    kept: list[IntArray] = []
    for table in _padded(found.groups):
        value = np.where(table >= 0, worth[table], -1)
        first, last = found.first[table], found.last[table]
        rows = np.arange(len(table))
        while len(rows):
            best = value.argmax(axis=1)
            good = value[rows, best] > 0
            value, first, last, table, best = value[good], first[good], last[good], table[good], best[good]
            rows = np.arange(len(table))
            if not len(rows):
                break
            kept.append(table[rows, best])
            begun, ended = first[rows, best][:, None], last[rows, best][:, None]
            value = np.where((first < ended) & (begun < last), -1, value)
    return np.sort(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.intp)
