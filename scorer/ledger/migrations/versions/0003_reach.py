"""How many people an article reached, for the order of the queue; indices for the queue and the table of sources."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column and the indices."""
    op.add_column("assessments", sa.Column("reach", sa.BigInteger))
    op.create_index("ix_assessments_reach", "assessments", ["reach", "number"])
    op.create_index("ix_assessments_source", "assessments", ["domain", "article_id", "scored_at"])
    op.create_index("ix_reviews_reviewer", "reviews", ["reviewer", "created"])
