"""The labelled data, as read from a folder of gzipped JSONL files (formats: docs/training.md)."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scorer.page import read_page

Row = dict[str, Any]

UNRATED = "unrated"
"""The `stratum` of articles of outlets that nobody named or rated (training/judgements.py)."""


def source_of(row: Row) -> str:
    """What an article is grouped by: its registrable domain, or its corpus where the corpus names no source."""
    return str(row.get("source") or row.get("corpus") or "unknown")


def is_of_articles(row: Row) -> bool:
    """Whether an article is of the corpus `articles`, and not one of an unnamed outlet."""
    return row.get("stratum") != UNRATED


def house_of(row: Row) -> str:
    """Whose habits an article may show: its source's, or those of all its corpus where outlets are unnamed."""
    return source_of(row) if is_of_articles(row) else str(row["corpus"])


@dataclass(frozen=True)
class Corpora:
    """A folder of corpora; each is read at first use and kept."""

    folder: Path
    without: frozenset[str] = frozenset()
    """Names in the field `corpus` of articles that are left out, e.g. for their licence."""
    reviews: tuple[Row, ...] = ()
    """Articles that people reviewed, learned from beside those of the folder (training/reviews.py)."""

    def rows(self, name: str) -> list[Row]:
        """All rows of NAME.jsonl.gz (or NAME.jsonl); an absent file is an error that names it."""
        for path, opener in ((self.folder / f"{name}.jsonl.gz", gzip.open), (self.folder / f"{name}.jsonl", open)):
            if path.exists():
                with opener(path, "rt", encoding="utf-8") as lines:  # type: ignore[operator]
                    return [json.loads(line) for line in lines if line.strip()]
        raise FileNotFoundError(f"{self.folder / name}.jsonl.gz is absent; see docs/training.md for what is needed")

    def has(self, name: str) -> bool:
        """Whether the folder holds this corpus."""
        return any((self.folder / f"{name}{ending}").exists() for ending in (".jsonl.gz", ".jsonl"))

    @cached_property
    def articles(self) -> list[Row]:
        """Articles with `source` (registrable domain), `tier`, `lean`, `genre`, `pc1`; of one given as a page (`html`)
        `text` and `title` are the page's where they are not given.
        """
        rows = (row for row in self.rows("articles") if row.get("corpus") not in self.without)
        return [*map(_with_text, rows), *self.reviews]

    @cached_property
    def attributions(self) -> list[Row]:
        """PolNeAR documents."""
        return self.rows("attributions")


def _with_text(row: Row) -> Row:
    if not row.get("html") or row.get("text"):
        return row
    page = read_page(row["html"], row.get("url"))
    return {**row, "text": page.text, "title": row.get("title") or page.title}
