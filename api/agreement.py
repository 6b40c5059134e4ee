"""Agreement of reviewers with the model (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from scorer.ledger.assessments import Remembered
from scorer.ledger.reviews import Review
from scorer.ledger.sources import at_fixed

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))


def summary(reviews: Iterable[tuple[Review, Remembered | None]]) -> dict[str, Any]:
    """Counts, and for each threshold on the risk (at the base rate .3) precision and recall with n.

    Of an article each reviewer's latest verdict counts. `unreliable` is what the threshold is to find, `reliable` what
    it is to leave alone; other verdicts are counted and do not enter. Shares are null where n is 0.
    """
    verdicts: dict[tuple[str, str], tuple[str, float | None]] = {}
    findings: Counter[tuple[str, str]] = Counter()
    for review, assessed in reviews:
        if review.finding is not None:
            findings[(review.finding["signal"], review.verdict)] += 1
            continue
        risk = None if assessed is None else assessed.assessment["risk"]
        if assessed is not None and risk is not None:
            risk = at_fixed(risk, assessed.assessment["base_rate"])
        verdicts[(review.article_id, review.reviewer)] = (review.verdict, risk)
    counts = Counter(verdict for verdict, _ in verdicts.values())
    judged = [(verdict == "unreliable", risk) for verdict, risk in verdicts.values()
              if verdict in ("reliable", "unreliable") and risk is not None]  # fmt: skip
    return {
        "verdicts": dict(sorted(counts.items())),
        "n": len(judged),
        "thresholds": [_at(threshold, judged) for threshold in THRESHOLDS],
        "findings": [
            {"signal": name, "right": findings[(name, "right")], "wrong": findings[(name, "wrong")]}
            for name in sorted({name for name, _ in findings})
        ],
    }


def _at(threshold: float, judged: list[tuple[bool, float]]) -> dict[str, Any]:
    flagged = [unreliable for unreliable, risk in judged if risk >= threshold]
    bad = sum(unreliable for unreliable, _ in judged)
    return {
        "threshold": threshold,
        "flagged": len(flagged),
        "unreliable": bad,
        "precision": sum(flagged) / len(flagged) if flagged else None,
        "recall": sum(flagged) / bad if bad else None,
    }
