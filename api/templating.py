"""What templates may use beside what a view gives them: the words and numbers that people read."""

from __future__ import annotations

import datetime

from flask import Flask

from scorer import words


def signed(value: float) -> str:
    """0.21 -> +0.21, with a true minus sign.

    >>> signed(-0.5)
    '\u22120.50'
    """
    return f"{value:+.2f}".replace("-", "\u2212")


def thousands(value: int) -> str:
    """12345 -> 12,345."""
    return f"{value:,}"


def day(moment: datetime.datetime | datetime.date) -> str:
    """3 November 2026."""
    return f"{moment.day} {moment:%B %Y}"


def minute(moment: datetime.datetime) -> str:
    """3 November 2026, 10:05 UTC."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def register(app: Flask) -> None:
    """Give them to the application's templates as filters."""
    app.jinja_env.filters |= {
        "percent": words.percent, "signed": signed, "thousands": thousands, "day": day, "minute": minute,
    }  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
