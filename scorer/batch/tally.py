"""What a report page is drawn from: counted while articles are scored, small enough to be kept in the note of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scorer.article import Article
from scorer.assessment import Assessment
from scorer.domains import registrable

BINS = 20
"""Bars of the histogram of risks, each 5 % wide."""

MAX_GROUPS = 1_000
"""Most sources (and months) that are counted apart; articles of later ones are counted together under "other"."""

TOP = 20
"""How many of the articles most at risk are shown."""

QUOTES = 2
QUOTE_CHARACTERS = 160
SIGNALS_SHOWN = 3
"""Evidence of each: this many quotes, so long, from so many signals."""

OTHER = "other"


@dataclass(slots=True)
class Tally:
    """Counts of a run or of a chunk. A group is [articles, articles with a risk, sum of risks, labelled unreliable]."""

    histogram: list[int] = field(default_factory=lambda: [0] * BINS)
    sources: dict[str, list[float]] = field(default_factory=dict)
    months: dict[str, list[float]] = field(default_factory=dict)
    top: list[dict[str, Any]] = field(default_factory=list)

    def add(self, article: Article, assessment: Assessment) -> None:
        """Count an article."""
        risk = assessment["risk"]
        one = [1, risk is not None, risk or 0.0, assessment["label"] == "unreliable"]
        _add(self.sources, source_of(article), one)
        _add(self.months, month_of(article.date), one)
        if risk is not None:
            self.histogram[min(BINS - 1, int(risk * BINS))] += 1
            self._keep([{"risk": risk, "article": article, "assessment": assessment}])

    def _keep(self, more: Iterable[dict[str, Any]]) -> None:
        # A stable sort, and chunks come in order: the same articles whatever the workers.
        self.top = sorted([*self.top, *more], key=lambda entry: -entry["risk"])[:TOP]

    def closed(self) -> Tally:
        """The same with the evidence of the articles at the top written out instead of the articles."""
        self.top = [_shown(entry["article"], entry["assessment"]) for entry in self.top]
        return self

    def merge(self, later: Tally) -> None:
        """Count what a later chunk counted."""
        self.histogram = [a + b for a, b in zip(self.histogram, later.histogram, strict=True)]
        for mine, theirs in ((self.sources, later.sources), (self.months, later.months)):
            for name, counts in theirs.items():
                _add(mine, name, counts)
        self._keep(later.top)


def _add(groups: dict[str, list[float]], name: str, counts: list[Any]) -> None:
    if name not in groups and len(groups) >= MAX_GROUPS:
        name = OTHER
    groups[name] = [a + b for a, b in zip(groups.get(name, [0, 0, 0.0, 0]), counts, strict=True)]


def source_of(article: Article) -> str:
    """The domain of an article's address, else its source as it was given, else "unknown"."""
    return registrable(article.url) or registrable(article.source) or (article.source or "").strip()[:100] or "unknown"


def month_of(date: str | None) -> str:
    """Year and month of an ISO date ("2020-03"), else "unknown"."""
    month = (date or "")[:7]
    is_month = len(month) == 7 and month[:4].isdigit() and month[4] == "-" and month[5:].isdigit()
    return month if is_month and 1 <= int(month[5:]) <= 12 else "unknown"


def _shown(article: Article, assessment: Assessment) -> dict[str, Any]:
    signals = sorted(assessment.signals.values(), key=lambda signal: -signal["contribution"])
    evidence = [
        {
            "name": s["name"],
            "summary": s["summary"],
            "contribution": s["contribution"],
            "quotes": _quotes(s, assessment),
        }
        for s in signals[:SIGNALS_SHOWN]
        if s["contribution"] > 0
    ]
    return {
        "risk": assessment["risk"], "id": assessment["id"], "label": assessment["label"],
        "title": assessment.title[:QUOTE_CHARACTERS] or "(no title)", "url": article.url, "source": source_of(article),
        "date": (article.date or "")[:10], "evidence": evidence,
    }  # fmt: skip


def _quotes(signal: Mapping[str, Any], assessment: Assessment) -> list[str]:
    if signal.get("teasers"):
        return [teaser["text"][:QUOTE_CHARACTERS] for teaser in signal["teasers"] if teaser.get("flagged")][:QUOTES]
    text = assessment.title if signal["name"] == "headline" else assessment.text
    quotes = [text[span["start"] : span["end"]].strip() for span in signal.get("spans") or ()]
    return [quote[:QUOTE_CHARACTERS] for quote in dict.fromkeys(quotes) if quote][:QUOTES]
