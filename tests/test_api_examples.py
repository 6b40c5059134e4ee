"""The examples of docs/api.md, run as they stand there against a real service."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import ROOT, SERVICE

DOCUMENT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(sh|python|javascript)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the examples read."""
    text = "The council said on Monday that 1,200 homes had lost power. Repairs may take a week, officials said. " * 5
    (tmp_path / "article.txt").write_text(f"Power cut\n\n{text}", encoding="utf-8")
    lines = [json.dumps({"id": f"line-{number}", "text": text}) for number in range(3)]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    # an answer that is an error makes the example fail; readers' own curl shows it all the same
    (tmp_path / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("language", "code"), EXAMPLES, ids=[f"{language}-{number}" for number, (language, _) in enumerate(EXAMPLES)]
)
def test_an_example_works_as_it_stands(language: str, code: str, server: str, folder: Path) -> None:
    programs = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-W", "error", "-c"]}
    if language == "javascript":
        node = shutil.which("node")
        if node is None:
            pytest.skip("Node is absent: apt-get install nodejs")
        programs["javascript"] = [node, "--input-type=module", "--eval"]
    bare = (SERVICE.removeprefix("http://"), server.removeprefix("http://"))
    done = subprocess.run(
        [*programs[language], code.replace(*bare)], cwd=folder, capture_output=True, text=True, env=_environment(folder)
    )
    assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"
    assert done.stdout.strip(), "an example shows something"


def test_each_language_has_its_examples() -> None:
    assert {language for language, _ in EXAMPLES} == {"sh", "python", "javascript"}


def _environment(folder: Path) -> dict[str, str]:
    import os

    return {**os.environ, "CURL_HOME": str(folder)}
