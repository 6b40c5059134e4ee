"""One command learns a whole model: on a small part of the labelled data, with the networks cut short."""

from __future__ import annotations

import collections
import gzip
import json
import math
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from scorer import Article, InvalidInput, Scorer, store
from training import distillation, encoder
from training.pipeline import MIN_SOURCES, train_model

ARTICLES_A_SOURCE = 6
FEWER = {"attributions": 60, "clickbait": 2_000, "relatedness": 1_500, "hedges": 600, "propaganda": 80, "pages": 30}
"""Rows kept of a corpus; those not named here are kept whole."""

WORDS = str.split(
    "the harbour office said that work on a pier had begun and of its cost to ferry in spring by tender they"
)
REVIEWED = [
    {
        "id": f"review {number}", "corpus": "reviews", "source": f"{number}.reviewed.example", "tier": tier,
        "title": "Harbour works", "pc1": None, "lean": None, "genre": "news", "date": None, "url": None,
        "risk_before": risk, "text": ". ".join(
            " ".join(random.Random(f"{number} {line}").sample(WORDS, 12)).capitalize() for line in range(20)
        ),
    }
    for number, (tier, risk) in enumerate([("low", 0.3), ("high", 0.2)] * 4)
]  # fmt: skip
"""Articles that people reviewed, as training/reviews.py makes them."""


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def small(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The labelled data with a few articles of every source, and fewer rows of the large corpora."""
    folder = tmp_path_factory.mktemp("data")
    for path in shared_data.glob("*.jsonl.gz"):
        name = path.name.removesuffix(".jsonl.gz")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        if name == "articles":
            met: collections.Counter[tuple[str, str]] = collections.Counter()
            kept = []
            for row in rows:
                key = (row.get("source") or row["corpus"], row["genre"])
                met[key] += 1
                if met[key] <= (ARTICLES_A_SOURCE if row.get("source") else 60):
                    kept.append(row)
            rows = kept
        elif name in FEWER:
            rows = rows[:: max(1, len(rows) // FEWER[name])]
        write(folder / path.name, rows)
    return folder


@pytest.fixture(scope="module")
def trained(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model learned from it, without the corpus whose licence forbids commerce."""
    out = tmp_path_factory.mktemp("model")
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(encoder, "EPOCHS", 1)
        quick.setattr(distillation, "EPOCHS", 1)
        quick.setattr(distillation, "SILVER_ARTICLES", 30)
        train_model(small, out, "2026.11-small", without=["recovery"], say=lambda line: None, reviewed=REVIEWED)
    return out


@pytest.mark.slow
@pytest.mark.shared
def test_a_model_learned_anew_scores(trained: Path) -> None:
    text = "The ferry sank, the harbour office said. Twelve people were rescued, it added. " * 12
    assessment = Scorer(trained).score(Article(title="Ferry sinks off Kestrel", text=text))
    assert assessment["versions"]["model"] == "2026.11-small"
    told = assessment["base"] + sum(signal["contribution"] for signal in assessment["signals"])
    told += assessment["text_model"]["contribution"]
    assert told == pytest.approx(math.log(assessment["risk"] / (1 - assessment["risk"])))


@pytest.mark.slow
@pytest.mark.shared
def test_the_model_says_what_it_was_learned_without(trained: Path) -> None:
    manifest = store.load(trained).manifest
    assert manifest["without"] == ["recovery"]
    assert manifest["figures"]["credence"]["ece"] >= 0
    assert manifest["reviewed"] == 8
    assert manifest["figures"]["reviews"]["before"]["n"] == manifest["figures"]["reviews"]["now"]["n"] <= 8
    assert (trained / "MODEL_CARD.md").read_text(encoding="utf-8").startswith("# Model card: 2026.11-small")


@pytest.mark.shared
def test_too_few_sources_are_refused(small: Path, tmp_path: Path) -> None:
    with gzip.open(small / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    sources = sorted({row["source"] for row in rows if row["tier"] == "low" and row["source"]})[: MIN_SOURCES - 1]
    write(tmp_path / "articles.jsonl.gz", [row for row in rows if row["tier"] != "low" or row["source"] in sources])
    with pytest.raises(InvalidInput, match="tier 'low' has 19 sources, 20 are needed"):
        train_model(tmp_path, tmp_path / "out", "x")


@pytest.mark.shared
def test_an_unknown_part_is_refused(small: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no part 'hedge'"):
        train_model(small, tmp_path / "out", "x", only="hedge")
