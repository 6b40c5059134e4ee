"""How long an article takes, beside the plain pipeline a user would write instead; prints one table.

    make bench                     300 articles
    make bench BENCH_ARGS=--full   2,000 articles

Both sides get the same texts, one at a time, in one process on one core; the best of three passes counts, in processor
time, which a busy machine moves little. The peer is TfidfVectorizer(ngram_range=(1, 2)).transform and
LogisticRegression.predict_proba; it answers with one number, while Credence writes its whole answer, evidence included.
Web pages are measured beside trafilatura's own extraction of their text.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import argparse
import gc
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from scorer import Article, Scorer
from scorer.assessment import Assessment
from scorer.document import read_document
from scorer.findings import Signal

ROOT = Path(__file__).resolve().parent.parent
PASSES = 3


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path(os.environ.get("DATA", ROOT.parent / "shared" / "data")))
    options.add_argument("--articles", type=int, default=300, help="how many articles (default: 300)")
    options.add_argument("--full", action="store_true", help="2,000 articles")
    given = options.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    # First of all: a child's peak memory counts what its parent held when it was started.
    start_seconds, megabytes = cold_start()

    articles = sample(given.data, 2000 if given.full else given.articles)
    characters = sum(len(article.text) for article in articles) / len(articles)
    print(f"{len(articles)} articles of {characters:,.0f} characters on average, one core\n")
    scorer = Scorer()
    gc.freeze()  # as a batch and the service do
    ours = best(lambda: [scorer.score(article).to_json() for article in articles]) / len(articles)
    peer = peer_seconds([article.text for article in articles])
    row("Credence, full answer as JSON", f"{ours * 1e3:.2f} ms")
    row("TF-IDF (1,2) + logistic regression", f"{peer * 1e3:.2f} ms")
    row("ratio", f"{ours / peer:.2f}")
    print()
    for stage, seconds in stages(scorer, articles).items():
        row(f"  of this: {stage}", f"{seconds * 1e3:.3f} ms")
    print()
    pages = real_pages(given.data)
    if pages:
        import trafilatura

        whole = best(lambda: [scorer.score(Article(html=page)).to_json() for page in pages]) / len(pages)
        extraction = best(lambda: [trafilatura.extract(page) for page in pages]) / len(pages)
        row(f"{len(pages)} web pages, full answer as JSON", f"{whole * 1e3:.1f} ms")
        row("trafilatura.extract", f"{extraction * 1e3:.1f} ms")
        row("ratio", f"{whole / extraction:.2f}")
        print()
    row("`credence score`, from start to answer", f"{start_seconds:.2f} s")
    row("  its peak memory", f"{megabytes:.0f} MB")


def row(name: str, value: str) -> None:
    """Print one line of the table."""
    print(f"{name:<48}{value:>12}")


def sample(data: Path, count: int) -> list[Article]:
    """Real articles, evenly spaced through the labelled data; where that is absent, our own article over and over."""
    path = data / "articles.jsonl.gz"
    if not path.exists():
        print(f"{path} is absent: measuring one article of our own, which flatters every cache")
        title, _, text = (ROOT / "tests/data/golden/dam.txt").read_text(encoding="utf-8").partition("\n\n")
        return [Article(title=title, text=text, id="dam")] * count
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    spread = rows[:: max(1, len(rows) // count)][:count]
    return [Article(title=row["title"] or "", text=row["text"], id=row["id"]) for row in spread]


def real_pages(data: Path) -> list[str]:
    """The HTML of the labelled pages; none where they are absent."""
    path = data / "pages.jsonl.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["html"] for line in lines]


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of three passes, after one to warm up."""
    work()
    return min(timed(work) for _ in range(PASSES))


def timed(work: Callable[[], object]) -> float:
    """Seconds of one pass."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peer_seconds(texts: Sequence[str]) -> float:
    """Seconds a text takes in the plain pipeline, fitted on these very texts (the labels do not matter for speed)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_features=200_000)
    model = LogisticRegression(max_iter=20).fit(vectorizer.fit_transform(texts), [i % 2 for i in range(len(texts))])
    return best(lambda: [model.predict_proba(vectorizer.transform([text])) for text in texts]) / len(texts)


def stages(scorer: Scorer, articles: Sequence[Article]) -> dict[str, float]:
    """Seconds an article spends in each stage: reading, each signal, verdict, JSON; the best of three passes each."""
    spent: dict[str, float] = {}
    for _ in range(PASSES):
        for stage, seconds in one_pass(scorer, articles).items():
            spent[stage] = min(spent.get(stage, seconds), seconds)
    return {stage: seconds / len(articles) for stage, seconds in spent.items()}


def one_pass(scorer: Scorer, articles: Sequence[Article]) -> dict[str, float]:
    """Seconds all articles together spend in each stage of `Scorer.score`."""
    spent = dict.fromkeys(["reading", *scorer.measures, "verdict", "JSON"], 0.0)
    for article in articles:
        clock = time.process_time()

        def lap(stage: str) -> None:
            nonlocal clock
            now = time.process_time()
            spent[stage] += now - clock
            clock = now

        document = read_document(article, scorer.reader)
        lap("reading")
        signals: dict[str, Signal] = {}
        for name, measure in scorer.measures.items():
            signals[name] = measure(document, signals)
            lap(name)
        answer = Assessment({"id": article.id, **scorer.verdict.judge(document, signals)})
        lap("verdict")
        answer.to_json()
        lap("JSON")
    return spent


def cold_start(runs: int = 5) -> tuple[float, float]:
    """Median seconds and peak megabytes of `credence score --json` on our own article, in a process of its own."""
    command = [
        str(Path(sys.executable).parent / "credence"),
        "score",
        "--json",
        str(ROOT / "tests/data/golden/dam.txt"),
    ]
    seconds, peaks = [], []
    for _ in range(runs):
        with tempfile.TemporaryFile() as output:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=output)
            _, status, usage = os.wait4(process.pid, 0)
            seconds.append(time.perf_counter() - start)
        process.returncode = os.waitstatus_to_exitcode(status)  # already waited for, above
        if process.returncode:
            sys.exit(f"{' '.join(command)} failed with exit code {process.returncode}")
        peaks.append(usage.ru_maxrss / 1024)  # Linux gives kilobytes
    return median(seconds), max(peaks)


if __name__ == "__main__":
    main()
