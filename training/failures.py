"""Texts on which the model is known to go wrong, scored by the model itself: the model card shows them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scorer import Article, Scorer

TEXTS = Path(__file__).parent / "data" / "failures.json"


@dataclass(frozen=True)
class Failure:
    """A text, what a person would want of it and what it got; `risk` is None where the model abstained."""

    name: str
    wanted: str
    title: str
    text: str
    risk: float | None = None
    label: str = ""


def texts() -> list[Failure]:
    """The texts, not scored yet."""
    table = json.loads(TEXTS.read_text(encoding="utf-8"))
    return [Failure(**one) for one in table["texts"]]


def judged(model: Path) -> list[Failure]:
    """The texts with what the sealed model in this folder says of them."""
    scorer = Scorer(model)
    found = []
    for one in texts():
        told = scorer.score(Article(title=one.title, text=one.text))
        found.append(Failure(one.name, one.wanted, one.title, one.text, told["risk"], told["label"]))
    return found


def table(found: Sequence[Failure]) -> str:
    """As a Markdown table, each text by its first sentence."""
    lines = ["| text | begins | a person would want | risk | label |", "|---|---|---|---|---|"]
    for one in found:
        begins = one.text.split(". ")[0] + "."
        risk = "not judged" if one.risk is None else f"{one.risk:.2f}"
        lines.append(f"| {one.name} | {begins} | {one.wanted} | {risk} | `{one.label}` |")
    return "\n".join(lines)
