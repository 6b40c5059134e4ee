"""What the service costs and bears: HTTP beside the library, many clients, too many, killed processes, a lost database.

    make bench                                             the parts below with short runs
    python -m benchmarks.service --seconds 60              as long as the targets say
    python -m benchmarks.service --only stream --lines 1000000

Real services are started on free ports, with ledgers in a temporary folder. Load comes from wrk (Debian packages it).

Read latencies as ratios within one run: who sends the load shares the machine, and others may.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from benchmarks.clients import Senders, lost, seconds_of, show, wrk
from benchmarks.speed import ROOT, row, sample
from scorer import Article, Scorer
from scorer.ledger import Ledger
from scorer.settings import Settings
from tests import postgres
from tests.service import started, status_of

CLIENTS = 64
STARTS = 5
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path(os.environ.get("DATA", ROOT.parent / "shared" / "data")))
    options.add_argument("--seconds", type=int, default=10, help="length of a run under load (default: 10)")
    options.add_argument("--lines", type=int, default=20_000, help="lines of the stream (default: 20,000)")
    options.add_argument("--characters", type=int, default=1000, help="of each line's text (default: 1000)")
    options.add_argument("--only", choices=PARTS, action="append", help="measure this alone (repeatable)")
    given = options.parse_args()
    articles = sample(given.data, 300)
    for name in given.only or PARTS:
        print(f"\n{name}")
        with tempfile.TemporaryDirectory(prefix="credence-bench-") as folder:
            PARTS[name](Path(folder), articles, given)


def overhead(folder: Path, articles: Sequence[Article], given: argparse.Namespace) -> None:
    """One client, one process: articles over HTTP, then the same ones through the library, in many short turns.

    Others on the machine change its speed by a third from one second to the next: each turn is its own comparison.
    Where a process's memory comes to lie differs as much from start to start: the service is started several times.
    """
    scorer = Scorer()
    for article in articles:  # warms up
        scorer.score(article).to_json()
    library, differences, used = [], [], []
    for _ in range(STARTS):
        with started(folder, workers=1) as service:
            worker = service.workers()[0]
            wrk(service, folder, articles, 1, 2)  # warms up, and stores: later answers are there already
            for _ in range(max(2, given.seconds // STARTS)):
                before = cpu_seconds(worker)
                told = wrk(service, folder, articles, 1, 1)
                answered = sum(told["statuses"].values())
                used.append((cpu_seconds(worker) - before) / answered)
                ours = []
                for turn in range(1, answered + 1):  # as load.lua takes them
                    begun = time.perf_counter()
                    scorer.score(articles[turn % len(articles)]).to_json()
                    ours.append(1e3 * (time.perf_counter() - begun))
                library.append(median(ours))
                differences.append(told["p50"] - median(ours))
    differences.sort()
    row("library, median", f"{median(library):.2f} ms")
    row("HTTP costs over it, median of the turns", f"{median(differences):.2f} ms")
    quarter = len(differences) // 4
    row("  half of the turns", f"{differences[quarter]:.2f} to {differences[-1 - quarter]:.2f} ms")
    row("  as a share of the library's", f"{median(differences) / median(library):.2f}")
    row("processor time of the serving process, an article", f"{1e3 * median(used):.2f} ms")


def load(folder: Path, articles: Sequence[Article], given: argparse.Namespace) -> None:
    """As many clients as a busy moderation desk has."""
    with started(folder) as service:
        told = wrk(service, folder, articles, CLIENTS, given.seconds)
    show(told)
    row("p99 / p50", f"{told['p99'] / told['p50']:.1f}")


def fresh(folder: Path, articles: Sequence[Article], given: argparse.Namespace) -> None:
    """As `load`, but no article was stored before: each waits for the disk."""
    with started(folder) as service:
        for clients in (1, 16, CLIENTS):
            show(wrk(service, folder, articles, clients, given.seconds, fresh=True))


def overload(folder: Path, articles: Sequence[Article], given: argparse.Namespace) -> None:
    """Five times as many clients as the service has places for, and how soon it is itself again."""
    with started(folder) as service:
        usual = median(seconds_of(service, article) for article in articles[:50])
        set_by_default = Settings()
        places = set_by_default.workers * (set_by_default.threads + set_by_default.max_queue)
        show(wrk(service, folder, articles, 5 * places, max(1, given.seconds // 2)))
        ended = time.perf_counter()
        while median(seconds_of(service, article) for article in articles[:5]) > 2 * usual:
            if time.perf_counter() - ended > 60:
                break
        row("usual latency again after", f"{time.perf_counter() - ended:.2f} s")


def kill(folder: Path, articles: Sequence[Article], given: argparse.Namespace) -> None:
    """A process killed (-9) each second, under load."""
    db = folder / "credence.sqlite"
    with started(folder, db=db) as service, Senders(service, articles, 16) as senders:
        killed = 0
        for _ in range(given.seconds):
            time.sleep(1)
            workers = service.workers()
            if workers:
                os.kill(workers[0], signal.SIGKILL)
                killed += 1
    row("processes killed", str(killed))
    senders.show()
    lost(Ledger(f"sqlite:///{db}"), senders.acknowledged)


def database(folder: Path, articles: Sequence[Article], given: argparse.Namespace) -> None:
    """PostgreSQL stopped for ten seconds, under load."""
    programs = postgres.binaries()
    if programs is None:
        print("PostgreSQL is absent: apt-get install postgresql")
        return
    with postgres.server(programs) as server:
        url = server.url.format("postgres")
        with started(folder, db=url) as service, Senders(service, articles, 16) as senders:
            time.sleep(2)
            server.stop()
            stopped = time.perf_counter()
            time.sleep(10)
            server.start()
            back = time.perf_counter()
            while status_of(f"{service.address}/readyz") != 200:
                time.sleep(0.05)
            recovered = time.perf_counter() - back
            time.sleep(2)
        row("database gone for", f"{back - stopped:.1f} s")
        row("ready again after its start, without a restart", f"{recovered:.2f} s")
        senders.show()
        lost(Ledger(url), senders.acknowledged)


def stream(folder: Path, articles: Sequence[Article], given: argparse.Namespace) -> None:
    """NDJSON both ways: memory of the process that answers, as the stream goes on and meets new words."""
    articles = sample(given.data, 5000)
    with started(folder, workers=1) as service:
        worker = service.workers()[0]
        parts = urlsplit(service.address)
        wire = socket.create_connection((parts.hostname or "", parts.port or 0))
        wire.sendall(
            f"POST /v1/articles/batch?explain=none HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        threading.Thread(target=feed, args=(wire, articles, given.lines, given.characters), daemon=True).start()
        answers = http.client.HTTPResponse(wire, method="POST")
        answers.begin()
        begun, used = time.perf_counter(), cpu_seconds(worker)
        for seen, answer in enumerate(answers, 1):
            last = json.loads(answer)
            if seen % max(1, given.lines // 10) == 0:
                rate = seen / (time.perf_counter() - begun)
                row(f"after {seen:,} lines, {rate:,.0f} a second", f"{memory_megabytes(worker):.0f} MB")
        row("processor time of the serving process, a line", f"{1e3 * (cpu_seconds(worker) - used) / seen:.2f} ms")
        row("lines answered, the last one's id", f"{seen:,} {last['id']}")


PARTS: dict[str, Callable[[Path, Sequence[Article], argparse.Namespace], None]] = {
    "overhead": overhead, "load": load, "fresh": fresh, "overload": overload, "kill": kill, "database": database,
    "stream": stream,
}  # fmt: skip


def feed(wire: socket.socket, articles: Sequence[Article], lines: int, characters: int) -> None:
    """Send so many lines, one a chunk, each with the next so many characters of an article; every tenth is broken."""
    for number in range(lines):
        turn, which = divmod(number, len(articles))
        text = articles[which].text
        begin = turn * characters % max(1, len(text) - characters)
        cut = json.dumps({"id": str(number), "text": f"{number}. {text[begin : begin + characters]}"}).encode()
        line = (b"{broken" if number % 10 == 5 else cut) + b"\n"
        wire.sendall(b"%x\r\n%s\r\n" % (len(line), line))
    wire.sendall(b"0\r\n\r\n")


def cpu_seconds(process: int) -> float:
    """Processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_megabytes(process: int) -> float:
    """Memory that is a process' own (Linux)."""
    return sum(_private(Path(f"/proc/{process}/smaps_rollup"))) / 1024


def _private(path: Path) -> Iterator[int]:
    for line in path.read_text().splitlines():
        if line.startswith("Private"):
            yield int(line.split()[1])


if __name__ == "__main__":
    main()
