"""The interface keeps to its own description: schemathesis asks a real service whatever the description allows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scorer.ledger import Ledger
from tests.service import running

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
EXAMPLES = 25
"""Requests made up an endpoint and phase; `SCHEMATHESIS_EXAMPLES` sets another number for a longer search."""


@pytest.mark.slow
def test_no_answer_is_a_fault_or_undocumented(tmp_path: Path, root: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'credence.sqlite'}")
    ledger.migrate()
    _, key = ledger.keys.create("schemathesis", ["admin"])
    ledger.close()
    with running(tmp_path) as address:
        done = subprocess.run(
            [
                *(str(SCHEMATHESIS), "--config-file", str(root / "tests/api/schemathesis.toml"), "run"),
                *(f"{address}/openapi.json", "--checks", "all", "--no-color", "--seed", "1", "--warnings", "off"),
                *("--max-examples", os.environ.get("SCHEMATHESIS_EXAMPLES", str(EXAMPLES))),
                *("--header", f"Authorization: Bearer {key}"),
            ],
            cwd=tmp_path,  # it leaves a folder where it runs
            env={**os.environ, "SCHEMATHESIS_HOOKS": str(root / "tests/api/schemathesis_hooks.py")},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    for phase in ("Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in done.stdout.replace("  ", " "), done.stdout[-3_000:]
