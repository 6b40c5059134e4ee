"""What the OpenAPI document says of each endpoint: paths, parameters, bodies, answers. A test holds it complete."""

from __future__ import annotations

from typing import Any

from api.comments import ATTRIBUTES
from api.listing import LABELS
from scorer.assessment import EXPLAIN
from scorer.ledger.listing import SORTS
from scorer.ledger.reviews import ARTICLE_VERDICTS, FINDING_VERDICTS

_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_WORD = {"type": "string", "minLength": 1}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


PARAMETERS: dict[str, dict[str, Any]] = {
    "explain": {"description": "How much evidence.", "schema": {"enum": list(EXPLAIN)}},
    "include": {"description": "Add the text and title that evidence counts in.", "schema": {"enum": ["text"]}},
    "base_rate": {
        "description": "Share of unreliable articles where the scores are used.",
        "schema": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    },
    "model": {"description": "Version of the model, one of /v1/models.", "schema": _WORD},
    "label": {"description": "Only articles with this label.", "schema": {"enum": list(LABELS)}},
    "source": {"description": "Only articles of this registrable domain.", "schema": _WORD},
    "min_risk": {"description": "Only articles with this risk or more.", "schema": _SHARE},
    "max_risk": {"description": "Only articles with this risk or less.", "schema": _SHARE},
    "since": {"description": "Scored at this time (ISO 8601) or later.", "schema": _WORD},
    "until": {"description": "Scored before this time (ISO 8601).", "schema": _WORD},
    "reviewed": {"description": "Only articles with a review, or without.", "schema": {"enum": ["true", "false"]}},
    "sort": {"description": "Order of the list.", "schema": {"enum": list(SORTS)}},
    "limit": {"description": "Lines of a page.", "schema": {"type": "integer", "minimum": 1, "maximum": 500}},
    "cursor": {"description": "`next` of the page before.", "schema": _WORD},
    "format": {"description": "A page, or an export of everything.", "schema": {"enum": ["json", "ndjson", "csv"]}},
    "by": {"description": "Periods of the history.", "schema": {"enum": ["week", "month"]}},
    "rater": {"description": "Who judged, for rows that do not say.", "schema": _WORD},
    "date": {"description": "When, for rows that do not say.", "schema": _WORD},
    "licence": {"description": "Licence of the list.", "schema": _WORD},
    "domain": {"description": "The site that publishes a trust.txt.", "schema": _WORD},
    "key": {"description": "An API key, where clients of that API put it.", "schema": {"type": "string"}},
}

_OBJECT = {"type": "object"}
_NULLABLE_SHARE = {"anyOf": [_SHARE, {"type": "null"}]}

SCHEMAS: dict[str, Any] = {
    "Review": {
        "type": "object",
        "required": ["id", "article_id", "verdict", "reason", "reviewer", "finding", "created"],
        "properties": {"verdict": {"enum": [*ARTICLE_VERDICTS, *FINDING_VERDICTS]}},
    },
    "NewReview": {
        "type": "object",
        "required": ["verdict"],
        "additionalProperties": False,
        "properties": {
            "verdict": {"enum": [*ARTICLE_VERDICTS, *FINDING_VERDICTS]},
            "reviewer": {"type": "string", "description": "Without one, the id of the key."},
            "reason": {"type": ["string", "null"]},
            "finding": {"type": ["object", "null"], "description": "signal, start, end"},
        },
    },
    "Line": {
        "description": "An assessment, or an error in its place.",
        "anyOf": [_ref("Assessment"), {"type": "object", "required": ["id", "error"]}],
    },
    "Thresholds": {
        "type": "object",
        "required": ["version", "base_rate", "cuts", "thresholds"],
        "properties": {
            "thresholds": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["threshold", "precision", "recall", "false_positive_rate", "flagged"],
                    "properties": {"precision": _NULLABLE_SHARE, "recall": _SHARE, "flagged": _SHARE},
                },
            }
        },
    },
    "AnalyzeRequest": {
        "type": "object",
        "required": ["comment", "requestedAttributes"],
        "properties": {
            "comment": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
            "requestedAttributes": {
                "type": "object", "minProperties": 1, "propertyNames": {"enum": list(ATTRIBUTES)},
            },
            "languages": {"type": "array", "items": {"type": "string"}},
            "spanAnnotations": {"type": "boolean"},
            "doNotStore": {"type": "boolean"},
            "clientToken": {"type": "string"},
        },
    },
    "AnalyzeError": {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "object", "required": ["code", "message", "status"]}},
    },
    "Page": {
        "type": "object",
        "required": ["articles", "next"],
        "properties": {
            "articles": {"type": "array", "items": _ref("Assessment")},
            "next": {"type": ["string", "null"]},
        },
    },
}  # fmt: skip

