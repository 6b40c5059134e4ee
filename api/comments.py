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
from api.analyze_error import AnalyzeError
from api.desk import desk
from api.parameters import Options, only
from scorer.article import Article, InvalidInput, TooLarge
from scorer.assessment import Assessment
from scorer.intake import parse_json

blueprint = Blueprint("comments", __name__)

LANGUAGES = ("en",)
TEXT_TYPES = ("PLAIN_TEXT", "HTML", "TEXT_TYPE_UNSPECIFIED")
SCORE_TYPES = ("PROBABILITY", "SCORE_TYPE_UNSPECIFIED")
Span = tuple[int, int, float]


SYSTEM_PARAMETERS = ("key", "alt", "prettyPrint", "quotaUser", "$.xgafv")
"""Query parameters that Google's client libraries add to every request; but for `key` they change nothing here."""


@blueprint.post("/v1alpha1/comments:analyze")
def analyze() -> Response:
    """Score a text under the attributes asked for."""
    only(*SYSTEM_PARAMETERS)
    try:
        return _analyze()
    except AnalyzeError as error:
        return error.answer()
    except TooLarge as error:
        return AnalyzeError(f"Comment text too long. {error}", "COMMENT_TOO_LONG").answer()
    except InvalidInput as error:
        return AnalyzeError(str(error)).answer()


def _analyze() -> Response:
    given = parse_json(request.get_data(cache=False))
    if not isinstance(given, dict):
        raise AnalyzeError("the request must be a JSON object")
    article = _article(_object(given, "comment"))
    asked = given.get("requestedAttributes") or {}
    if asked == {}:
        raise AnalyzeError("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
    thresholds = {name: _threshold(name, about) for name, about in _object(given, "requestedAttributes").items()}
    languages = _languages(given, next(iter(asked)))
    _check_context(given)
    token = given.get("clientToken")
    if not isinstance(token, str | None):
        raise AnalyzeError("'clientToken' must be a string")
    store = not _flag(given, "doNotStore")
    # words of a page stand elsewhere in the page than in the text taken out of it: no spans then
    with_spans = _flag(given, "spanAnnotations") and article.html is None
    assessment = scoring.score(desk(), article, Options(), store=False)
    if not languages and assessment["abstained"] == "language":
        raise AnalyzeError("Unable to detect language", "LANGUAGE_DETECTION_FAILED")
    if store:
        scoring.remember(desk(), (article, assessment))
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
    found = [assessment["language"]]
    told |= {"languages": languages or found, "detectedLanguages": found}
    if token is not None:
        told["clientToken"] = token
    return Response(orjson.dumps(told), mimetype="application/json")


def _article(comment: Mapping[str, Any]) -> Article:
    text = comment.get("text")
    if not isinstance(text, str) or not text.strip():
        raise AnalyzeError("Comment must be non-empty.", "COMMENT_EMPTY")
    kind = comment.get("type", "PLAIN_TEXT")
    if kind not in TEXT_TYPES:
        raise AnalyzeError("Unknown text type")
    return Article.from_mapping({"html": text} if kind == "HTML" else {"text": text})


def _threshold(name: str, about: Any) -> float:
    if name not in ATTRIBUTES:
        known = ", ".join(ATTRIBUTES)
        raise AnalyzeError(f"Unknown requested attribute: {name[:50]} (known here: {known})")
    if not isinstance(about, dict):
        raise AnalyzeError(f"requestedAttributes.{name} must be an object")
    kind = about.get("scoreType", "PROBABILITY")
    if kind not in SCORE_TYPES:
        raise AnalyzeError(f"Requested score type {str(kind)[:50]} is not supported by attribute {name}")
    threshold = about.get("scoreThreshold", 0)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
        raise AnalyzeError(f"requestedAttributes.{name}.scoreThreshold must lie between 0 and 1")
    return float(threshold)


def _languages(given: Mapping[str, Any], attribute: str) -> list[str]:
    languages = given.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(language, str) for language in languages):
        raise AnalyzeError("languages must be a list of language codes")
    if any(language.lower().partition("-")[0] not in LANGUAGES for language in languages):
        told = [language[:35] for language in languages]
        raise AnalyzeError(
            f"Attribute {attribute} does not support request languages: {', '.join(told)}",
            "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
            languageNotSupportedByAttributeError={"detectedLanguages": told, "attribute": attribute},
        )
    return languages


def _check_context(given: Mapping[str, Any]) -> None:
    context = given.get("context")
    if context is None:
        return
    if not isinstance(context, dict):
        raise AnalyzeError("'context' must be an object")
    if not isinstance(context.get("entries", []), list):
        raise AnalyzeError("context.entries must be a list")
    if context.get("entries") and context.get("articleAndParentComment"):
        raise AnalyzeError(
            "Context can have either entries or article_and_parent_comment, but both fields were populated."
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
