"""What one approach costs, in a process of its own: `python -m benchmarks.cost FITTED TEXTS` prints a line of JSON.

When the first answer stood (Unix time), peak megabytes, and the processor time of each text in milliseconds. This
module imports only what the approach itself needs, so that its start is its own.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import json
import pickle
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main(fitted: Path, texts: Path) -> None:
    """Load, answer once, then time every text; caches are warm, as in a long run."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    answer = answering(fitted)
    given: list[str] = json.loads(texts.read_text(encoding="utf-8"))
    answer(given[0])
    first = time.time()
    for text in given:
        answer(text)
    spent = []
    for text in given:
        clock = time.process_time()
        answer(text)
        spent.append((time.process_time() - clock) * 1e3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux gives kilobytes
    print(json.dumps({"first_answer": first, "megabytes": peak, "milliseconds": spent}))


def answering(fitted: Path) -> Callable[[str], object]:
    """The function text -> answer of a pickled peer; of Credence where the file is empty."""
    content = fitted.read_bytes()
    if content:
        score: Callable[[str], object] = pickle.loads(content).score  # noqa: S301 - our own parent wrote it just now
        return score
    from scorer import Article, Scorer

    scorer = Scorer()
    return lambda text: scorer.score(Article(text=text)).to_json()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
