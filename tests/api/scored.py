"""Whole assessments with a risk of one's choice, for pages that show everything of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from scorer import Article, Scorer
from scorer.assessment import Assessment
from scorer.ledger import Ledger
from tests.api.conftest import TEXT


@cache
def _base() -> Assessment:
    return Scorer().score(Article(title="Power cut in the valley", text=TEXT))


def remember(ledger: Ledger, name: str, risk: float, source: str = "a.example", **about: Any) -> None:
    """Note down the same article under another id, as if it had been given this risk."""
    article = Article(text=TEXT, id=name, source=source, **about)
    fields = {
        **_base().fields, "id": name, "risk": risk, "reliability": round(100 * (1 - risk)), "abstained": None,
        "interval": [max(0.0, risk - 0.1), min(1.0, risk + 0.1)], "label": "mixed", "source": {"domain": source},
    }  # fmt: skip
    ledger.remember(article, Assessment(fields, TEXT, "Power cut in the valley"))
