"""Reviews: what people found, of an article as a whole or of one finding in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from scorer.article import InvalidInput, TooLarge
from scorer.ledger.assessments import Remembered, remembered
from scorer.ledger.engine import Database, now
from scorer.ledger.tables import AssessmentRow, ReviewRow

ARTICLE_VERDICTS = ("reliable", "mixed", "unreliable", "satire", "not_an_article")
"""What a person may find an article to be."""

FINDING_VERDICTS = ("right", "wrong")
"""What a person may say of one finding."""

MAX_REASON_CHARACTERS = 10_000
"""Longest reason of a review, in code points."""

MAX_REVIEWER_CHARACTERS = 200
"""Longest name of a reviewer, in code points."""

PAGE = 500


@dataclass(frozen=True, slots=True)
class Review:
    """A person's verdict. `finding` is None where it is about the article, else {signal, start, end}."""

    number: int
    article_id: str
    verdict: str
    reason: str | None
    reviewer: str
    finding: dict[str, Any] | None
    created: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": self.number,
            "article_id": self.article_id,
            "verdict": self.verdict,
            "reason": self.reason,
            "reviewer": self.reviewer,
            "finding": self.finding,
            "created": self.created.isoformat(timespec="seconds"),
        }


class Reviews:
    """The reviews in a database. Every method raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(
        self,
        article_id: str,
        verdict: str,
        reviewer: str,
        reason: str | None = None,
        finding: Mapping[str, Any] | None = None,
    ) -> Review | None:
        """Store a review; None where no article of this id was scored. Raises `InvalidInput` naming what is wrong."""
        kept = None if finding is None else checked_finding(finding)
        check(verdict, FINDING_VERDICTS if kept else ARTICLE_VERDICTS, reviewer, reason)
        with self.database.writing() as session:
            if not session.scalar(select(exists().where(AssessmentRow.article_id == article_id))):
                return None
            row = ReviewRow(
                article_id=article_id,
                verdict=verdict,
                reason=reason,
                reviewer=reviewer,
                finding=kept,
                created=now(),
            )
            session.add(row)
            session.flush()
            return review_of(row)

    def of(self, article_id: str) -> list[Review]:
        """The reviews of an article, oldest first."""
        query = select(ReviewRow).where(ReviewRow.article_id == article_id).order_by(ReviewRow.number)
        with self.database.reading() as session:
            return [review_of(row) for row in session.scalars(query)]

    def every(self) -> Iterator[tuple[Review, Remembered | None]]:
        """Every review with the latest assessment of its article (None where that was deleted), oldest first."""
        last = 0
        while True:
            later = aliased(AssessmentRow)
            is_latest = ~exists().where(
                later.article_id == AssessmentRow.article_id,
                or_(
                    later.scored_at > AssessmentRow.scored_at,
                    (later.scored_at == AssessmentRow.scored_at) & (later.number > AssessmentRow.number),
                ),
            )
            query = (
                select(ReviewRow, AssessmentRow)
                .outerjoin(AssessmentRow, (AssessmentRow.article_id == ReviewRow.article_id) & is_latest)
                .where(ReviewRow.number > last)
                .order_by(ReviewRow.number)
                .limit(PAGE)
            )
            with self.database.reading() as session:
                found = [
                    (review_of(review), None if row is None else remembered(row))
                    for review, row in session.execute(query)
                ]
            yield from found
            if len(found) < PAGE:
                return
            last = found[-1][0].number


def checked_finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as it is stored: {signal, start, end}, or {signal}. Raises `InvalidInput` where it is none."""
    from scorer.signals import NAMES

    wrong = sorted(set(finding) - {"signal", "start", "end"})
    if wrong:
        raise InvalidInput(f"a finding has 'signal', 'start' and 'end'; unknown: {', '.join(wrong)[:100]}")
    signal, start, end = finding.get("signal"), finding.get("start"), finding.get("end")
    if signal not in NAMES:
        raise InvalidInput(f"the finding's 'signal' must be one of {', '.join(NAMES)}")
    if start is None and end is None:
        return {"signal": signal}
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise InvalidInput("the finding's 'start' and 'end' must be whole numbers, 0 <= start < end")
    return {"signal": signal, "start": start, "end": end}


def check(verdict: str, known: tuple[str, ...], reviewer: str, reason: str | None) -> None:
    """Raise `InvalidInput` naming what is wrong with a review."""
    if verdict not in known:
        what = "an article" if known is ARTICLE_VERDICTS else "a finding"
        raise InvalidInput(f"the verdict on {what} must be one of {', '.join(known)}; got '{verdict[:50]}'")
    if not reviewer.strip():
        raise InvalidInput("a review needs the name of its reviewer")
    for name, value, limit, limit_name in (
        ("reviewer", reviewer, MAX_REVIEWER_CHARACTERS, "MAX_REVIEWER_CHARACTERS"),
        ("reason", reason or "", MAX_REASON_CHARACTERS, "MAX_REASON_CHARACTERS"),
    ):
        if len(value) > limit:
            raise TooLarge(f"field '{name}' has {len(value):,} characters, the limit {limit_name} is {limit:,}")


def review_of(row: ReviewRow) -> Review:
    """A row as a value that outlives its session."""
    return Review(row.number, row.article_id, row.verdict, row.reason, row.reviewer, row.finding, row.created)
