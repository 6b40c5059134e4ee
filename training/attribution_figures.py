"""How well attributions are found, against gold spans: the figures of docs/signals/attribution.md."""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from training.corpora import Row

NAMES = ("sentence_f1", "cue_sentence_f1", "source_f1", "cue_f1", "content_char_f1")


Counts = collections.Counter[Any]
"""What hit, what was too much and what was missed, by what was looked for; counts of documents add up."""

COLUMNS = ("sentences", "sentences with a cue", "sources", "cues", "content characters")
"""How the figures `NAMES` are called in a table."""

INTERVAL = (5, 95)
"""Percentiles of a figure over documents drawn anew."""


def score_rows(rows: Sequence[Row], found: Sequence[Sequence[dict[str, Any]]]) -> dict[str, float]:
    """F1: sentences with an attribution, with a cue; source and cue spans (IoU >= .5); content characters."""
    return figures_of(counts_of(row, spans) for row, spans in zip(rows, found, strict=True))


def counts_of(row: Row, spans: Sequence[dict[str, Any]]) -> Counts:
    """What was found in one document against its gold spans."""
    count: Counts = collections.Counter()
    gold_pieces = [
        piece for gold in row["attributions"] for role in ("cue", "content", "source") for piece in gold.get(role) or []
    ]
    gold_cues = [piece for gold in row["attributions"] for piece in gold.get("cue") or []]
    for start, end in _plain_sentences(row["text"]):
        gold_any = any(a < end and start < b for a, b in gold_pieces)
        gold_cue = any(a < end and start < b for a, b in gold_cues)
        mine_any = any(x["start"] < end and start < x["end"] for x in spans)
        mine_cue = any(x["cue"] and x["cue"][0] < end and start < x["cue"][1] for x in spans)
        count["sentence", gold_any, mine_any] += 1
        count["cue_sentence", gold_cue, mine_cue] += 1
    for role in ("source", "cue"):
        gold_spans = [tuple(piece) for gold in row["attributions"] for piece in gold.get(role) or []]
        mine = [tuple(x[role]) for x in spans if x[role]]
        count[role, "hit"] += _matches(gold_spans, mine)
        count[role, "all"] += len(gold_spans) + len(mine)
    truth, guess = np.zeros(len(row["text"]), bool), np.zeros(len(row["text"]), bool)
    for gold in row["attributions"]:
        for a, b in gold.get("content") or []:
            truth[a:b] = True
    for x in spans:
        for a, b in x["content"]:
            guess[a:b] = True
    count["content", "hit"] += int((truth & guess).sum())
    count["content", "all"] += int(truth.sum() + guess.sum())
    return count


def figures_of(counts: Iterable[Counts]) -> dict[str, float]:
    """The figures of documents together."""
    count: Counts = collections.Counter()
    for one in counts:
        count.update(one)
    figures = {}
    for name in ("sentence", "cue_sentence"):
        hit, extra, missed = count[name, True, True], count[name, False, True], count[name, True, False]
        figures[f"{name}_precision"] = hit / max(1, hit + extra)
        figures[f"{name}_recall"] = hit / max(1, hit + missed)
        figures[f"{name}_f1"] = 2 * hit / max(1, 2 * hit + extra + missed)
    for role, name in (("source", "source_f1"), ("cue", "cue_f1"), ("content", "content_char_f1")):
        figures[name] = 2 * count[role, "hit"] / max(1, count[role, "all"])
    return {name: round(value, 4) for name, value in figures.items()}


def _matches(gold: list[tuple[int, ...]], mine: list[tuple[int, ...]]) -> int:
    """How many gold spans find a span of their own that overlaps them by half of the two together."""
    free, hits = set(range(len(mine))), 0
    for a, b in gold:

        def overlap(j: int, a: int = a, b: int = b) -> float:
            return max(0, min(b, mine[j][1]) - max(a, mine[j][0])) / max(1, max(b, mine[j][1]) - min(a, mine[j][0]))

        best = max(free, key=overlap, default=None)
        if best is not None and overlap(best) >= 0.5:
            free.discard(best)
            hits += 1
    return hits


def _plain_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences by a plain rule that no model of ours has a hand in, so that figures compare between models."""
    begun = 0
    for match in re.finditer(r"[.!?][\"”’')\]]*\s+(?=[\"“‘A-Z(])|\n+", text):
        if match.end() - begun > 25:
            yield begun, match.end()
            begun = match.end()
    if begun < len(text):
        yield begun, len(text)


def by_publisher(
    rows: Sequence[Row], found: Sequence[Sequence[dict[str, Any]]], draws: int = 200
) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Each publisher's figures with the 5th and 95th percentile over documents drawn with replacement (Efron 1979)."""
    random = np.random.default_rng(1)
    counts = [counts_of(row, spans) for row, spans in zip(rows, found, strict=True)]
    publishers = {}
    for publisher in sorted({row["source"] for row in rows}):
        own = [i for i, row in enumerate(rows) if row["source"] == publisher]
        whole = figures_of(counts[i] for i in own)
        drawn = [figures_of(counts[i] for i in random.choice(own, len(own))) for _ in range(draws)]
        publishers[publisher] = {
            name: (whole[name], *np.percentile([one[name] for one in drawn], INTERVAL).round(4).tolist())
            for name in NAMES
        }
    return publishers


def publisher_table(found: Mapping[str, Mapping[str, tuple[float, float, float]]]) -> str:
    """What `by_publisher` gives as a Markdown table, the interval in brackets."""
    lines = ["| publisher | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for publisher, figures in found.items():
        cells = ("{:.2f} ({:.2f}–{:.2f})".format(*figures[name]) for name in NAMES)
        lines.append(f"| {publisher} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
