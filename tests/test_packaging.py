"""What is installed: every dependency is used, pinned with its hashes, and nothing names a machine."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

RUN_ONLY = {"gunicorn", "psycopg", "redis"}
"""Never named in an import statement of ours: started as a command, or chosen by an address."""


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_dependency_is_used_and_every_import_is_a_dependency(root: Path, project: dict[str, Any]) -> None:
    declared = {_name(line) for line in project["project"]["dependencies"]}
    optional = {_name(line) for lines in project["project"]["optional-dependencies"].values() for line in lines}
    distributions = packages_distributions()
    imported = {
        _name(distribution)
        for package in _imports(root, "scorer", "api", "training")
        for distribution in distributions.get(package, [])
    }
    groups = project["dependency-groups"]
    beside = {_name(line) for group in ("dev", "train") for line in groups[group]} | {"credence-news"}
    assert declared - imported - RUN_ONLY == set()
    assert imported - declared - optional - beside == set()


@pytest.mark.parametrize("file", [f"requirements{group}.txt" for group in ("", "-train", "-dev", "-bench")])
def test_requirements_are_pinned_with_hashes_and_name_no_machine(root: Path, file: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    entries = re.findall(r"^[a-z0-9.-]+(?:\[\S+\])?==\S+.*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.search(r"https?://|--index|--find-links|(?<!\w)/\w", text) is None


def test_every_dependency_is_in_the_compiled_requirements(root: Path, project: dict[str, Any]) -> None:
    for file, declared in (
        ("requirements.txt", project["project"]["dependencies"]),
        ("requirements-train.txt", project["dependency-groups"]["train"]),
        ("requirements-dev.txt", project["dependency-groups"]["dev"]),
        ("requirements-bench.txt", project["dependency-groups"]["bench"]),
    ):
        pinned = set(
            re.findall(r"^([a-z0-9.-]+)(?:\[\S+\])?==", (root / file).read_text(encoding="utf-8"), re.MULTILINE)
        )
        assert {_name(line) for line in declared} - pinned == set(), "run `make lock`"


def test_development_pins_agree_with_the_others(root: Path) -> None:
    pins: dict[str, set[str]] = {}
    for file in ("requirements.txt", "requirements-train.txt", "requirements-dev.txt"):
        for name, version, marker in re.findall(
            r"^([a-z0-9.-]+)(?:\[\S+\])?==(\S+)( ;.*)? \\$", (root / file).read_text(encoding="utf-8"), re.MULTILINE
        ):
            pins.setdefault(name + marker, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def _name(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", re.sub(r"[_.]", "-", requirement.lower()), maxsplit=1)[0]


def _imports(root: Path, *folders: str) -> set[str]:
    found: set[str] = set()
    for folder in folders:
        for path in (root / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    return found
