"""The ledger as one thing: a database, and what is kept in it, one store a resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from sqlalchemy import select, text

from scorer.article import Article
from scorer.assessment import Assessment
from scorer.ledger.assessments import Assessments, Remembered
from scorer.ledger.engine import Database
from scorer.ledger.keys import Keys
from scorer.ledger.listing import Listing
from scorer.ledger.queue import Queue
from scorer.ledger.records import Records
from scorer.ledger.repeats import Repeats
from scorer.ledger.retention import Retention
from scorer.ledger.reviews import Reviews
from scorer.ledger.source_list import SourceList
from scorer.ledger.sources import Sources
from scorer.ledger.tables import AssessmentRow


class Ledger:
    """The ledger at an SQLAlchemy URL. Opens connections when they are needed, so that it may be made before a fork."""

    def __init__(self, url: str, keep_text: bool = False) -> None:
        self.database = Database(url)
        self.assessments = Assessments(self.database, keep_text)
        self.listing = Listing(self.database)
        self.reviews = Reviews(self.database)
        self.queue = Queue(self.database)
        self.keys = Keys(self.database)
        self.sources = Sources(self.database)
        self.source_list = SourceList(self.database)
        self.records = Records(self.sources)
        self.retention = Retention(self.database)
        self.repeats = Repeats(self.database)

    def migrate(self) -> None:
        """Create the tables, or bring them up to this version. Raises `LedgerError`."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(resources.files("scorer.ledger") / "migrations"))
        config.set_main_option("path_separator", "os")
        with self.database.available(), self.database.engine.begin() as connection:
            # one process migrates, the others wait
            if self.database.is_sqlite:
                connection.execute(text("BEGIN IMMEDIATE"))
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def remember(self, article: Article, assessment: Assessment) -> None:
        """Store an assessment; the same answer to the same article is stored once. Raises `LedgerError`."""
        self.assessments.remember(article, assessment)

    def remember_many(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store assessments as `assessments.row_of` gives them, all or none. Raises `LedgerError`."""
        self.assessments.remember_many(rows)

    def recall(self, article_id: str) -> Remembered | None:
        """The latest assessment of an article by its id. Raises `LedgerError`."""
        return self.assessments.recall(article_id)

    def check(self) -> None:
        """Raise `LedgerError` where the ledger cannot be read."""
        with self.database.reading() as session:
            session.execute(select(AssessmentRow.number).limit(1))

    def close(self) -> None:
        """Close every connection; later calls open new ones."""
        self.database.close()


MIGRATION_LOCK = 0x63726564
"""Number of PostgreSQL's advisory lock that a migration holds ("cred" in ASCII)."""
