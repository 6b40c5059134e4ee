"""The Flask application: `create_app(settings)`, one blueprint a resource, no global state."""

from __future__ import annotations

from flask import Flask

from api import articles, catalogue, desk, health, page, problem, security
from scorer.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def create_app(settings: Settings | None = None) -> Flask:
    """The service. Loads the model and brings the ledger up to date; raises `ModelError` or `LedgerError`."""
    settings = settings or Settings()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body_bytes
    if "*" not in settings.trusted_hosts:
        app.config["TRUSTED_HOSTS"] = [*LOOPBACK, settings.host, *settings.trusted_hosts]
    desk.install(app, settings).ledger.migrate()
    problem.register(app)
    security.register(app)
    for resource in (articles, catalogue, health, page):
        app.register_blueprint(resource.blueprint)
    return app
