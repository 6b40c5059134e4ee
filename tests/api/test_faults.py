"""What goes wrong while the service runs: processes die, the database goes, clients leave, too many come at once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scorer.ledger import Ledger
from tests import postgres
from tests.api.conftest import TEXT
from tests.service import Service, started, status_of, until

pytestmark = pytest.mark.slow

CLIENTS = 6


def send(service: Service, identifier: str) -> int:
    """Status that an article is answered with; 0 where the connection broke."""
    body = json.dumps({"id": identifier, "text": f"Case {identifier}. {TEXT}"}).encode()
    return status_of(f"{service.address}/v1/articles?explain=none", body, Content_Type="application/json")


def ledger_of(folder: Path) -> Ledger:
    return Ledger(f"sqlite:///{folder / 'credence.sqlite'}")


def test_killed_processes_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with started(tmp_path, workers=2, db=tmp_path / "credence.sqlite") as service:
        until(lambda: len(service.workers()) == 2, "both processes run")
        halfway = threading.Barrier(CLIENTS + 1)

        def client(number: int) -> list[tuple[str, int]]:
            told = []
            for turn in range(40):
                if turn in (10, 20):
                    halfway.wait(60)
                told.append((f"{number}-{turn}", send(service, f"{number}-{turn}")))
            return told

        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(client, number) for number in range(CLIENTS)]
            for _ in range(2):
                halfway.wait(60)
                os.kill(service.workers()[0], signal.SIGKILL)
            answers = [answer for done in clients for answer in done.result()]
        until(lambda: len(service.workers()) == 2, "the killed ones are replaced")
        assert send(service, "after") == 200
        ledger = ledger_of(tmp_path)
        acknowledged = [identifier for identifier, status in answers if status == 200]
        assert len(acknowledged) > len(answers) / 2
        assert {status for _, status in answers} <= {0, 200}
        assert [identifier for identifier in acknowledged if ledger.recall(identifier) is None] == []
        ledger.close()


def test_told_to_stop_it_finishes_what_it_began(tmp_path: Path) -> None:
    with started(tmp_path, drain_seconds=1, db=tmp_path / "credence.sqlite") as service:
        wire, answers = stream(service)  # it sends one line, waits for nothing else, and has its answer
        for number in range(1, 10):
            wire.sendall(chunk({"id": str(number), "text": TEXT}))
        assert json.loads(answers.readline())["id"] == "0"
        service.process.terminate()
        until(lambda: status_of(f"{service.address}/readyz") == 503, "/readyz says that it drains")
        assert send(service, "late") == 200, "while it drains, it still serves"
        for number in range(10, 20):
            wire.sendall(chunk({"id": str(number), "text": TEXT}))
        wire.sendall(b"0\r\n\r\n")
        assert [json.loads(line)["id"] for line in answers] == [str(number) for number in range(1, 20)]
        wire.close()
        assert service.process.wait(60) == 0
        assert status_of(f"{service.address}/healthz") == 0


def test_who_hangs_up_stops_the_work_and_who_does_not_read_slows_it_down(tmp_path: Path) -> None:
    lines = 400
    long = {"text": TEXT * 40}
    with started(tmp_path, workers=1, db=tmp_path / "credence.sqlite") as service:
        ledger = ledger_of(tmp_path)

        def stored() -> int:
            return len(list(ledger.listing.export()))

        wire, answers = stream(service, "?include=text")
        feeding = threading.Thread(target=feed, args=(wire, [{"id": str(n), **long} for n in range(1, lines)]))
        feeding.start()
        assert json.loads(answers.readline())["id"] == "0"
        counts: list[int] = []

        def rests() -> bool:
            """For two seconds nothing more was stored: a busy machine may well be slow for a moment."""
            counts.append(stored())
            return len(counts) > 40 and counts[-1] == counts[-40]

        until(rests, "the work waits for who reads")
        waiting = stored()
        assert waiting < lines / 2, "answers nobody reads do not pile up in memory"
        wire.shutdown(socket.SHUT_RDWR)
        answers.close()  # it holds the socket too: open, the system would go on taking what is sent
        wire.close()
        feeding.join()
        assert send(service, "next") == 200
        assert stored() - 1 <= waiting + 2
        ledger.close()


def test_past_its_capacity_it_says_so_and_is_itself_again_at_once(tmp_path: Path) -> None:
    with started(tmp_path, workers=1, threads=1, max_queue=2, db=tmp_path / "credence.sqlite") as service:
        together = threading.Barrier(24)

        def client(number: int) -> list[int]:
            together.wait(60)
            return [send(service, f"{number}-{turn}") for turn in range(5)]

        with ThreadPoolExecutor(24) as pool:
            seen = Counter(status for told in pool.map(client, range(24)) for status in told)
        assert set(seen) == {200, 503}
        assert [send(service, f"after-{turn}") for turn in range(3)] == [200, 200, 200]


def test_a_database_that_stops_costs_503_and_no_restart(tmp_path: Path) -> None:
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("PostgreSQL is absent: apt-get install postgresql")
    with postgres.server(folder) as server, started(tmp_path, db=server.url.format("postgres")) as service:
        before = {f"before-{turn}": send(service, f"before-{turn}") for turn in range(8)}
        server.stop()
        meanwhile = {f"meanwhile-{turn}": send(service, f"meanwhile-{turn}") for turn in range(8)}
        alive, ready = status_of(f"{service.address}/healthz"), status_of(f"{service.address}/readyz")
        unstored = json.dumps(
            {"comment": {"text": TEXT}, "requestedAttributes": {"UNRELIABLE": {}}, "doNotStore": True}
        ).encode()
        scored = status_of(f"{service.address}/v1alpha1/comments:analyze", unstored, Content_Type="application/json")
        server.start()
        after = {f"after-{turn}": send(service, f"after-{turn}") for turn in range(8)}
        assert set(before.values()) == set(after.values()) == {200}
        assert set(meanwhile.values()) == {503}
        assert (alive, ready) == (200, 503)
        assert scored in (200, 503), "for a second a process still knows whether keys are asked for"
        read = [status_of(f"{service.address}/v1/articles/{identifier}") for identifier in [*before, *after]]
        assert set(read) == {200}


def stream(service: Service, query: str = "") -> tuple[socket.socket, http.client.HTTPResponse]:
    """An open NDJSON batch: the socket to send chunks to, and the answers to be read line by line."""
    parts = urlsplit(service.address)
    wire = socket.create_connection((parts.hostname or "", parts.port or 0), 60)
    head = (
        f"POST /v1/articles/batch{query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    wire.sendall(head.encode() + chunk({"id": "0", "text": TEXT}))
    answers = http.client.HTTPResponse(wire, method="POST")
    answers.begin()
    return wire, answers


def chunk(article: dict[str, str]) -> bytes:
    """An article as a line in a chunk of its own."""
    line = json.dumps(article).encode() + b"\n"
    return f"{len(line):x}\r\n".encode() + line + b"\r\n"


def feed(wire: socket.socket, articles: list[dict[str, str]]) -> None:
    """Send articles until the other side has gone."""
    try:
        for article in articles:
            wire.sendall(chunk(article))
    except OSError:
        pass


def test_who_falls_silent_is_let_go(tmp_path: Path) -> None:
    with started(tmp_path, timeout_seconds=1, db=tmp_path / "credence.sqlite") as service:
        parts = urlsplit(service.address)
        with socket.create_connection((parts.hostname or "", parts.port or 0), 60) as wire:
            head = f"POST /v1/articles HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: text/plain\r\n"
            wire.sendall(f"{head}Content-Length: 100\r\n\r\nNot all of it".encode())
            answer = http.client.HTTPResponse(wire, method="POST")
            answer.begin()
            assert (answer.status, json.loads(answer.read())["type"]) == (400, "urn:credence:problem:bad-request")
