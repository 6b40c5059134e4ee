"""The statement that stores assessments, made ready once: all that is left for a row is to bind it and run it.

Every answer waits for its row, and what SQLAlchemy does around a statement (its cache's key, the connection's and the
result's objects) took longer than the database. So it compiles the statement once, and the driver runs it, on a
connection of SQLAlchemy's pool.

SQLite writes one transaction at a time and waits for the disk at the end of each, for milliseconds. Rows that other
threads want stored meanwhile go into one transaction after it ("group commit"), as PostgreSQL does by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from threading import Lock
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite

from scorer.ledger.engine import Database
from scorer.ledger.tables import AssessmentRow

SAME_ANSWER = ("article_id", "content_sha256", "model", "rules", "schema", "base_rate")
"""Columns by which two rows are the same answer to the same article."""

Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that takes its values by name, and what turns the values of some columns into what the driver takes."""

    sql: str
    processors: tuple[tuple[str, Processor], ...]

    def bound(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as the driver takes it."""
        values = dict(row)
        for name, process in self.processors:
            values[name] = process(values[name])
        return values


@dataclass(slots=True, eq=False)
class Wanted:
    """Rows that a thread wants stored, and what became of them."""

    rows: Sequence[Mapping[str, Any]]
    is_stored: bool = field(default=False, init=False)
    error: Exception | None = field(default=None, init=False)


class Storing:
    """Stores rows of assessments; threads may share it. Raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.statement = _statement(database.engine)
        driver = database.engine.dialect.loaded_dbapi
        self._of_a_row = (driver.DataError, driver.IntegrityError, driver.ProgrammingError, ValueError, TypeError)
        self._line: list[Wanted] = []
        self._lining, self._turn = Lock(), Lock()

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store them, all or none. An answer that is there already stays as it is, but for a new `reach`."""
        wanted = Wanted([self.statement.bound(row) for row in rows])
        with self.database.available():
            if self.database.is_sqlite:
                self._together(wanted)
            else:
                self._write(wanted.rows)

    def _together(self, wanted: Wanted) -> None:
        """Store what is wanted, with what other threads want by then."""
        with self._lining:
            self._line.append(wanted)
        with self._turn:
            with self._lining:
                group, self._line = self._line, []
            if group:  # else who had the turn before has seen to it
                self._write_group(group)
        if wanted.error is not None:
            raise wanted.error
        if not wanted.is_stored:  # a row of another thread could not be stored, and nothing with it
            self._write(wanted.rows)

    def _write_group(self, group: Sequence[Wanted]) -> None:
        try:
            self._write([row for wanted in group for row in wanted.rows])
        except Exception as error:
            if len(group) == 1 or not isinstance(error, self._of_a_row):
                for wanted in group:
                    wanted.error = error
        else:
            for wanted in group:
                wanted.is_stored = True

    def _write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        connection = self.database.engine.raw_connection()
        try:
            cursor = connection.cursor()
            if len(rows) == 1:
                cursor.execute(self.statement.sql, rows[0])
            else:
                # in one order, or two transactions might wait for each other
                cursor.executemany(self.statement.sql, sorted(rows, key=_same_answer))
            cursor.close()
            connection.commit()
        finally:
            connection.close()  # back to the pool, which takes back what was not committed


_same_answer = itemgetter(*SAME_ANSWER)


def _statement(engine: Engine) -> Statement:
    dialect = engine.dialect
    insert = (sqlite if dialect.name == "sqlite" else postgresql).insert(AssessmentRow)
    stored = [column for column in AssessmentRow.__table__.columns if column.name != "number"]
    insertion = insert.on_conflict_do_update(
        index_elements=SAME_ANSWER,
        set_={"reach": insert.excluded.reach},
        where=insert.excluded.reach.is_not(None),
    ).inline()
    by_name = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
    compiled = insertion.compile(dialect=by_name, column_keys=[column.name for column in stored])
    processors = ((column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in stored)
    return Statement(str(compiled), tuple((name, process) for name, process in processors if process is not None))
