"""Requests that their sender may send again under the same key (`Idempotency-Key`)."""

from __future__ import annotations

import datetime
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from scorer.ledger.engine import Database, now
from scorer.ledger.tables import RepeatRow


class Repeats:
    """Which requests were sent under which key. Every method raises `LedgerError` where it cannot be told."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(
        self, owner: str, key: str, request_sha256: str, article_id: str | None = None
    ) -> Literal["first", "same", "other"]:
        """Note a request down; says whether it is the first under this key, the same again, or another one."""
        insert = (sqlite if self.database.is_sqlite else postgresql).insert
        values = {
            "owner": owner,
            "key": key,
            "request_sha256": request_sha256,
            "article_id": article_id,
            "created": now(),
        }
        with self.database.writing() as session:
            added = insert(RepeatRow).values(values).on_conflict_do_nothing().returning(RepeatRow.key)
            if session.scalar(added) is not None:
                return "first"
            row = session.get(RepeatRow, (owner, key))
        return "same" if row is not None and row.request_sha256 == request_sha256 else "other"

    def forget(self, before: datetime.datetime) -> int:
        """Forget requests older than a moment; returns how many."""
        with self.database.writing() as session:
            done = session.execute(delete(RepeatRow).where(RepeatRow.created < before))
            return done.rowcount  # type: ignore[attr-defined, no-any-return]
