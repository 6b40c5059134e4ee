"""What waits for a person's verdict: candidates for the queue, and verdicts that two people may give at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from scorer.ledger.engine import Database, now
from scorer.ledger.reviews import ARTICLE_VERDICTS, Review, check, review_of
from scorer.ledger.sources import at_fixed
from scorer.ledger.tables import AssessmentRow, ReviewRow

CANDIDATES = 250
"""Articles looked at of each kind: nearest to the middle from either side, most read, newest."""

MAX_COUNTED = 10_000
"""Waiting articles that are counted; past it the page says "more than"."""

MAX_VERDICTS = 20_000
"""Verdicts that the agreement of reviewers is computed from, the latest ones."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be worth a verdict."""

    number: int
    article_id: str
    domain: str | None
    risk: float
    """At the base rate 30 %."""
    reach: int | None
    scored_at: datetime.datetime
    reviews: int
    """Verdicts on it by others."""


class Verdict(NamedTuple):
    """A reviewer's latest verdict on an article, and what the model calls it."""

    article_id: str
    reviewer: str
    verdict: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of a verdict. `review` is None where it was not stored, because `mine` stands there already."""

    review: Review | None
    mine: Review | None = None
    """The same reviewer's verdict, given since the page was loaded (in another tab)."""
    others: tuple[Review, ...] = ()
    """Verdicts of others, given since the page was loaded."""


