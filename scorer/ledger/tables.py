"""The ledger's tables. Migrations (scorer/ledger/migrations) lead to exactly these; a test compares the two."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Float, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(String(64))
    domain: Mapped[str | None] = mapped_column(String(253))
    url: Mapped[str | None] = mapped_column(Text)
    date: Mapped[str | None] = mapped_column(Text)
    scored_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    model: Mapped[str] = mapped_column(Text)
    rules: Mapped[str] = mapped_column(Text)
    schema: Mapped[str] = mapped_column(Text)
    base_rate: Mapped[float] = mapped_column(Float)
    risk: Mapped[float | None] = mapped_column(Float)
    label: Mapped[str] = mapped_column(String(32))
    assessment: Mapped[dict[str, Any]] = mapped_column(JSON)
    title: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
