"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime
import re

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class UtcDateTime(TypeDecorator[datetime.datetime]):
    """A moment, always with its time zone, UTC. SQLite forgets time zones, so what comes back is given it again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """To UTC; a moment without a time zone is a mistake of the program."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment in the ledger needs a time zone")
        return value.astimezone(datetime.UTC)

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """In UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


class Words(TypeDecorator[str]):
    """Text from outside. What PostgreSQL cannot hold (NUL, halves of surrogate pairs) becomes U+FFFD, one for one."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as both databases can hold it; offsets into it stay true."""
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)
