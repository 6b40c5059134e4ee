"""How far a disguise moves the risk: articles disguised in seven ways at 1, 5 and 20 % of their letters.

    python benchmarks/disguise.py ../shared/data [ARTICLES]

Prints, for each way and share, the mean and the greatest absolute shift of `risk`, the changed abstentions (each counts
as a shift of 1), and the mean `altered_share`. Letters are drawn with a fixed seed.
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
    plain = [scorer.score(Article(title=row["title"] or "", text=row["text"]))["risk"] for row in rows]
    print(f"{len(rows)} articles\n| way | share | mean shift | greatest | abstentions changed | altered_share |")
    for way in (*WAYS, "spaced"):
        for share in SHARES:
            chance = random.Random(4)  # noqa: S311 - a fixed seed, no secret
            shifts, changed, altered = [], 0, 0.0
            for row, before in zip(rows, plain, strict=True):
                found = scorer.score(Article(title=row["title"] or "", text=disguise(row["text"], way, share, chance)))
                after = found["risk"]
                changed += (before is None) != (after is None)
                altered += found.signals["obfuscation"]["metrics"]["altered_share"] / len(rows)
                if before is not None and after is not None:
                    shifts.append(abs(before - after))
                else:
                    shifts.append(float(before is not after))
            mean = sum(shifts) / len(shifts)
            print(f"| {way} | {share:.0%} | {mean:.4f} | {max(shifts):.3f} | {changed} | {altered:.3f} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
