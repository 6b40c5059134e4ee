"""Articles judged one by one, by how they are written: what an outlet's tier says of none of them in particular.

A tier belongs to an outlet, and most articles of a poor one are ordinary. training/data/judgements.json holds what a
large language model, given one article at a time without its outlet, said of it ("origin" there tells how it was asked
and how far that goes with the tiers). A judgement takes part in an article's target (training/weights.py) and makes
articles without a tier ones to learn from (`others`). Nothing is measured against it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from training.corpora import Corpora, Row

JUDGEMENTS = Path(__file__).parent / "data" / "judgements.json"

OTHERS = ("hyperpartisan", "relatedness_bodies", "propaganda")
"""Corpora of articles without a tier, all their outlets unnamed; what else they are labelled with is not read."""

UNRATED = "unrated"
"""Their `stratum`, by which sources are dealt into folds; that of others is their tier."""

GROUP = 16
"""Articles without an outlet are dealt into groups of about so many, each of which counts as a source."""

MIDDLE, STEEPNESS = 30.0, 7.0
"""A judged risk of 0 to 99 stands for the probability sigmoid((risk - MIDDLE) / STEEPNESS) of the low tier: low-tier
articles have 43 and 68 on average (politics, COVID-19), high-tier ones 15 and 10."""


@cache
def _judgements() -> dict[str, dict[str, int]]:
    """Corpus -> article id -> judged risk, 0 to 99."""
    table = json.loads(JUDGEMENTS.read_text(encoding="utf-8"))
    return {corpus: dict(judged) for corpus, judged in table["risk"].items()}


def articles(corpora: Corpora) -> list[Row]:
    """Every article that a verdict may be learned from: those of rated outlets, judged or not, and the others."""
    return judged(corpora.articles) + others(corpora)


def is_rated(row: Row) -> bool:
    """Whether an article is one of the corpus of articles, whose outlets are known."""
    return row["corpus"] not in OTHERS


def judged(rows: Iterable[Row]) -> list[Row]:
    """The articles, those that were judged with `judged`: the probability of the low tier that it stands for."""
    risks = _judgements()["articles"]
    return [{**row, "judged": _probability(risks[row["id"]])} if row["id"] in risks else row for row in rows]


def others(corpora: Corpora) -> list[Row]:
    """Judged articles of the corpora `OTHERS` (those that the folder has) as rows of the shape that `articles` have."""
    rows: list[Row] = []
    for corpus in OTHERS:
        risks = _judgements().get(corpus, {})
        if not corpora.has(corpus):
            continue
        given = [row for row in corpora.rows(corpus) if str(row["id"]) in risks]
        groups = max(1, len(given) // GROUP)
        for row in given:
            group = zlib.crc32(str(row["id"]).encode()) % groups
            rows.append(
                {
                    **dict.fromkeys(("date", "url", "pc1", "tier", "lean", "genre")),
                    "id": f"{corpus}/{row['id']}",
                    "corpus": corpus,
                    "source": f"{corpus} {group}",
                    "stratum": UNRATED,
                    "title": row.get("title") or "",
                    "text": row["text"],
                    "judged": _probability(risks[str(row["id"])]),
                }
            )
    return rows


def _probability(risk: int) -> float:
    return float(1.0 / (1.0 + np.exp((MIDDLE - risk) / STEEPNESS)))
