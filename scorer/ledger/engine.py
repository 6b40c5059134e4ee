"""Connections to the database: SQLite (WAL) embedded, PostgreSQL deployed; one kind of error for all that can fail."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from scorer.article import CredenceError

JSON: dict[str, Any] = {
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
}
"""Most of what it costs to store a row is its JSON."""

BUSY_MILLISECONDS = 5_000
"""How long a writer waits for another one before the ledger counts as unavailable."""

CONNECT_SECONDS = 3
"""How long a connection to a database server may take to open."""


class LedgerError(CredenceError):
    """The ledger cannot be read or written just now."""

    kind = "ledger"


def now() -> datetime.datetime:
    """This moment, UTC."""
    return datetime.datetime.now(tz=datetime.UTC)


class Database:
    """An engine and its sessions. Opens connections when they are needed, so that it may be made before a fork."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._driver_error: type[Exception] = self.engine.dialect.loaded_dbapi.Error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with. Raises `LedgerError` where the database cannot be used."""
        with self.available(), self._sessions() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is committed at the end of the block, or rolled back where the block raises."""
        with self.available(), self._sessions.begin() as session:
            yield session

    @contextmanager
    def available(self) -> Iterator[None]:
        """Turn what SQLAlchemy or the driver raises inside the block into `LedgerError`, without the password."""
        try:
            yield
        except (SQLAlchemyError, self._driver_error) as error:
            told = getattr(error, "orig", None) if isinstance(error, SQLAlchemyError) else error
            cause = str(told or type(error).__name__).strip().partition("\n")[0]
            raise LedgerError(f"the ledger {without_password(self.url)} cannot be used: {cause}") from None

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Close every connection; later calls open new ones."""
        self.engine.dispose()


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    return make_url(url).render_as_string(hide_password=True)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):  # the driver that is installed, whatever the default is
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() != "sqlite":
            # A connection that the server closed while nobody looked is noticed before it is used.
            return create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS}, **JSON)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_MILLISECONDS / 1000}, **JSON)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise LedgerError(f"the ledger's address cannot be used: {error}; give a file or an SQLAlchemy URL") from None

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        # WAL lets readers read while one writes. FULL: what was acknowledged survives a power cut.
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
