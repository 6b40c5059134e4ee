"""`/v1/articles`: score one, and read back what was scored."""

from __future__ import annotations

from urllib.parse import quote

import orjson
from flask import Blueprint, Response, request

from api.desk import desk
from api.parameters import options
from api.problem import ProblemError
from scorer.assessment import Assessment
from scorer.intake import Kind, read_article

blueprint = Blueprint("articles", __name__, url_prefix="/v1/articles")

KINDS: dict[str, Kind] = {"application/json": "json", "text/plain": "text", "text/html": "html"}
"""Content type -> how the body is read."""


@blueprint.post("")
def score() -> Response:
    """Score the article in the body."""
    wanted = options("explain", "include", "base_rate", "model")
    kind = KINDS.get(request.mimetype)
    if kind is None:
        raise ProblemError(
            "unsupported_media_type", f"send {', '.join(KINDS)}; got '{request.mimetype[:80] or 'no content type'}'"
        )
    article = read_article(request.get_data(cache=False), kind, request.mimetype_params.get("charset"))
    assessment = desk().scorer(wanted.model, wanted.base_rate).score(article)
    desk().ledger.remember(article, assessment)
    location = f"/v1/articles/{quote(assessment['id'], safe='')}"
    body = assessment.to_json(wanted.explain, wanted.include_text)
    return Response(body, mimetype="application/json", headers={"Content-Location": location})


@blueprint.get("/<path:identifier>")
def read(identifier: str) -> Response:
    """The latest assessment of an article, from the ledger."""
    wanted = options("explain", "include")
    found = desk().ledger.recall(identifier)
    if found is None:
        raise ProblemError("not_found", "no article with this id was scored here")
    fields = found.to_dict()
    about = fields.pop("ledger")
    told = Assessment(fields, found.text or "", found.title or "")
    body = told.to_dict(wanted.explain, wanted.include_text and found.text is not None)
    return Response(orjson.dumps({**body, "ledger": about}), mimetype="application/json")
