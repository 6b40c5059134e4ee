"""What every request needs: the settings, the models that can be pinned, the ledger."""

from __future__ import annotations

import multiprocessing
import threading
from functools import lru_cache
from typing import cast

from flask import Flask, current_app

from api.fetch import Fetcher
from api.gate import Gate
from api.jobs import Jobs
from api.metrics import Metrics
from api.problem import ProblemError
from scorer import store
from scorer.ledger import Ledger
from scorer.scorer import Scorer
from scorer.settings import Settings

BASE_RATES_KEPT = 64
"""Scorers for other base rates that are kept ready; each holds little, the model is shared."""


class Desk:
    """The service's tools; one a process, shared by its threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ledger = Ledger(settings.db_url, settings.keep_text)
        self.default = Scorer(settings.model, settings.base_rate, settings.article_seconds)
        self.metrics = Metrics(self.default.model.manifest.get("operating_points", ()))
        self.gate = Gate(settings.threads, settings.max_queue, settings.queue_seconds, self.metrics.waiting.set)
        self.fetcher = Fetcher() if settings.fetch_urls else None
        self.jobs = Jobs(settings)
        self.models = sorted({*store.versions(), self.default.model.version})
        """Versions a caller may pin, oldest first: those that were there at the start."""
        self.draining = multiprocessing.Event()
        """Set by the parent process when it was told to stop; its children see it."""
        self._loading = threading.Lock()
        self._loaded: dict[str, Scorer] = {self.default.model.version: self.default}
        self._at_base_rate = lru_cache(BASE_RATES_KEPT)(self._shifted)

    def scorer(self, model: str | None, base_rate: float | None) -> Scorer:
        """The scorer for a version (never a path: a caller must not choose files) and a base rate."""
        version = model or self.default.model.version
        if version not in self.models:
            raise ProblemError("unknown_model", f"no model '{version}'; known: {', '.join(self.models)}")
        if base_rate is None:
            return self._load(version)
        return self._at_base_rate(version, base_rate)

    def _shifted(self, version: str, base_rate: float) -> Scorer:
        return self._load(version).at_base_rate(base_rate)

    def _load(self, version: str) -> Scorer:
        with self._loading:
            if version not in self._loaded:
                kept = self.settings
                self._loaded[version] = Scorer(version, kept.base_rate, kept.article_seconds)
            return self._loaded[version]


def install(app: Flask, settings: Settings) -> Desk:
    """Give the application its desk."""
    app.extensions["credence"] = desk = Desk(settings)
    return desk


def desk() -> Desk:
    """The desk of the application that serves this request."""
    return cast(Desk, current_app.extensions["credence"])
