"""(placeholder while the parts are being written in parallel)"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scorer.document import Document
from scorer.findings import Signal
from scorer.store import Model

NAME = "obfuscation"


def build(model: Model) -> Callable[[Document, Mapping[str, Signal]], Signal]:
    """Return the measure."""

    def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
        return Signal(NAME, None, "not measured")

    return measure
