"""Learning from reviews: which articles are learned from, and what is said to have changed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scorer import Article, InvalidInput, Scorer
from scorer.ledger import Ledger
from scorer.settings import Settings
from training import pipeline
from training.review_command import train_with_reviews
from training.reviews import agreement, changes, read_texts, reviewed

TEXT = "The harbour office said on Monday that the ferry had been inspected in spring, and found sound. " * 5


@pytest.fixture
def folder(tmp_path: Path, scorer: Scorer) -> Path:
    """A ledger with kept texts and the verdicts of three people."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'l.sqlite'}", keep_text=True)
    ledger.migrate()
    for name in ("good", "bad", "contested", "changed", "joke", "finding"):
        article = Article(id=name, title="Ferry", text=f"Of {name}. {TEXT}", url=f"https://{name}.example/a")
        ledger.remember(article, scorer.score(article))
    for name, verdict, reviewer in [
        ("good", "reliable", "Ann"), ("bad", "unreliable", "Ann"), ("bad", "unreliable", "Bo"),
        ("bad", "reliable", "Cy"), ("contested", "reliable", "Ann"), ("contested", "unreliable", "Bo"),
        ("changed", "reliable", "Ann"), ("changed", "unreliable", "Ann"), ("joke", "satire", "Ann"),
    ]:  # fmt: skip
        ledger.reviews.add(name, verdict, reviewer)
    ledger.reviews.add("finding", "wrong", "Ann", finding={"signal": "figures"})
    ledger.close()
    return tmp_path


def of(folder: Path, texts: dict[str, Any] | None = None, keep_text: bool = True) -> Any:
    ledger = Ledger(f"sqlite:///{folder / 'l.sqlite'}", keep_text)
    found = reviewed(ledger, texts)
    ledger.close()
    return found


def test_the_majority_s_latest_verdicts_become_labelled_articles(folder: Path) -> None:
    found = of(folder)
    assert {row["id"]: row["tier"] for row in found.rows} == {"good": "high", "bad": "low", "changed": "low"}
    assert found.left_out == {"reviewers disagree": 1, "the verdict is satire": 1}
    good = next(row for row in found.rows if row["id"] == "good")
    assert (good["corpus"], good["source"], good["title"]) == ("reviews", "good.example", "Ferry")
    assert good["text"].startswith("Of good.")
    assert 0 < good["risk_before"] < 1


def test_where_no_text_is_kept_the_caller_gives_it(tmp_path: Path, scorer: Scorer) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'l.sqlite'}")
    ledger.migrate()
    for name in ("a", "b"):
        article = Article(id=name, text=f"Of {name}. {TEXT}")
        ledger.remember(article, scorer.score(article))
        ledger.reviews.add(name, "unreliable", "Ann")
    ledger.close()
    (tmp_path / "texts.jsonl").write_text('{"id": "a", "text": "Given."}\n\n')
    found = of(tmp_path, read_texts(tmp_path / "texts.jsonl"))
    assert [(row["id"], row["text"]) for row in found.rows] == [("a", "Given.")]
    assert sum(found.left_out.values()) == 1
    (tmp_path / "texts.jsonl").write_text('{"id": "a"}')
    with pytest.raises(InvalidInput, match="line 1"):
        read_texts(tmp_path / "texts.jsonl")


def test_agreement_is_measured_on_the_same_articles_before_and_now() -> None:
    rows: list[dict[str, Any]] = [
        {"corpus": "reviews", "tier": "low", "risk_before": 0.2},
        {"corpus": "reviews", "tier": "high", "risk_before": 0.6},
        {"corpus": "reviews", "tier": "low", "risk_before": None},
        {"corpus": "reviews", "tier": "high", "risk_before": 0.1},
        {"corpus": "allsides", "tier": "low"},
    ]
    told = agreement(rows, np.array([0.9, 0.3, 0.9, np.nan, 0.9]), 0.5)
    assert told["before"] == {"n": 2, "auc": 0, "precision": 0, "recall": 0}
    assert told["now"] == {"n": 2, "auc": 1, "precision": 1, "recall": 1}
    nothing = agreement(rows[-1:], np.array([0.5]), 0.5)
    assert nothing["now"] == {"n": 0, "auc": None, "precision": None, "recall": None}
    lines = changes({"reviews": told, "credence": {"ece": 0.03}}, {"credence": {"ece": 0.05}})
    assert lines[-1] == "ece: 0.050 -> 0.030 (-0.020)"
    assert "now: n 2, AUC 1.000" in lines[1]


def test_the_command_says_what_is_learned_from_and_what_changed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def train(*_: Any, reviewed: Any, **more: Any) -> dict[str, Any]:
        asked.append((len(reviewed), more["only"]))
        nothing = {"n": 0.0, "auc": None, "precision": None, "recall": None}
        return {"credence": {"ece": 0.04}, "reviews": {"before": nothing, "now": nothing}}

    monkeypatch.setattr(pipeline, "train_model", train)
    options = argparse.Namespace(data=tmp_path, only="verdict", without=[], texts=None)
    said: list[str] = []
    settings = Settings(db=str(folder / "l.sqlite"))
    train_with_reviews(options, tmp_path / "out", "x", settings, said.append)
    assert asked == [(3, "verdict")]
    assert "3 articles (1 reliable, 2 unreliable)" in said[0]
    assert any(line.startswith("ece: ") for line in said)
    options.only = "hedges"
    with pytest.raises(InvalidInput, match="--only verdict"):
        train_with_reviews(options, tmp_path / "out", "x", settings, said.append)
    with pytest.raises(InvalidInput, match="CREDENCE_KEEP_TEXT"):
        train_with_reviews(
            argparse.Namespace(data=tmp_path, only=None, without=[], texts=None),
            tmp_path / "out", "x", Settings(db=str(tmp_path / "empty.sqlite")), said.append,
        )  # fmt: skip
