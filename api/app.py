"""The Flask application: `create_app(settings)`, one blueprint a resource, no global state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from api import (
    about_page,
    article_page,
    articles,
    auth,
    batch,
    catalogue,
    comments,
    csrf,
    demonstration,
    desk,
    documentation,
    health,
    jobs_page,
    listing,
    observe,
    page,
    problem,
    queue_page,
    rates,
    reviews,
    security,
    session,
    source_pages,
    sources,
    templating,
)
from api.address import LOOPBACK, is_loopback
from scorer.settings import Settings

RESOURCES = (
    about_page, article_page, articles, batch, catalogue, comments, demonstration, documentation, health, jobs_page,
    listing, observe, page, queue_page, reviews, session, source_pages, sources,
)  # fmt: skip


class Service(Flask):
    """Flask, for an application of which nothing is `async`."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: Flask would ask of every hook of every request whether it is a coroutine."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The service. Loads the model and brings the ledger up to date; raises `ModelError` or `LedgerError`."""
    settings = settings or Settings()
    app = Service(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body_bytes
    if "*" not in settings.trusted_hosts:
        app.config["TRUSTED_HOSTS"] = [*LOOPBACK, settings.host, *settings.trusted_hosts]
    desk.install(app, settings).ledger.migrate()
    templating.register(app)
    demonstration.register(app)
    problem.register(app)
    observe.register(app)
    security.register(app)
    session.register(app, settings)
    auth.register(app, always=not is_loopback(settings.host))
    jobs_page.register(app)
    csrf.register(app)
    queue_page.register(app)
    rates.register(app, settings)
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint)
    return app
