"""The ledger's tables. Migrations (scorer/ledger/migrations) lead to exactly these; a test compares the two."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, Float, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scorer.ledger.types import UtcDateTime, Words


class Base(DeclarativeBase):
    """Root of the tables."""


class AssessmentRow(Base):
    """One article, scored by one model with one set of rules at one base rate."""

    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint(
            "article_id", "content_sha256", "model", "rules", "schema", "base_rate", name="uq_assessments_same_answer"
        ),
        Index("ix_assessments_article_id", "article_id", "scored_at"),
        Index("ix_assessments_domain", "domain", "scored_at"),
        Index("ix_assessments_scored_at", "scored_at", "number"),
        Index("ix_assessments_risk", "risk", "number"),
        Index("ix_assessments_source", "domain", "article_id", "scored_at"),
        Index("ix_assessments_reach", "reach", "number"),
        Index("ix_assessments_content", "content_sha256"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(Words)
    content_sha256: Mapped[str] = mapped_column(String(64))
    domain: Mapped[str | None] = mapped_column(String(253))
    url: Mapped[str | None] = mapped_column(Words)
    date: Mapped[str | None] = mapped_column(Words)
    published: Mapped[datetime.date | None] = mapped_column(Date)
    """`date` as a day, where it can be read as one."""
    reach: Mapped[int | None] = mapped_column(BigInteger)
    """How many people the article reached, where the caller said so."""
    scored_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    model: Mapped[str] = mapped_column(Text)
    rules: Mapped[str] = mapped_column(Text)
    schema: Mapped[str] = mapped_column(Text)
    base_rate: Mapped[float] = mapped_column(Float)
    risk: Mapped[float | None] = mapped_column(Float)
    label: Mapped[str] = mapped_column(String(32))
    assessment: Mapped[dict[str, Any]] = mapped_column(JSON)
    title: Mapped[str | None] = mapped_column(Words)
    text: Mapped[str | None] = mapped_column(Words)


class ReviewRow(Base):
    """A person's verdict on an article, or on one finding in it."""

    __tablename__ = "reviews"
    __table_args__ = (
        Index("ix_reviews_article_id", "article_id", "number"),
        Index("ix_reviews_reviewer", "reviewer", "created"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(Words)
    verdict: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Words)
    reviewer: Mapped[str] = mapped_column(String(200))
    finding: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created: Mapped[datetime.datetime] = mapped_column(UtcDateTime)


class KeyRow(Base):
    """An API key: what it may do, and a digest of its secret; never the secret."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[str] = mapped_column(String(200))
    created: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    revoked: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)


class SourceRow(Base):
    """A source: a registrable domain and the names it goes by."""

    __tablename__ = "sources"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    names: Mapped[list[str]] = mapped_column(JSON)
    created: Mapped[datetime.datetime] = mapped_column(UtcDateTime)


class RatingRow(Base):
    """An outside judgement of a source: imported, never guessed."""

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("domain", "rater", "date", name="uq_ratings_same_judgement"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(253))
    rater: Mapped[str] = mapped_column(String(200))
    date: Mapped[str] = mapped_column(String(10))
    """ISO day of the judgement; empty where unknown (NULLs would not be held unique)."""
    value: Mapped[str] = mapped_column(Words)
    """The judgement as the rater wrote it, on the rater's own scale."""
    scale: Mapped[str] = mapped_column(String(32))
    normalised: Mapped[float | None] = mapped_column(Float)
    """The same as reliability from 0 to 1; None where the rater's word has no place on it (satire)."""
    url: Mapped[str | None] = mapped_column(Words)
    licence: Mapped[str | None] = mapped_column(Words)
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    imported: Mapped[datetime.datetime] = mapped_column(UtcDateTime)


class RepeatRow(Base):
    """A request that its sender may send again (`Idempotency-Key`): what it was, so that the same answer is given."""

    __tablename__ = "repeats"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    article_id: Mapped[str | None] = mapped_column(Words)
    created: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
