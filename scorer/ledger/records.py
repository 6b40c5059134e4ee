"""The record of a source as it stands in an assessment: computed from the ledger, remembered for a minute."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scorer.assessment import Assessment
from scorer.ledger.sources import Sources

RECORD_SECONDS = 60.0
"""How long a record is given again before it is computed anew: a busy source would be computed for each article."""

MAX_RECORDS = 1_000
"""Records kept in memory, the latest used."""

FEW_ARTICLES = 20
"""A source with fewer articles is computed anew with each of them: then every article still moves its record."""


class Records:
    """Records of sources; may be shared between threads."""

    def __init__(self, sources: Sources, clock: Callable[[], float] = time.monotonic) -> None:
        self.sources, self.clock = sources, clock
        self._kept: OrderedDict[str, tuple[float, dict[str, Any] | None]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, domain: str) -> dict[str, Any] | None:
        """The record of a source; None where nothing is known of it. Raises `LedgerError`."""
        with self._lock:
            kept = self._kept.get(domain)
            if kept is not None and self.clock() - kept[0] < RECORD_SECONDS:
                self._kept.move_to_end(domain)
                return kept[1]
        file = self.sources.file(domain)
        record = None if file is None else file.to_dict()
        with self._lock:
            self._kept[domain] = (self.clock(), record)
            while len(self._kept) > MAX_RECORDS:
                self._kept.popitem(last=False)
        return record

    def beside(self, assessment: Assessment) -> Assessment:
        """The assessment with its source's record in `source`; nothing else of it changes. Raises `LedgerError`."""
        source = assessment.fields.get("source")
        record = self.of(source["domain"]) if source and source.get("domain") else None
        return assessment if record is None else replace(assessment, fields={**assessment.fields, "source": record})

    def grew(self, domain: str | None) -> None:
        """An article of this source was stored: where there are few of them, its record is computed anew."""
        with self._lock:
            kept = self._kept.get(domain or "")
            if kept is not None and (kept[1] is None or kept[1]["articles"] < FEW_ARTICLES):
                del self._kept[domain or ""]

    def forget(self) -> None:
        """Compute every record anew: ratings were imported, or a source deleted."""
        with self._lock:
            self._kept.clear()
