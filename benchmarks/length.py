"""How the cost of an article grows with its length, from 1 KB to 1 MB: prints processor time and the slope of its logs.

    .venv/bin/python -m benchmarks.length [--model FOLDER]

A slope of 1 is linear; below 1 a fixed cost a text still shows.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import argparse
import time
from pathlib import Path

import numpy as np

from scorer import Article, Scorer, kernel

ROOT = Path(__file__).resolve().parent.parent
LENGTHS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--model", help="version or folder of the model (default: the newest)")
    scorer = Scorer(options.parse_args().model)
    _, _, text = (ROOT / "tests/data/golden/dam.txt").read_text(encoding="utf-8").partition("\n\n")
    text += "\n\n"
    seconds = []
    print(f"{'characters':>12}{'ms':>12}{'ns a character':>18}   ({kernel.name()})")
    for length in LENGTHS:
        article = Article(title="A dam and its valley", text=(text * (length // len(text) + 1))[:length])
        scorer.score(article)
        passes = max(1, 200_000 // length)
        begin = time.process_time()
        for _ in range(passes):
            scorer.score(article).to_json()
        seconds.append((time.process_time() - begin) / passes)
        print(f"{length:>12,}{seconds[-1] * 1e3:>12.2f}{seconds[-1] / length * 1e9:>18.0f}")
    for name, first in (("all", 0), ("from 10,000 characters on", LENGTHS.index(10_000))):
        slope = np.polyfit(np.log(LENGTHS[first:]), np.log(seconds[first:]), 1)[0]
        print(f"slope of log time over log length, {name}: {slope:.2f}")


if __name__ == "__main__":
    main()
