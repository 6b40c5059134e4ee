"""The table of sources: searched, filtered, sorted, in pages, each line with its reliability and its latest periods."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from scorer.ledger.engine import Database, now
from scorer.ledger.sources import CHUNK, MAX_READINGS, SourceFile, at_fixed, rating_of
from scorer.ledger.tables import AssessmentRow, RatingRow, SourceRow
from scorer.source_history import Period, history
from scorer.sources import Reading, Reliability

Order = Literal["domain", "reliability", "articles", "ratings", "latest"]
ORDERS: tuple[Order, ...] = get_args(Order)

Which = Literal["all", "rated", "unrated", "read"]
WHICH: tuple[Which, ...] = get_args(Which)
"""All sources; those somebody rated; those nobody rated; those an article was scored of."""

MAX_SORTED_SOURCES = 500
"""Sources that are sorted by reliability, which is computed and not stored: those with the most articles."""

TREND_PERIODS = 12
"""Months (else weeks) that a line of the table draws."""


@dataclass(frozen=True, slots=True)
class Line:
    """A source in the table."""

    domain: str
    names: list[str]
    articles: int
    ratings: int
    latest: datetime.datetime | None
    """When an article of it was last scored."""
    reliability: Reliability
    trend: list[Period]
    """Latest periods that hold an article, oldest first."""


@dataclass(frozen=True, slots=True)
class Table:
    """A page of the table."""

    lines: list[Line]
    total: int
    """Sources that the search and the filter leave."""
    cut: bool
    """Whether only the `MAX_SORTED_SOURCES` with the most articles could be sorted."""


class SourceList:
    """The table in a database. Every method raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def page(
        self,
        search: str = "",
        which: Which = "all",
        order: Order = "domain",
        down: bool = False,
        number: int = 1,
        size: int = 25,
    ) -> Table:
        """Page `number` (from 1) of `size` lines. `search` is looked for in domains and names, in any case."""
        today = now().date()
        with self.database.reading() as session:
            query = _matching(search.strip().lower(), which)
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            skip = (number - 1) * size
            if order != "reliability":
                found = session.execute(_sorted(query, order, down).limit(size).offset(skip)).all()
                return Table(_lines(session, found, today), total, False)
            some = session.execute(_sorted(query, "articles", True).limit(MAX_SORTED_SOURCES)).all()
            lines = _lines(session, some, today)
        lines.sort(key=lambda line: (line.reliability.value, line.domain), reverse=down)
        return Table(lines[skip : skip + size], total, total > MAX_SORTED_SOURCES)

    def reliabilities(self, domains: Sequence[str]) -> dict[str, Reliability]:
        """The reliability of many sources at once."""
        today = now().date()
        with self.database.reading() as session:
            found: dict[str, SourceFile] = {}
            for start in range(0, len(domains), CHUNK):
                found |= source_files(session, domains[start : start + CHUNK])
        return {domain: file.reliability(today) for domain, file in found.items()}


def _matching(search: str, which: Which) -> Select[Any]:
    row = AssessmentRow
    read = (
        select(
            row.domain.label("domain"),
            func.count(row.article_id.distinct()).label("articles"),
            func.max(row.scored_at).label("latest"),
        )
        .where(row.domain.is_not(None))
        .group_by(row.domain)
        .subquery()
    )
    rated = (
        select(RatingRow.domain.label("domain"), func.count().label("ratings")).group_by(RatingRow.domain).subquery()
    )
    known = select(SourceRow.domain.label("domain")).union(select(read.c.domain)).subquery()
    articles, ratings = func.coalesce(read.c.articles, 0), func.coalesce(rated.c.ratings, 0)
    query = (
        select(
            known.c.domain,
            SourceRow.names.label("names"),
            articles.label("articles"),
            ratings.label("ratings"),
            read.c.latest,
        )
        .outerjoin(SourceRow, SourceRow.domain == known.c.domain)
        .outerjoin(read, read.c.domain == known.c.domain)
        .outerjoin(rated, rated.c.domain == known.c.domain)
    )
    if search:
        in_names = func.lower(cast(SourceRow.names, String)).contains(search, autoescape=True)
        query = query.where(or_(known.c.domain.contains(search, autoescape=True), in_names))
    if which == "rated":
        query = query.where(ratings > 0)
    elif which == "unrated":
        query = query.where(ratings == 0)
    elif which == "read":
        query = query.where(articles > 0)
    return query


def _sorted(query: Select[Any], order: Order, down: bool) -> Select[Any]:
    columns = query.selected_columns
    column = columns[order]
    if order == "domain":
        return query.order_by(column.desc() if down else column)
    if order == "latest":  # what was never read stands last either way, on both databases
        return query.order_by(column.is_(None), column.desc() if down else column, columns["domain"])
    return query.order_by(column.desc() if down else column, columns["domain"])


def _lines(session: Session, found: Sequence[Any], today: datetime.date) -> list[Line]:
    files = source_files(session, [row.domain for row in found])
    lines = []
    for row in found:
        file = files[row.domain]
        months = history(file.readings, "month")
        trend = months if len(months) > 2 else history(file.readings, "week")
        lines.append(
            Line(
                row.domain, list(row.names or ()), row.articles, row.ratings, row.latest,
                file.reliability(today), trend[-TREND_PERIODS:],
            )
        )  # fmt: skip
    return lines


def source_files(session: Session, domains: Sequence[str]) -> dict[str, SourceFile]:
    """Ratings and latest readings of many sources in two queries; counts of articles are those read."""
    ratings: dict[str, list[Any]] = {domain: [] for domain in domains}
    rated = select(RatingRow).where(RatingRow.domain.in_(domains)).order_by(RatingRow.rater, RatingRow.date.desc())
    for rating in session.scalars(rated):
        ratings[rating.domain].append(rating_of(rating))
    assessed = AssessmentRow
    place = func.row_number().over(
        partition_by=assessed.domain, order_by=(assessed.scored_at.desc(), assessed.number.desc())
    )
    ranked = (
        select(
            assessed.domain, assessed.article_id, assessed.risk, assessed.published, assessed.scored_at,
            assessed.base_rate, place.label("place"),
        )
        .where(assessed.domain.in_(domains), assessed.risk.is_not(None))
        .subquery()
    )  # fmt: skip
    readings: dict[str, dict[str, Reading]] = {domain: {} for domain in domains}
    for row in session.execute(select(ranked).where(ranked.c.place <= MAX_READINGS).order_by(ranked.c.place)):
        reading = Reading(at_fixed(row.risk, row.base_rate), row.published or row.scored_at.date())
        readings[row.domain].setdefault(row.article_id, reading)
    return {
        domain: SourceFile(domain, [], len(readings[domain]), ratings[domain], list(readings[domain].values()))
        for domain in domains
    }
