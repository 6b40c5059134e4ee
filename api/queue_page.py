"""`/queue`: one article after the other, what a review is worth first; a key a verdict. Works without any script.

The score is folded away until it is asked for: who has seen it agrees with it more than who has not, and agreement
would measure that. What was done last (and so can be undone) and what was skipped stand in the browser's signed cookie.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from api import demonstration
from api.article_view import Shown, view
from api.desk import desk
from api.parameters import only, whole
from api.problem import ProblemError
from api.queue_order import Records, Waiting, ordered
from api.reviewer_agreement import table
from scorer.article import InvalidInput
from scorer.ledger.assessments import Remembered
from scorer.ledger.engine import now
from scorer.ledger.queue import MAX_COUNTED, Noted
from scorer.ledger.reviews import ARTICLE_VERDICTS, MAX_REASON_CHARACTERS, MAX_REVIEWER_CHARACTERS, Review

blueprint = Blueprint("queue", __name__, url_prefix="/queue")

NEXT_SHOWN = 8
"""Articles listed that come after the one shown."""

OTHERS_TOLD = 3
"""Verdicts of others that a message tells one by one: it travels in the cookie, which has room for 4 KB."""

MAX_STEPS_BACK = 20
"""Steps that can be undone; older ones are forgotten, the verdicts stay."""

MAX_SKIPPED = 100
"""Skipped articles that are remembered; of more, the first ones skipped come back."""

VERDICTS = {
    "reliable": "reliable",
    "mixed": "mixed",
    "unreliable": "unreliable",
    "satire": "satire",
    "not_an_article": "no article at all",
}
"""Verdicts in the order of the keys 1 to 5, and what they are called."""


def register(app: Flask) -> None:
    """Give the application the records that the queue is ordered by."""
    app.extensions["credence_queue_records"] = Records()


@blueprint.get("")
def show() -> str:
    """The article that a verdict is worth most on, or the one that `n` names."""
    only("n")
    name = reviewer()
    if name is None:
        return render_template("queue_name.html", problem=None, most=MAX_REVIEWER_CHARACTERS)
    number = whole("n", 0, 0, 2**31 - 1)
    waiting = _waiting(name)
    identifier = desk().ledger.assessments.numbered(number) if number else None
    if number and identifier is None:
        raise ProblemError("not_found", "this article was deleted meanwhile")
    if identifier is None and waiting:
        identifier = waiting[0].candidate.article_id
    return _page(name, waiting, identifier)


@blueprint.post("/name")
def name() -> Response | tuple[str, int]:
    """Remember who reviews, where no keys are asked for."""
    only()
    given = " ".join(request.form.get("reviewer", "").split())
    if not given or len(given) > MAX_REVIEWER_CHARACTERS:
        problem = f"A name has 1 to {MAX_REVIEWER_CHARACTERS} characters."
        return render_template("queue_name.html", problem=problem, most=MAX_REVIEWER_CHARACTERS), 400
    session["reviewer"], session["done"], session["skipped"] = given, [], []
    return redirect(url_for(".show"), 303)


@blueprint.post("")
def note() -> Response | tuple[str, int]:
    """Store a verdict. Where the same person gave one since the page was loaded, ask which is meant."""
    only()
    name, identifier = _who(), request.form.get("article", "")
    verdict, reason = request.form.get("verdict", ""), request.form.get("reason", "").replace("\r\n", "\n").strip()
    seen, again = request.form.get("seen", ""), request.form.get("again") == "1"
    if not (seen.isascii() and seen.isdigit() and len(seen) < 12):
        raise InvalidInput("the form is damaged: load the page again")
    noted = desk().ledger.queue.note(identifier, verdict, name, reason or None, int(seen), again)
    if noted is None:
        raise ProblemError("not_found", "this article was deleted meanwhile")
    if noted.review is None:
        conflict = {"verdict": verdict, "words": VERDICTS[verdict], "reason": reason, "noted": noted}
        return _page(name, _waiting(name), identifier, conflict), 409
    found = desk().ledger.recall(identifier)
    _did(["v", noted.review.number, 0 if found is None else found.number])
    flash(_told(noted), "done")
    return redirect(url_for(".show"), 303)


@blueprint.post("/skip")
def skip() -> Response:
    """Put an article at the end of this reviewer's queue."""
    only()
    _who()
    found = desk().ledger.recall(request.form.get("article", ""))
    if found is not None:
        others = [number for number in session.get("skipped", []) if number != found.number]
        session["skipped"] = [*others, found.number][-MAX_SKIPPED:]
        _did(["s", found.number, found.number])
        flash("Skipped: it comes back at the end.", "note")
    return redirect(url_for(".show"), 303)


