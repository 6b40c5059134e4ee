"""The queue in the order of what a review is worth (scorer/worth.py), with the records of the sources it weighs."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scorer.ledger import Ledger
from scorer.ledger.queue import Candidate
from scorer.worth import Record, Worth, worth

RECORD_SECONDS = 300.0
"""How long a source's record is used again: after every verdict the queue is put in order anew, for each reviewer."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that waits, and why it stands where it does."""

    candidate: Candidate
    worth: Worth

    @property
    def reasons(self) -> list[str]:
        """Why a review of it is worth something, the strongest reason first; each gives something of the score away."""
        parts = self.worth
        told = [
            (parts.uncertainty, "the model is unsure", parts.uncertainty >= 0.9),
            (
                parts.surprise,
                "it reads worse than its source’s record"
                if parts.direction > 0
                else "it reads better than its source’s record",
                parts.surprise >= 0.5,
            ),
            (parts.reach_share, f"{self.candidate.reach or 0:,} people read it", parts.reach_share >= 0.4),
        ]
        found = [words for _, words, counts in sorted(told, reverse=True) if counts]
        if self.candidate.reviews:
            found.append("somebody else judged it: a second opinion shows how far people agree")
        return found or ["nothing that waits is worth more"]


class Records:
    """Records of sources for a process, looked up many at once and kept for `RECORD_SECONDS`."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Record]] = {}
        self._lock = threading.Lock()

    def of(self, ledger: Ledger, domains: Collection[str]) -> dict[str, Record]:
        """The record of each source. Raises `LedgerError`."""
        moment = time.monotonic()
        with self._lock:
            self._kept = {name: kept for name, kept in self._kept.items() if moment - kept[0] < RECORD_SECONDS}
            missing = sorted(set(domains) - set(self._kept))
        if missing:
            found = ledger.source_list.reliabilities(missing)
            fresh = {name: Record(r.value, r.low, r.high, r.articles + r.ratings) for name, r in found.items()}
            with self._lock:
                self._kept |= {name: (moment, record) for name, record in fresh.items()}
        with self._lock:
            return {name: self._kept[name][1] for name in domains if name in self._kept}


def ordered(candidates: Sequence[Candidate], records: dict[str, Record], skipped: Sequence[int]) -> list[Waiting]:
    """What waits, the most worth first; what was skipped comes last, the longest ago first."""
    waiting = [
        Waiting(one, worth(one.risk, one.reach, records.get(one.domain or ""), one.reviews)) for one in candidates
    ]
    places = {number: place for place, number in enumerate(skipped)}
    return sorted(
        waiting, key=lambda one: (places.get(one.candidate.number, -1), -one.worth.value, -one.candidate.number)
    )
