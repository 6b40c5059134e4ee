"""The interface as OpenAPI 3.1, built from the schemas that tests hold every answer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.interface import BODIES, PARAMETERS, PATHS, SCHEMAS
from api.problem import CATALOGUE
from scorer.problems import type_of

_OWN = ("$defs", "$id", "$schema")
"""What a schema says of itself and a component does not."""


def description(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The OpenAPI document. `schemas`: JSON Schemas by name; their `$defs` move to the components."""
    components: dict[str, Any] = {"Problem": _problem(), **SCHEMAS}
    for name, schema in schemas.items():
        components[name.capitalize()] = _moved({k: v for k, v in schema.items() if k not in _OWN})
        components |= {part: _moved(of) for part, of in schema.get("$defs", {}).items()}
    paths = {path: {verb: _operation(path, about) for verb, about in verbs.items()} for path, verbs in PATHS.items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Credence",
            "version": "v1",
            "description": "How much an article, on the evidence in it, reads like the work of an unreliable source.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "cred_…"}},
        },
        "security": [{}, {"key": []}],
    }


def _operation(path: str, about: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [{"name": name, "in": "query", **PARAMETERS[name]} for name in about.get("query", ())]
    for name in ("id", "name", "version", "domain"):
        if f"{{{name}}}" in path:
            parameters.append({"name": name, "in": "path", "required": True, "schema": {"type": "string"}})
    parameters += [{"name": name, "in": "header", "schema": {"type": "string"}} for name in about.get("headers", ())]
    content = about.get("answer", {"application/json": {"type": "object"}})
    operation: dict[str, Any] = {
        "summary": about["summary"],
        "parameters": parameters,
        "responses": {
            str(about.get("status", 200)): {"description": "Done", "content": _content(content)},
            "default": {
                "description": "A problem (RFC 9457)",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if about.get("headers"):
        operation["responses"]["304"] = {"description": "The caller has this answer already"}
    if path.startswith("/v1alpha1"):
        operation["responses"]["400"] = {
            "description": "An error in that API's form",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AnalyzeError"}}},
        }
    if "body" in about:
        operation["requestBody"] = {"required": True, "content": _content(BODIES[about["body"]])}
    return operation


def _content(types: Mapping[str, Any]) -> dict[str, Any]:
    return {mimetype: {"schema": schema} for mimetype, schema in types.items()}


def _problem() -> dict[str, Any]:
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
