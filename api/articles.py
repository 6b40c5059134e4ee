"""`/v1/articles`: score one, and read back what was scored."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson
from flask import Blueprint, Response, request

from api import auth, linked, scoring
from api.asked import this_request
from api.desk import Desk, desk
from api.parameters import options
from api.problem import ProblemError
from api.streams import whole_body
from scorer.article import Article
from scorer.assessment import Assessment
from scorer.intake import Kind, parse_json, read_article

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import Headers

blueprint = Blueprint("articles", __name__, url_prefix="/v1/articles")

KINDS: dict[str, Kind] = {"application/json": "json", "text/plain": "text", "text/html": "html"}
"""Content type -> how the body is read."""


class Whole(Response):
    """An answer 200 whose body is there and whose addresses are ASCII: its headers need no second look."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers as they are."""
        return self.headers


@blueprint.post("")
def score() -> Response:
    """Score the article in the body."""
    wanted, at, asked = options("explain", "include", "base_rate", "model"), desk(), this_request()
    kind = KINDS.get(asked.mimetype)
    if kind is None:
        raise ProblemError(
            "unsupported_media_type", f"send {', '.join(KINDS)}; got '{asked.mimetype[:80] or 'no content type'}'"
        )
    raw = whole_body(asked)
    article = _fetched(at, raw) if kind == "json" and at.fetcher else None
    article = article or read_article(raw, kind, asked.mimetype_params.get("charset"))
    form = linked.MEDIA_TYPE if linked.is_wanted() else "application/json"
    tag = scoring.entity_tag(
        at.scorer(wanted.model, wanted.base_rate), article, wanted.explain, wanted.include_text, form
    )
    if asked.if_none_match.contains_weak(tag):
        raise ProblemError(
            "precondition_failed", "the article has the answer whose ETag was sent", {"ETag": f'W/"{tag}"'}
        )
    repeated = scoring.claim(at, auth.owner(), asked.mimetype, raw)
    assessment = at.ledger.records.beside(scoring.score(at, article, wanted))
    fields = assessment.to_dict(wanted.explain, wanted.include_text)
    body = linked.document(fields, article.url) if form == linked.MEDIA_TYPE else fields
    headers = {
        "Content-Location": f"/v1/articles/{quote(assessment['id'], safe='')}",
        "Vary": "Accept",
        "ETag": f'W/"{tag}"',
    }
    if repeated == "same":
        headers["Idempotent-Replayed"] = "true"
    return Whole(orjson.dumps(body), headers=headers, content_type=form)


@blueprint.get("/<path:identifier>")
def read(identifier: str) -> Response:
    """The latest assessment of an article, from the ledger."""
    wanted = options("explain", "include")
    found = desk().ledger.recall(identifier)
    if found is None:
        raise ProblemError("not_found", "no article with this id was scored here")
    fields = found.to_dict()
    about = fields.pop("ledger")
    if found.domain is not None:
        source = desk().ledger.sources.file(found.domain)
        fields["source"] = fields["source"] if source is None else source.to_dict()
    told = Assessment(fields, found.text or "", found.title or "")
    body = told.to_dict(wanted.explain, wanted.include_text and found.text is not None)
    form = "application/json"
    if linked.is_wanted():
        body, form = linked.document(body, found.url), linked.MEDIA_TYPE
    else:
        body = {**body, "ledger": about}
    response = Response(orjson.dumps(body), mimetype=form, headers={"Vary": "Accept"})
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _fetched(at: Desk, raw: bytes) -> Article | None:
    """The article at the `url` of a body that has nothing else to score; None where it has."""
    given = parse_json(raw)
    if not isinstance(given, dict) or any(given.get(name) for name in ("text", "html", "title")):
        return None
    if at.fetcher is None or not isinstance(given.get("url"), str):
        return None
    page = at.fetcher.fetch(given["url"])
    kind: Kind = "text" if page.mimetype == "text/plain" else "html"
    found = read_article(page.body, kind, page.charset)
    about = {name: given[name] for name in ("id", "source", "date", "reach") if given.get(name) is not None}
    return Article.from_mapping({"html": found.html, "text": found.text, "url": page.url, **about})
