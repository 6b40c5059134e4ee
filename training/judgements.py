"""Articles judged one by one, by how they are written: what an outlet's tier says of none of them in particular.

A tier belongs to an outlet, and most articles of a poor one are ordinary. training/data/judgements.json holds what a
large language model, given one article at a time without its outlet, said of it ("origin" there tells how it was asked
and how far that goes with the tiers). A judgement takes part in an article's target (training/weights.py) and makes
articles of unnamed outlets ones to learn from (`others`). No figure of the card or the gate is measured against it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from scorer.logodds import sigmoid
from training.corpora import Corpora, Row

JUDGEMENTS = Path(__file__).parent / "data" / "judgements.json"

OTHERS = ("hyperpartisan", "relatedness_bodies", "propaganda")
"""Corpora of articles without a tier, their outlets unnamed; their other labels are no part of a target."""

UNRATED = "unrated"
"""The `stratum` of their rows, by which sources are dealt into folds; that of others is their tier."""

GROUP = 16
"""Articles without an outlet are dealt into groups of about so many, each of which counts as a source."""

MIDDLE, STEEPNESS = 30.0, 7.0
"""A judged risk of 0 to 99 stands for the probability sigmoid((risk - MIDDLE) / STEEPNESS) of the low tier. On average
low-tier articles have 42 and 55 (politics, COVID-19), high-tier ones 14 and 12; a steepness of 12 did no better."""


def learnable(corpora: Corpora) -> list[Row]:
    """Every article that a verdict may be learned from: those of the corpus `articles`, and the others."""
    return judged(corpora.articles) + others(corpora)


def is_rated(row: Row) -> bool:
    """Whether an article is of the corpus `articles` and not one of the others."""
    return row.get("stratum") != UNRATED


def judged(rows: Iterable[Row]) -> list[Row]:
    """The articles, those that were judged with `judged`: the probability of the low tier that it stands for."""
    found = []
    for row in rows:
        chance = _chance("articles", row)
        found.append(row if chance is None else {**row, "judged": chance})
    return found


def others(corpora: Corpora) -> list[Row]:
    """Judged articles of the corpora `OTHERS` (those that are there and wanted) as rows of the shape of `articles`."""
    rows: list[Row] = []
    for corpus in OTHERS:
        if corpus in corpora.without or not corpora.has(corpus):
            continue
        chances = [(row, _chance(corpus, row)) for row in corpora.rows(corpus)]
        known = [(row, chance) for row, chance in chances if chance is not None]
        groups = max(1, len(known) // GROUP)
        for row, chance in known:
            rows.append(
                {
                    **dict.fromkeys(("date", "url", "pc1", "tier", "lean", "genre")),
                    "id": f"{corpus}/{row['id']}",
                    "corpus": corpus,
                    "source": f"{corpus} {zlib.crc32(str(row['id']).encode()) % groups}",
                    "stratum": UNRATED,
                    "title": row.get("title") or "",
                    "text": row["text"],
                    "judged": chance,
                }
            )
    return rows


def _chance(corpus: str, row: Row) -> float | None:
    """The probability that the judgement of an article stands for, None without one.

    It is of that very text: ids such as "17" may be another article's in somebody's own data.
    """
    risk, checksum = _judgements()[corpus].get(str(row.get("id")), (None, None))
    if risk is None or zlib.crc32((row.get("text") or "").encode()) != checksum:
        return None
    return chance_of(risk)


def chance_of(risk: int) -> float:
    """The probability of the low tier that a judged risk of 0 to 99 stands for."""
    return sigmoid((risk - MIDDLE) / STEEPNESS)


@cache
def _judgements() -> dict[str, dict[str, tuple[int, int]]]:
    """Corpus -> article id -> judged risk and the CRC-32 of the text."""
    table: dict[str, dict[str, tuple[int, int]]] = json.loads(JUDGEMENTS.read_text(encoding="utf-8"))["risk"]
    return table
