"""The statement that stores assessments, made ready once: all that is left for a row is to bind it and run it.

Every answer waits for its row, and what SQLAlchemy does around a statement (its cache's key, the connection's and the
result's objects) took longer than the database. So it compiles the statement once, and the driver runs it, on a
connection of SQLAlchemy's pool.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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


class Storing:
    """Stores rows of assessments. Raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.statement = _statement(database.engine)

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store them, all or none. An answer that is there already stays as it is, but for a new `reach`."""
        bound = [self.statement.bound(row) for row in rows]
        with self.database.available():
            connection = self.database.engine.raw_connection()
            try:
                cursor = connection.cursor()
                if len(bound) == 1:
                    cursor.execute(self.statement.sql, bound[0])
                else:
                    cursor.executemany(self.statement.sql, bound)
                cursor.close()
                connection.commit()
            finally:
                connection.close()  # back to the pool, which takes back what was not committed


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