@blueprint.post("/undo")
def undo() -> Response:
    """Take back the last step, a verdict or a skip, and show its article again."""
    only()
    name, done = _who(), list(session.get("done", []))
    if not done:
        flash("Nothing to undo.", "note")
        return redirect(url_for(".show"), 303)
    what, number, shown = done.pop()
    session["done"] = done
    if what == "s":
        session["skipped"] = [one for one in session.get("skipped", []) if one != number]
        flash("No longer skipped.", "note")
    else:
        review = desk().ledger.queue.undo(number, name)
        if review is None:
            flash(
                "That verdict is not there any more: it was taken back elsewhere, or its article was deleted.",
                "warning",
            )
        else:
            flash(f"Taken back: “{VERDICTS[review.verdict]}”.", "done")
    is_there = shown and desk().ledger.assessments.numbered(shown) is not None
    return redirect(url_for(".show", n=shown) if is_there else url_for(".show"), 303)


def reviewer() -> str | None:
    """Who reviews: the name of the key, else the name that was given; None before it was."""
    if g.get("key") is not None:
        return str(g.key.name)
    given = session.get("reviewer")
    return given if isinstance(given, str) and given else None


def _who() -> str:
    name = reviewer()
    if name is None:
        raise ProblemError("form_expired", "say who you are first: open the queue again")
    return name


def _did(step: list[Any]) -> None:
    session["done"] = [*session.get("done", []), step][-MAX_STEPS_BACK:]


def _waiting(name: str) -> list[Waiting]:
    ledger = desk().ledger
    candidates = ledger.queue.candidates(name)
    records: Records = current_app.extensions["credence_queue_records"]
    known = records.of(ledger, {one.domain for one in candidates if one.domain})
    return ordered(candidates, known, session.get("skipped", []))


def _page(name: str, waiting: list[Waiting], identifier: str | None, conflict: dict[str, Any] | None = None) -> str:
    queue = desk().ledger.queue
    found = None if identifier is None else desk().ledger.recall(identifier)
    this = next((one for one in waiting if one.candidate.article_id == identifier), None)
    mine = [] if found is None else _verdicts_of(name, found.assessment["id"])
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    count = queue.waiting()
    return render_template(
        "queue.html",
        reviewer=name,
        found=found,
        this=this,
        mine=mine[-1] if mine else None,
        seen=0 if found is None else queue.last_review(found.assessment["id"]),
        following=[one for one in waiting if one.candidate.article_id != identifier][:NEXT_SHOWN],
        given_today=queue.given(name, today),
        waiting_count=count,
        counted_all=count <= MAX_COUNTED,
        most_counted=MAX_COUNTED,
        can_undo=bool(session.get("done")),
        was_skipped=found is not None and found.number in session.get("skipped", []),
        conflict=conflict,
        verdicts=list(VERDICTS.items()),
        verdict_words=VERDICTS,
        agreement=table(queue.verdicts()),
        most_reason=MAX_REASON_CHARACTERS,
        **({} if found is None else _shown(found)),
    )


def _shown(found: Remembered) -> dict[str, Any]:
    text, title = found.text, found.title
    if text is None:
        text, title = demonstration.words_of(found.assessment["id"], found.content_sha256) or (None, None)
    return view(Shown(found.to_dict(), text, title, found.url, found.date))


def _verdicts_of(name: str, identifier: str) -> list[Review]:
    return [
        review
        for review in desk().ledger.reviews.of(identifier)
        if review.reviewer == name and review.verdict in ARTICLE_VERDICTS
    ]


def _told(noted: Noted) -> str:
    """What was stored, and what others said meanwhile."""
    review = noted.review
    words = "" if review is None else f"Noted: “{VERDICTS[review.verdict]}”."
    for other in noted.others[:OTHERS_TOLD]:
        alike = review is not None and other.verdict == review.verdict
        words += f" Meanwhile {other.reviewer} found it “{VERDICTS[other.verdict]}”{' too' if alike else ''}."
    more = len(noted.others) - OTHERS_TOLD
    if more > 0:
        words += f" {more} more people judged it."
    if noted.others:
        words += " Both stand." if len(noted.others) == 1 else " All stand."
    return words
