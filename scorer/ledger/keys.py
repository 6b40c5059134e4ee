"""API keys: made here, shown once, stored as a digest, revoked at once.

A key is `cred_<id>_<secret>`. The secret has 256 random bits, so nobody can guess it from its digest, however fast the
hash: a plain SHA-256 is what fits (slow hashes protect words that people choose, and would cost every request
milliseconds). The id is no secret; it finds the row, and names the key in lists and logs.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from scorer.article import InvalidInput
from scorer.ledger.engine import Database, now
from scorer.ledger.tables import KeyRow

SCOPES = ("score", "read", "review", "admin")
"""What a key may be allowed; `admin` includes the others."""

MAX_NAME_CHARACTERS = 200
"""Longest name of a key, in code points."""

_KEY = re.compile(r"cred_([0-9a-f]{12})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key; the key itself is not."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: datetime.datetime
    revoked: datetime.datetime | None

    def may(self, scope: str) -> bool:
        """Whether the key is allowed something."""
        return scope in self.scopes or "admin" in self.scopes

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "scopes": list(self.scopes),
            "created": self.created.isoformat(timespec="seconds"),
            "revoked": self.revoked and self.revoked.isoformat(timespec="seconds"),
        }


class Keys:
    """The API keys in a database. Every method raises `LedgerError` where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def create(self, name: str, scopes: Iterable[str]) -> tuple[Key, str]:
        """Make a key; returns what is known of it, and the key itself, which is never to be had again."""
        wanted = set(scopes)
        if not name.strip() or len(name) > MAX_NAME_CHARACTERS:
            raise InvalidInput(f"a key needs a name of at most {MAX_NAME_CHARACTERS} characters: who will use it?")
        if not wanted or wanted - set(SCOPES):
            got = f"; got '{', '.join(sorted(wanted - set(SCOPES)))[:100]}'" if wanted else ""
            raise InvalidInput(f"a key needs one or more of the scopes {', '.join(SCOPES)}{got}")
        identifier, secret = secrets.token_hex(6), secrets.token_hex(32)
        row = KeyRow(
            id=identifier,
            name=name,
            digest=_digest(secret),
            scopes=" ".join(scope for scope in SCOPES if scope in wanted),
            created=now(),
        )
        with self.database.writing() as session:
            session.add(row)
            session.flush()
            return _key(row), f"cred_{identifier}_{secret}"

    def verify(self, given: str) -> Key | None:
        """The key that was given; None where it is unknown or revoked. Looked up each time: revoking works at once."""
        parts = _KEY.fullmatch(given)
        if parts is None:
            return None
        with self.database.reading() as session:
            row = session.get(KeyRow, parts[1])
        known = "" if row is None else row.digest
        if not hmac.compare_digest(known, _digest(parts[2])) or row is None or row.revoked is not None:
            return None
        return _key(row)

    def valid(self, identifier: str) -> Key | None:
        """The key of this id; None where there is none or it was revoked. For who has shown the key itself before."""
        with self.database.reading() as session:
            row = session.get(KeyRow, identifier)
        return None if row is None or row.revoked is not None else _key(row)

    def revoke(self, identifier: str) -> Key | None:
        """End a key now; returns it (a key revoked before keeps its date), or None where there is none of this id."""
        with self.database.writing() as session:
            session.execute(
                update(KeyRow).where(KeyRow.id == identifier, KeyRow.revoked.is_(None)).values(revoked=now())
            )
            row = session.get(KeyRow, identifier)
            return None if row is None else _key(row)

    def every(self) -> list[Key]:
        """All keys, oldest first, the revoked ones too."""
        with self.database.reading() as session:
            return [_key(row) for row in session.scalars(select(KeyRow).order_by(KeyRow.created, KeyRow.id))]

    def any_valid(self) -> bool:
        """Whether there is a key that works."""
        with self.database.reading() as session:
            return session.scalar(select(KeyRow.id).where(KeyRow.revoked.is_(None)).limit(1)) is not None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: KeyRow) -> Key:
    return Key(row.id, row.name, tuple(row.scopes.split()), row.created, row.revoked)
