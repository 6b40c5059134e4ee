"""How long things are kept: pruning by age, deleting by source, article or content, and a copy made while serving."""

from __future__ import annotations

import datetime
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, exists, select

from scorer.article import CredenceError, InvalidInput
from scorer.ledger.engine import Database, LedgerError
from scorer.ledger.tables import AssessmentRow, RatingRow, RepeatRow, ReviewRow, SourceRow

CHUNK = 1_000
"""Rows deleted in one transaction, so that who writes meanwhile waits for milliseconds."""

_AGE = re.compile(r"(\d{1,6})\s*(d|w|m|y)[a-z]*", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


class OutputExists(CredenceError):  # noqa: N818 - what was found, not what we did
    """The file to be written is there already."""

    kind = "output_exists"


@dataclass(frozen=True, slots=True)
class Deleted:
    """How much was deleted."""

    assessments: int = 0
    reviews: int = 0
    ratings: int = 0
    repeats: int = 0


def age(given: str) -> datetime.timedelta:
    """An age as people write it: 90d, 12w, 6m (of 30 days), 2y (of 365 days). Raises `InvalidInput`."""
    found = _AGE.fullmatch(given.strip())
    if found is None:
        raise InvalidInput(f"an age is a number and a unit, as 90d, 12w, 6m or 2y; got '{given[:40]}'")
    return datetime.timedelta(days=int(found[1]) * _DAYS[found[2].lower()])


class Retention:
    """Deletes from a database and copies it. Every method raises `LedgerError` where it cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def prune(self, before: datetime.datetime) -> Deleted:
        """Delete assessments scored before a moment, and reviews and repeats made before it whose article is gone."""
        assessments = self._delete(AssessmentRow, AssessmentRow.number, AssessmentRow.scored_at < before)
        orphan = ~exists().where(AssessmentRow.article_id == ReviewRow.article_id)
        reviews = self._delete(ReviewRow, ReviewRow.number, (ReviewRow.created < before) & orphan)
        with self.database.writing() as session:
            repeats = session.execute(delete(RepeatRow).where(RepeatRow.created < before)).rowcount  # type: ignore[attr-defined]
        return Deleted(assessments, reviews, 0, repeats)

    def forget_article(self, article_id: str) -> Deleted:
        """Delete an article: its assessments and its reviews."""
        reviews = self._delete(ReviewRow, ReviewRow.number, ReviewRow.article_id == article_id)
        return Deleted(
            self._delete(AssessmentRow, AssessmentRow.number, AssessmentRow.article_id == article_id), reviews
        )

    def forget_content(self, sha256: str) -> Deleted:
        """Delete what was scored of a content, by its SHA-256, with the reviews of those articles."""
        return self._forget(AssessmentRow.content_sha256 == sha256)

    def forget_source(self, domain: str) -> Deleted:
        """Delete all of a source: its articles, their reviews, its ratings and names."""
        done = self._forget(AssessmentRow.domain == domain)
        ratings = self._delete(RatingRow, RatingRow.number, RatingRow.domain == domain)
        with self.database.writing() as session:
            session.execute(delete(SourceRow).where(SourceRow.domain == domain))
        return Deleted(done.assessments, done.reviews, ratings)

    def _forget(self, condition: object) -> Deleted:
        named = select(AssessmentRow.article_id).where(condition)  # type: ignore[arg-type]
        reviews = self._delete(ReviewRow, ReviewRow.number, ReviewRow.article_id.in_(named))
        return Deleted(self._delete(AssessmentRow, AssessmentRow.number, condition), reviews)

    def _delete(self, table: type, number: object, condition: object) -> int:
        count = 0
        while True:
            some = select(number).where(condition).limit(CHUNK)  # type: ignore[call-overload]
            with self.database.writing() as session:
                numbers = list(session.scalars(some))
                if numbers:
                    session.execute(delete(table).where(number.in_(numbers)))  # type: ignore[attr-defined]
            count += len(numbers)
            if len(numbers) < CHUNK:
                return count

    def backup(self, target: Path) -> None:
        """Copy an SQLite ledger while it serves: whole, as of one moment, put in place when it is finished."""
        if not self.database.is_sqlite:
            raise InvalidInput("this ledger is not SQLite: copy it with its own tool, as `pg_dump --format=custom`")
        if target.exists():
            raise OutputExists(f"{target} exists: name another file, or move it away")
        part = target.with_name(target.name + ".part")
        part.unlink(missing_ok=True)
        connection = self.database.engine.raw_connection()
        try:
            copy = sqlite3.connect(part)
            try:
                source = connection.driver_connection
                assert isinstance(source, sqlite3.Connection)  # noqa: S101 - what is_sqlite says, for the type checker
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing left beside it
            finally:
                copy.close()
            part.replace(target)
        except sqlite3.Error as error:
            part.unlink(missing_ok=True)
            raise LedgerError(f"the ledger cannot be copied to {target}: {error}") from None
        finally:
            connection.close()
