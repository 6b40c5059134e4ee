"""How a cluster run scales past what one machine can show: a simulation fed with measured task times, checked on a real
cluster of two workers here; prints one table.

    .venv/bin/python -m benchmarks.cluster [--articles 1500]

Simulated are the parts that can hold a large run up: one scheduler that handles one message at a time, workers that
hold one piece in reserve, storage that all of them share, workers that are lost and replaced, and the last pieces, for
which most workers have nothing left to do. Measured are the time of a piece, the scheduler's time a task, and a real
run that the same simulation must foretell.
"""

from __future__ import annotations

import argparse
import gzip
import heapq
import json
import os
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed import ROOT, row
from scorer import batch
from scorer.batch import make_task
from scorer.batch.cluster import run_on_cluster

RESERVE = 1
"""Pieces a worker holds besides the one it works on (Dask's `worker-saturation` of 1.1, rounded up, less that one)."""

NOTE_SECONDS = 0.3
"""Work that a lost worker costs at the most (scorer/batch/runner.py, CHECKPOINT_SECONDS)."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What is simulated: `workers` of one thread, in seconds, bytes and losses an hour of a worker."""

    workers: int
    scheduler_seconds: float
    storage_bytes_per_second: float = float("inf")
    losses_per_hour: float = 0.0
    replace_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Simulated:
    """How a simulated run went.

    `seconds` from the first piece to the last; the shares of that in which workers worked (`used`) and the scheduler
    did (`scheduler_busy`); how many workers were `lost`.
    """

    seconds: float
    used: float
    lost: int
    scheduler_busy: float


def simulate(pieces: list[tuple[float, float]], cluster: Cluster, seed: int = 0) -> Simulated:
    """Run pieces of (seconds of work, bytes moved) through a cluster, event by event."""
    chance = random.Random(seed)
    waiting = list(reversed(pieces))
    reserve: dict[int, list[tuple[float, float]]] = {worker: [] for worker in range(cluster.workers)}
    idle = set(reserve)
    events: list[tuple[float, int, str, int]] = []  # time, tie, what, worker
    now, tie, free_at, busy, worked, lost, running = 0.0, 0, 0.0, 0.0, 0.0, 0, 0

    def handle(worker: int) -> None:
        """The scheduler takes a message of the worker and sends it a piece."""
        nonlocal free_at, busy, tie
        if waiting:
            free_at = max(free_at, now) + cluster.scheduler_seconds
            busy += cluster.scheduler_seconds
            tie += 1
            heapq.heappush(events, (free_at, tie, "given", worker))

    def start(worker: int) -> None:
        nonlocal tie, worked, running, lost
        work, size = reserve[worker].pop(0)
        idle.discard(worker)
        running += 1
        share = cluster.storage_bytes_per_second / running
        seconds = max(work, size / share)
        fails = chance.expovariate(cluster.losses_per_hour / 3600) if cluster.losses_per_hour else float("inf")
        if fails < seconds:  # another one goes on from the last note once this one is replaced
            lost += 1
            seconds += NOTE_SECONDS + cluster.replace_seconds
        worked += work
        tie += 1
        heapq.heappush(events, (now + seconds, tie, "done", worker))

    for _ in range(RESERVE + 1):
        for worker in reserve:
            handle(worker)
    while events:
        now, _, what, worker = heapq.heappop(events)
        if what == "given" and waiting:
            reserve[worker].append(waiting.pop())
        elif what == "done":
            running -= 1
            idle.add(worker)
            handle(worker)
        if worker in idle and reserve[worker]:
            start(worker)
    return Simulated(now, worked / (now * cluster.workers), lost, busy / now)


def spread(count: int, seconds: float, size: float, seed: int = 0) -> list[tuple[float, float]]:
    """Pieces whose work varies as that of files does (a log-normal, standard deviation a fifth of the mean)."""
    chance = random.Random(seed)
    factors = [chance.lognormvariate(-0.02, 0.2) for _ in range(count)]
    return [(seconds * factor, size * factor) for factor in factors]


