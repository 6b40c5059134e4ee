"""Where the fits of a training run that do not need each other go: processes of this machine, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from joblib import Parallel, parallel_config

from scorer.article import InvalidInput
from scorer.checkpoint import OutputError

PROCESSES = 2
"""Processes on this machine: each holds the articles' counts, some 500 MB."""

_processes: ContextVar[int] = ContextVar("processes", default=PROCESSES)


def side_by_side(jobs: Iterable[Any]) -> list[Any]:
    """Results of joblib's `delayed` calls, in order; the same wherever they ran."""
    return list(Parallel(n_jobs=_processes.get())(jobs))


@contextmanager
def on_cluster(address: str | None) -> Iterator[None]:
    """Send what is run side by side to the Dask cluster at `address`; None leaves it on this machine.

    "local" starts a cluster of `PROCESSES` processes here. Workers must find the data and the model's folder under the
    same paths. Raises `OutputError` where no scheduler answers, `InvalidInput` without Dask.
    """
    if address is None:
        yield
        return
    try:
        from distributed import Client
    except ImportError:
        raise InvalidInput("a cluster needs Dask: pip install 'credence-news[cluster]'") from None
    local = {"n_workers": PROCESSES, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    try:
        client = Client(**local) if address == "local" else Client(address, timeout="20s")
    except (OSError, ValueError) as error:
        raise OutputError(f"no Dask scheduler answers at {address}: {error}") from None
    told = _processes.set(-1)  # all the cluster has
    try:
        with client, parallel_config(backend="dask", n_jobs=-1):
            yield
    finally:
        _processes.reset(told)
