"""What a worker does: a chunk of records in, the bytes to be written and the counts out."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import orjson

from scorer import store
from scorer.article import MAX_ARTICLE_SECONDS, Article, InvalidInput, ModelError
from scorer.batch.formats import pack
from scorer.batch.records import Chunk, Item, Page
from scorer.batch.rows import csv_lines, json_lines, row
from scorer.batch.tally import Tally
from scorer.intake import guess_kind, parse_json, read_article
from scorer.problems import problem
from scorer.scorer import Scorer


@dataclass(frozen=True, slots=True)
class Task:
    """How to score a record and what to write of it: what every worker needs to know."""

    model: Path
    manifest_sha256: str
    base_rate: float
    explain: str = "full"
    include_text: bool = False
    format: str = "jsonl"
    packing: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    tally: bool = False
    ledger: str = ""
    keep_text: bool = False
    max_line_bytes: int = 50_000_000
    article_seconds: float = MAX_ARTICLE_SECONDS


@dataclass(slots=True)
class Answers:
    """A scored chunk: the bytes to be written, and counts."""

    data: bytes
    labels: Counter[str] = field(default_factory=Counter)
    abstained: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    tally: Tally | None = None
    remembered: list[dict[str, Any]] = field(default_factory=list)
    """Rows for the ledger, where there is one."""


def make_task(model: str | None, base_rate: float, **options: Any) -> Task:
    """Fix the model for a run. Raises `ModelError` where there is none."""
    folder = store.find(model)
    try:
        digest = store.digest(folder / store.MANIFEST)
    except OSError as error:
        raise ModelError(f"{folder / store.MANIFEST} cannot be read: {error.strerror}") from None
    return Task(folder.resolve(), digest, base_rate, **options)


@cache
def scorer_of(model: Path, manifest_sha256: str, base_rate: float, article_seconds: float) -> Scorer:
    """A worker's scorer, loaded once."""
    if store.digest(model / store.MANIFEST) != manifest_sha256:
        raise ModelError(f"the model {model} was changed during the run")
    scorer = Scorer(model, base_rate, article_seconds)
    # The model stays to the end: the collector, which loky's workers run every second, need not look at it again.
    gc.collect()
    gc.freeze()
    return scorer


def score_chunk(task: Task, chunk: Chunk) -> Answers:
    """Score the records of a chunk; a blank line has no answer, a bad record an error in its place."""
    scorer = scorer_of(task.model, task.manifest_sha256, task.base_rate, task.article_seconds)
    answers = Answers(b"", tally=Tally() if task.tally else None)
    written: list[bytes] = []
    rows: list[list[Any]] = []
    for number, item in enumerate(chunk.items, chunk.first):
        if isinstance(item, bytes) and not item.strip():
            continue
        given: Any = None
        try:
            given = given_of(item, task.columns)
            article = given if isinstance(given, Article) else Article.from_mapping(given)
            assessment = scorer.score(article)
            answer = assessment.to_dict(task.explain, task.include_text)
            line = orjson.dumps(answer)
            answers.labels[answer["label"]] += 1
            if answer["abstained"]:
                answers.abstained[answer["abstained"]] += 1
            if answers.tally:
                answers.tally.add(article, assessment)
            if task.ledger:
                from scorer.ledger.assessments import row_of  # brings the database's library in, which few batches need

                answers.remembered.append(row_of(article, assessment, task.keep_text))
        except Exception as error:
            # Whatever one article does to us, the others are scored. Unknown errors are named by their type alone:
            # their text may quote the article.
            known = isinstance(error, InvalidInput)
            kind = error.kind if isinstance(error, InvalidInput) else "internal_error"
            detail = str(error) if known else f"{type(error).__name__} while scoring; please report it"
            answers.errors[kind] += 1
            answer = {"id": _id_of(item, given), "error": problem(kind, detail, line=number)}
            line = orjson.dumps(answer)
        written.append(line)
        if task.format != "jsonl":
            rows.append(row(answer, line))
    if task.format == "jsonl":
        data = b"".join(line + b"\n" for line in written)
    else:
        data = csv_lines(rows) if task.format == "csv" else json_lines(rows)
    if answers.tally:
        answers.tally.closed()
    answers.data = pack(data, task.packing) if data else b""
    return answers


def given_of(item: Item, columns: tuple[tuple[str, str], ...] = ()) -> Any:
    """The article, or the mapping it is to be made from. Raises `InvalidInput`."""
    if isinstance(item, InvalidInput):
        raise item
    if isinstance(item, Page):
        return _article(item)
    given = parse_json(item) if isinstance(item, bytes) else item
    if columns and isinstance(given, dict):
        given = given | {name: given[column] for name, column in columns if column in given}
    if isinstance(item, dict) and _is_number(given.get("reach")):  # CSV knows nothing but words
        given = {**given, "reach": int(given["reach"])}
    return given


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20


def _article(page: Page) -> Article:
    kind = guess_kind(page.raw, f".{'txt' if page.kind == 'text' else page.kind}")
    read = partial(read_article, page.raw, kind)
    article = read(page.charset) if kind != "json" else read()
    known = {name: getattr(article, name) for name in ("text", "html", "title", "source")}
    return Article(
        **known,
        id=article.id or page.id or None,
        url=article.url or page.url,
        date=article.date or page.date,
        reach=article.reach,
    )


def _id_of(item: Item, given: Any) -> str | None:
    if isinstance(item, Page):
        return item.id or None
    identifier = given.get("id") if isinstance(given, dict) else None
    is_id = isinstance(identifier, str | int) and not isinstance(identifier, bool)
    return str(identifier) if is_id else None
