"""The command: what it says, what it exits with, and that all doors give one answer."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.app import create_app
from scorer import Article, Scorer
from scorer.cli import main, parser
from scorer.settings import Settings


def test_all_doors_give_the_same_assessment(
    golden: Path, scorer: Scorer, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    given = {"id": "dam", "text": (golden / "dam.txt").read_text(encoding="utf-8")}
    file, out = tmp_path / "article.json", tmp_path / "out.jsonl"
    file.write_text(json.dumps(given), encoding="utf-8")
    expected = scorer.score(Article.from_mapping(given)).to_json()

    assert main(["score", str(file), "--json"]) == 0
    assert capfdbinary.readouterr().out.strip() == expected
    assert main(["batch", str(file), "-o", str(out)]) == 0
    assert out.read_bytes().strip() == expected
    app = create_app(Settings(db=str(tmp_path / "credence.sqlite")))
    assert app.test_client().post("/v1/articles", json=given).data == expected
    app.extensions["credence"].ledger.close()


@pytest.mark.parametrize(
    ("name", "content", "code", "told"),
    [
        ("empty.txt", b"", 3, "the input is empty"),
        ("blank.txt", b" \n ", 3, "the input is empty"),
        ("latin.txt", b"caf\xe9 au lait", 3, "byte 3 (0xe9) is not valid UTF-8"),
        ("binary.txt", b"GIF89a\0\1", 3, "binary"),
        ("big.txt", b"word " * 1_000_001, 3, "MAX_TEXT_CHARACTERS is 2,000,000"),
        ("shape.json", b"[1, 2]", 3, "must be a JSON object"),
        ("type.json", b'{"text": 7}', 3, "field 'text' must be a string"),
        ("broken.json", b'{"text": ', 3, "not valid JSON"),
        (None, b"", 3, "No such file"),
    ],
)
def test_bad_input_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str | None, content: bytes, code: int, told: str
) -> None:
    path = tmp_path / (name or "missing.txt")
    if name:
        path.write_bytes(content)
    assert main(["score", str(path)]) == code
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("html", ["<div>" * 20_000 + "word", "<p>One <b>two<p>three</i> <script>four", "<html>"])
def test_deep_and_broken_pages_are_read(tmp_path: Path, html: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(html)
    assert main(["score", str(page), "--json"]) == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["score", "https://example.org/a"], 3),
        (["score", "-", "--model", "none-such"], 4),
        (["score", "-", "--base-rate", "1.5"], 2),
        (["batch", "-", "--resume", "-o", "x"], 2),
        (["serve", "--host", "0.0.0.0"], 2),
        (["train", "--data", "nowhere"], 3),
    ],
)
def test_failures_have_their_exit_codes(
    arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Hello.")))
    assert main(arguments) == code
    assert capsys.readouterr().err.startswith("credence: ")


def test_a_full_device_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"text": "Hello."}\n')
    assert main(["batch", str(lines), "-o", "/dev/full"]) == 5
    assert "No space left on device" in capsys.readouterr().err


def test_a_title_alone_abstains_and_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    title = tmp_path / "title.json"
    title.write_text('{"title": "You Won\'t Believe What This Mayor Did Next", "text": ""}')
    assert main(["score", str(title), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["signals"][3]["name"] == "headline"
    assert answer["signals"][3]["value"] is not None


def test_no_colours_and_no_control_characters_in_a_pipe(credence: Path) -> None:
    article = b"A headline \x1b[31m\x07 here\n\nThe mayor said \x1b]0;hello\x07 that 1,200 homes were dark. " * 5
    report = subprocess.run([str(credence), "score", "-"], input=article, capture_output=True, check=True).stdout
    assert b"\x1b" not in report
    assert b"\x07" not in report
    assert b"not whether what it says is true" in b" ".join(report.split())


def test_every_command_and_option_is_documented(root: Path) -> None:
    told = (root / "docs/cli.md").read_text(encoding="utf-8")
    commands = next(action for action in parser()._actions if action.choices)
    assert commands.choices is not None
    for name, command in dict(commands.choices).items():  # type: ignore[call-overload]
        assert f"## `credence {name}`" in told
        for action in command._actions:
            for option in action.option_strings[-1:]:
                assert option == "--help" or f"`{option}" in told, f"{name} {option}"
