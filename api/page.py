"""The page at `/`: paste an article, read the score with the evidence marked in the text. Works without any script."""

from __future__ import annotations

from importlib import resources
from typing import Any

from flask import Blueprint, current_app, render_template, request

from api.desk import desk
from api.marks import headline_marks, marks_of, paragraphs, teaser_words
from api.parameters import options
from scorer import words
from scorer.article import Article, InvalidInput
from scorer.assessment import Assessment
from scorer.intake import guess_kind
from scorer.ledger import LedgerError

blueprint = Blueprint("page", __name__)

TERMS_SHOWN = 12
BAR_UNITS = 100
"""Width of half a bar of the contributions, in units of the drawing."""


@blueprint.get("/")
def empty() -> str:
    """The form; `?example=1` fills it and scores what it holds."""
    options("example")
    if request.args.get("example"):
        title, _, text = example().partition("\n")
        return _scored(title, text.strip())
    return render_template("page.html", title="", article="")


@blueprint.post("/")
def score() -> tuple[str, int] | str:
    """Score what was pasted. Browsers send line ends as CR LF; what counts is what was pasted."""
    options()
    title = request.form.get("title", "").replace("\r\n", "\n").strip()
    pasted = request.form.get("article", "").replace("\r\n", "\n")
    try:
        return _scored(title, pasted)
    except InvalidInput as error:
        status = 413 if error.kind == "too_large" else 400
        return render_template("page.html", title=title[:2000], article=pasted[:200_000], problem=str(error)), status


def example() -> str:
    """The article that the example button scores; its first line is the headline."""
    return (resources.files("api") / "examples" / "article.txt").read_text(encoding="utf-8")


def _scored(title: str, pasted: str) -> str:
    if not (title or pasted.strip()):
        raise InvalidInput("Paste an article first: its text, or the page's HTML.")
    is_page = guess_kind(pasted.encode("utf-8", "replace")[:10_000], "") == "html"
    article = Article(html=pasted, title=title) if is_page else Article(text=pasted, title=title)
    assessment = desk().default.score(article)
    try:
        desk().ledger.remember(article, assessment)
    except LedgerError as error:  # who looks at a score must not lose it because it could not be noted down
        current_app.logger.warning("%s", error)
    return render_template("page.html", title=title, article=pasted, **view(assessment))


def view(assessment: Assessment) -> dict[str, Any]:
    """What the template shows of an assessment."""
    fields = assessment.to_dict()
    text, title, signals = assessment.text, assessment.title, fields["signals"]
    marks = marks_of(signals, text)
    given_apart = not text.lstrip().startswith(title)
    if not given_apart:  # the title is the text's first line: its evidence is marked there
        shift = len(text) - len(text.lstrip())
        marks += [type(m)(m.start + shift, m.end + shift, m.kind, m.why, m.badges) for m in headline_marks(signals)]
    in_text = {id(teaser) for teaser, place in _teaser_places(signals, text) if place}
    teasers = [teaser for signal in signals for teaser in signal.get("teasers", ())]
    return {
        "result": fields,
        "verdict": words.verdict(fields),
        "risk": words.risk(fields),
        "meaning": words.meaning(fields),
        "no_claim": words.NO_CLAIM,
        "steps": _bars(fields),
        "signal_names": words.SIGNALS,
        "headline": paragraphs(title, headline_marks(signals)) if given_apart and title else [],
        "body": paragraphs(text, marks),
        "first_is_title": bool(title) and not given_apart,
        "around": [(t, teaser_words(t)) for t in teasers if id(t) not in in_text],
        "counts": _counts(signals),
        "terms": _terms(fields, text),
        "percent": words.percent,
    }


def _teaser_places(signals: list[dict[str, Any]], text: str) -> list[tuple[dict[str, Any], bool]]:
    return [
        (teaser, isinstance(teaser.get("start"), int) or bool(teaser.get("text") and teaser["text"] in text))
        for signal in signals
        for teaser in signal.get("teasers", ())
    ]


def _bars(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The contributions as bars from the middle of a drawing 2 x BAR_UNITS wide."""
    steps = words.contributions(fields)
    widest = max(1e-9, max(abs(value) for _, value, _ in steps))
    return [
        {
            "name": name,
            "value": value,
            "risk": risk,
            "width": round(BAR_UNITS * abs(value) / widest, 1),
            "x": round(BAR_UNITS - (BAR_UNITS * abs(value) / widest if value < 0 else 0), 1),
        }
        for name, value, risk in steps
    ]


def _counts(signals: list[dict[str, Any]]) -> dict[str, int]:
    """Findings by the kind that the legend switches."""
    counts = dict.fromkeys(("attribution", "figure", "hedge", "loaded", "teaser", "altered"), 0)
    for signal in signals:
        for span in signal.get("spans", ()):
            if span["kind"] in counts:
                counts[span["kind"]] += 1
        counts["teaser"] += len(signal.get("teasers", ()))
    return counts


def _terms(fields: dict[str, Any], text: str) -> list[tuple[str, float]]:
    terms = ((fields.get("text_model") or {}).get("top_terms") or [])[:TERMS_SHOWN]
    return [(" ".join(text[t["start"] : t["end"]].split()), t["contribution"]) for t in terms]
