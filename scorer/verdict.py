"""(placeholder while the parts are being written in parallel)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scorer.document import Document
from scorer.findings import Signal
from scorer.store import Model

BASE_RATE = 0.3


class Verdict:
    def __init__(self, model: Model, base_rate: float = BASE_RATE) -> None:
        self.base_rate = base_rate

    def judge(self, document: Document, signals: Mapping[str, Signal]) -> dict[str, Any]:
        out = []
        for s in signals.values():
            out.append({"name": s.name, "value": s.value, "contribution": 0.0, "summary": s.summary, "metrics": dict(s.metrics), "spans": list(s.spans), **s.extra})
        return {"risk": 0.3, "reliability": 70, "interval": [0.2, 0.4], "label": "mixed", "genre": {"news": 1.0, "opinion": 0.0, "satire": 0.0}, "language": "en", "base": -0.8472978603872036, "interval_level": 0.9, "signals": out, "text_model": {"contribution": 0.0, "top_terms": []}, "source": None, "abstained": None, "warnings": [], "base_rate": self.base_rate}
