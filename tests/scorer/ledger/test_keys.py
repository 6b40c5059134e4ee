"""API keys: shown once, stored as a digest, revoked at once."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from scorer.article import InvalidInput
from scorer.ledger import Ledger


def test_a_key_opens_what_it_was_made_for_until_it_is_revoked(ledger: Ledger) -> None:
    key, secret = ledger.keys.create("desk", ["read", "score"])
    assert ledger.keys.verify(secret) == key
    assert [key.may(scope) for scope in ("score", "read", "review", "admin")] == [True, True, False, False]
    revoked = ledger.keys.revoke(key.id)
    assert revoked is not None
    assert ledger.keys.verify(secret) is None
    assert not ledger.keys.any_valid()
    assert ledger.keys.revoke(key.id) == revoked  # revoking again changes nothing
    assert ledger.keys.every() == [revoked]


def test_an_administrator_may_everything(ledger: Ledger) -> None:
    key, _ = ledger.keys.create("chief", ["admin"])
    assert key.may("review")


def test_the_ledger_does_not_hold_the_secret(ledger: Ledger) -> None:
    _, secret = ledger.keys.create("desk", ["score"])
    with ledger.database.engine.connect() as connection:
        stored = str(connection.execute(text("select * from api_keys")).all())
    assert secret.rpartition("_")[2] not in stored


def test_another_secret_under_a_known_id_is_refused(ledger: Ledger) -> None:
    key, secret = ledger.keys.create("desk", ["score"])
    for wrong in (f"cred_{key.id}_{'0' * 64}", secret[:-1], secret.upper(), "", "cred_", f"cred_{'0' * 12}_{'0' * 64}"):
        assert ledger.keys.verify(wrong) is None


@pytest.mark.parametrize(
    ("name", "scopes"), [("", ["score"]), ("desk", []), ("desk", ["scores"]), ("x" * 201, ["read"])]
)
def test_a_key_needs_a_name_and_scopes_that_exist(ledger: Ledger, name: str, scopes: list[str]) -> None:
    with pytest.raises(InvalidInput, match="a key needs"):
        ledger.keys.create(name, scopes)
    assert ledger.keys.every() == []


def test_revoking_a_key_that_is_none_says_so(ledger: Ledger) -> None:
    assert ledger.keys.revoke("0" * 12) is None
