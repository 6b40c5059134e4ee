"""Articles judged one by one, by how they are written: what an outlet's tier says of none of them in particular.

A tier belongs to an outlet, and not every article of a poor one is poor. training/data/judgements.json holds what a
large language model, given one article at a time without its outlet, said of it ("origin" there tells how it was asked
and how far that goes with the tiers). A judgement takes part in an article's target (training/weights.py) and makes
articles of unnamed outlets ones to learn from (`others`). No figure of the card or the gate is measured against it.

Arguing for a camp is no unreliability, but who judges risk counts it as some: so what the judge said of that, too, is
taken off again (`PARTISAN`).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from scorer.logodds import sigmoid
from training.corpora import UNRATED, Corpora, Row
from training.weights import outlet_targets

JUDGEMENTS = Path(__file__).parent / "data" / "judgements.json"

OTHERS = ("hyperpartisan", "relatedness_bodies", "propaganda")
"""Corpora of articles without a tier, their outlets unnamed; their other labels are no part of a target."""

GROUP = 16
"""Articles without an outlet are dealt into groups of about so many, each of which counts as a source."""

PARTISAN = 5.0
"""What each step of partisanship (0 to 3) takes off a judged risk (0 to 99). Logistic regression of the tiers on both,
sources and camps balanced, levels for the leans or not, gives 3.4 to 5.6."""

MIDDLE, STEEPNESS = 25.0, 7.0
"""What is left stands for the probability sigmoid((left - MIDDLE) / STEEPNESS) of the low tier. On average low-tier
articles have 35 and 49 (politics, COVID-19), high-tier ones 11 both times; a steepness of 12 did no better."""


def learnable(corpora: Corpora) -> list[Row]:
    """Every article that a verdict may be learned from: those of the corpus `articles`, and the others."""
    return judged(corpora.articles) + others(corpora)


def name_of(corpus: str, row: Row) -> str:
    """The id under which an article of one of the others is learned from."""
    return f"{corpus}/{row.get('id')}"


def judged(rows: Sequence[Row]) -> list[Row]:
    """The articles, those that were judged with `judged`: the probability of the low tier that it stands for.

    A judgement goes beside an outlet's rating: without one, and for satire, it is left out.
    """
    found = []
    for row, outlet in zip(rows, outlet_targets(rows), strict=True):
        beside = not np.isnan(outlet) and row.get("genre") != "satire"
        chance = _chance("articles", row) if beside else None
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
                    "id": name_of(corpus, row),
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
    said = _judgements()[corpus].get(str(row.get("id")))
    if said is None or zlib.crc32((row.get("text") or "").encode()) != said[2]:
        return None
    return chance_of(*said[:2])


def chance_of(risk: int, partisan: int) -> float:
    """The probability of the low tier that a judged risk of 0 to 99 stands for, 0 to 3 of which is for a camp."""
    return sigmoid((risk - PARTISAN * partisan - MIDDLE) / STEEPNESS)


@cache
def _judgements() -> dict[str, dict[str, tuple[int, int, int]]]:
    """Corpus -> article id -> judged risk and partisanship, and the CRC-32 of the text."""
    table: dict[str, dict[str, tuple[int, int, int]]] = json.loads(JUDGEMENTS.read_text(encoding="utf-8"))["judged"]
    return table
