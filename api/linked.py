"""An assessment as schema.org linked data (JSON-LD), with the names of the W3C Credible Web group's signals.

https://schema.org/Review, https://credweb.org/signals-20191126 (its names, for what our signals measure alike).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

MEDIA_TYPE = "application/ld+json"

CREDWEB = {
    "headline": "Clickbait",
    "attribution": "Source Types",
    "style": "Extreme Exaggerating Rhetoric",
    "links": "Spam or Clickbait Advertisements",
}
"""Our signal -> the nearest signal the group names; others have none and keep their own name."""


def is_wanted() -> bool:
    """Whether the caller prefers linked data to plain JSON."""
    if request.environ.get("HTTP_ACCEPT", "*/*") == "*/*":
        return False
    best = request.accept_mimetypes.best_match(["application/json", MEDIA_TYPE])
    return bool(best == MEDIA_TYPE)


def document(fields: Mapping[str, Any], url: str | None) -> dict[str, Any]:
    """The assessment as a `Review` of an `Article`; ratings run from 0 (worst) to 1 (best), as `1 - risk`."""
    article: dict[str, Any] = {"@type": "Article", "identifier": fields["id"], "inLanguage": fields["language"]}
    if url:
        article |= {"@id": url, "url": url}
    if fields.get("source") and fields["source"].get("domain"):
        article["publisher"] = {"@type": "Organization", "url": f"https://{fields['source']['domain']}/"}
    cited = _citations(fields)
    if cited:
        article["isBasedOn"] = cited
    review: dict[str, Any] = {
        "@context": {"@vocab": "https://schema.org/", "credence": "urn:credence:terms:"},
        "@type": "Review",
        "itemReviewed": article,
        "reviewAspect": "reliability of the source, judged from this article alone",
        "author": {
            "@type": "SoftwareApplication",
            "name": "Credence",
            "softwareVersion": fields["versions"]["model"],
        },
        "reviewBody": f"Label: {fields['label'].replace('_', ' ')}. A statistical estimate, no finding of truth.",
        "credence:label": fields["label"],
        "credence:baseRate": fields["base_rate"],
        "associatedReview": [_signal(signal) for signal in fields["signals"]],
    }
    if fields["risk"] is not None:
        review["reviewRating"] = {
            "@type": "Rating",
            "ratingValue": 1 - fields["risk"],
            "bestRating": 1,
            "worstRating": 0,
        }
    else:
        review["credence:abstained"] = fields["abstained"]
    return review


def _signal(signal: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "@type": "Review",
        "reviewAspect": CREDWEB.get(signal["name"], signal["name"]),
        "credence:signal": signal["name"],
        "credence:contribution": signal["contribution"],
    }
    return told | ({"reviewBody": signal["summary"]} if signal.get("summary") else {})


def _citations(fields: Mapping[str, Any]) -> list[str]:
    for signal in fields["signals"]:
        if signal["name"] == "links":
            return [c["href"] for c in signal.get("citations", ()) if isinstance(c, Mapping) and c.get("href")]
    return []
