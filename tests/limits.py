"""The named limits as the code states them, for the table in docs/limits.md (`make docs` writes it)."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "limits.md"
HEAD = "| limit | value | what it bounds | where |\n|---|---|---|---|\n"
LIMIT = re.compile(r'^(MAX_[A-Z_]+)(?:: [^=\n]+)? = ([\d_]+)\n"""(.*?)"""', re.MULTILINE | re.DOTALL)


def table() -> str:
    """One row a limit of `scorer` and `api`: its name, its value, its docstring, its module."""
    rows = []
    for folder in ("scorer", "api"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for name, value, meaning in LIMIT.findall(path.read_text(encoding="utf-8")):
                what = " ".join(meaning.split()).replace("|", "\\|")
                rows.append(f"| `{name}` | {int(value):,} | {what} | `{path.relative_to(ROOT).as_posix()}` |\n")
    return HEAD + "".join(rows)


def rewrite() -> None:
    """Write the table into the document."""
    before, _, after = DOCUMENT.read_text(encoding="utf-8").partition(HEAD)
    rest = re.sub(r"\A(?:\|.*\n)+", "", after)
    DOCUMENT.write_text(before + table() + rest, encoding="utf-8")
