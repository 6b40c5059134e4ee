"""The page at `/`: an article is pasted, dropped or named by its address, and read with the evidence marked in it.

Works without any script; with one, the answer takes the form's place without the page being loaded anew.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.datastructures import FileStorage

from api import findings_table, scoring
from api.article_view import Shown, view
from api.desk import desk
from api.found import findings
from api.parameters import Options, only
from api.problem import CATALOGUE, ProblemError
from scorer.article import Article, InvalidInput
from scorer.assessment import Assessment
from scorer.intake import Kind, guess_kind, read_article
from scorer.ledger import LedgerError

blueprint = Blueprint("page", __name__)

MAX_SHOWN_AGAIN = 1_000_000
"""Characters of a text, or of a page, up to which the form is filled with it again."""


@blueprint.get("/")
def empty() -> str:
    """The form; `?example=1` fills it and scores what it holds."""
    only("example")
    if request.args.get("example"):
        title, _, text = example().partition("\n")
        given = {"title": title, "article": text.strip(), "url": ""}
        return _result(Article(text=given["article"], title=title), given)
    return _form({"title": "", "article": "", "url": ""})


@blueprint.post("/")
def score() -> tuple[str, int] | str:
    """Score what was pasted, dropped or named."""
    only()
    given = _given()
    try:
        return _result(_article(given, request.files.get("file")), given)
    except InvalidInput as error:
        return _form(given, str(error)), CATALOGUE[error.kind][0]
    except ProblemError as problem:
        return _form(given, problem.detail), CATALOGUE[problem.kind][0]


@blueprint.post("/findings.csv")
def table() -> Response:
    """The findings of what was pasted, with the words they stand for."""
    only()
    article = _article(_given(), request.files.get("file"))
    assessment = scoring.score(desk(), article, Options(), store=False)
    found = findings(assessment["signals"], assessment.text, assessment.title)
    return findings_table.response(found, assessment["id"])


def example() -> str:
    """The article that the example button scores; its first line is the headline."""
    return (resources.files("api") / "examples" / "article.txt").read_text(encoding="utf-8")


def _given() -> dict[str, str]:
    """The form's fields. Browsers send line ends as CR LF; what counts is what was pasted."""
    return {
        "title": request.form.get("title", "").replace("\r\n", "\n").strip(),
        "article": request.form.get("article", "").replace("\r\n", "\n"),
        "url": request.form.get("url", "").strip(),
    }


def _article(given: dict[str, str], file: FileStorage | None) -> Article:
    """The article that the form names. Raises `InvalidInput` or `ProblemError` saying what is wrong."""
    title, url = given["title"], given["url"] or None
    if file is not None and file.filename:
        raw = file.read()
        article = read_article(raw, guess_kind(raw, file.filename))
    elif given["article"].strip():
        pasted = given["article"]
        is_page = guess_kind(pasted.encode("utf-8", "replace")[:10_000]) == "html"
        article = Article(html=pasted) if is_page else Article(text=pasted)
    elif url and desk().fetcher:
        page = desk().fetcher.fetch(url)  # type: ignore[union-attr]  # checked in the line before
        kind: Kind = "text" if page.mimetype == "text/plain" else "html"
        article, url = read_article(page.body, kind, page.charset), page.url
    elif url and not title:
        raise InvalidInput("Fetching addresses is switched off here: paste the article, or choose its file.")
    elif title:
        article = Article()
    else:
        raise InvalidInput("Paste an article first: its text, or the page's HTML.")
    article = replace(article, title=title or article.title, url=url or article.url)
    article.check_limits()
    return article


def _result(article: Article, given: dict[str, str]) -> str:
    assessment = scoring.score(desk(), article, Options(), store=False)
    try:
        scoring.remember(desk(), (article, assessment))
        assessment = desk().ledger.records.beside(assessment)
        is_stored = True
    except LedgerError as error:  # who looks at a score must not lose it because it could not be noted down
        current_app.logger.warning("%s", error)
        is_stored = False
    return _form(given, result=assessment, article=article, is_stored=is_stored)


def _form(
    given: dict[str, str],
    problem: str | None = None,
    result: Assessment | None = None,
    article: Article | None = None,
    is_stored: bool = False,
) -> str:
    told: dict[str, Any] = {}
    if result is not None and article is not None:
        told = view(Shown(result.to_dict(), result.text, result.title, article.url, article.date))
        scored = article.text if article.html is None else article.html
        given = {**given, "article": scored, "url": article.url or ""}
    again = given["article"] if len(given["article"]) <= MAX_SHOWN_AGAIN else ""
    return render_template(
        "page.html",
        form={**given, "title": given["title"][:2_000], "article": again},
        problem=problem,
        fetches=desk().fetcher is not None,
        keeps_text=desk().settings.keep_text,
        is_stored=is_stored,
        just_scored=True,
        **told,
    )
