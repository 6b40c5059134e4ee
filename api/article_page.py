"""`/articles/{id}`: an article that was scored, its findings as CSV, and the form that says "this is wrong"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api import demonstration, findings_table
from api.article_view import Shown, address, view
from api.desk import desk
from api.found import SWITCHES, Found, findings
from api.parameters import only, word
from api.problem import ProblemError
from api.queue_page import reviewer
from scorer import words
from scorer.article import InvalidInput
from scorer.ledger.assessments import Remembered
from scorer.ledger.reviews import ARTICLE_VERDICTS, FINDING_VERDICTS, MAX_REASON_CHARACTERS, MAX_REVIEWER_CHARACTERS

blueprint = Blueprint("article_page", __name__, url_prefix="/articles")


@blueprint.get("/<path:identifier>")
def show(identifier: str) -> str:
    """The article: with its text where that is kept, else with findings and figures alone."""
    only("hide", "told")
    found = _recalled(identifier)
    hidden = [kind for kind in (word("hide") or "").split(",") if kind in SWITCHES]
    fields = {**found.to_dict(), "source": _source(found)}
    shown = Shown(fields, *_words(found), found.url, found.date, hidden)
    return render_template(
        "article.html",
        **view(shown),
        scored_at=found.scored_at,
        reviews=desk().ledger.reviews.of(identifier),
        review_words=review_words,
        told=request.args.get("told"),
    )


@blueprint.get("/<path:identifier>/findings.csv")
def table(identifier: str) -> Response:
    """The findings as CSV."""
    only()
    found = _recalled(identifier)
    text, title = _words(found)
    return findings_table.response(findings(found.assessment["signals"], text, title), identifier)


@blueprint.get("/<path:identifier>/review")
def ask(identifier: str) -> str:
    """The form for a review of the article, or of the finding that `finding` names."""
    only("finding")
    return _review_form(_recalled(identifier), request.args.get("finding", ""))


@blueprint.post("/<path:identifier>/review")
def review(identifier: str) -> AnyResponse | tuple[str, int]:
    """Store the review."""
    only()
    found = _recalled(identifier)
    given = {name: request.form.get(name, "").strip() for name in ("finding", "verdict", "reviewer", "reason")}
    given["reviewer"] = _key_name() or given["reviewer"]
    about = _finding(found, given["finding"])
    try:
        stored = desk().ledger.reviews.add(
            identifier, given["verdict"], given["reviewer"], given["reason"].replace("\r\n", "\n") or None, about
        )
    except InvalidInput as error:
        return _review_form(found, given["finding"], given, str(error)), 400
    if stored is None:
        raise ProblemError("not_found", "the article was deleted meanwhile")
    return redirect(f"{address(identifier)}?told=review#reviews", 303)


def review_words(finding: dict[str, Any] | None) -> str:
    """What a stored review is about."""
    if finding is None:
        return "the article"
    signal = words.SIGNALS.get(finding["signal"], finding["signal"])
    return signal if "start" not in finding else f"{signal}, characters {finding['start']:,} to {finding['end']:,}"


def _recalled(identifier: str) -> Remembered:
    found = desk().ledger.recall(identifier)
    if found is None:
        raise ProblemError("not_found", "no article with this id was scored here, or it was deleted since")
    return found


def _words(found: Remembered) -> tuple[str | None, str | None]:
    """Text and title, where they are kept; a demonstration's come with the program."""
    if found.text is not None:
        return found.text, found.title
    return demonstration.words_of(found.assessment["id"], found.content_sha256) or (None, None)


def _source(found: Remembered) -> dict[str, Any] | None:
    record = None if found.domain is None else desk().ledger.records.of(found.domain)
    return record or found.assessment.get("source")


def _finding(found: Remembered, reference: str) -> dict[str, Any] | None:
    """`signal:start:end` as a review stores it. Raises `ProblemError` where the article has no such finding."""
    if not reference:
        return None
    one = _named(found, reference)
    return {"signal": one.signal} | ({} if one.start is None else {"start": one.start, "end": one.end})


def _named(found: Remembered, reference: str) -> Found:
    for one in findings(found.assessment["signals"], *_words(found)):
        if one.reference == reference:
            return one
    raise ProblemError("not_found", "the article has no such finding; it may have been scored anew since")


def _key_name() -> str | None:
    """With keys, the key's name stands beside a review, as in the queue: nobody signs as somebody else."""
    return g.key.name if g.get("key") is not None else None


def _review_form(
    found: Remembered, reference: str, given: dict[str, str] | None = None, problem: str | None = None
) -> str:
    return render_template(
        "review.html",
        address=address(found.assessment["id"]),
        title=_words(found)[1],
        identifier=found.assessment["id"],
        finding=_named(found, reference) if reference else None,
        verdicts=FINDING_VERDICTS if reference else ARTICLE_VERDICTS,
        given=given or {"reviewer": reviewer() or "", "verdict": "", "reason": ""},
        key_name=_key_name(),
        problem=problem,
        max_reason=MAX_REASON_CHARACTERS,
        max_reviewer=MAX_REVIEWER_CHARACTERS,
    )
