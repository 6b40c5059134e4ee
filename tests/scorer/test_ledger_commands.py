"""`credence sources`, `keys` and `ledger`, as a person would use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scorer.cli import main
from scorer.ledger import Ledger
from tests.scorer.ledger.assessed import remember


@pytest.fixture
def run(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> object:
    def run(*command: str, code: int = 0) -> tuple[str, str]:
        assert main([*command, "--db", str(tmp_path / "l.sqlite")]) == code
        told = capfdbinary.readouterr()
        return told.out.decode(), told.err.decode()

    return run


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    ledger = Ledger(f"sqlite:///{tmp_path / 'l.sqlite'}")
    ledger.migrate()
    for name in "ab":
        remember(ledger, name, 0.8, date="2026-10-05")
    ledger.close()
    return tmp_path


def test_a_key_is_shown_once_listed_and_revoked(run) -> None:
    out, err = run("keys", "create", "desk", "--scope", "score", "--scope", "read")
    assert out.startswith("cred_")
    assert "shown this once" in err
    identifier = out.split("_")[1]
    listed, _ = run("keys", "list")
    assert f"{identifier}\tvalid" in listed
    assert out.strip() not in listed
    assert "is revoked since" in run("keys", "revoke", identifier)[0]
    assert f"{identifier}\trevoked" in run("keys", "list")[0]


def test_a_key_for_nothing_and_one_that_is_none_are_refused(run) -> None:
    assert "scopes score, read, review, admin; got 'all'" in run("keys", "create", "desk", "--scope", "all", code=3)[1]
    assert "there is no key 'x'" in run("keys", "revoke", "x", code=3)[1]


def test_an_import_reports_and_can_be_repeated(run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("domain,pc1\na.example,0.9\nb.example,9\n")
    assert "1 new, 0 changed, 0 as before, 1 refused (dry run" in run("sources", "import", str(path), "--dry-run")[0]
    out, err = run("sources", "import", str(path))
    assert "1 new, 0 changed, 0 as before, 1 refused" in out
    assert f"{path}:3: '9' is no number from 0 to 1" in err
    assert "0 new, 0 changed, 1 as before" in run("sources", "import", str(path))[0]
    path.write_text("domain,pc1\na.example,0.8\n")
    assert "0 new, 1 changed" in run("sources", "import", str(path))[0]
    assert run("sources", "list")[0] == "a.example\t0 articles\t1 ratings\n"


def test_a_source_is_shown_with_what_its_reliability_rests_on(run, filled: Path) -> None:
    out, _ = run("sources", "show", "https://www.a.example/story")
    assert "its 2 articles alone: no rating was imported" in out
    assert "2026-10-01       2 articles  risk 0.80" in out
    told = json.loads(run("sources", "show", "a.example", "--json", "--by", "week")[0])
    assert told["history"] == [
        {"start": "2026-10-05", "articles": 2, "risk": pytest.approx(0.8), "reliability": 20, "changed": False}
    ]
    assert told["basis"] == "articles"
    assert "nothing is known of 'b.example'" in run("sources", "show", "b.example", code=3)[1]


def test_what_is_kept_can_be_exported_copied_and_deleted(run, filled: Path) -> None:
    exported = [json.loads(line) for line in run("ledger", "export", "--source", "a.example")[0].splitlines()]
    assert [found["id"] for found in exported] == ["a", "b"]
    run("ledger", "backup", str(filled / "copy.sqlite"))
    assert (filled / "copy.sqlite").stat().st_size > 0
    assert "exists" in run("ledger", "backup", str(filled / "copy.sqlite"), code=2)[1]
    digest = exported[0]["content_sha256"]
    assert "deleted: 1 assessments" in run("ledger", "delete", "--content", digest)[0]
    assert "deleted: 0 assessments" in run("ledger", "prune", "--older-than", "1d")[0]
    assert "deleted: 1 assessments" in run("ledger", "delete", "--source", "a.example")[0]
    assert run("ledger", "export")[0] == ""
