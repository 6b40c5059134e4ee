"""The statement that stores assessments, made ready once: all that is left for a row is to bind it and run it.

Every answer waits for its row, and what SQLAlchemy does around a statement (its cache's key, the connection's and the
result's objects) took longer than the database. So it compiles the statement once, and the driver runs it.

SQLite writes one transaction at a time and waits for the disk at the end of each, for milliseconds. Rows that other
threads want stored meanwhile go into one transaction after it ("group commit"), as PostgreSQL does by itself. It is in
this process besides, so that to ask it whether an answer is there takes a fraction of what making the row takes, and
connections to it are held: to take one from the pool and to give it back took as long as the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from threading import Lock
from typing import Any

from sqlalchemy import Dialect, Engine, PoolProxiedConnection, bindparam, event, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import Compiled

from scorer.ledger.engine import Database
from scorer.ledger.tables import AssessmentRow

SAME_ANSWER = ("article_id", "content_sha256", "model", "rules", "schema", "base_rate")
"""Columns by which two rows are the same answer to the same article."""

_COLUMNS = AssessmentRow.__table__.columns

Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that takes its values by name, and what turns the values of some columns into what the driver takes."""

    sql: str
    processors: tuple[tuple[str, Processor], ...]

    def bound(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Values by the names of their columns, as the driver takes them."""
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


class Held:
    """A connection that stays open until the engine is disposed of; one thread has it at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, Lock()
        self._connection: PoolProxiedConnection | None = None
        event.listen(engine, "engine_disposed", lambda _: self._close())

    @contextmanager
    def taken(self) -> Iterator[PoolProxiedConnection]:
        """The connection, for this thread alone. Where the block raises, it is rolled back, and another one is next."""
        with self._lock:
            if self._connection is None:
                self._connection = self._engine.raw_connection()
            try:
                yield self._connection
            except BaseException:
                self._close()
                raise

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class Storing:
    """Stores rows of assessments; threads may share it. Raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.insertion, self.lookup = _insertion(database.engine), _lookup(database.engine)
        driver = database.engine.dialect.loaded_dbapi
        self._of_a_row = (driver.DataError, driver.IntegrityError, driver.ProgrammingError, ValueError, TypeError)
        self._line: list[Wanted] = []
        self._lining, self._turn = Lock(), Lock()
        self._reader, self._writer = Held(database.engine), Held(database.engine)

    def has(self, answer: Mapping[str, Any]) -> bool:
        """Whether a row has these values of `SAME_ANSWER`. False as well where to ask costs more than to store."""
        if not self.database.is_sqlite:
            return False
        with self.database.available(), self._reader.taken() as connection:
            cursor = connection.cursor()
            cursor.execute(self.lookup.sql, self.lookup.bound(answer))
            found = cursor.fetchone()
            cursor.close()
        return found is not None

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store them, all or none. An answer that is there already stays as it is, but for a new `reach`."""
        wanted = Wanted([self.insertion.bound(row) for row in rows])
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
        if self.database.is_sqlite:
            with self._writer.taken() as connection:
                self._insert(connection, rows)
            return
        connection = self.database.engine.raw_connection()
        try:
            self._insert(connection, rows)
        finally:
            connection.close()  # back to the pool, which takes back what was not committed

    def _insert(self, connection: PoolProxiedConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        cursor = connection.cursor()
        if len(rows) == 1:
            cursor.execute(self.insertion.sql, rows[0])
        else:
            # in one order, or two transactions might wait for each other
            cursor.executemany(self.insertion.sql, sorted(rows, key=_same_answer))
        cursor.close()
        connection.commit()


_same_answer = itemgetter(*SAME_ANSWER)


def _insertion(engine: Engine) -> Statement:
    insert = (sqlite if engine.dialect.name == "sqlite" else postgresql).insert(AssessmentRow)
    stored = [column.name for column in _COLUMNS if column.name != "number"]
    insertion = insert.on_conflict_do_update(
        index_elements=SAME_ANSWER,
        set_={"reach": insert.excluded.reach},
        where=insert.excluded.reach.is_not(None),
    ).inline()
    return _statement(insertion.compile(dialect=_by_name(engine), column_keys=stored), engine, stored)


def _lookup(engine: Engine) -> Statement:
    same = (_COLUMNS[name] == bindparam(name) for name in SAME_ANSWER)
    return _statement(select(literal_column("1")).where(*same).compile(dialect=_by_name(engine)), engine, SAME_ANSWER)


def _by_name(engine: Engine) -> Dialect:
    return sqlite.dialect(paramstyle="named") if engine.dialect.name == "sqlite" else engine.dialect


def _statement(compiled: Compiled, engine: Engine, names: Sequence[str]) -> Statement:
    dialect = engine.dialect
    processors = ((name, _COLUMNS[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)
    return Statement(str(compiled), tuple((name, process) for name, process in processors if process is not None))
