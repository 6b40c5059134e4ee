"""Assessments: what was scored, by which versions; remembered, recalled, deleted."""

from __future__ import annotations

import datetime
import email.utils
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from scorer.article import Article
from scorer.assessment import Assessment
from scorer.domains import registrable
from scorer.ledger.engine import Database, now
from scorer.ledger.storing import Storing
from scorer.ledger.strip import without_text
from scorer.ledger.tables import AssessmentRow


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
    content_sha256: str
    number: int
    reach: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The assessment as JSON, with what the ledger knows about it."""
        about = {
            "scored_at": self.scored_at.isoformat(timespec="seconds"),
            "text_kept": self.text is not None,
            "url": self.url,
            "domain": self.domain,
            "date": self.date,
            "reach": self.reach,
        }
        return {**self.assessment, "ledger": about}


class Assessments:
    """The assessments in a database. Every method raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database, keep_text: bool) -> None:
        self.database, self.keep_text = database, keep_text
        self._store = Storing(database)

    def remember(self, article: Article, assessment: Assessment) -> None:
        """Store an assessment; the same answer to the same article is stored once."""
        self.remember_all([(article, assessment)])

    def remember_all(self, scored: Sequence[tuple[Article, Assessment]]) -> None:
        """Store assessments, all or none of them. For an answer that is there already no row is made."""
        rows = []
        for article, assessment in scored:
            answer = answer_of(article, assessment)
            if article.reach is not None or not self._store.has(answer):
                rows.append(row_of(article, assessment, self.keep_text, answer))
        self.remember_many(rows)

    def remember_many(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store assessments as `row_of` gives them, all or none of them.

        An answer that is there already stays as it is, but for a new `reach`.
        """
        if rows:
            self._store(rows)

    def recall(self, article_id: str) -> Remembered | None:
        """The latest assessment of an article by its id."""
        newest = (
            select(AssessmentRow)
            .where(AssessmentRow.article_id == article_id)
            .order_by(AssessmentRow.scored_at.desc(), AssessmentRow.number.desc())
            .limit(1)
        )
        with self.database.reading() as session:
            row = session.scalar(newest)
        return None if row is None else remembered(row)

    def any_of(self, article_ids: Sequence[str]) -> bool:
        """Whether any of these articles was scored."""
        query = select(AssessmentRow.number).where(AssessmentRow.article_id.in_(article_ids)).limit(1)
        with self.database.reading() as session:
            return session.scalar(query) is not None

    def numbered(self, number: int) -> str | None:
        """The id of the article that an assessment of this number is of; None where there is none (any more)."""
        with self.database.reading() as session:
            return session.scalar(select(AssessmentRow.article_id).where(AssessmentRow.number == number))


def answer_of(article: Article, assessment: Assessment) -> dict[str, Any]:
    """By what two rows are the same answer to the same article: the values of `storing.SAME_ANSWER`."""
    versions = assessment["versions"]
    return {
        "article_id": assessment["id"],
        "content_sha256": content_digest(article),
        "model": versions["model"],
        "rules": versions["rules"],
        "schema": versions["schema"],
        "base_rate": assessment["base_rate"],
    }


def row_of(
    article: Article, assessment: Assessment, keep_text: bool, answer: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the ledger stores of an assessment, a value a column; `answer` is its `answer_of`, where that is known."""
    fields = assessment.to_dict()
    return {
        **(answer or answer_of(article, assessment)),
        "domain": domain_of(article, fields),
        "url": article.url,
        "date": article.date,
        "published": day_of(article.date),
        "reach": article.reach,
        "scored_at": now(),
        "risk": fields["risk"],
        "label": fields["label"],
        # the record of the source is the ledger's own and changes: it is added when an assessment is read
        "assessment": (fields if keep_text else without_text(fields)) | {"source": None},
        "title": assessment.title if keep_text else None,
        "text": assessment.text if keep_text else None,
    }


def remembered(row: AssessmentRow) -> Remembered:
    """A row as a value that outlives its session."""
    told = dict(row.assessment)
    if told.get("source") is None and row.domain is not None:
        told["source"] = {"domain": row.domain, "reliability": None, "interval": None, "articles": None, "ratings": []}
    return Remembered(
        told,
        row.scored_at,
        row.url,
        row.domain,
        row.date,
        row.title,
        row.text,
        row.content_sha256,
        row.number,
        row.reach,
    )


def content_digest(article: Article) -> str:
    """SHA-256 of title and text (or page), in hex."""
    digest = hashlib.sha256()
    for piece in (article.title, article.html if article.html is not None else article.text):
        digest.update(piece.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def domain_of(article: Article, fields: dict[str, Any]) -> str | None:
    """Registrable domain of the source: as the assessment names it, else of the article's address; None if unknown."""
    named: str | None = (fields.get("source") or {}).get("domain")
    return named or registrable(article.url) or registrable(article.source)


def day_of(date: str | None) -> datetime.date | None:
    """The day a date names: ISO 8601 ("2026-11-03T10:00Z") or a mail header's form; None where it cannot be read.

    >>> day_of("Tue, 03 Nov 2026 10:00:00 GMT")
    datetime.date(2026, 11, 3)
    """
    given = (date or "").strip()[:64]
    for read in (_iso_day, _mail_day) if given else ():
        try:
            return read(given)
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _iso_day(given: str) -> datetime.date:
    return datetime.date.fromisoformat(given[:10])


def _mail_day(given: str) -> datetime.date:
    return email.utils.parsedate_to_datetime(given).date()
