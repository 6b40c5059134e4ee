"""The one way the service scores: through the gate, measured, remembered."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from flask import request

from api.desk import Desk
from api.parameters import Options
from api.problem import ProblemError
from api.streams import has_gone
from scorer.article import Article
from scorer.assessment import Assessment
from scorer.ledger.assessments import content_digest
from scorer.scorer import Scorer

MAX_KEY_CHARACTERS = 255
"""Longest `Idempotency-Key`."""

WAITED_SECONDS = 0.1
"""After a longer wait for a place it is looked whether the client is still there."""


def score(desk: Desk, article: Article, wanted: Options, *, store: bool = True) -> Assessment:
    """The assessment, stored unless the caller asked not to. Raises what scoring raises, and "busy" when too full."""
    scorer = desk.scorer(wanted.model, wanted.base_rate)
    with desk.gate.enter() as waited:
        desk.metrics.stage("queue", waited)
        if waited > WAITED_SECONDS and has_gone(request.environ):
            raise ProblemError("busy", "nobody waits for this answer any more")
        assessment = timed(desk, scorer, article)
    if store:
        remember(desk, (article, assessment))
    return assessment


def timed(desk: Desk, scorer: Scorer, article: Article) -> Assessment:
    """Score, and count it. The caller holds a place in the gate."""
    began = time.monotonic()
    assessment = scorer.score(article)
    desk.metrics.stage("score", time.monotonic() - began)
    desk.metrics.scored(assessment)
    return assessment


def remember(desk: Desk, *scored: tuple[Article, Assessment]) -> None:
    """Store articles with their assessments, all or none, and count the time."""
    if not scored:
        return
    began = time.monotonic()
    desk.ledger.assessments.remember_all(scored)
    for _, assessment in scored:
        desk.ledger.records.grew((assessment["source"] or {}).get("domain"))
    desk.metrics.stage("ledger", time.monotonic() - began)


def entity_tag(scorer: Scorer, article: Article, *form: Any) -> str:
    """Names an answer by what it is made of: the article, the versions, the base rate, and the form asked for.

    Known before scoring, for the same article scored by the same versions has the same answer. A weak tag: the record
    of the source beside the answer grows meanwhile.
    """
    known = (
        article.id, content_digest(article), article.url, article.source, article.date,
        *scorer.versions.values(), scorer.verdict.base_rate, *form,
    )  # fmt: skip
    return hashlib.sha256(repr(known).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def claim(desk: Desk, owner: str, *about: str | bytes) -> str | None:
    """Note down the request's `Idempotency-Key`: "first" or "same", None without one. Raises for another request."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if len(key) > MAX_KEY_CHARACTERS or not all("!" <= character <= "~" for character in key) or not key:
        raise ProblemError(
            "bad_request", f"Idempotency-Key must have 1 to {MAX_KEY_CHARACTERS} ASCII characters and no blanks"
        )
    digest = hashlib.sha256()
    for piece in (request.method, request.full_path, *about):
        digest.update(piece.encode("utf-8", "backslashreplace") if isinstance(piece, str) else piece)
        digest.update(b"\0")
    found = desk.ledger.repeats.claim(owner, key, digest.hexdigest())
    if found == "other":
        raise ProblemError("idempotency_key_reused", "this Idempotency-Key came with another request; take a new one")
    return found
