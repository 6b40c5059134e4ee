"""What protects whoever runs the service: headers on every answer, and no requests driven by other sites' pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from api.asked import this_request
from api.problem import ProblemError

HEADERS = {
    # Our own files alone, nothing inline: an article that gets past the escaping finds nothing that runs.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": with that, browsers send "Origin: null" with our own form, and it would be refused below.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


_PUT = tuple((name, name.lower(), value) for name, value in {**HEADERS, "Cache-Control": "no-store"}.items())


def register(app: Flask) -> None:
    """Guard every request, and put the headers on every answer."""

    @app.before_request
    def only_from_here() -> None:
        # A loopback service can be reached by any page open in the same browser (and by DNS rebinding, which
        # TRUSTED_HOSTS refuses). Programs send no Origin; browsers do with every POST.
        asked = this_request()
        host = asked.host  # raises where the host is not trusted
        if asked.method in ("GET", "HEAD", "OPTIONS"):
            return
        origin = asked.headers.get("Origin")
        foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
        if foreign or asked.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            raise ProblemError("cross_origin", "this request was sent by a page of another site")

    @app.after_request
    def protect(response: Response) -> Response:
        there = {name.lower() for name, _ in response.headers}
        for name, lower, value in _PUT:
            if lower not in there and not (lower == "cache-control" and request.endpoint == "static"):
                response.headers.add(name, value)
        return response
