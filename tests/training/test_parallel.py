"""What is learned side by side goes to processes here or to a cluster, with the same results in the same order."""

from __future__ import annotations

import os

import pytest
from joblib import delayed

from scorer.checkpoint import OutputError
from training.parallel import on_cluster, side_by_side


def squared(number: int) -> tuple[int, int]:
    return number**2, os.getpid()


@pytest.mark.slow
def test_a_cluster_gives_the_same_as_this_machine() -> None:
    jobs = [delayed(squared)(number) for number in range(20)]
    here = side_by_side(jobs)
    with on_cluster("local"):
        there = side_by_side(jobs)
    again = side_by_side(jobs)
    assert [value for value, _ in here] == [value for value, _ in there] == [n**2 for n in range(20)]
    assert {pid for _, pid in there}.isdisjoint({os.getpid(), *(pid for _, pid in here)})
    assert {pid for _, pid in there}.isdisjoint({pid for _, pid in again})


def test_a_scheduler_that_is_not_there_is_told() -> None:
    with (
        pytest.raises(OutputError, match="no Dask scheduler answers at nonsense"),
        on_cluster("nonsense://127.0.0.1:1"),
    ):
        pass
