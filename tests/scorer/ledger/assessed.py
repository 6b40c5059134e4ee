"""Assessments for the ledger's tests, with what a listing looks at and little more."""

from __future__ import annotations

from typing import Any

from scorer import Article
from scorer.assessment import Assessment
from scorer.ledger import Ledger

VERSIONS = {"model": "1", "rules": "1", "schema": "v1"}


def remember(ledger: Ledger, name: str, risk: float | None = 0.5, source: str = "a.example", **more: Any) -> None:
    """Note down that the article `name` of a source was given a risk."""
    label = more.pop("label", "insufficient_evidence" if risk is None else "mixed")
    date, base_rate, model = more.pop("date", None), more.pop("base_rate", 0.3), more.pop("model", "1")
    reach = more.pop("reach", None)
    article = Article(text=more.pop("text", name), id=name, source=source, date=date, reach=reach)
    fields = {
        "id": name, "risk": risk, "label": label, "base_rate": base_rate, "signals": [], "warnings": [],
        "source": {"domain": source}, "versions": {**VERSIONS, "model": model},
    }  # fmt: skip
    ledger.remember(article, Assessment(fields, article.text, ""))
