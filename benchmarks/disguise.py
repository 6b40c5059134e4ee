"""How far a disguise moves the risk: articles disguised in seven ways at 1, 5 and 20 % of their letters.

    python benchmarks/disguise.py ../shared/data [ARTICLES]

Prints, for each way and share, the mean and the greatest absolute shift of `risk`, the changed abstentions (each counts
as a shift of 1), and how many articles read differently at all: where the normal form is that of the plain article, so
is everything measured on it, and the article need not be scored again. Letters are drawn with a fixed seed.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scorer import Article, Scorer
from scorer.normal import normalise

LOOK_ALIKES = dict(zip("aceiopxyABCEHKMOPTX", "асеіорхуАВСЕНКМОРТХ", strict=True))
WAYS: dict[str, Callable[[str], str]] = {
    "look-alikes": lambda c: LOOK_ALIKES.get(c, c),
    "zero-width": lambda c: c + "\u200b",
    "combining": lambda c: c + "\u0301",
    "full-width": lambda c: chr(ord(c) + 0xFEE0) if c < "\x7f" else c,
    "soft hyphens": lambda c: c + "\u00ad",
    "direction": lambda c: "\u202e" + c + "\u202c",
}
SHARES = (0.01, 0.05, 0.20)
LONG_WORD = 5


def disguise(text: str, way: str, share: float, chance: random.Random) -> str:
    """The text with this share of its letters disguised; `spaced` spaces out this share of its longer words."""
    if way == "spaced":
        words = text.split(" ")
        return " ".join(
            " ".join(w) if len(w) >= LONG_WORD and w.isascii() and w.isalpha() and chance.random() < share else w
            for w in words
        )
    change = WAYS[way]
    return "".join(change(c) if c.isalpha() and chance.random() < share else c for c in text)


def main(folder: Path, number: int) -> None:
    """Measure over the first `number` articles of more than 1,500 characters."""
    scorer = Scorer()
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [row for row in map(json.loads, lines) if len(row["text"] or "") > 1_500][:number]
    normal = [normalise(row["text"]).text for row in rows]
    plain: dict[int, float | None] = {}
    print(f"{len(rows)} articles\n| way | share | read differently | mean shift | greatest | abstentions changed |")
    for way in (*WAYS, "spaced"):
        for share in SHARES:
            chance = random.Random(4)
            shifts, changed = [], 0
            for at, row in enumerate(rows):
                text = disguise(row["text"], way, share, chance)
                if normalise(text).text == normal[at]:
                    continue
                if at not in plain:
                    plain[at] = scorer.score(Article(title=row["title"] or "", text=row["text"]))["risk"]
                before = plain[at]
                after = scorer.score(Article(title=row["title"] or "", text=text))["risk"]
                changed += (before is None) != (after is None)
                both = before is not None and after is not None
                shifts.append(abs(before - after) if both else float(before is not after))
            mean, greatest = sum(shifts) / len(rows), max(shifts, default=0.0)
            print(f"| {way} | {share:.0%} | {len(shifts)} | {mean:.4f} | {greatest:.3f} | {changed} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
