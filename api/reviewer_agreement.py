"""How far reviewers agree with the model and with each other, from their verdicts (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from scorer.ledger.queue import Verdict
from scorer.raters import Agreement, alpha, kappa

JUDGEMENTS = ("reliable", "mixed", "unreliable", "satire")
"""What both a person and the model can call an article."""


@dataclass(frozen=True, slots=True)
class AgreementTable:
    """Agreement of the model with people, of people with each other, and the model's words against people's."""

    model: Agreement
    people: Agreement
    reviewers: int
    counts: list[tuple[str, list[int]]]
    """What people said, and how many of those articles the model calls each of `JUDGEMENTS`."""


def table(verdicts: Iterable[Verdict]) -> AgreementTable:
    """Each reviewer's verdict on each article counts once. "No article at all" is a verdict among people; the model has
    no such word, nor people one for too little evidence: those enter no comparison with the model.
    """
    every = list(verdicts)
    by_article: dict[str, list[str]] = {}
    pairs: dict[str, list[tuple[str, str]]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for one in every:
        by_article.setdefault(one.article_id, []).append(one.verdict)
        if one.label in JUDGEMENTS and one.verdict in JUDGEMENTS:
            pairs.setdefault(one.article_id, []).append((one.verdict, one.label))
            counts[(one.verdict, one.label)] += 1
    return AgreementTable(
        kappa(pairs),
        alpha(by_article),
        len({one.reviewer for one in every}),
        [(said, [counts[(said, label)] for label in JUDGEMENTS]) for said in JUDGEMENTS],
    )