_TEXT: dict[str, Any] = {"type": "string"}

BODIES: dict[str, dict[str, Any]] = {
    "article": {"application/json": _ref("Article"), "text/plain": _TEXT, "text/html": _TEXT},
    "batch": {"application/json": {"type": "array", "items": _OBJECT}, "application/x-ndjson": _TEXT},
    "review": {"application/json": _ref("NewReview")},
    "ratings": {"text/csv": _TEXT, "application/x-ndjson": _TEXT, "text/plain": _TEXT},
    "comment": {"application/json": _ref("AnalyzeRequest")},
}

_ASSESSMENT = {"application/json": _ref("Assessment"), "application/ld+json": _OBJECT}
_TAGS = ("If-None-Match",)

PATHS: dict[str, dict[str, dict[str, Any]]] = {
    "/v1/articles": {
        "post": {
            "summary": "Score an article", "query": ("explain", "include", "base_rate", "model"), "body": "article",
            "answer": _ASSESSMENT, "headers": ("Idempotency-Key",),
        },
        "get": {
            "summary": "What was scored",
            "query": ("label", "source", "min_risk", "max_risk", "since", "until", "reviewed", "sort", "limit",
                      "cursor", "explain", "format"),
            "answer": {"application/json": _ref("Page"), "application/x-ndjson": _TEXT, "text/csv": _TEXT},
        },
    },
    "/v1/articles/batch": {
        "post": {
            "summary": "Score many", "query": ("explain", "include", "base_rate", "model"), "body": "batch",
            "answer": {"application/json": {"type": "array", "items": _ref("Line")}, "application/x-ndjson": _TEXT},
        }
    },
    "/v1/articles/{id}": {
        "get": {
            "summary": "Read back an assessment", "query": ("explain", "include"), "answer": _ASSESSMENT,
            "headers": _TAGS,
        }
    },
    "/v1/articles/{id}/reviews": {
        "get": {"summary": "Reviews of an article"},
        "post": {
            "summary": "Review an article or a finding", "body": "review", "status": 201,
            "answer": {"application/json": _ref("Review")}, "headers": ("Idempotency-Key",),
        },
    },
    "/v1/reviews/summary": {"get": {"summary": "Agreement of reviewers with the model"}},
    "/v1/sources": {"get": {"summary": "Sources that have an article or a rating", "query": ("limit", "cursor")}},
    "/v1/sources/{domain}": {"get": {"summary": "A source"}},
    "/v1/sources/{domain}/history": {"get": {"summary": "A source by week or month", "query": ("by",)}},
    "/v1/sources/ratings": {
        "post": {
            "summary": "Import ratings of sources", "query": ("rater", "date", "licence", "domain"), "body": "ratings"
        }
    },
    "/v1/signals": {"get": {"summary": "What is measured"}},
    "/v1/models": {"get": {"summary": "Models that can be pinned"}},
    "/v1/models/{version}": {
        "get": {
            "summary": "What each threshold gives at a base rate", "query": ("base_rate",),
            "answer": {"application/json": _ref("Thresholds")},
        }
    },
    "/v1/schema": {"get": {"summary": "Every JSON Schema", "answer": {"application/schema+json": _OBJECT}}},
    "/v1/schema/{name}": {"get": {"summary": "One JSON Schema", "answer": {"application/schema+json": _OBJECT}}},
    "/v1alpha1/comments:analyze": {
        "post": {"summary": "The same in the shape of the Perspective API", "query": ("key",), "body": "comment"}
    },
    "/healthz": {"get": {"summary": "The process is alive"}},
    "/readyz": {"get": {"summary": "The service can score and remember"}},
    "/metrics": {"get": {"summary": "Counters for Prometheus", "answer": {"text/plain": _TEXT}}},
    "/openapi.json": {"get": {"summary": "This document"}},
    "/docs": {"get": {"summary": "This document, for people", "answer": {"text/html": _TEXT}}},
}  # fmt: skip
