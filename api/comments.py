"""`POST /v1alpha1/comments:analyze`: the same assessment in the shape of the Perspective API (docs/api.md).

What is not alike: these are no toxicity scores; UNRELIABLE is the risk, the others are shares; an attribute that cannot
be judged (a text too short for a verdict) is left out of `attributeScores`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request

from api import scoring
from api.desk import desk
from api.parameters import Options, only
from scorer.article import Article, InvalidInput, TooLarge
from scorer.assessment import Assessment
from scorer.intake import parse_json

blueprint = Blueprint("comments", __name__)

LANGUAGES = ("en",)
Span = tuple[int, int, float]


class AnalyzeError(Exception):
    """A failure in that API's form; `about` are the fields of its detail."""

    def __init__(self, message: str, kind: str | None = None, **about: Any) -> None:
        super().__init__(message)
        self.kind, self.about = kind, about

    def answer(self) -> Response:
        """Status 400 with Google's error body."""
        error: dict[str, Any] = {"code": 400, "message": str(self), "status": "INVALID_ARGUMENT"}
        if self.kind:
            of = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
            error["details"] = [{"@type": of, "errorType": self.kind, **self.about}]
        return Response(orjson.dumps({"error": error}), 400, mimetype="application/json")


@blueprint.post("/v1alpha1/comments:analyze")
def analyze() -> Response:
    """Score a text under the attributes asked for."""
    only("key")
    try:
        return _analyze()
    except AnalyzeError as error:
        return error.answer()
    except TooLarge as error:
        return AnalyzeError(str(error), "COMMENT_TOO_LONG").answer()
    except InvalidInput as error:
        return AnalyzeError(str(error)).answer()


def _analyze() -> Response:
    given = parse_json(request.get_data(cache=False))
    if not isinstance(given, dict):
        raise AnalyzeError("the request must be a JSON object")
    article = _article(_object(given, "comment"))
    asked = _object(given, "requestedAttributes")
    if not asked:
        raise AnalyzeError("requestedAttributes must name at least one attribute")
    thresholds = {name: _threshold(name, about) for name, about in asked.items()}
    languages = _languages(given, next(iter(asked)))
    store = not _flag(given, "doNotStore")
    with_spans = _flag(given, "spanAnnotations")
    assessment = scoring.score(desk(), article, Options(), store=store)
    found = assessment["language"] or "und"
    if not languages and assessment["abstained"] == "language":
        raise _unsupported(next(iter(asked)), [found])
    scores = {}
    for name, threshold in thresholds.items():
        value = ATTRIBUTES[name](assessment)
        if value is None or value[0] < threshold:
            continue
        scores[name] = {"summaryScore": {"value": value[0], "type": "PROBABILITY"}}
        if with_spans:
            scores[name]["spanScores"] = [  # type: ignore[assignment]
                {"begin": begin, "end": end, "score": {"value": score, "type": "PROBABILITY"}}
                for begin, end, score in value[1]
            ]
    told: dict[str, Any] = {"attributeScores": scores} if scores else {}
    told |= {"languages": languages or [found], "detectedLanguages": [found]}
    if isinstance(given.get("clientToken"), str):
        told["clientToken"] = given["clientToken"]
    return Response(orjson.dumps(told), mimetype="application/json")


def _article(comment: Mapping[str, Any]) -> Article:
    text = comment.get("text")
    if not isinstance(text, str) or not text.strip():
        raise AnalyzeError("Comment must be non-empty.", "COMMENT_EMPTY")
    kind = comment.get("type", "PLAIN_TEXT")
    if kind not in ("PLAIN_TEXT", "HTML", "TEXT_TYPE_UNSPECIFIED"):
        raise AnalyzeError("comment.type must be PLAIN_TEXT or HTML")
    return Article.from_mapping({"html": text} if kind == "HTML" else {"text": text})


def _threshold(name: str, about: Any) -> float:
    if name not in ATTRIBUTES:
        known = ", ".join(ATTRIBUTES)
        raise AnalyzeError(f"Unknown requested attribute: {name[:50]}. Known here: {known}")
    if not isinstance(about, dict):
        raise AnalyzeError(f"requestedAttributes.{name} must be an object")
    if about.get("scoreType", "PROBABILITY") not in ("PROBABILITY", "SCORE_TYPE_UNSPECIFIED"):
        raise AnalyzeError(f"requestedAttributes.{name}.scoreType must be PROBABILITY")
    threshold = about.get("scoreThreshold", 0)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
        raise AnalyzeError(f"requestedAttributes.{name}.scoreThreshold must lie between 0 and 1")
    return float(threshold)


def _languages(given: Mapping[str, Any], attribute: str) -> list[str]:
    languages = given.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(language, str) for language in languages):
        raise AnalyzeError("languages must be a list of language codes")
    if any(language.lower().partition("-")[0] not in LANGUAGES for language in languages):
        raise _unsupported(attribute, [language[:35] for language in languages])
    return languages


def _unsupported(attribute: str, languages: list[str]) -> AnalyzeError:
    return AnalyzeError(
        f"Attribute {attribute} does not support request languages: {', '.join(languages)}",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        languageNotSupportedByAttributeError={"detectedLanguages": languages, "attribute": attribute},
    )


def _object(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name)
    if not isinstance(value, dict):
        raise AnalyzeError(f"'{name}' must be an object")
    return value


def _flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise AnalyzeError(f"'{name}' must be true or false")
    return value


Value = tuple[float, list[Span]] | None
"""Summary score and scored spans of the text; None where the attribute cannot be judged."""


def _unreliable(assessment: Assessment) -> Value:
    risk = assessment["risk"]
    return None if risk is None else (risk, [(0, len(assessment.text), risk)])


def _unsourced(assessment: Assessment) -> Value:
    share = assessment.signals["attribution"].get("metrics", {}).get("attributed_share")
    return None if share is None else (1 - share, _figures(assessment, "sourced", False))


def _unconfirmed(assessment: Assessment) -> Value:
    share = assessment.signals["figures"].get("metrics", {}).get("unconfirmed_share")
    return (share or 0.0), _figures(assessment, "unconfirmed", True)


def _clickbait(assessment: Assessment) -> Value:
    share = assessment.signals["headline"].get("metrics", {}).get("clickbait")
    if share is None:
        return None
    title = assessment.title
    at = assessment.text.find(title) if title else -1
    return share, [(at, at + len(title), share)] if at >= 0 else []


def _teasers(assessment: Assessment) -> Value:
    teasers = assessment.signals["links"].get("teasers", [])
    if not teasers:
        return 0.0, []
    unrelated = [1 - teaser["related"] for teaser in teasers]
    placed = [
        (teaser["start"], teaser["end"], 1 - teaser["related"])
        for teaser in teasers
        if isinstance(teaser.get("start"), int) and isinstance(teaser.get("end"), int)
    ]
    return sum(share > 0.5 for share in unrelated) / len(unrelated), placed


def _figures(assessment: Assessment, field: str, value: bool) -> list[Span]:
    spans = assessment.signals["figures"].get("spans", [])
    return [(s["start"], s["end"], 1.0) for s in spans if s["kind"] == "figure" and s[field] is value]


ATTRIBUTES: dict[str, Callable[[Assessment], Value]] = {
    "UNRELIABLE": _unreliable,
    "UNSOURCED": _unsourced,
    "UNCONFIRMED_FIGURES": _unconfirmed,
    "CLICKBAIT": _clickbait,
    "UNRELATED_TEASERS": _teasers,
}
