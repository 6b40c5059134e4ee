"""A fresh ledger on SQLite and on PostgreSQL: every test that asks for `ledger` runs on both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from scorer.ledger import Ledger
from tests import postgres

numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a PostgreSQL server, with {} for the name of a database."""
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("PostgreSQL is absent: apt-get install postgresql")
    with postgres.running(folder) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database that nobody has used."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'credence.sqlite'}"
    server: str = request.getfixturevalue("postgresql")
    name = f"ledger{next(numbers)}"
    engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.format(name)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An empty ledger."""
    ledger = Ledger(ledger_url)
    ledger.migrate()
    yield ledger
    ledger.close()
