"""The documents say what there is: each thing a user can name is explained, each example prints what it shows."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from api.app import create_app
from scorer.settings import Settings
from scorer.signals import NAMES
from tests import limits
from tests.examples import Example, examples, without_numbers

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = {path: path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("example", list(examples(README)), ids=lambda example: example.command[-1][:50])
def test_an_example_of_the_readme_prints_what_the_readme_shows(example: Example, server: str) -> None:
    assert without_numbers(example.run(server)) == without_numbers(example.shown), "run `make docs` and read the change"


@pytest.mark.parametrize("name", NAMES)
def test_every_signal_has_a_page(name: str) -> None:
    assert f"# {name}" in (ROOT / "docs" / "signals" / f"{name}.md").read_text(encoding="utf-8").lower()
    assert f"docs/signals/{name}.md" in README


@pytest.mark.parametrize(
    "command",
    [
        "",
        "score",
        "batch",
        "serve",
        "sources list",
        "sources show",
        "sources import",
        "keys create",
        "keys list",
        "keys revoke",
        "ledger prune",
        "ledger export",
        "ledger delete",
        "ledger backup",
        "train",
        "evaluate",
    ],
)
def test_every_subcommand_and_option_is_documented(credence: Path, command: str) -> None:
    document = DOCUMENTS[ROOT / "docs" / "cli.md"]
    help_text = subprocess.run(
        [credence, *command.split(), "--help"], capture_output=True, text=True, check=True
    ).stdout
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", help_text)) - {"--help"}
    assert f"credence {command}".strip() in document
    assert [option for option in sorted(options) if f"`{option}" not in document] == []


def test_every_endpoint_is_documented(tmp_path: Path) -> None:
    document = re.sub(r"\{\w+\}", "{id}", DOCUMENTS[ROOT / "docs" / "api.md"])
    rules = create_app(Settings(db=str(tmp_path / "ledger.sqlite"))).url_map.iter_rules()
    paths = {re.sub(r"<[^>]+>", "{id}", rule.rule) for rule in rules if rule.endpoint != "static"}
    assert [path for path in sorted(paths) if path not in document] == []


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(field: str) -> None:
    assert f"| `CREDENCE_{field.upper()}` |" in DOCUMENTS[ROOT / "docs" / "settings.md"]


def test_every_named_limit_is_documented() -> None:
    assert limits.table() in DOCUMENTS[limits.DOCUMENT], "run `make docs`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    local = [link.partition("#")[0] for link in LINK.findall(DOCUMENTS[path]) if "://" not in link]
    assert [link for link in local if link and not (path.parent / link).exists()] == []


def test_every_target_of_the_makefile_is_explained_by_make_itself(root: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    told = subprocess.run(["make", "-s", "help"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert [target for target in targets if not re.search(rf"^{target}\b", told, re.MULTILINE)] == []


def test_every_dependency_is_explained(root: Path) -> None:
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    named = project["project"]["dependencies"]
    named += project["dependency-groups"]["dev"] + project["dependency-groups"]["bench"]
    named += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    packages = {re.match(r"[a-z][a-z0-9-]*", line)[0] for line in named}  # type: ignore[index]
    document = DOCUMENTS[root / "docs" / "dependencies.md"]
    assert [package for package in sorted(packages) if f"`{package}`" not in document] == []
