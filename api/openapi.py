"""The interface as OpenAPI 3.1, built from the schemas that tests hold every answer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.problem import CATALOGUE
from scorer.assessment import EXPLAIN

_PARAMETERS: dict[str, dict[str, Any]] = {
    "explain": {"description": "How much evidence.", "schema": {"enum": list(EXPLAIN), "default": "full"}},
    "include": {"description": "Add the text and title that evidence counts in.", "schema": {"enum": ["text"]}},
    "base_rate": {
        "description": "Share of unreliable articles where the scores are used.",
        "schema": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    },
    "model": {"description": "Version of the model, one of /v1/models.", "schema": {"type": "string"}},
}

_OWN = ("$defs", "$id", "$schema")
"""What a schema says of itself and a component does not."""

_PATHS: dict[str, dict[str, dict[str, Any]]] = {
    "/v1/articles": {"post": {"summary": "Score an article", "query": ("explain", "include", "base_rate", "model")}},
    "/v1/articles/{id}": {"get": {"summary": "Read back an assessment", "query": ("explain", "include")}},
    "/v1/signals": {"get": {"summary": "What is measured"}},
    "/v1/models": {"get": {"summary": "Models that can be pinned"}},
    "/v1/schema": {"get": {"summary": "Every JSON Schema"}},
    "/v1/schema/{name}": {"get": {"summary": "One JSON Schema"}},
    "/healthz": {"get": {"summary": "The process is alive"}},
    "/readyz": {"get": {"summary": "The service can score and remember"}},
    "/openapi.json": {"get": {"summary": "This document"}},
}


def description(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The OpenAPI document. `schemas`: JSON Schemas by name; their `$defs` move to the components."""
    components: dict[str, Any] = {"Problem": _problem()}
    for name, schema in schemas.items():
        components[name.capitalize()] = _moved(
            {k: v for k, v in schema.items() if k not in ("$defs", "$id", "$schema")}
        )
        components |= {part: _moved(of) for part, of in schema.get("$defs", {}).items()}
    paths = {path: {verb: _operation(path, about) for verb, about in verbs.items()} for path, verbs in _PATHS.items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Credence",
            "version": "v1",
            "description": "How much an article, on the evidence in it, reads like the work of an unreliable source.",
        },
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(path: str, about: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [{"name": name, "in": "query", **_PARAMETERS[name]} for name in about.get("query", ())]
    for name in ("id", "name"):
        if f"{{{name}}}" in path:
            parameters.append({"name": name, "in": "path", "required": True, "schema": {"type": "string"}})
    answer: dict[str, Any] = {"type": "object"}
    if path.startswith("/v1/articles"):
        answer = {"$ref": "#/components/schemas/Assessment"}
    operation: dict[str, Any] = {
        "summary": about["summary"],
        "parameters": parameters,
        "responses": {
            "200": {"description": "Done", "content": {"application/json": {"schema": answer}}},
            "default": {
                "description": "A problem (RFC 9457)",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if path == "/v1/articles":
        article = {"$ref": "#/components/schemas/Article"}
        operation["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {"schema": article},
                "text/plain": {"schema": {"type": "string"}},
                "text/html": {"schema": {"type": "string"}},
            },
        }
    return operation


def _problem() -> dict[str, Any]:
    from scorer.problems import type_of

    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"enum": sorted(type_of(kind) for kind in CATALOGUE)},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
    }


def _moved(schema: Any) -> Any:
    """The schema with references to `$defs` turned to the document's components."""
    if isinstance(schema, Mapping):
        return {
            key: value.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(value)
            for key, value in schema.items()
        }
    return [_moved(item) for item in schema] if isinstance(schema, list) else schema
