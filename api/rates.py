"""How many requests a key, or without keys an address, may send: counted by Flask-Limiter, here or in Redis."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from limits import parse_many

from scorer.settings import SettingError, Settings

FREE = ("health.alive", "health.ready", "observe.metrics", "static")
"""Endpoints that are not counted: machines ask them all the time."""


def register(app: Flask, settings: Settings) -> None:
    """Count requests, where the operator set a limit. Raises `SettingError` for a limit that cannot be read."""
    if not settings.rate_limit:
        return
    try:
        parse_many(settings.rate_limit)
    except ValueError:
        raise SettingError(f"rate_limit must read like '600/minute', got '{settings.rate_limit}'") from None
    app.config["RATELIMIT_HEADER_LIMIT"] = "RateLimit-Limit"
    app.config["RATELIMIT_HEADER_REMAINING"] = "RateLimit-Remaining"
    app.config["RATELIMIT_HEADER_RESET"] = "RateLimit-Reset"
    app.config["RATELIMIT_HEADER_RETRY_AFTER_VALUE"] = "delta-seconds"

    @app.after_request  # registered before the limiter's own, so that it runs after it
    def plain(response: Response) -> Response:
        """RateLimit-Reset in seconds from now (IETF draft), and Retry-After only where the caller has to wait."""
        reset = response.headers.get("RateLimit-Reset")
        if reset is not None:
            response.headers["RateLimit-Reset"] = str(max(0, int(float(reset)) - int(time.time())))
        if response.status_code not in (429, 503):
            response.headers.pop("Retry-After", None)
        return response

    limiter = Limiter(
        _who,
        app=app,
        application_limits=[settings.rate_limit],
        storage_uri=settings.rate_store,
        headers_enabled=True,
        in_memory_fallback_enabled=not settings.rate_store.startswith("memory"),
        strategy="moving-window",
    )
    limiter.request_filter(lambda: request.endpoint in FREE)


def _who() -> str:
    return str(g.get("key_id") or request.remote_addr or "")
