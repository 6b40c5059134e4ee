"""`POST /v1/articles/batch`: a JSON array up to a limit, or any number of lines of NDJSON, streamed both ways."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, cast

import orjson
from flask import Blueprint, Response, request, stream_with_context
from werkzeug.wsgi import get_input_stream

from api import scoring
from api.desk import Desk, desk
from api.parameters import Options, options
from api.problem import ProblemError
from api.streams import promptly
from scorer.article import Article, CredenceError, InvalidInput, TooLarge
from scorer.intake import parse_json
from scorer.problems import TITLES, problem
from scorer.scorer import Scorer

blueprint = Blueprint("batch", __name__, url_prefix="/v1/articles")

MAX_BATCH_ARTICLES = 1_000
"""Articles of a JSON array; more are sent as NDJSON, which has no limit."""

NDJSON = ("application/x-ndjson", "application/jsonl")
READ_BYTES = 1_024
"""How much of a stream is read at a time: small, so that a slow sender's lines are answered as they come."""


@blueprint.post("/batch")
def score() -> Response:
    """Score many: each article's assessment, or its error, in its place."""
    wanted = options("explain", "include", "base_rate", "model")
    at = desk()
    scorer = at.scorer(wanted.model, wanted.base_rate)  # a wrong parameter is refused before anything is sent
    if request.mimetype in NDJSON:
        # not request.stream, which is bounded as a whole; here each line is bounded instead
        lines = _lines(promptly(get_input_stream(request.environ)), at.settings.max_line_bytes)
        answers = (_one(at, scorer, wanted, number, line) + b"\n" for number, line in lines)
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
    told = (_one(at, scorer, wanted, number, item) for number, item in enumerate(given, 1))
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


def _one(at: Desk, scorer: Scorer, wanted: Options, number: int, given: Any) -> bytes:
    """The answer to one article: bytes of a line, or a decoded item of an array."""
    identifier: Any = None
    try:
        if given is None and request.mimetype in NDJSON:
            raise TooLarge(f"the line is longer than the limit max_line_bytes, {at.settings.max_line_bytes:,} bytes")
        item = parse_json(given) if isinstance(given, bytes) else given
        identifier = item.get("id") if isinstance(item, dict) else None
        article = Article.from_mapping(item)
        with at.gate.patient():
            assessment = scoring.timed(at, scorer, article)
        scoring.remember(at, article, assessment)
        return at.ledger.records.beside(assessment).to_json(wanted.explain, wanted.include_text)
    except CredenceError as error:
        about = _problem(error.kind, str(error), number)
    except Exception as error:
        about = _problem("internal_error", f"{type(error).__name__} while scoring; please report it", number)
    known = isinstance(identifier, str | int) and not isinstance(identifier, bool)
    return orjson.dumps({"id": str(identifier) if known else None, "error": about})


def _problem(kind: str, detail: str, line: int) -> dict[str, Any]:
    if kind in TITLES:
        return problem(kind, detail, line=line)
    from api.problem import CATALOGUE
    from scorer.problems import type_of

    return {"type": type_of(kind), "title": CATALOGUE[kind][1], "detail": detail, "line": line}
