"""The examples of README.md, run as they stand there; `make docs` writes what they print back into the file.

A fenced `console` block holds one command after "$ " and what it prints; a `python` block is followed by a `text` block
with what it prints. Numbers differ from model to model, so comparing leaves them out.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import limits
from tests.service import running

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
SERVICE = "http://127.0.0.1:8000"

CONSOLE = re.compile(r"^```console\n\$ (?P<code>[^\n]+)\n(?P<shown>.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(?P<code>.*?)^```\n+```text\n(?P<shown>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One example: what is run, what the document shows for it, and where that stands."""

    command: list[str]
    shown: str
    start: int
    end: int

    def run(self, service: str) -> str:
        """What the example prints when it is run in the checkout, with the service at another address."""
        command = [part.replace(SERVICE, service) for part in self.command]
        environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
        if done.returncode:
            raise RuntimeError(f"{shlex.join(command)}\n{done.stderr}")
        return "\n".join(line.rstrip() for line in done.stdout.replace(service, SERVICE).strip().splitlines()) + "\n"


def examples(document: str) -> Iterator[Example]:
    """The examples of a Markdown document, in order."""
    for pattern, interpreter in ((CONSOLE, ["bash", "-o", "pipefail", "-c"]), (PYTHON, [sys.executable, "-c"])):
        for found in pattern.finditer(document):
            yield Example([*interpreter, found["code"]], found["shown"], found.start("shown"), found.end("shown"))


def without_numbers(text: str) -> str:
    """The text with every number and digest as one sign, and without bars and the blanks that align."""
    text = re.sub(r"\b[0-9a-f]{20,}\b", "#", text)
    text = re.sub(r"[-+−]?\d[\d.,:%eT+-]*Z?", "#", text)
    return re.sub(r"[ ▏▎▍▌▋▊▉█▐]+", " ", text)


def rewrite() -> None:
    """Write what the examples print now into README.md, and the table of limits into its document."""
    document = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as service:
        for example in sorted(examples(document), key=lambda example: -example.start):
            document = document[: example.start] + example.run(service) + document[example.end :]
    README.write_text(document, encoding="utf-8")
    limits.rewrite()


if __name__ == "__main__":
    rewrite()
