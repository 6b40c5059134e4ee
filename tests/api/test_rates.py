"""Rate limits: counted by one process, or by Redis for all of them."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import redis_server
from tests.api.conftest import Make
from tests.service import started, status_of


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    program = redis_server.binary()
    if program is None:
        pytest.skip("Redis is absent: apt-get install redis-server")
    with redis_server.running(program, tmp_path) as server:
        yield server


def test_processes_share_a_limit_through_redis(redis: tuple[str, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    with started(tmp_path, rate_limit="7/hour", rate_store=redis[0], workers=3) as service:
        seen = Counter(status_of(f"{service.address}/v1/signals") for _ in range(30))
    assert seen == {200: 7, 429: 23}


def test_services_share_it_too_and_each_key_has_its_own(redis: tuple[str, subprocess.Popen[bytes]], make: Make) -> None:
    first, second = (make(rate_limit="3/hour", rate_store=redis[0]) for _ in range(2))
    keys = [first.extensions["credence"].ledger.keys.create(name, ["read"])[1] for name in ("a", "b")]
    told = []
    for app, key in [(first, keys[0]), (first, keys[0]), (first, keys[0]), (first, keys[0]), (first, keys[1])]:
        told.append(app.test_client().get("/v1/signals", headers={"Authorization": f"Bearer {key}"}).status_code)
    assert told == [200, 200, 200, 429, 200]
    counted = [second.test_client().get("/v1/signals").headers["RateLimit-Remaining"] for _ in range(2)]
    assert counted == ["2", "1"], "who has no key is counted by address, apart from the keys"


def test_without_redis_each_process_counts_for_itself_until_it_is_back(
    redis: tuple[str, subprocess.Popen[bytes]], make: Make
) -> None:
    client = make(rate_limit="2/hour", rate_store=redis[0]).test_client()
    assert client.get("/v1/signals").status_code == 200
    redis[1].kill()
    redis[1].wait()
    assert [client.get("/v1/signals").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/healthz").status_code == 200
