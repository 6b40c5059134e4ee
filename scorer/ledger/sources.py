"""Sources and their ratings: what others have said of an outlet, and what was read of it here."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import func, select

from scorer.ledger.engine import Database, now
from scorer.ledger.tables import AssessmentRow, RatingRow, SourceRow

MAX_READINGS = 400
"""Articles of a source that its reliability is computed from, the latest ones: past this, more tell nothing new."""


@dataclass(frozen=True, slots=True)
class Rating:
    """An outside judgement of a source."""

    domain: str
    rater: str
    value: str
    """As the rater wrote it."""
    scale: str
    """Name of the rater's scale (scorer/ratings.py)."""
    normalised: float | None
    """The same as reliability, 0 to 1; None where the word has no place on that scale."""
    date: str = ""
    """ISO day, empty where unknown."""
    url: str | None = None
    licence: str | None = None
    details: dict[str, Any] | None = None
    names: tuple[str, ...] = ()
    """Names of the source that the list gives."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON, as it stands in an assessment's `source.ratings`."""
        return {
            "rater": self.rater,
            "value": self.value,
            "scale": self.scale,
            "normalised": self.normalised,
            "date": self.date or None,
            "url": self.url,
            "licence": self.licence,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """What one article of a source read like: its risk, and the day it was published (else scored)."""

    risk: float
    day: datetime.date


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

    def rate(self, ratings: Iterable[Rating]) -> Counter[Change]:
        """Store ratings, all or none; counts which were new, which changed one from the same rater and day."""
        counts: Counter[Change] = Counter()
        with self.database.writing() as session:
            for rating in ratings:
                self._source(session, rating)
                row = session.scalar(
                    select(RatingRow).where(
                        RatingRow.domain == rating.domain,
                        RatingRow.rater == rating.rater,
                        RatingRow.date == rating.date,
                    )
                )
                if row is None:
                    row = RatingRow(domain=rating.domain, rater=rating.rater, date=rating.date)
                    change: Change = "new"
                else:
                    change = "same" if _rating(row, ()) == _nameless(rating) else "changed"
                counts[change] += 1
                if change != "same":
                    row.value, row.scale, row.normalised = rating.value, rating.scale, rating.normalised
                    row.url, row.licence, row.details = rating.url, rating.licence, rating.details
                    row.imported = now()
                    session.add(row)
        return counts

    @staticmethod
    def _source(session: Any, rating: Rating) -> None:
        row = session.get(SourceRow, rating.domain)
        if row is None:
            session.add(SourceRow(domain=rating.domain, names=list(rating.names), created=now()))
        elif set(rating.names) - set(row.names):
            row.names = [*row.names, *(name for name in rating.names if name not in row.names)]

    def file(self, domain: str, limit: int = MAX_READINGS) -> SourceFile | None:
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
            read = session.execute(
                select(row.article_id, row.risk, row.published, row.scored_at, row.base_rate)
                .where(row.domain == domain, row.risk.is_not(None))
                .order_by(row.scored_at.desc(), row.number.desc())
                .limit(limit)
            )
            latest: dict[str, Reading] = {}
            for article_id, risk, published, scored_at, base_rate in read:
                if risk is not None:
                    latest.setdefault(article_id, Reading(at_fixed(risk, base_rate), published or scored_at.date()))
            names = [] if source is None else list(source.names)
            return SourceFile(domain, names, articles, [_rating(r, ()) for r in ratings], list(latest.values()))

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


def at_fixed(risk: float, base_rate: float) -> float:
    """A risk brought back to the base rate that risks are calibrated to, so that all of a source's can be compared."""
    from scorer.logodds import BASE_RATE, logit, sigmoid

    if base_rate == BASE_RATE:
        return risk
    return sigmoid(logit(min(max(risk, 1e-12), 1 - 1e-12)) - logit(base_rate) + logit(BASE_RATE))


def _rating(row: RatingRow, names: tuple[str, ...]) -> Rating:
    return Rating(
        row.domain, row.rater, row.value, row.scale, row.normalised, row.date, row.url, row.licence, row.details, names
    )


def _nameless(rating: Rating) -> Rating:
    from dataclasses import replace

    return replace(rating, names=())
