"""Reviews as labelled articles: what people found, learned from beside the corpora, and what that changed.

A label of the corpora belongs to an outlet, a review to one article. Reviewed articles take part as rows of the corpus
`reviews` under their own source, so that every fold still holds whole sources; calibration, cut-offs and operating
points stay with the corpora, for what people choose to review is no sample of what there is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.article import InvalidInput
from scorer.ledger import Ledger, Remembered
from scorer.ledger.reviews import Review
from scorer.ledger.sources import at_fixed
from training.corpora import Row
from training.figures_of_merit import weighted_auc

CORPUS = "reviews"
TIERS = {"reliable": "high", "unreliable": "low"}
"""Verdict -> tier. The others (mixed, satire, not_an_article) have no place between the two and teach nothing here."""

Texts = Mapping[str, Mapping[str, Any]]
"""Articles by id, each with `text` and perhaps `title`."""


@dataclass(frozen=True)
class Reviewed:
    """Articles to learn from, and how many reviewed ones are not, by reason."""

    rows: list[Row]
    left_out: Counter[str] = field(default_factory=Counter)


def reviewed(ledger: Ledger, texts: Texts | None = None) -> Reviewed:
    """The reviewed articles of a ledger as labelled rows.

    Of each reviewer the latest verdict on an article counts, and of several reviewers the majority. The text is the
    caller's (`texts`), else what the ledger kept. Raises `LedgerError`.
    """
    return label(ledger.reviews.every(), texts or {})


def label(reviews: Iterable[tuple[Review, Remembered | None]], texts: Texts) -> Reviewed:
    """The same from reviews with their articles' latest assessments, oldest review first."""
    verdicts: dict[str, dict[str, str]] = {}
    articles: dict[str, Remembered | None] = {}
    for review, article in reviews:
        if review.finding is None:
            verdicts.setdefault(review.article_id, {})[review.reviewer] = review.verdict
            articles[review.article_id] = article
    found = Reviewed([])
    for identifier, by_reviewer in verdicts.items():
        votes = Counter(by_reviewer.values())
        verdict, count = votes.most_common(1)[0]
        row = _row(identifier, articles[identifier], texts.get(identifier))
        if list(votes.values()).count(count) > 1:
            found.left_out["reviewers disagree"] += 1
        elif verdict not in TIERS:
            found.left_out[f"the verdict is {verdict}"] += 1
        elif row is None:
            found.left_out["no text: none was kept and none was given"] += 1
        else:
            found.rows.append({**row, "tier": TIERS[verdict]})
    return found


def _row(identifier: str, article: Remembered | None, given: Mapping[str, Any] | None) -> Row | None:
    text = given["text"] if given else article.text if article else None
    if not text:
        return None
    title = (given.get("title") if given else article.title if article else None) or ""
    risk = None if article is None else article.assessment["risk"]
    if article is not None and risk is not None:
        risk = at_fixed(risk, article.assessment["base_rate"])
    about = (None, None, None) if article is None else (article.domain, article.date, article.url)
    return {
        "id": identifier, "corpus": CORPUS, "source": about[0], "date": about[1], "url": about[2], "title": title,
        "text": text, "pc1": None, "lean": None, "genre": "news", "risk_before": risk,
    }  # fmt: skip


def read_texts(path: Path) -> dict[str, Mapping[str, Any]]:
    """Articles by id from JSON lines with `id`, `text` and perhaps `title`. Raises `InvalidInput` naming the line."""
    found: dict[str, Mapping[str, Any]] = {}
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    article = json.loads(line)
                    if not isinstance(article, dict) or not isinstance(article.get("text"), str) or "id" not in article:
                        raise InvalidInput(f"{path}, line {number}: an article needs 'id' and 'text'")
                    found[str(article["id"])] = article
    except (OSError, ValueError) as error:
        raise InvalidInput(f"cannot read {path}: {error}") from None
    return found


def agreement(rows: Sequence[Row], risk: NDArray[np.float64], cut: float) -> dict[str, dict[str, float | None]]:
    """How far risks agree with the reviewers: `before` as the ledger has them, `now` by models that never saw the
    article's source.

    n, AUC, and precision and recall of risks of `cut` or more; None where there is nothing to measure. Articles without
    a risk on either side (abstentions) are left out of both.
    """
    both = [
        (row["tier"] == "low", row["risk_before"], now)
        for row, now in zip(rows, risk, strict=True)
        if row.get("corpus") == CORPUS and row.get("risk_before") is not None and not np.isnan(now)
    ]
    truth = np.array([low for low, _, _ in both], dtype=bool)
    return {
        name: _figures(truth, np.array([pair[place] for pair in both], dtype=float), cut)
        for place, name in ((1, "before"), (2, "now"))
    }


def _figures(truth: NDArray[np.bool_], risk: NDArray[np.float64], cut: float) -> dict[str, float | None]:
    flagged = risk >= cut
    hits = float((truth & flagged).sum())
    return {
        "n": float(len(truth)),
        "auc": weighted_auc(truth, risk) if 0 < truth.sum() < len(truth) else None,
        "precision": hits / float(flagged.sum()) if flagged.any() else None,
        "recall": hits / float(truth.sum()) if truth.any() else None,
    }


def told(found: Reviewed) -> list[str]:
    """What is learned from and what is not, in lines for people."""
    tiers = Counter(row["tier"] for row in found.rows)
    lines = [f"reviews: {len(found.rows)} articles ({tiers['high']} reliable, {tiers['low']} unreliable) to learn from"]
    return lines + [f"reviews: {count} left out: {reason}" for reason, count in found.left_out.most_common()]


_SHOWN = ("auc", "precision", "recall")


def changes(figures: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """What changed, in lines for people: agreement with the reviewers, and each figure beside the model before."""
    lines = []
    for name in ("before", "now"):
        of = figures["reviews"][name]
        auc, precision, recall = ("none" if of[key] is None else f"{of[key]:.3f}" for key in _SHOWN)
        lines.append(
            f"reviewers and model {name}: n {of['n']:.0f}, AUC {auc}; "
            f"at the cut-off of 'unreliable' precision {precision}, recall {recall}"
        )
    old, new = before.get("credence", {}), figures["credence"]
    both = [name for name in new if name in old]
    return lines + [f"{name}: {old[name]:.3f} -> {new[name]:.3f} ({new[name] - old[name]:+.3f})" for name in both]
