"""Query parameters: each known by name, checked in one place, refused with what was expected."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from api.problem import ProblemError
from scorer.assessment import EXPLAIN


@dataclass(frozen=True, slots=True)
class Options:
    """How an article is to be scored and answered."""

    explain: str = "full"
    include_text: bool = False
    base_rate: float | None = None
    model: str | None = None


def options(*known: str) -> Options:
    """The request's options. Raises `ProblemError` for one that is not `known`, is given twice or makes no sense."""
    for name, values in request.args.lists():
        if name not in known:
            raise ProblemError(
                "bad_parameter", f"unknown parameter '{name[:50]}'; known here: {', '.join(known) or 'none'}"
            )
        if len(values) > 1:
            raise ProblemError("bad_parameter", f"parameter '{name}' is given {len(values)} times")
    given = request.args
    explain = given.get("explain", "full")
    if explain not in EXPLAIN:
        raise ProblemError("bad_parameter", f"explain must be one of {', '.join(EXPLAIN)}, got '{explain[:50]}'")
    include = given.get("include")
    if include not in (None, "text"):
        raise ProblemError("bad_parameter", f"include must be 'text', got '{str(include)[:50]}'")
    return Options(explain, include == "text", _base_rate(given.get("base_rate")), given.get("model"))


def _base_rate(given: str | None) -> float | None:
    if given is None:
        return None
    try:
        share = float(given)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise ProblemError("bad_parameter", f"base_rate must be a number between 0 and 1, got '{given[:50]}'")
    return share
