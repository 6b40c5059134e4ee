"""`POST /v1/articles/batch`: a JSON array up to a limit, or any number of lines of NDJSON, streamed both ways."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
from flask import Blueprint, Response, request, stream_with_context
from werkzeug.wsgi import get_input_stream

from api import scoring
from api.desk import Desk, desk
from api.parameters import Options, options
from api.problem import ProblemError
from api.streams import line_waits, promptly
from scorer.article import Article, CredenceError, InvalidInput, TooLarge
from scorer.assessment import Assessment
from scorer.intake import parse_json
from scorer.ledger import LedgerError
from scorer.problems import TITLES, problem
from scorer.scorer import Scorer

blueprint = Blueprint("batch", __name__, url_prefix="/v1/articles")

MAX_BATCH_ARTICLES = 1_000
"""Articles of a JSON array; more are sent as NDJSON, which has no limit."""

NDJSON = ("application/x-ndjson", "application/jsonl")
READ_BYTES = 1_024
"""How much of a stream is read at a time: small, so that a slow sender's lines are answered as they come."""

BUNCH_ARTICLES, BUNCH_CHARACTERS, BUNCH_SECONDS = 32, 1_000_000, 0.25
"""So many articles are stored at once, and then answered, where more are there already; never more than these allow."""


@blueprint.post("/batch")
def score() -> Response:
    """Score many: each article's assessment, or its error, in its place."""
    wanted = options("explain", "include", "base_rate", "model")
    at = desk()
    scorer = at.scorer(wanted.model, wanted.base_rate)  # a wrong parameter is refused before anything is sent
    if request.mimetype in NDJSON:
        # not request.stream, which is bounded as a whole; here each line is bounded instead
        body, wire = promptly(get_input_stream(request.environ)), request.environ.get("gunicorn.socket")
        lines = _lines(body, at.settings.max_line_bytes)
        told = _answers(at, scorer, wanted, lines, lambda: line_waits(body, wire))
        answers = (answer + b"\n" for answer in told)
        return Response(cast(Iterator[bytes], stream_with_context(answers)), mimetype=NDJSON[0])
    if request.mimetype != "application/json":
        raise ProblemError("unsupported_media_type", f"send application/json (an array) or {NDJSON[0]}")
    given = parse_json(request.get_data(cache=False))
    if not isinstance(given, list):
        raise InvalidInput(f"a batch must be a JSON array of articles, got {type(given).__name__}")
    if len(given) > MAX_BATCH_ARTICLES:
        raise TooLarge(
            f"the array has {len(given):,} articles, the limit MAX_BATCH_ARTICLES is {MAX_BATCH_ARTICLES:,}; "
            f"send {NDJSON[0]}, one article a line"
        )
    told = _answers(at, scorer, wanted, enumerate(given, 1), lambda: True)
    return Response(cast(Iterator[bytes], stream_with_context(_array(told))), mimetype="application/json")


def _array(told: Iterator[bytes]) -> Iterator[bytes]:
    before = b"["
    for answer in told:
        yield before + answer
        before = b","
    yield b"[]" if before == b"[" else b"]"


def _lines(stream: Any, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Number and content of each line that is not blank; None for one past the limit, of which no more is kept."""
    if isinstance(stream, io.RawIOBase):
        stream = io.BufferedReader(stream, READ_BYTES)
    number = 0
    while True:
        number += 1
        line = stream.readline(limit + 2)
        if not line:
            return
        if len(line.rstrip(b"\r\n")) > limit:
            while line and not line.endswith(b"\n"):
                line = stream.readline(READ_BYTES)
            yield number, None
        elif line.strip():
            yield number, line


@dataclass(frozen=True, slots=True)
class Scored:
    """An article in its place, with its assessment, or with the error instead."""

    number: int
    identifier: str | None
    article: Article | None = None
    assessment: Assessment | None = None
    error: Exception | None = None

    def answer(self, at: Desk, wanted: Options, unstored: Exception | None) -> bytes:
        """What the caller is told; `unstored` is why nothing could be stored, None where all was."""
        error = self.error or unstored
        if self.assessment is not None and error is None:
            try:
                return at.ledger.records.beside(self.assessment).to_json(wanted.explain, wanted.include_text)
            except LedgerError as unread:
                error = unread
        if isinstance(error, CredenceError):
            about = _problem(error.kind, str(error), self.number)
        else:
            about = _problem("internal_error", f"{type(error).__name__} while scoring; please report it", self.number)
        return orjson.dumps({"id": self.identifier, "error": about})


def _answers(
    at: Desk, scorer: Scorer, wanted: Options, items: Iterable[tuple[int, Any]], more: Callable[[], bool]
) -> Iterator[bytes]:
    """The answer to each article, once it is stored: together with the next ones as long as there are `more` by now.

    A transaction each would wait for the disk longer than scoring takes.
    """
    bunch: list[Scored] = []
    began, characters = 0.0, 0
    for number, item in items:
        if not bunch:
            began, characters = time.monotonic(), 0
        scored = _scored(at, scorer, number, item)
        bunch.append(scored)
        if scored.article is not None:
            characters += len(scored.article.html if scored.article.html is not None else scored.article.text)
        is_full = len(bunch) == BUNCH_ARTICLES or characters > BUNCH_CHARACTERS
        if is_full or time.monotonic() - began > BUNCH_SECONDS or not more():
            yield from _stored(at, wanted, bunch)
            bunch = []
    yield from _stored(at, wanted, bunch)


def _stored(at: Desk, wanted: Options, bunch: Sequence[Scored]) -> Iterator[bytes]:
    found = [(one.article, one.assessment) for one in bunch if one.article is not None and one.assessment is not None]
    unstored: Exception | None = None
    try:
        scoring.remember(at, *found)
    except Exception as error:
        unstored = error
    for one in bunch:
        yield one.answer(at, wanted, unstored)


def _scored(at: Desk, scorer: Scorer, number: int, given: Any) -> Scored:
    """Score bytes of a line, or a decoded item of an array."""
    identifier: str | None = None
    try:
        if given is None and request.mimetype in NDJSON:
            raise TooLarge(f"the line is longer than the limit max_line_bytes, {at.settings.max_line_bytes:,} bytes")
        item = parse_json(given) if isinstance(given, bytes) else given
        named = item.get("id") if isinstance(item, dict) else None
        identifier = str(named) if isinstance(named, str | int) and not isinstance(named, bool) else None
        article = Article.from_mapping(item)
        with at.gate.patient():
            assessment = scoring.timed(at, scorer, article)
    except Exception as error:
        return Scored(number, identifier, error=error)
    return Scored(number, identifier, article, assessment)


def _problem(kind: str, detail: str, line: int) -> dict[str, Any]:
    if kind in TITLES:
        return problem(kind, detail, line=line)
    from api.problem import CATALOGUE
    from scorer.problems import type_of

    return {"type": type_of(kind), "title": CATALOGUE[kind][1], "detail": detail, "line": line}
