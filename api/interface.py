"""What the OpenAPI document says of each endpoint: paths, parameters, bodies, answers. A test holds it complete."""

from __future__ import annotations

from typing import Any

from api.batch import MAX_BATCH_ARTICLES
from api.comments import ATTRIBUTES, LANGUAGES, SCORE_TYPES, SYSTEM_PARAMETERS, TEXT_TYPES
from api.listing import LABELS
from api.scoring import MAX_KEY_CHARACTERS
from scorer.article import MAX_TEXT_CHARACTERS
from scorer.assessment import EXPLAIN
from scorer.ledger.listing import SORTS
from scorer.ledger.reviews import (
    ARTICLE_VERDICTS,
    FINDING_VERDICTS,
    MAX_REASON_CHARACTERS,
    MAX_REVIEWER_CHARACTERS,
)
from scorer.signals import NAMES

_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_WORD = {"type": "string", "pattern": "\\S"}
_MOMENT = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


PARAMETERS: dict[str, dict[str, Any]] = {
    "explain": {"description": "How much evidence.", "schema": {"enum": list(EXPLAIN)}},
    "include": {"description": "Add the text and title that evidence counts in.", "schema": {"enum": ["text"]}},
    "base_rate": {
        "description": "Share of unreliable articles where the scores are used.",
        "schema": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    },
    "model": {"description": "Version of the model, one of /v1/models.", "schema": _ref("Model")},
    "label": {"description": "Only articles with this label.", "schema": {"enum": list(LABELS)}},
    "source": {"description": "Only articles of this registrable domain.", "schema": _WORD},
    "min_risk": {"description": "Only articles with this risk or more.", "schema": _SHARE},
    "max_risk": {"description": "Only articles with this risk or less.", "schema": _SHARE},
    "since": {"description": "Scored at this time (ISO 8601) or later.", "schema": _MOMENT},
    "until": {"description": "Scored before this time (ISO 8601).", "schema": _MOMENT},
    "reviewed": {"description": "Only articles with a review, or without.", "schema": {"enum": ["true", "false"]}},
    "sort": {"description": "Order of the list.", "schema": {"enum": list(SORTS)}},
    "limit": {"description": "Lines of a page.", "schema": {"type": "integer", "minimum": 1, "maximum": 500}},
    "cursor": {"description": "`next` of the page before.", "schema": _WORD},
    "format": {"description": "A page, or an export of everything.", "schema": {"enum": ["json", "ndjson", "csv"]}},
    "by": {"description": "Periods of the history.", "schema": {"enum": ["week", "month"]}},
    "rater": {"description": "Who judged, for rows that do not say.", "schema": _WORD},
    "date": {"description": "When, for rows that do not say.", "schema": {"type": "string", "format": "date"}},
    "licence": {"description": "Licence of the list.", "schema": _WORD},
    "domain": {"description": "The site that publishes a trust.txt.", "schema": _WORD},
    "key": {"description": "An API key, where clients of that API put it.", "schema": {"type": "string"}},
}

for _name in SYSTEM_PARAMETERS:
    PARAMETERS.setdefault(
        _name, {"description": "Added by Google's clients; changes nothing.", "schema": {"type": "string"}}
    )

HEADERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {
        "description": "A request sent again under its key has its effect once.",
        "schema": {"type": "string", "pattern": f"^[!-~]{{1,{MAX_KEY_CHARACTERS}}}$"},
    },
    "If-None-Match": {"description": "ETag of an answer that the caller has.", "schema": {"type": "string"}},
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
            "reviewer": {
                "type": "string", "maxLength": MAX_REVIEWER_CHARACTERS, "pattern": "\\S",
                "description": "Without one, the id of the key; without keys it must be there.",
            },
            "reason": {"type": ["string", "null"], "maxLength": MAX_REASON_CHARACTERS},
            "finding": {"anyOf": [_ref("Finding"), {"type": "null"}]},
        },
        "if": {"required": ["finding"], "properties": {"finding": {"type": "object"}}},
        "then": {"properties": {"verdict": {"enum": list(FINDING_VERDICTS)}}},
        "else": {"properties": {"verdict": {"enum": list(ARTICLE_VERDICTS)}}},
    },
    "Finding": {
        "type": "object",
        "required": ["signal"],
        "additionalProperties": False,
        "dependentRequired": {"start": ["end"], "end": ["start"]},
        "properties": {
            "signal": {"enum": list(NAMES)},
            "start": {"type": "integer", "minimum": 0},
            "end": {"type": "integer", "minimum": 1, "description": "More than start."},
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
            "comment": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {"type": "string", "pattern": "\\S", "maxLength": MAX_TEXT_CHARACTERS},
                    "type": {"enum": list(TEXT_TYPES)},
                },
            },
            "requestedAttributes": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"enum": list(ATTRIBUTES)},
                "additionalProperties": {
                    "type": "object",
                    "properties": {"scoreType": {"enum": list(SCORE_TYPES)}, "scoreThreshold": _SHARE},
                },
            },
            "languages": {"type": "array", "items": {"enum": list(LANGUAGES)}},
            "spanAnnotations": {"type": "boolean"},
            "doNotStore": {"type": "boolean"},
            "clientToken": {"type": ["string", "null"]},
            "context": {"type": ["object", "null"], "properties": {"entries": {"type": "array"}}},
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
    "article": {"application/json": _ref("Article"), "text/plain": _WORD, "text/html": _WORD},
    "batch": {
        "application/json": {
            "type": "array",
            "description": "Articles; another item gets an error in its place.",
            "maxItems": MAX_BATCH_ARTICLES,
        },
        "application/x-ndjson": _TEXT,
    },
    "review": {"application/json": _ref("NewReview")},
    "ratings": {"text/csv": _TEXT, "application/x-ndjson": _TEXT, "text/plain": _TEXT},
    "comment": {"application/json": _ref("AnalyzeRequest")},
}

