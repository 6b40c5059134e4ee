"""Every kind of failure with its name, the same in a batch's lines and in the service's answers (RFC 9457)."""

from __future__ import annotations

from typing import Any

TITLES = {
    "invalid_input": "The input is not an article",
    "too_large": "The input passes a limit",
    "too_slow": "The article takes longer than is allowed",
    "model_error": "The model cannot be used",
    "internal_error": "Something went wrong inside Credence",
}
"""Kind of failure -> what it is called. The kinds that only the service knows stand in api/problem.py."""


def type_of(kind: str) -> str:
    """The problem type: a URN, for it names a kind of failure and is no address to be fetched."""
    return f"urn:credence:problem:{kind.replace('_', '-')}"


def problem(kind: str, detail: str, **more: Any) -> dict[str, Any]:
    """A problem as a JSON object: type, title, detail, and what the place adds (`line`, `status`)."""
    return {"type": type_of(kind), "title": TITLES[kind], "detail": detail, **more}
