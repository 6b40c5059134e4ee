"""Sources and their ratings: what others have said of an outlet, and what was read of it here."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scorer.ledger.engine import Database, now
from scorer.ledger.tables import AssessmentRow, RatingRow, SourceRow
from scorer.logodds import BASE_RATE, logit, sigmoid
from scorer.ratings import Rating
from scorer.sources import Judgement, Reading, Reliability, reliability

CHUNK = 500
"""Ratings that are looked up together."""

MAX_READINGS = 400
"""Articles of a source that its reliability is computed from, the latest ones: past this, more tell nothing new."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """All that is known of a source."""

    domain: str
    names: list[str]
    articles: int
    """Articles scored here, the abstentions too."""
    ratings: list[Rating]
    readings: list[Reading] = field(repr=False)
    """The latest articles that have a risk, newest first, `MAX_READINGS` at the most."""

    def reliability(self, today: datetime.date) -> Reliability:
        """How reliable the source is, by the newest rating of each rater and by its articles."""
        newest = {rating.rater: rating for rating in reversed(self.ratings)}  # the ratings stand newest first
        judgements = [
            Judgement(rating.normalised, datetime.date.fromisoformat(rating.date) if rating.date else None)
            for rating in newest.values()
            if rating.normalised is not None
        ]
        return reliability(self.readings, judgements, today)

    def to_dict(self, today: datetime.date | None = None) -> dict[str, Any]:
        """As JSON: `source` of an assessment; reliability and interval from 0 to 100."""
        told = self.reliability(today or now().date())
        return {
            "domain": self.domain,
            "reliability": round(100 * told.value),
            "interval": [round(100 * told.low), round(100 * told.high)],
            "basis": told.basis,
            "articles": self.articles,
            "ratings": [rating.to_dict() for rating in self.ratings],
        }


@dataclass(frozen=True, slots=True)
class Listed:
    """A line in the list of sources."""

    domain: str
    articles: int
    ratings: int


Change = Literal["new", "changed", "same"]


class Sources:
    """Sources and ratings in a database. Every method raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def rate(self, ratings: Iterable[Rating], keep: bool = True) -> Counter[Change]:
        """Store ratings, all or none; counts which were new, which changed one from the same rater and day.

        With `keep` false nothing is stored: what would be is only counted.
        """
        counts: Counter[Change] = Counter()
        with self.database.writing() as session:
            for some in _chunks(ratings):
                domains = {rating.domain for rating in some}
                known = {
                    row.domain: row for row in session.scalars(select(SourceRow).where(SourceRow.domain.in_(domains)))
                }
                rated = {
                    (row.domain, row.rater, row.date): row
                    for row in session.scalars(select(RatingRow).where(RatingRow.domain.in_(domains)))
                }
                for rating in some:
                    _name(session, known, rating)
                    counts[_note(session, rated, rating)] += 1
                session.flush()
            if not keep:
                session.rollback()
        return counts

    def file(self, domain: str) -> SourceFile | None:
        """All that is known of a source by its registrable domain; None where nothing is."""
        row = AssessmentRow
        with self.database.reading() as session:
            source = session.get(SourceRow, domain)
            articles = session.scalar(select(func.count(row.article_id.distinct())).where(row.domain == domain)) or 0
            if source is None and not articles:
                return None
            ratings = session.scalars(
                select(RatingRow).where(RatingRow.domain == domain).order_by(RatingRow.rater, RatingRow.date.desc())
            )
            names = [] if source is None else list(source.names)
            return SourceFile(
                domain, names, articles, [rating_of(r) for r in ratings], self.readings(domain, MAX_READINGS)
            )

    def readings(self, domain: str, limit: int | None = None) -> list[Reading]:
        """What a source's articles read like by their latest assessments that have a risk, newest first."""
        row = AssessmentRow
        query = (
            select(row.article_id, row.risk, row.published, row.scored_at, row.base_rate)
            .where(row.domain == domain, row.risk.is_not(None))
            .order_by(row.scored_at.desc(), row.number.desc())
            .limit(limit)
        )
        latest: dict[str, Reading] = {}
        with self.database.reading() as session:
            for article_id, risk, published, scored_at, base_rate in session.execute(query):
                if risk is not None:
                    latest.setdefault(article_id, Reading(at_fixed(risk, base_rate), published or scored_at.date()))
        return list(latest.values())

    def page(self, limit: int = 50, after: str | None = None) -> list[Listed]:
        """Sources that have a rating or an article, by domain, beginning after one."""
        rated = select(SourceRow.domain.label("domain"))
        read = select(AssessmentRow.domain.label("domain")).where(AssessmentRow.domain.is_not(None))
        known = rated.union(read).subquery()
        articles = (
            select(func.count(AssessmentRow.article_id.distinct()))
            .where(AssessmentRow.domain == known.c.domain)
            .scalar_subquery()
        )
        ratings = select(func.count()).where(RatingRow.domain == known.c.domain).scalar_subquery()
        query = select(known.c.domain, articles, ratings).order_by(known.c.domain).limit(limit)
        if after is not None:
            query = query.where(known.c.domain > after)
        with self.database.reading() as session:
            return [Listed(*row) for row in session.execute(query)]


def _chunks(ratings: Iterable[Rating]) -> Iterator[list[Rating]]:
    rest = iter(ratings)
    while some := list(itertools.islice(rest, CHUNK)):
        yield some


def _name(session: Session, known: dict[str, SourceRow], rating: Rating) -> None:
    row = known.get(rating.domain)
    if row is None:
        row = known[rating.domain] = SourceRow(domain=rating.domain, names=list(rating.names), created=now())
        session.add(row)
    elif set(rating.names) - set(row.names):
        row.names = [*row.names, *(name for name in rating.names if name not in row.names)]


def _note(session: Session, rated: dict[tuple[str, str, str], RatingRow], rating: Rating) -> Change:
    place = (rating.domain, rating.rater, rating.date)
    row = rated.get(place)
    change: Change = "changed"
    if row is None:
        row, change = RatingRow(domain=rating.domain, rater=rating.rater, date=rating.date), "new"
        rated[place] = row
        session.add(row)
    elif rating_of(row) == replace(rating, names=()):
        return "same"
    row.value, row.scale, row.normalised = rating.value, rating.scale, rating.normalised
    row.url, row.licence, row.details = rating.url, rating.licence, rating.details
    row.imported = now()
    return change


def at_fixed(risk: float, base_rate: float) -> float:
    """A risk brought back to the base rate that risks are calibrated to, so that all of a source's can be compared."""
    if base_rate == BASE_RATE:
        return risk
    return sigmoid(logit(min(max(risk, 1e-12), 1 - 1e-12)) - logit(base_rate) + logit(BASE_RATE))


def rating_of(row: RatingRow) -> Rating:
    """A row as a value that outlives its session."""
    return Rating(
        row.domain, row.rater, row.value, row.scale, row.normalised, row.date, row.url, row.licence, row.details
    )