class Queue:
    """The queue in a database. Every method raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def candidates(self, reviewer: str) -> list[Candidate]:
        """Articles with a risk that this reviewer has no verdict on; each once, by its latest assessment.

        Work is bounded whatever the ledger holds: `CANDIDATES` of each kind, found by index.
        """
        row = AssessmentRow
        waiting = self._waiting(reviewer)
        kinds = (
            waiting.where(row.risk >= 0.5).order_by(row.risk, row.number),
            waiting.where(row.risk < 0.5).order_by(row.risk.desc(), row.number.desc()),
            waiting.where(row.reach.is_not(None)).order_by(row.reach.desc(), row.number.desc()),
            waiting.order_by(row.scored_at.desc(), row.number.desc()),
        )
        found: dict[int, Candidate] = {}
        with self.database.reading() as session:
            for kind in kinds:
                for number, article_id, domain, risk, base_rate, reach, scored_at in session.execute(
                    kind.limit(CANDIDATES)
                ):
                    found[number] = Candidate(
                        number, article_id, domain, at_fixed(risk, base_rate), reach, scored_at, 0
                    )
            counts = _review_counts(session, [candidate.article_id for candidate in found.values()])
        return [replace(candidate, reviews=counts.get(candidate.article_id, 0)) for candidate in found.values()]

    def waiting(self) -> int:
        """Articles with a risk and without any verdict; `MAX_COUNTED` + 1 stands for more."""
        some = self._waiting(None).limit(MAX_COUNTED + 1).subquery()
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(some)) or 0

    def given(self, reviewer: str, since: datetime.datetime) -> int:
        """Verdicts on articles that a reviewer gave since a moment."""
        query = select(func.count()).where(
            ReviewRow.reviewer == reviewer, ReviewRow.created >= since, ReviewRow.verdict.in_(ARTICLE_VERDICTS)
        )
        with self.database.reading() as session:
            return session.scalar(query) or 0

    def last_review(self, article_id: str) -> int:
        """Number of the latest review of an article, 0 where there is none: what a page was loaded at."""
        query = select(func.max(ReviewRow.number)).where(ReviewRow.article_id == article_id)
        with self.database.reading() as session:
            return session.scalar(query) or 0

    def note(
        self, article_id: str, verdict: str, reviewer: str, reason: str | None, seen: int, again: bool = False
    ) -> Noted | None:
        """Store a verdict given on a page that was loaded when `seen` was the latest review of the article.

        One at a time an article: of two tabs that send at the same moment, the second learns of the first. A reviewer's
        own verdict since then is not added to unless `again` says that it is meant; verdicts of others are told and
        never in the way. None where no such article was scored. Raises `InvalidInput`.
        """
        check(verdict, ARTICLE_VERDICTS, reviewer, reason)
        with self.database.writing() as session:
            self._one_at_a_time(session, article_id)
            if not session.scalar(select(exists().where(AssessmentRow.article_id == article_id))):
                return None
            later = select(ReviewRow).where(
                ReviewRow.article_id == article_id,
                ReviewRow.number > seen,
                ReviewRow.verdict.in_(ARTICLE_VERDICTS),
            )
            since = [review_of(row) for row in session.scalars(later.order_by(ReviewRow.number))]
            mine = next((review for review in reversed(since) if review.reviewer == reviewer), None)
            others = tuple(review for review in since if review.reviewer != reviewer)
            if mine is not None and not again:
                return Noted(None, mine, others)
            row = ReviewRow(
                article_id=article_id, verdict=verdict, reason=reason, reviewer=reviewer, finding=None, created=now()
            )
            session.add(row)
            session.flush()
            return Noted(review_of(row), None, others)

    def undo(self, number: int, reviewer: str) -> Review | None:
        """Take back a reviewer's own verdict; returns it, or None where there is none (any more)."""
        with self.database.writing() as session:
            row = session.get(ReviewRow, number)
            if row is None or row.reviewer != reviewer or row.finding is not None:
                return None
            session.delete(row)
            return review_of(row)

    def verdicts(self) -> list[Verdict]:
        """Each reviewer's latest verdict on each article, with the model's label; the latest `MAX_VERDICTS`."""
        label = (
            select(AssessmentRow.label)
            .where(AssessmentRow.article_id == ReviewRow.article_id)
            .order_by(AssessmentRow.scored_at.desc(), AssessmentRow.number.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            select(ReviewRow.article_id, ReviewRow.reviewer, ReviewRow.verdict, label)
            .where(ReviewRow.verdict.in_(ARTICLE_VERDICTS))
            .order_by(ReviewRow.number.desc())
            .limit(MAX_VERDICTS)
        )
        latest: dict[tuple[str, str], Verdict] = {}
        with self.database.reading() as session:
            for found in session.execute(query):
                verdict = Verdict(*found)
                latest.setdefault((verdict.article_id, verdict.reviewer), verdict)
        return list(latest.values())

    def _waiting(self, reviewer: str | None) -> Any:
        row = AssessmentRow
        columns = (row.number, row.article_id, row.domain, row.risk, row.base_rate, row.reach, row.scored_at)
        return select(*columns).where(row.risk.is_not(None), *_conditions(reviewer))

    def _one_at_a_time(self, session: Session, article_id: str) -> None:
        if self.database.is_sqlite:
            session.execute(text("BEGIN IMMEDIATE"))
        else:
            session.execute(select(func.pg_advisory_xact_lock(LOCKS, func.hashtext(article_id))))


LOCKS = 0x72657677
"""First number of PostgreSQL's advisory locks on articles under review ("revw" in ASCII)."""


def _conditions(reviewer: str | None) -> Iterator[ColumnElement[bool]]:
    later, row = aliased(AssessmentRow), AssessmentRow
    yield ~exists().where(
        later.article_id == row.article_id,
        or_(later.scored_at > row.scored_at, (later.scored_at == row.scored_at) & (later.number > row.number)),
    )
    reviewed = exists().where(ReviewRow.article_id == row.article_id, ReviewRow.verdict.in_(ARTICLE_VERDICTS))
    yield ~(reviewed if reviewer is None else reviewed.where(ReviewRow.reviewer == reviewer))


def _review_counts(session: Session, article_ids: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for start in range(0, len(article_ids), 500):
        query = (
            select(ReviewRow.article_id, func.count(ReviewRow.reviewer.distinct()))
            .where(ReviewRow.article_id.in_(article_ids[start : start + 500]), ReviewRow.verdict.in_(ARTICLE_VERDICTS))
            .group_by(ReviewRow.article_id)
        )
        for article_id, count in session.execute(query):
            counts[article_id] = count
    return counts
