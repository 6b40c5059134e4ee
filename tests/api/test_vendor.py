"""What others wrote and the pages load is what it was when it was taken in, with its licence beside it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "api" / "static" / "vendor"


def test_every_file_has_its_digest_and_every_package_its_licence() -> None:
    told = json.loads((FOLDER / "vendor.json").read_text(encoding="utf-8"))
    noted = {name: digest for package in told.values() for name, digest in package["sha256"].items()}
    found = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.name != "vendor.json"
    }
    assert found == noted
    for package in told:
        assert (FOLDER / package / "LICENSE").read_text(encoding="utf-8").startswith("The MIT License")
