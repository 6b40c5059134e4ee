"""How often a pronoun or a short name is led back to the right mention, on a sample labelled by hand.

`training/data/references.json` holds mentions of PolNeAR's training part as positions, without text: document, start,
end, and where the fuller mention it stands for was named before (null where it stands for itself). The sources around
are PolNeAR's own, so that what is measured is `scorer.mentions` alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scorer.mentions import describe
from scorer.normal import normalise
from scorer.quotes import line_starts, quotations
from scorer.tagger import Run
from scorer.text import Reader, Text
from training.corpora import Corpora, Row
from training.polnear import gold_runs

SAMPLE = Path(__file__).parent / "data" / "references.json"


@dataclass(frozen=True, slots=True)
class Judged:
    """One mention of the sample: what was found and what is right; `part` is the sample it belongs to."""

    part: str
    mention: str
    found: str | None
    right: str | None

    @property
    def correct(self) -> bool:
        """The same name, give or take a title or a first name."""
        return alike(self.found, self.right)


def judge(corpora: Corpora, reader: Reader) -> list[Judged]:
    """Every mention of the sample with what `scorer.mentions` makes of it."""
    rows = {row["id"]: row for row in corpora.attributions}
    judged = []
    for part, mentions in json.loads(SAMPLE.read_text(encoding="utf-8"))["samples"].items():
        for document, start, end, antecedent in mentions:
            row = rows[document]
            text = reader.read(normalise(row["text"]))
            judged.append(
                Judged(
                    part,
                    row["text"][start:end],
                    _resolved(row, text, (start, end)),
                    row["text"][slice(*antecedent)] if antecedent else None,
                )
            )
    return judged


def _resolved(row: Row, text: Text, mention: tuple[int, int]) -> str | None:
    runs = sources(row, text)
    at = next(i for i, run in enumerate(runs) if tuple(text.token_span(*run)) == mention)
    double, single = quotations(text, line_starts(text))
    return describe(text, runs, double + single)[at].resolved


def sources(row: Row, text: Text) -> list[Run]:
    """The document's gold sources in order, overlapping ones left out."""
    kept: list[Run] = []
    for run in sorted({run for found in gold_runs(row, text) for run in found["source"]}):
        if not kept or run[0] >= kept[-1][1]:
            kept.append(run)
    return kept


def alike(found: str | None, right: str | None) -> bool:
    """Whole words of one inside the other, at least a third of it, or the same first and last; None only with None."""
    if found is None or right is None:
        return found is right
    short, long = sorted((_plain(found), _plain(right)), key=len)
    ends = [(name.split()[0], name.split()[-1]) for name in (short, long)]
    return ends[0] == ends[1] or (
        3 * len(short) >= len(long) and re.search(rf"\b{re.escape(short)}\b", long) is not None
    )


def _plain(name: str) -> str:
    return re.sub(r"\W+", " ", name).strip().lower()


def shares(judged: Sequence[Judged]) -> dict[str, tuple[int, int]]:
    """For each sample: how many mentions are right, of how many."""
    parts = dict.fromkeys(one.part for one in judged)
    return {
        part: (sum(one.correct for one in judged if one.part == part), sum(one.part == part for one in judged))
        for part in parts
    }
