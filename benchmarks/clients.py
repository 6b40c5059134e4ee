"""Who sends articles to a measured service: wrk (Debian packages it), or threads that keep what was acknowledged."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed import ROOT, row
from scorer import Article
from scorer.ledger import Ledger
from tests.service import Service, status_of


class Senders:
    """Clients that send articles until told to stop, each under an id of its own; what was acknowledged is kept."""

    def __init__(self, service: Service, articles: Sequence[Article], clients: int) -> None:
        self.service, self.articles = service, articles
        self.acknowledged: list[str] = []
        self.statuses: Counter[int] = Counter()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(clients)]

    def __enter__(self) -> Senders:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        turn = 0
        while not self._stop.is_set():
            turn += 1
            identifier = f"{number}-{turn}"
            article = self.articles[(number * 31 + turn) % len(self.articles)]
            url = f"{self.service.address}/v1/articles?explain=none"
            status = status_of(url, encoded(article, identifier), Content_Type="application/json")
            self.statuses[status] += 1
            if status == 200:
                self.acknowledged.append(identifier)

    def show(self) -> None:
        """Answers by status; 0 stands for a connection that broke."""
        row("answers by status", ", ".join(f"{status}: {count:,}" for status, count in sorted(self.statuses.items())))


def lost(ledger: Ledger, acknowledged: Sequence[str]) -> None:
    """How many acknowledged articles the ledger does not have."""
    kept = {found.assessment["id"] for found in ledger.listing.export()}
    ledger.close()
    row(f"of {len(acknowledged):,} acknowledged, lost", str(len(set(acknowledged) - kept)))


def wrk(
    service: Service, folder: Path, articles: Sequence[Article], clients: int, seconds: int, *, fresh: bool = False
) -> dict[str, Any]:
    """What wrk measured; latencies in milliseconds. Where `fresh`, every article has an id never seen before."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is absent: apt-get install wrk")
    bodies, ids = folder / "bodies.jsonl", ["fresh"] if fresh else []
    bodies.write_bytes(b"\n".join(encoded(article) for article in articles))
    told = subprocess.run(
        [program, "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "--latency", "-s",
         str(ROOT / "benchmarks/load.lua"), f"{service.address}/v1/articles", "--", str(bodies), *ids],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    result: dict[str, Any] = json.loads(next(line for line in told.splitlines() if line.startswith("RESULT"))[7:])
    return {**result, "clients": clients}


def show(told: dict[str, Any]) -> None:
    """Print what wrk measured."""
    answered = sum(told["statuses"].values())
    row(f"{told['clients']} clients, {told['seconds']:.0f} s: answers a second", f"{answered / told['seconds']:.0f}")
    row("by status", ", ".join(f"{status}: {count:,}" for status, count in sorted(told["statuses"].items())))
    row("broken connections, timeouts", f"{told['broken']}, {told['timeouts']}")
    row("latency p50, p99", f"{told['p50']:.0f} ms, {told['p99']:.0f} ms")


def encoded(article: Article, identifier: str | None = None) -> bytes:
    """The article as JSON, on one line."""
    return json.dumps({"id": identifier or article.id, "title": article.title, "text": article.text}).encode()


def seconds_of(service: Service, article: Article) -> float:
    """How long one answer takes."""
    begun = time.perf_counter()
    status_of(f"{service.address}/v1/articles", encoded(article), Content_Type="application/json")
    return time.perf_counter() - begun