LINKS: dict[str, tuple[str, str, dict[str, str]]] = {
    "article": ("get", "/v1/articles/{id}", {"id": "$response.body#/id"}),
    "review": ("post", "/v1/articles/{id}/reviews", {"id": "$response.body#/id"}),
    "reviews": ("get", "/v1/articles/{id}/reviews", {"id": "$response.body#/id"}),
    "next": ("get", "/v1/articles", {"cursor": "$response.body#/next"}),
    "its history": ("get", "/v1/sources/{domain}/history", {"domain": "$response.body#/domain"}),
    "default model": ("get", "/v1/models/{version}", {"version": "$response.body#/default/version"}),
}
"""Link from an answer to the next request: method, path, parameters taken from the answer."""

_ASSESSMENT = {"application/json": _ref("Assessment"), "application/ld+json": _OBJECT}
_TAGS = ("If-None-Match",)

PATHS: dict[str, dict[str, dict[str, Any]]] = {
    "/v1/articles": {
        "post": {
            "summary": "Score an article", "query": ("explain", "include", "base_rate", "model"), "body": "article",
            "answer": _ASSESSMENT, "headers": ("Idempotency-Key", "If-None-Match"), "failures": (412, 502),
            "links": ("article", "review", "reviews"),
        },
        "get": {
            "summary": "What was scored",
            "query": ("label", "source", "min_risk", "max_risk", "since", "until", "reviewed", "sort", "limit",
                      "cursor", "explain", "format"),
            "answer": {"application/json": _ref("Page"), "application/x-ndjson": _TEXT, "text/csv": _TEXT},
            "links": ("next",),
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
    "/v1/sources/{domain}": {"get": {"summary": "A source", "links": ("its history",)}},
    "/v1/sources/{domain}/history": {"get": {"summary": "A source by week or month", "query": ("by",)}},
    "/v1/sources/ratings": {
        "post": {
            "summary": "Import ratings of sources", "query": ("rater", "date", "licence", "domain"), "body": "ratings"
        }
    },
    "/v1/signals": {"get": {"summary": "What is measured"}},
    "/v1/models": {"get": {"summary": "Models that can be pinned", "links": ("default model",)}},
    "/v1/models/{version}": {
        "get": {
            "summary": "What each threshold gives at a base rate", "query": ("base_rate",),
            "answer": {"application/json": _ref("Thresholds")},
        }
    },
    "/v1/schema": {"get": {"summary": "Every JSON Schema", "answer": {"application/schema+json": _OBJECT}}},
    "/v1/schema/{name}": {"get": {"summary": "One JSON Schema", "answer": {"application/schema+json": _OBJECT}}},
    "/v1alpha1/comments:analyze": {
        "post": {
            "summary": "The same in the shape of the Perspective API", "query": SYSTEM_PARAMETERS, "body": "comment"
        }
    },
    "/healthz": {"get": {"scope": None, "summary": "The process is alive"}},
    "/readyz": {"get": {"scope": None, "summary": "The service can score and remember"}},
    "/metrics": {"get": {"summary": "Counters for Prometheus", "answer": {"text/plain": _TEXT}}},
    "/openapi.json": {"get": {"scope": None, "summary": "This document"}},
    "/docs": {"get": {"scope": None, "summary": "This document, for people", "answer": {"text/html": _TEXT}}},
}  # fmt: skip
