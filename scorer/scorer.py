"""The one way an article is scored: every door (API, command line, batch) calls `Scorer.score`."""

from __future__ import annotations

import hashlib
import time
from copy import copy
from pathlib import Path

from scorer import store
from scorer.article import MAX_ARTICLE_SECONDS, Article, TooSlow
from scorer.assessment import RULES_VERSION, SCHEMA_VERSION, Assessment
from scorer.document import read_document
from scorer.findings import Signal
from scorer.lexicon import Lexicon
from scorer.logodds import BASE_RATE
from scorer.sentences import Punkt
from scorer.signals import build
from scorer.text import Reader
from scorer.verdict import Verdict


class Scorer:
    """Scores articles with one model.

    `model` is the name of a shipped model, a folder, or None for the newest shipped one; `base_rate` is the share of
    unreliable articles where the scores will be used (0 < base_rate < 1); `article_seconds` bounds the processor time
    that an article may take. Raises `ModelError` where the model cannot be used. An instance keeps no article and may
    be shared between threads.
    """

    def __init__(
        self,
        model: str | Path | None = None,
        base_rate: float = BASE_RATE,
        article_seconds: float = MAX_ARTICLE_SECONDS,
    ) -> None:
        self.article_seconds = article_seconds
        self.model = store.load(store.find(None if model is None else str(model)))
        self.reader = Reader(Lexicon(self.model.part("lexicon").meta["words"]), Punkt(self.model.part("punkt").meta))
        self.measures = build(self.model)
        self.verdict = Verdict(self.model, base_rate)
        self.versions = {"model": self.model.version, "rules": RULES_VERSION, "schema": SCHEMA_VERSION}

    def at_base_rate(self, base_rate: float) -> Scorer:
        """The same model for another base rate; shares everything already loaded."""
        other = copy(self)
        other.verdict = Verdict(self.model, base_rate)
        return other

    def score(self, article: Article) -> Assessment:
        """Assess one article.

        Raises `InvalidInput` (with what was wrong) for input that is no article, `TooSlow` past `article_seconds`. The
        clock is the thread's own processor time, so that a busy machine fails nobody, and is looked at between steps,
        once as much time has gone by at all: asking for it is a call into the system.
        """
        begun, until = time.monotonic(), time.thread_time() + self.article_seconds
        document = read_document(article, self.reader)
        signals: dict[str, Signal] = {}
        for name, measure in self.measures.items():
            if time.monotonic() - begun > self.article_seconds and time.thread_time() > until:
                raise TooSlow(f"scoring passes the limit article_seconds, {self.article_seconds:g} s, before '{name}'")
            signals[name] = measure(document, signals)
        identifier = article.id if article.id is not None else content_id(article)
        fields = {"id": identifier, **self.verdict.judge(document, signals), "versions": dict(self.versions)}
        return Assessment(fields, document.text, document.title.origin.raw)


def content_id(article: Article) -> str:
    """A stable id for an article that came without one: the first 20 hex digits of the SHA-256 of its content."""
    digest = hashlib.sha256()
    for piece in (article.title, article.html if article.html is not None else article.text, article.url or ""):
        digest.update(piece.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()[:20]
