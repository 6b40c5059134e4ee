"""The table of sources: searched, filtered, sorted, in pages, each line with its reliability and its latest periods."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, String, Subquery, cast, exists, func, or_, select
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
        today, known = now().date(), _known()
        wanted = list(_conditions(known, search.strip().lower(), which))
        every = select(known.c.domain).outerjoin(SourceRow, SourceRow.domain == known.c.domain).where(*wanted)
        skip = (number - 1) * size
        with self.database.reading() as session:
            total = session.scalar(select(func.count()).select_from(every.subquery())) or 0
            if order == "domain":  # nothing need be counted of the sources on other pages
                column = known.c.domain
                some = every.order_by(column.desc() if down else column).limit(size).offset(skip)
                found = session.execute(_counted(list(session.scalars(some)))).all()
                lines = _lines(session, sorted(found, key=lambda row: str(row.domain), reverse=down), today)
                return Table(lines, total, False)
            counted = _counted(every)
            if order != "reliability":
                found = session.execute(_sorted(counted, order, down).limit(size).offset(skip)).all()
                return Table(_lines(session, found, today), total, False)
            most = session.execute(_sorted(counted, "articles", True).limit(MAX_SORTED_SOURCES)).all()
            lines = _lines(session, most, today)
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


def _known() -> Subquery:
    """Every source there is: rated or named, or read."""
    read = select(AssessmentRow.domain.label("domain")).where(AssessmentRow.domain.is_not(None))
    return select(SourceRow.domain.label("domain")).union(read).subquery()


def _conditions(known: Subquery, search: str, which: Which) -> Iterator[ColumnElement[bool]]:
    if search:
        in_names = func.lower(cast(SourceRow.names, String)).contains(search, autoescape=True)
        yield or_(known.c.domain.contains(search, autoescape=True), in_names)
    if which in ("rated", "unrated"):
        is_rated = exists().where(RatingRow.domain == known.c.domain)
        yield is_rated if which == "rated" else ~is_rated
    elif which == "read":
        yield exists().where(AssessmentRow.domain == known.c.domain)


def _counted(domains: Sequence[str] | Select[tuple[Any]]) -> Select[Any]:
    """Names and counts of sources. Articles are counted in the index on (domain, article, time), without a row read."""
    row = AssessmentRow
    read = (
        select(
            row.domain.label("domain"),
            func.count(row.article_id.distinct()).label("articles"),
            func.max(row.scored_at).label("latest"),
        )
        .where(row.domain.in_(domains))
        .group_by(row.domain)
        .subquery()
    )
    rated = (
        select(RatingRow.domain.label("domain"), func.count().label("ratings"))
        .where(RatingRow.domain.in_(domains))
        .group_by(RatingRow.domain)
        .subquery()
    )
    known = _known()
    return (
        select(
            known.c.domain,
            SourceRow.names.label("names"),
            func.coalesce(read.c.articles, 0).label("articles"),
            func.coalesce(rated.c.ratings, 0).label("ratings"),
            read.c.latest,
        )
        .outerjoin(SourceRow, SourceRow.domain == known.c.domain)
        .outerjoin(read, read.c.domain == known.c.domain)
        .outerjoin(rated, rated.c.domain == known.c.domain)
        .where(known.c.domain.in_(domains))
    )


def _sorted(query: Select[Any], order: Order, down: bool) -> Select[Any]:
    columns = query.selected_columns
    column = columns[order]
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
    """Ratings and latest readings of many sources; counts of articles are those read."""
    ratings: dict[str, list[Any]] = {domain: [] for domain in domains}
    rated = select(RatingRow).where(RatingRow.domain.in_(domains)).order_by(RatingRow.rater, RatingRow.date.desc())
    for rating in session.scalars(rated):
        ratings[rating.domain].append(rating_of(rating))
    row = AssessmentRow
    latest = (
        select(row.article_id, row.risk, row.base_rate, row.published, row.scored_at)
        .where(row.risk.is_not(None))
        .order_by(row.scored_at.desc(), row.number.desc())
        .limit(MAX_READINGS)
    )
    readings: dict[str, dict[str, Reading]] = {domain: {} for domain in domains}
    for (
        domain
    ) in domains:  # one question each, answered by index: one for all would sort every article of a large source
        for article_id, risk, base_rate, published, scored_at in session.execute(latest.where(row.domain == domain)):
            reading = Reading(at_fixed(risk or 0.0, base_rate), published or scored_at.date())
            readings[domain].setdefault(article_id, reading)
    return {
        domain: SourceFile(domain, [], len(readings[domain]), ratings[domain], list(readings[domain].values()))
        for domain in domains
    }
