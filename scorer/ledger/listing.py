"""Lists of assessments: filters, sorts, pages by cursor, and an export that never holds more than a page."""

from __future__ import annotations

import base64
import binascii
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import orjson
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from scorer.article import InvalidInput
from scorer.ledger.assessments import Remembered, remembered
from scorer.ledger.engine import Database
from scorer.ledger.tables import AssessmentRow, ReviewRow

Sort = Literal["newest", "oldest", "riskiest", "safest"]
SORTS: tuple[Sort, ...] = get_args(Sort)
"""How a list may be sorted. By risk, what has none (abstentions) stands at the end, newest first."""

MAX_PAGE = 500
"""Assessments a page of a list holds at the most."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which assessments a list holds; what is None does not restrict it. Of an article, the latest one is listed."""

    label: str | None = None
    source: str | None = None
    """Registrable domain."""
    article_id: str | None = None
    content_sha256: str | None = None
    min_risk: float | None = None
    max_risk: float | None = None
    since: datetime.datetime | None = None
    """Scored at this moment or later."""
    until: datetime.datetime | None = None
    """Scored before this moment."""
    reviewed: bool | None = None
    every_version: bool = False
    """List an article's earlier assessments too."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list, and the cursor that the next page starts from; None at the end."""

    items: list[Remembered]
    next: str | None


class Listing:
    """Lists of assessments in a database. Every method raises `LedgerError` where it cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def page(self, of: Filter | None = None, sort: Sort = "newest", limit: int = 50, cursor: str | None = None) -> Page:
        """The assessments after `cursor`. Raises `InvalidInput` for a cursor that was not given out for this sort."""
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidInput(f"a page holds 1 to {MAX_PAGE} assessments (MAX_PAGE), {limit} were asked for")
        after = None if cursor is None else _decode(cursor, sort)
        rows = self._rows(of or Filter(), sort, limit + 1, after)
        last = rows[limit - 1] if len(rows) > limit else None
        return Page([remembered(row) for row in rows[:limit]], None if last is None else _encode(last, sort))

    def export(self, of: Filter | None = None, sort: Sort = "oldest") -> Iterator[Remembered]:
        """Every assessment of a list, read page by page, so that neither memory nor a transaction grows with it."""
        cursor = None
        while True:
            page = self.page(of, sort, MAX_PAGE, cursor)
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def _rows(self, of: Filter, sort: Sort, limit: int, after: tuple[Any, int] | None) -> list[AssessmentRow]:
        base = select(AssessmentRow).where(*_conditions(of))
        with self.database.reading() as session:
            if sort in ("newest", "oldest"):
                return list(session.scalars(_by_time(base, sort == "newest", after).limit(limit)))
            # by risk: first those that have one, then the abstentions
            rows: list[AssessmentRow] = []
            if after is None or after[0] is not None:
                rows = list(session.scalars(_by_risk(base, sort == "riskiest", after).limit(limit)))
                after = None
            if len(rows) < limit and of.min_risk is None and of.max_risk is None:
                rest = base.where(AssessmentRow.risk.is_(None)).order_by(AssessmentRow.number.desc())
                if after is not None:
                    rest = rest.where(AssessmentRow.number < after[1])
                rows += session.scalars(rest.limit(limit - len(rows)))
            return rows


def _by_time(query: Any, down: bool, after: tuple[Any, int] | None) -> Any:
    moment = None if after is None else (datetime.datetime.fromisoformat(after[0]), after[1])
    return _keyset(query, AssessmentRow.scored_at, down, moment)


def _by_risk(query: Any, down: bool, after: tuple[Any, int] | None) -> Any:
    return _keyset(query.where(AssessmentRow.risk.is_not(None)), AssessmentRow.risk, down, after)


def _keyset(query: Any, column: Any, down: bool, after: tuple[Any, int] | None) -> Any:
    number = AssessmentRow.number
    if after is not None:
        value, last = after
        beyond, ties = (column < value, number < last) if down else (column > value, number > last)
        query = query.where(or_(beyond, and_(column == value, ties)))
    return query.order_by(column.desc(), number.desc()) if down else query.order_by(column, number)


def _conditions(of: Filter) -> Iterator[ColumnElement[bool]]:
    row = AssessmentRow
    if of.label is not None:
        yield row.label == of.label
    if of.source is not None:
        yield row.domain == of.source
    if of.article_id is not None:
        yield row.article_id == of.article_id
    if of.content_sha256 is not None:
        yield row.content_sha256 == of.content_sha256
    if of.min_risk is not None:
        yield row.risk >= of.min_risk
    if of.max_risk is not None:
        yield row.risk <= of.max_risk
    if of.since is not None:
        yield row.scored_at >= of.since
    if of.until is not None:
        yield row.scored_at < of.until
    if of.reviewed is not None:
        found = exists().where(ReviewRow.article_id == row.article_id)
        yield found if of.reviewed else ~found
    if not of.every_version:
        later = aliased(AssessmentRow)
        yield ~exists().where(
            later.article_id == row.article_id,
            or_(later.scored_at > row.scored_at, and_(later.scored_at == row.scored_at, later.number > row.number)),
        )


def _encode(row: AssessmentRow, sort: Sort) -> str:
    value = row.scored_at.isoformat() if sort in ("newest", "oldest") else row.risk
    return base64.urlsafe_b64encode(orjson.dumps([sort, value, row.number])).decode().rstrip("=")


def _decode(cursor: str, sort: Sort) -> tuple[Any, int]:
    try:
        told, value, number = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if sort in ("newest", "oldest"):
            good = isinstance(value, str) and datetime.datetime.fromisoformat(value).tzinfo is not None
        else:
            good = value is None or isinstance(value, float)
        # a number past what a database's integer holds would be an error of the database
        if told != sort or not good or type(number) is not int or not 0 <= number < 2**31:
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise InvalidInput(f"this cursor was not given out for a list sorted by '{sort}'; start without one") from None
    return value, number
