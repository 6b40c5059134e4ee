"""Reviews, API keys, sources, ratings, repeated requests; the day an article was published; indices for listings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and indices."""
    op.add_column("assessments", sa.Column("published", sa.Date))
    op.create_index("ix_assessments_scored_at", "assessments", ["scored_at", "number"])
    op.create_index("ix_assessments_risk", "assessments", ["risk", "number"])
    op.create_index("ix_assessments_content", "assessments", ["content_sha256"])
    op.create_table(
        "reviews",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.Text, nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("reviewer", sa.String(200), nullable=False),
        sa.Column("finding", sa.JSON),
        sa.Column("created", MOMENT, nullable=False),
    )
    op.create_index("ix_reviews_article_id", "reviews", ["article_id", "number"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("revoked", MOMENT),
    )
    op.create_table(
        "sources",
        sa.Column("domain", sa.String(253), primary_key=True),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
    )
    op.create_table(
        "ratings",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("rater", sa.String(200), nullable=False),
        sa.Column("date", sa.String(10), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("scale", sa.String(32), nullable=False),
        sa.Column("normalised", sa.Float),
        sa.Column("url", sa.Text),
        sa.Column("licence", sa.Text),
        sa.Column("details", sa.JSON),
        sa.Column("imported", MOMENT, nullable=False),
        sa.UniqueConstraint("domain", "rater", "date", name="uq_ratings_same_judgement"),
    )
    op.create_table(
        "repeats",
        sa.Column("owner", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("article_id", sa.Text),
        sa.Column("created", MOMENT, nullable=False),
    )