def scheduler_seconds(tasks: int = 3_000) -> float:
    """Time the client and its scheduler need a task that does nothing."""
    from distributed import Client, LocalCluster, as_completed

    options = {"threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with LocalCluster(n_workers=1, **options) as local, Client(local) as client:
        begun = time.perf_counter()
        numbers = iter(range(tasks))
        completed = as_completed([client.submit(int, next(numbers), pure=False) for _ in range(6)])
        for future in completed:
            future.release()
            following = next(numbers, None)
            if following is not None:
                completed.add(client.submit(int, following, pure=False))
        return (time.perf_counter() - begun) / tasks


def measured_run(data: Path, articles: int, folder: Path) -> tuple[float, float, int, float]:
    """Seconds of a real run by one worker and by two, how many pieces it had, and bytes an article."""
    with gzip.open(data / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line, _ in zip(file, range(articles), strict=False)]
    lines = [json.dumps({"id": str(n), "title": a["title"], "text": a["text"]}) + "\n" for n, a in enumerate(rows)]
    source = folder / "in.jsonl"
    source.write_text("".join(lines), encoding="utf-8")
    sources, task, piece = batch.find([str(source)])[0], make_task(None, 0.3), source.stat().st_size // 24
    seconds = []
    for workers in (1, 2):
        from distributed import LocalCluster

        options = {"threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
        with LocalCluster(n_workers=workers, silence_logs=50, **options) as local:
            address = local.scheduler_address
            run_on_cluster(
                sources, folder / f"warm{workers}", task, address, piece_bytes=piece
            )  # workers load the model
            begun = time.perf_counter()
            run_on_cluster(sources, folder / f"out{workers}", task, address, piece_bytes=piece)
            seconds.append(time.perf_counter() - begun)
    pieces = len(list((folder / "out2").glob("part-*.jsonl")))
    return seconds[0], seconds[1], pieces, source.stat().st_size / articles


def main() -> None:
    """Measure, simulate and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path(os.environ.get("DATA", ROOT.parent / "shared" / "data")))
    options.add_argument("--articles", type=int, default=1500, help="articles of the real run (default: 1500)")
    given = options.parse_args()
    task = scheduler_seconds()
    row("scheduler and client, a task", f"{task * 1e3:.2f} ms")
    with tempfile.TemporaryDirectory() as name:
        one, two, pieces, size = measured_run(given.data, given.articles, Path(name))
    row(f"real run, {given.articles:,} articles in {pieces} pieces, one worker", f"{one:.1f} s")
    row("the same by two workers", f"{two:.1f} s, {one / two:.2f} x")
    cost = one / given.articles
    foretold = simulate(spread(pieces, one / pieces, size), Cluster(2, task)).seconds
    row("two workers, simulated from one", f"{foretold:.1f} s")
    print(f"\n1 billion articles of {size:,.0f} bytes, {cost * 1e3:.2f} ms each, pieces of 32 MB, storage of 5 GB/s,")
    print("a worker lost every 1,000 hours of one and replaced in a minute:\n")
    print(f"{'workers':>9}{'hours':>10}{'ideal':>10}{'used':>8}{'lost':>7}{'scheduler busy':>16}")
    piece_bytes = 32 * 2**20
    articles = piece_bytes / size
    count = int(1e9 / articles)
    for workers in (100, 400, 1_600, 6_400, 25_600):
        work = spread(count, articles * cost, 3 * piece_bytes)
        found = simulate(work, Cluster(workers, task, 5e9, 1e-3))
        print(
            f"{workers:>9,}{found.seconds / 3600:>10.2f}{1e9 * cost / workers / 3600:>10.2f}{found.used:>8.0%}"
            f"{found.lost:>7}{found.scheduler_busy:>16.1%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
