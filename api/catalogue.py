"""What is measured, which models can be pinned, and the schemas everything here keeps to."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import orjson
from flask import Blueprint, Response

from api.desk import desk
from api.openapi import description
from api.parameters import options
from api.problem import ProblemError
from api.thresholds import at_base_rate
from scorer import words
from scorer.signals import MODULES

blueprint = Blueprint("catalogue", __name__)

SCHEMAS = ("assessment", "article")


@cache
def schema(name: str) -> dict[str, Any]:
    """A JSON Schema of this version, by name."""
    loaded: dict[str, Any] = json.loads((resources.files("scorer") / "schema" / f"{name}.json").read_text("utf-8"))
    return loaded


@blueprint.get("/v1/signals")
def signals() -> Response:
    """The signals, in the order they stand in an assessment."""
    options()
    told = [
        {
            "name": module.NAME,
            "title": words.SIGNALS[module.NAME],
            "description": " ".join((module.__doc__ or "").split("\n\n")[0].split()),
        }
        for module in MODULES
    ]
    return _json({"signals": told})


@blueprint.get("/v1/models")
def models() -> Response:
    """The models that `?model=` may name; the default one with its manifest's settings."""
    options()
    default = desk().default
    manifest = {name: value for name, value in default.model.manifest.items() if name not in ("files", "format")}
    return _json({"models": desk().models, "default": {**manifest, "version": default.model.version}})


@blueprint.get("/v1/models/<version>")
def one_model(version: str) -> Response:
    """A model, and what each threshold on its risk gives at a base rate."""
    wanted = options("base_rate")
    scorer = desk().scorer(version, wanted.base_rate) if version in desk().models else None
    if scorer is None:
        raise ProblemError("not_found", f"no model '{version[:50]}'; there are {', '.join(desk().models)}")
    manifest = scorer.model.manifest
    base_rate = scorer.verdict.base_rate
    told = {
        "version": version,
        "base_rate": base_rate,
        "cuts": manifest["cuts"],
        "thresholds": at_base_rate(manifest["operating_points"], base_rate),
    }
    return _json(told)


@blueprint.get("/v1/schema")
def schemas() -> Response:
    """Every schema by name."""
    options()
    return _json({name: schema(name) for name in SCHEMAS}, "application/schema+json")


@blueprint.get("/v1/schema/<name>")
def one_schema(name: str) -> Response:
    """One schema."""
    options()
    if name not in SCHEMAS:
        raise ProblemError("not_found", f"no schema '{name[:50]}'; there are {', '.join(SCHEMAS)}")
    return _json(schema(name), "application/schema+json")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """This interface as OpenAPI 3.1."""
    options()
    return _json(described())


def described() -> dict[str, Any]:
    """The OpenAPI document."""
    return _described(tuple(desk().models))


@cache
def _described(models: tuple[str, ...]) -> dict[str, Any]:
    return description({name: schema(name) for name in SCHEMAS}, models)


def _json(content: object, mimetype: str = "application/json") -> Response:
    return Response(orjson.dumps(content), mimetype=mimetype)
