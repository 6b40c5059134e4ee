"""What people found: reviews of an article, and how far they agree with the model."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, g, request

from api import auth, scoring
from api.agreement import summary
from api.desk import desk
from api.parameters import only
from api.problem import ProblemError
from scorer.article import InvalidInput
from scorer.intake import parse_json

blueprint = Blueprint("reviews", __name__, url_prefix="/v1")

FIELDS = ("verdict", "reviewer", "reason", "finding")


@blueprint.get("/articles/<path:identifier>/reviews")
def read(identifier: str) -> Response:
    """The reviews of an article, oldest first."""
    only()
    return _json({"reviews": [review.to_dict() for review in desk().ledger.reviews.of(identifier)]})


@blueprint.post("/articles/<path:identifier>/reviews")
def add(identifier: str) -> Response:
    """Add a person's verdict on an article, or on one finding in it."""
    only()
    if request.mimetype != "application/json":
        raise ProblemError("unsupported_media_type", "send the review as application/json")
    raw = request.get_data(cache=False)
    given = _checked(parse_json(raw))
    if scoring.claim(desk(), auth.owner(), raw) == "same":
        told = {name: given.get(name) for name in FIELDS}
        for review in reversed(desk().ledger.reviews.of(identifier)):
            if {name: getattr(review, name) for name in FIELDS} == told:
                return _json(review.to_dict(), 201, {"Idempotent-Replayed": "true"})
    added = desk().ledger.reviews.add(identifier, **given)
    if added is None:
        raise ProblemError("not_found", "no article with this id was scored here")
    return _json(added.to_dict(), 201)


@blueprint.get("/reviews/summary")
def agreement() -> Response:
    """How far reviewers and the model agree: precision and recall at thresholds, with n."""
    only()
    return _json(summary(desk().ledger.reviews.every()))


def _checked(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise InvalidInput(f"a review must be a JSON object, got {type(given).__name__}")
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise InvalidInput(f"unknown field '{unknown[0][:50]}'; a review has {', '.join(FIELDS)}")
    whole = {"reviewer": g.get("key_id"), **given}
    for name in ("verdict", "reviewer"):
        if not isinstance(whole.get(name), str):
            raise InvalidInput(f"field '{name}' must be a string")
    if not isinstance(given.get("reason"), str | None):
        raise InvalidInput("field 'reason' must be a string or null")
    if not isinstance(given.get("finding"), dict | None):
        raise InvalidInput("field 'finding' must be an object or null")
    return whole


def _json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, mimetype="application/json", headers=headers)
