"""`/v1/sources`: what is known of a source, its history, and ratings from outside."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import cast

import orjson
from flask import Blueprint, Response, request

from api.desk import desk
from api.parameters import choice, only, whole, word
from api.problem import ProblemError
from scorer.article import InvalidInput
from scorer.domains import registrable
from scorer.ledger.sources import SourceFile
from scorer.rating_files import Refusals, read_ratings
from scorer.source_history import Unit, history

blueprint = Blueprint("sources", __name__, url_prefix="/v1/sources")

MAX_SOURCES_PAGE = 500
"""Sources a page holds at the most."""

MAX_REFUSALS_TOLD = 1_000
"""Refused rows that the report of an import names; it counts them all."""

FORMS = {"text/csv": "csv", "application/x-ndjson": "jsonl", "application/jsonl": "jsonl", "text/plain": "txt"}
"""Content type -> form of a list of ratings; text/plain is trust.txt."""


@blueprint.get("")
def sources() -> Response:
    """The sources that have an article or a rating, by domain."""
    only("limit", "cursor")
    limit = whole("limit", 50, 1, MAX_SOURCES_PAGE)
    found = desk().ledger.sources.page(limit + 1, word("cursor"))
    after = found[limit - 1].domain if len(found) > limit else None
    return _json({"sources": [asdict(line) for line in found[:limit]], "next": after})


@blueprint.get("/<domain>")
def source(domain: str) -> Response:
    """A source: reliability with its interval, what it rests on, ratings."""
    only()
    return _json(_file(domain).to_dict())


@blueprint.get("/<domain>/history")
def over_time(domain: str) -> Response:
    """A source by week or month, with the points where it changed."""
    only("by")
    unit = cast(Unit, choice("by", ("week", "month")) or "month")
    file = _file(domain)
    readings = desk().ledger.sources.readings(file.domain)
    told = [period.to_dict() for period in history(readings, unit)]
    return _json({"domain": file.domain, "by": unit, "periods": told})


@blueprint.post("/ratings")
def rate() -> Response:
    """Import a list of ratings, all or none; tells what was new, changed, the same, and what was refused and why."""
    only("rater", "date", "licence", "domain")
    form = FORMS.get(request.mimetype)
    if form is None:
        raise ProblemError("unsupported_media_type", f"send a list of ratings as {', '.join(FORMS)}")
    defaults = {name: given for name in ("rater", "date", "licence", "domain") if (given := word(name))}
    if form == "txt" and "domain" not in defaults:
        raise InvalidInput("trust.txt needs the parameter 'domain': the site that publishes it")
    refusals = Refusals()
    with tempfile.TemporaryDirectory(prefix="credence-ratings-") as folder:
        path = Path(folder) / f"ratings.{form}"
        path.write_bytes(request.get_data(cache=False))
        try:
            counts = desk().ledger.sources.rate(read_ratings(path, defaults, refusals))
        except InvalidInput as error:
            raise InvalidInput(str(error).replace(str(path), "the list")) from None
    desk().ledger.records.forget()
    told = [{"line": line, "reason": reason} for line, reason in refusals.lines[:MAX_REFUSALS_TOLD]]
    return _json({**{name: counts[name] for name in ("new", "changed", "same")}, "refused": len(refusals.lines),
                  "refusals": told})  # fmt: skip


def _file(domain: str) -> SourceFile:
    file = desk().ledger.sources.file(registrable(domain) or domain)
    if file is None:
        raise ProblemError("not_found", f"nothing is known of '{domain[:100]}': no article, no rating")
    return file


def _json(content: object) -> Response:
    return Response(orjson.dumps(content), mimetype="application/json")
