"""Reading and writing the ledger: SQLite (WAL) embedded, any SQLAlchemy database by URL."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import Any

from publicsuffixlist import PublicSuffixList
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from scorer.article import Article, CredenceError
from scorer.assessment import Assessment
from scorer.ledger.strip import without_text
from scorer.ledger.tables import AssessmentRow

BUSY_MILLISECONDS = 5_000
"""How long a writer waits for another one before the ledger counts as unavailable."""


class LedgerError(CredenceError):
    """The ledger cannot be read or written just now."""

    kind = "ledger"


@dataclass(frozen=True, slots=True)
class Remembered:
    """An assessment from the ledger; `text` and `title` are None where text is not kept."""

    assessment: dict[str, Any]
    scored_at: datetime.datetime
    url: str | None
    domain: str | None
    date: str | None
    title: str | None
    text: str | None

    def to_dict(self) -> dict[str, Any]:
        """The assessment as JSON, with what the ledger knows about it."""
        about = {
            "scored_at": self.scored_at.isoformat(timespec="seconds"),
            "text_kept": self.text is not None,
            "url": self.url,
            "domain": self.domain,
            "date": self.date,
        }
        return {**self.assessment, "ledger": about}


class Ledger:
    """The ledger at an SQLAlchemy URL. Opens connections when they are needed, so that it may be made before a fork."""

    def __init__(self, url: str, keep_text: bool = False) -> None:
        self.url, self.keep_text = url, keep_text
        self.engine = _engine(url)
        self.session = sessionmaker(self.engine)

    def migrate(self) -> None:
        """Create the tables, or bring them up to this version. Raises `LedgerError`."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(resources.files("scorer.ledger") / "migrations"))
        config.set_main_option("path_separator", "os")
        with _unavailable(self.url), self.engine.begin() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.execute(text("BEGIN IMMEDIATE"))  # one process migrates, the others wait
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def remember(self, article: Article, assessment: Assessment) -> None:
        """Store an assessment; the same answer to the same article is stored once. Raises `LedgerError`."""
        row = AssessmentRow(**row_of(article, assessment, self.keep_text))
        with _unavailable(self.url), self.session() as session:
            session.add(row)
            try:
                session.commit()
            except IntegrityError:
                session.rollback()

    def remember_many(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store assessments as `row_of` gives them, all or none of them; an answer that is there already stays.

        Raises `LedgerError`.
        """
        if not rows:
            return
        from sqlalchemy.dialects import postgresql, sqlite

        insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        with _unavailable(self.url), self.engine.begin() as connection:
            connection.execute(insert(AssessmentRow).on_conflict_do_nothing(), list(rows))

    def recall(self, article_id: str) -> Remembered | None:
        """The latest assessment of an article by its id. Raises `LedgerError`."""
        newest = (
            select(AssessmentRow)
            .where(AssessmentRow.article_id == article_id)
            .order_by(AssessmentRow.scored_at.desc(), AssessmentRow.number.desc())
            .limit(1)
        )
        with _unavailable(self.url), Session(self.engine) as session:
            row = session.scalar(newest)
        if row is None:
            return None
        scored_at = row.scored_at if row.scored_at.tzinfo else row.scored_at.replace(tzinfo=datetime.UTC)
        return Remembered(row.assessment, scored_at, row.url, row.domain, row.date, row.title, row.text)

    def check(self) -> None:
        """Raise `LedgerError` where the ledger cannot be read."""
        with _unavailable(self.url), self.engine.connect() as connection:
            connection.execute(select(AssessmentRow.number).limit(1))

    def close(self) -> None:
        """Close every connection; later calls open new ones."""
        self.engine.dispose()


def row_of(article: Article, assessment: Assessment, keep_text: bool) -> dict[str, Any]:
    """What the ledger stores of an assessment, a value a column."""
    fields = assessment.to_dict()
    return {
        "article_id": fields["id"],
        "content_sha256": content_digest(article),
        "domain": domain_of(article),
        "url": article.url,
        "date": article.date,
        "scored_at": datetime.datetime.now(tz=datetime.UTC),
        "model": fields["versions"]["model"],
        "rules": fields["versions"]["rules"],
        "schema": fields["versions"]["schema"],
        "base_rate": fields["base_rate"],
        "risk": fields["risk"],
        "label": fields["label"],
        "assessment": fields if keep_text else without_text(fields),
        "title": assessment.title if keep_text else None,
        "text": assessment.text if keep_text else None,
    }


def content_digest(article: Article) -> str:
    """SHA-256 of title and text (or page), in hex."""
    digest = hashlib.sha256()
    for piece in (article.title, article.html if article.html is not None else article.text):
        digest.update(piece.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


_suffixes = PublicSuffixList()


def domain_of(article: Article) -> str | None:
    """Registrable domain of the article's address, or of its source where that is a domain; None where unknown."""
    host = _host(article.url) or (article.source or "").strip().lower()
    if "." not in host or " " in host or len(host) > 253:
        return None
    domain = _suffixes.privatesuffix(host)
    return str(domain) if domain else None


def _host(url: str | None) -> str:
    from urllib.parse import urlsplit

    try:
        return (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _engine(url: str) -> Engine:
    is_sqlite = url.startswith("sqlite")
    engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000} if is_sqlite else {})
    if is_sqlite:

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


@contextmanager
def _unavailable(url: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or type(error).__name__
        raise LedgerError(f"the ledger {_without_password(url)} cannot be used: {cause}") from None


def _without_password(url: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)
