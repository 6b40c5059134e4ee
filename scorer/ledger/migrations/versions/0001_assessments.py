"""Assessments: what was scored, with which versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table of assessments."""
    op.create_table(
        "assessments",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.Text, nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(253)),
        sa.Column("url", sa.Text),
        sa.Column("date", sa.Text),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("schema", sa.Text, nullable=False),
        sa.Column("base_rate", sa.Float, nullable=False),
        sa.Column("risk", sa.Float),
        sa.Column("label", sa.String(32), nullable=False),
        sa.Column("assessment", sa.JSON, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("text", sa.Text),
        sa.UniqueConstraint(
            "article_id", "content_sha256", "model", "rules", "schema", "base_rate", name="uq_assessments_same_answer"
        ),
    )
    op.create_index("ix_assessments_article_id", "assessments", ["article_id", "scored_at"])
    op.create_index("ix_assessments_domain", "assessments", ["domain", "scored_at"])
