"""The simulation of a cluster behaves as a cluster must."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks.cluster import Cluster, simulate, spread


def test_one_worker_takes_as_long_as_its_work() -> None:
    found = simulate([(2.0, 0.0)] * 50, Cluster(1, 0.0))
    assert found.seconds == pytest.approx(100)
    assert found.used == pytest.approx(1)


def test_twice_the_workers_need_half_the_time_and_never_less() -> None:
    work = spread(400, 10.0, 0.0)
    times = [simulate(work, Cluster(workers, 1e-3)).seconds for workers in (1, 2, 4, 8)]
    for one, two in pairwise(times):
        assert one / 2 <= two < one / 1.8


def test_more_workers_than_the_scheduler_can_feed_win_nothing() -> None:
    work = [(1.0, 0.0)] * 5_000
    few, many = (simulate(work, Cluster(workers, 0.01)) for workers in (100, 400))
    assert many.seconds > 0.95 * 5_000 * 0.01  # the scheduler's own time is the floor
    assert many.seconds > 0.9 * few.seconds
    assert many.scheduler_busy > 0.9


def test_storage_that_is_shared_bounds_the_run() -> None:
    found = simulate([(0.1, 1e6)] * 1_000, Cluster(50, 0.0, storage_bytes_per_second=1e7))
    assert found.seconds > 0.9 * 1_000 * 1e6 / 1e7


def test_lost_workers_cost_time_and_no_piece() -> None:
    work = [(60.0, 0.0)] * 2_000
    calm, rough = (simulate(work, Cluster(20, 1e-3, losses_per_hour=rate), seed=1) for rate in (0.0, 0.5))
    assert calm.lost == 0
    assert rough.lost == pytest.approx(2_000 / 60 * 0.5, rel=0.6)
    assert rough.seconds > calm.seconds
