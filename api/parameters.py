"""Query parameters: each known by name, checked in one place, refused with what was expected."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
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


USUAL = Options()
"""Of a request without parameters."""


def only(*known: str) -> None:
    """Raise `ProblemError` where the request has a parameter that is not `known` or is given twice."""
    for name, values in request.args.lists():
        if name not in known:
            raise ProblemError(
                "bad_parameter", f"unknown parameter '{name[:50]}'; known here: {', '.join(known) or 'none'}"
            )
        if len(values) > 1:
            raise ProblemError("bad_parameter", f"parameter '{name}' is given {len(values)} times")


def options(*known: str) -> Options:
    """The request's options. Raises `ProblemError` for one that is not `known`, is given twice or makes no sense."""
    if not request.environ.get("QUERY_STRING"):
        return USUAL
    only(*known)
    include = choice("include", ("text",))
    return Options(
        choice("explain", EXPLAIN) or "full", include == "text", share("base_rate", open_ends=True), word("model")
    )


def word(name: str) -> str | None:
    """A parameter as it was sent, None where it was not. Raises `ProblemError` where it is empty."""
    given = request.args.get(name)
    if given is not None and not given.strip():
        raise ProblemError("bad_parameter", f"{name} is empty; leave it out or give it a value")
    return given


def choice(name: str, among: Sequence[str]) -> str | None:
    """A parameter that is one of several words."""
    given = request.args.get(name)
    if given is not None and given not in among:
        raise ProblemError("bad_parameter", f"{name} must be one of {', '.join(among)}; got '{given[:50]}'")
    return given


def share(name: str, *, open_ends: bool = False) -> float | None:
    """A parameter between 0 and 1; with `open_ends` neither of the two."""
    given = request.args.get(name)
    if given is None:
        return None
    try:
        value = float(given)
    except ValueError:
        value = -1.0
    if not (0 < value < 1 if open_ends else 0 <= value <= 1):
        raise ProblemError("bad_parameter", f"{name} must be a number between 0 and 1, got '{given[:50]}'")
    return value


def whole(name: str, usual: int, low: int, high: int) -> int:
    """A parameter that is a whole number from `low` to `high`."""
    given = request.args.get(name)
    if given is None:
        return usual
    if not (given.isascii() and given.isdigit() and len(given) < 10 and low <= int(given) <= high):
        raise ProblemError("bad_parameter", f"{name} must be a whole number from {low} to {high}, got '{given[:50]}'")
    return int(given)


def yes_or_no(name: str) -> bool | None:
    """A parameter that is `true` or `false`."""
    given = choice(name, ("true", "false"))
    return None if given is None else given == "true"


def moment(name: str) -> datetime.datetime | None:
    """A parameter that is an ISO 8601 date or time; without a time zone it is UTC."""
    given = request.args.get(name)
    if given is None:
        return None
    try:
        # an unescaped plus sign arrives as a space
        read = datetime.datetime.fromisoformat(given.replace(" ", "+") if "T" in given else given)
        return (read if read.tzinfo else read.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise ProblemError(
            "bad_parameter", f"{name} must be a date (2026-11-03) or a time (2026-11-03T10:00:00Z), got '{given[:50]}'"
        ) from None
