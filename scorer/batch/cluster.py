"""A batch over a Dask cluster: each worker scores a piece of the input from where it lies to a file of its own.

A piece is an ordinary run (`scorer.batch.runner`) with its part, note and manifest, so a piece whose worker was lost is
gone on with by another one, and a whole run by the next one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorer import store
from scorer.article import InvalidInput
from scorer.batch.formats import Source
from scorer.batch.partitions import PARTITION_BYTES, partitions
from scorer.batch.runner import Outcome, Report, add_counts, run
from scorer.batch.scoring import Task
from scorer.checkpoint import OutputError, OutputExistsError, Progress, write_note

if TYPE_CHECKING:
    from distributed import Client

MANIFEST = "manifest.json"
PLAN = "plan.json"

PIECES_AHEAD = 3
"""Pieces given to the scheduler a worker thread: enough that none waits; billions of articles need no longer list."""


def run_on_cluster(
    sources: Sequence[Source],
    folder: Path,
    task: Task,
    address: str,
    *,
    workers: int = 1,
    resume: bool = False,
    overwrite: bool = False,
    report: Report = lambda progress, share: None,
    piece_bytes: int = PARTITION_BYTES,
) -> Outcome:
    """Score the sources on the cluster at `address` ("local": `workers` processes here), a file a piece in `folder`.

    Input and `folder` lie where every worker finds them under the same path. Raises what `run` raises, and
    `OutputError` where the cluster cannot be reached or a piece kills one worker after the other.
    """
    pieces = list(partitions(sources, piece_bytes))
    ending = f"{task.format}.{task.packing}" if task.packing else task.format
    targets = [str(folder.resolve() / f"part-{number:05}.{ending}") for number in range(len(pieces))]
    _check_folder(folder, pieces, resume, overwrite)
    sizes = [piece.size() for piece in pieces]
    total, done, before, needed = Progress(), 0, 0, False
    found: dict[int, Outcome] = {}
    with _client(address, workers) as client:
        client.register_plugin(model_plugin(task.model, task.manifest_sha256))
        for number, outcome in _outcomes(client, pieces, targets, task, overwrite):
            found[number] = outcome
            needed = needed or outcome.was_needed
            before += outcome.answered_before if outcome.was_needed else outcome.progress.answered
            add_counts(total, replace(outcome.progress, tally={}))
            total.records += outcome.progress.records
            total.output_bytes += outcome.progress.output_bytes
            done += sizes[number]
            report(total, done / max(1, sum(sizes)))
    for number in range(len(pieces)):  # in the order of the input, whichever came first
        add_counts(total, Progress(tally=found[number].progress.tally))
    files = [{"name": Path(t).name, **asdict(found[n].progress), "tally": None} for n, t in enumerate(targets)]
    write_note(folder / MANIFEST, {**asdict(total), "files": files})
    return Outcome(total, needed, before)


def _check_folder(folder: Path, pieces: Sequence[Source], resume: bool, overwrite: bool) -> None:
    """Make the folder, with a note of the plan; refuse one that belongs to something else."""
    plan = {"pieces": [[Path(p.paths[0]).name, len(p.paths), p.start, p.size()] for p in pieces]}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not overwrite:
            if not resume:
                raise OutputExistsError(f"{folder} is not empty: --resume goes on, --overwrite replaces what is there")
            if not (folder / PLAN).is_file() or json.loads((folder / PLAN).read_bytes()) != plan:
                raise OutputExistsError(
                    f"cannot resume {folder}: it belongs to another input, cut into other pieces; "
                    "--overwrite starts again"
                )
        (folder / MANIFEST).unlink(missing_ok=True)  # until all pieces are there, nothing says that they are
        write_note(folder / PLAN, plan)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror}") from None


@contextmanager
def _client(address: str, workers: int) -> Iterator[Client]:
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InvalidInput("a cluster needs Dask: pip install 'credence-news[cluster]'") from None
    if address == "local":
        with (
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=50,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout="20s")
    except (OSError, ValueError) as error:
        raise OutputError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        yield client


def _outcomes(
    client: Client, pieces: Sequence[Source], targets: Sequence[str], task: Task, overwrite: bool
) -> Iterator[tuple[int, Outcome]]:
    """Number and outcome of each piece, as they come."""
    from distributed import KilledWorker, as_completed

    numbers = iter(range(len(pieces)))
    waiting: dict[Any, int] = {}

    def submit(count: int) -> list[Any]:
        new = {
            client.submit(score_piece, pieces[number], targets[number], task, overwrite, pure=False): number
            for number in islice(numbers, count)
        }
        waiting.update(new)
        return list(new)

    completed = as_completed(submit(max(1, PIECES_AHEAD * sum(client.nthreads().values()))))
    try:
        for future in completed:
            number = waiting.pop(future)
            yield number, future.result()
            future.release()
            for more in submit(1):
                completed.add(more)
    except KilledWorker:
        raise OutputError(
            f"workers died one after the other on the piece {targets[number]} (out of memory?); "
            "give them more memory; --resume goes on from there"
        ) from None
    finally:
        client.cancel(list(waiting))


def score_piece(piece: Source, target: str, task: Task, overwrite: bool) -> Outcome:
    """What a worker does with a piece: goes on with it where another one was lost, or starts it."""
    from distributed import get_worker

    plugin = get_worker().plugins[_plugin_name(task.manifest_sha256)]
    local = replace(task, model=plugin.folder)
    return run([piece], target, local, resume=not overwrite, overwrite=overwrite)


def _plugin_name(manifest_sha256: str) -> str:
    return f"credence-model-{manifest_sha256[:20]}"


def model_plugin(folder: Path, manifest_sha256: str) -> Any:
    """A plugin that lays the model into each worker's own folder, once; new workers get it when they join."""
    from distributed import WorkerPlugin

    class ModelPlugin(WorkerPlugin):  # type: ignore[misc] # distributed has no types
        """Carries the files of a model, named by the digest of its manifest."""

        name = _plugin_name(manifest_sha256)

        def __init__(self, files: dict[str, bytes]) -> None:
            self.files = files
            self.folder = Path()

        def setup(self, worker: Any) -> None:
            """Write the files; loading verifies them against the manifest."""
            self.folder = Path(worker.local_directory) / self.name
            self.folder.mkdir(parents=True, exist_ok=True)
            for file, content in self.files.items():
                (self.folder / file).write_bytes(content)

    wanted = [store.MANIFEST, *store.load(folder).manifest["files"]]
    return ModelPlugin({name: (folder / name).read_bytes() for name in wanted})
