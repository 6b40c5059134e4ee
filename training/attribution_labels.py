"""Attributions judged one by one: `training/data/attributions.json` ("origin" and "guide" there). No text."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scorer.tagger import Run
from training.corpora import Corpora, Row

ATTRIBUTIONS = Path(__file__).parent / "data" / "attributions.json"

ASCRIBES = "y"
"""The verdict on an attribution that is one, to the source it names."""

FOREIGN = "f"
"""The letter of a piece of content that is not what the source said."""


class Verdict(NamedTuple):
    """What was said of one attribution: a letter, and a letter for each piece of content by [start, end) in the text
    (where it is an attribution).
    """

    letter: str
    pieces: dict[Run, str]


def entries(corpora: Corpora, path: Path) -> Iterator[tuple[Row, list[Any]]]:
    """Articles with what a file of judgements holds of each; those whose text is another one's by now are left out."""
    known = json.loads(path.read_text(encoding="utf-8"))["judged"]
    for row in corpora.articles:
        checksum, told = known.get(row["id"], (None, ()))
        if checksum is not None and zlib.crc32((row.get("text") or "").encode()) == checksum:
            yield row, told


def judged(corpora: Corpora) -> Iterator[tuple[Row, dict[Run, Verdict]]]:
    """Articles with what was said of their attributions, by [start, end) of the cue; articles that changed are left
    out.
    """
    for row, told in entries(corpora, ATTRIBUTIONS):
        yield row, {(cue, cue_end): _verdict(letter, pieces) for _, _, cue, cue_end, letter, *pieces in told}


def _verdict(letter: str, told: list[int | str]) -> Verdict:
    starts, ends, letters = told[::3], told[1::3], told[2::3]
    return Verdict(
        letter, {(int(start), int(end)): str(one) for start, end, one in zip(starts, ends, letters, strict=True)}
    )
