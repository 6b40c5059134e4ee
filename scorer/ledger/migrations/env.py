"""Run by Alembic with the connection that `Ledger.migrate` opened."""

from alembic import context

from scorer.ledger.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
