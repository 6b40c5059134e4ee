"""Whether the process lives (`/healthz`) and whether the service can do its work (`/readyz`)."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from api.desk import desk
from api.parameters import options
from api.problem import ProblemError

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    options()
    return Response(orjson.dumps({"status": "ok"}), mimetype="application/json")


@blueprint.get("/readyz")
def ready() -> Response:
    """A model is loaded, the ledger can be read, nobody told the service to stop; else a problem with status 503."""
    options()
    if desk().draining.is_set():
        raise ProblemError("draining", "the service was told to stop; it finishes what it has begun")
    desk().ledger.check()
    body = {"status": "ready", "model": desk().default.model.version}
    return Response(orjson.dumps(body), mimetype="application/json")
