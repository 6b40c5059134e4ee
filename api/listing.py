"""`GET /v1/articles`: what was scored, in pages by cursor, or all of it as CSV or NDJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, cast

import orjson
from flask import Blueprint, Response, request

from api.desk import desk
from api.parameters import choice, moment, only, share, whole, word, yes_or_no
from api.problem import ProblemError
from scorer.assessment import EXPLAIN, Assessment
from scorer.ledger import Filter
from scorer.ledger.assessments import Remembered
from scorer.ledger.listing import MAX_PAGE, SORTS, Sort

blueprint = Blueprint("listing", __name__)

LABELS = ("reliable", "mixed", "unreliable", "satire", "insufficient_evidence")
COLUMNS = ("id", "scored_at", "risk", "label", "domain", "url", "date", "model", "base_rate", "abstained")
"""Columns of the CSV export."""


@blueprint.get("/v1/articles")
def articles() -> Response:
    """A page of what was scored, or the export of it all."""
    only("label", "source", "min_risk", "max_risk", "since", "until", "reviewed", "sort", "limit", "cursor", "explain",
         "format")  # fmt: skip
    of = Filter(
        label=choice("label", LABELS),
        source=word("source"),
        min_risk=share("min_risk"),
        max_risk=share("max_risk"),
        since=moment("since"),
        until=moment("until"),
        reviewed=yes_or_no("reviewed"),
    )
    sort = cast(Sort, choice("sort", SORTS) or "newest")
    explain = choice("explain", EXPLAIN) or "none"
    form = choice("format", ("json", "ndjson", "csv")) or "json"
    if form == "json":
        page = desk().ledger.listing.page(of, sort, whole("limit", 50, 1, MAX_PAGE), word("cursor"))
        body = {"articles": [_told(item, explain) for item in page.items], "next": page.next}
        return Response(orjson.dumps(body), mimetype="application/json")
    if "limit" in request.args or "cursor" in request.args:
        raise ProblemError("bad_parameter", "an export holds everything: leave out limit and cursor")
    items = desk().ledger.listing.export(of, sort)
    first = next(items, None)  # a ledger that cannot be read is told while a status can still say so
    every = () if first is None else _chain(first, items)
    if form == "ndjson":
        lines = (orjson.dumps(_told(item, explain)) + b"\n" for item in every)
        return Response(lines, mimetype="application/x-ndjson")
    return Response(_table(every), content_type="text/csv; charset=utf-8")


def _chain(first: Remembered, others: Iterator[Remembered]) -> Iterator[Remembered]:
    yield first
    yield from others


def _told(item: Remembered, explain: str) -> dict[str, Any]:
    fields = item.to_dict()
    about = fields.pop("ledger")
    return {**Assessment(fields).to_dict(explain), "ledger": about}


def _table(items: Any) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in items:
        fields = item.to_dict()
        row = {**fields, **fields["ledger"], "model": fields["versions"]["model"]}
        writer.writerow([cell(row[name]) for name in COLUMNS])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (an id or an address may begin with one)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
