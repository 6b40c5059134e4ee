"""The interface as OpenAPI 3.1, built from the schemas that tests hold every answer to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.interface import BODIES, HEADERS, LINKS, PARAMETERS, PATHS, SCHEMAS
from api.problem import CATALOGUE
from scorer.problems import type_of

_OWN = ("$defs", "$id", "$schema")
"""What a schema says of itself and a component does not."""


def description(schemas: Mapping[str, Mapping[str, Any]], models: Sequence[str]) -> dict[str, Any]:
    """The OpenAPI document. `schemas`: JSON Schemas by name; their `$defs` move to the components.

    `models` are the versions that can be pinned.
    """
    components: dict[str, Any] = {"Problem": _problem(), **SCHEMAS}
    for name, schema in schemas.items():
        components[name.capitalize()] = _moved({k: v for k, v in schema.items() if k not in _OWN})
        components |= {part: _moved(of) for part, of in schema.get("$defs", {}).items()}
    components["Model"] = {"enum": list(models)}
    paths = {
        path: {verb: _operation(path, verb, about) for verb, about in verbs.items()} for path, verbs in PATHS.items()
    }
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


def _operation(path: str, verb: str, about: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [{"name": name, "in": "query", **PARAMETERS[name]} for name in about.get("query", ())]
    for name in ("id", "name", "version", "domain"):
        if f"{{{name}}}" in path:
            parameters.append({"name": name, "in": "path", "required": True, "schema": {"type": "string"}})
    parameters += [{"name": name, "in": "header", **HEADERS[name]} for name in about.get("headers", ())]
    content = about.get("answer", {"application/json": {"type": "object"}})
    answers: dict[str, Any] = {str(about.get("status", 200)): {"description": "Done", "content": _content(content)}}
    if "If-None-Match" in about.get("headers", ()) and "body" not in about:
        answers["304"] = {"description": "The caller has this answer already"}
    form = _GOOGLE if path.startswith("/v1alpha1") else _PROBLEM
    answers |= {str(status): {"description": _MEANING[status], "content": form} for status in _failures(path, about)}
    answers[str(about.get("status", 200))] |= _links(about)
    operation: dict[str, Any] = {
        "operationId": _operation_id(path, verb),
        "summary": about["summary"],
        "parameters": parameters,
        "responses": answers,
    }
    if about.get("scope", "read") is None:
        operation["security"] = []
    if "body" in about:
        operation["requestBody"] = {"required": True, "content": _content(BODIES[about["body"]])}
    return operation


def _operation_id(path: str, verb: str) -> str:
    """Of "post" and "/v1/articles/{id}/reviews": "post_v1_articles_id_reviews"."""
    return "_".join([verb, *re.findall(r"\w+", path)])


def _links(about: Mapping[str, Any]) -> dict[str, Any]:
    """Where an answer leads: a link's name -> the operation, with what of the answer its parameters are."""
    links = {
        name: {"operationId": _operation_id(path, verb), "parameters": parameters}
        for name, (verb, path, parameters) in LINKS.items()
        if name in about.get("links", ())
    }
    return {"links": links} if links else {}


_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_GOOGLE = {"application/json": {"schema": {"$ref": "#/components/schemas/AnalyzeError"}}}

_MEANING = {
    400: "The request is not what this endpoint reads",
    401: "An API key is needed",
    403: "The key lacks the scope, or a browser sent this for a page of another site",
    404: "There is nothing here",
    412: "The caller has this answer already",
    413: "The body or a field of it passes a limit",
    415: "This content type is not read here",
    422: "The Idempotency-Key belongs to another request, or the article takes longer than is allowed",
    429: "Too many requests",
    502: "The page cannot be fetched",
    503: "Too many articles wait, or the ledger cannot be used; Retry-After says when to come back",
}
"""Status -> what it means; the names of the problems stand in docs/api.md."""


def _failures(path: str, about: Mapping[str, Any]) -> list[int]:
    """The statuses of an endpoint's failures. 500 is none of them: it would be a fault of ours."""
    found = {400, 503}
    if about.get("scope", "read") is not None:
        found |= {401, 403, 429}
    if "{" in path:
        found.add(404)
    if "body" in about:
        found |= {403, 413, 415}
    if path.startswith("/v1alpha1"):  # there, everything about the body is 400
        found -= {413, 415}
    if "Idempotency-Key" in about.get("headers", ()):
        found.add(422)
    found |= set(about.get("failures", ()))
    return sorted(found)


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
