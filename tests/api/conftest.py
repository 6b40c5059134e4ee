"""What the service's tests share: an application with a ledger of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from api.app import create_app
from scorer.settings import Settings

TEXT = (
    "The council said on Monday that 1,200 homes had lost power. Officials expect repairs to take a week. "
    "A spokeswoman for the grid told reporters that the figure was not confirmed.\n\n"
) * 3

LONG_TEXT = "\n\n".join([TEXT] * 8)
"""Keeps a batch at work while it is looked at and a service is stopped and started."""

Make = Callable[..., Flask]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Makes applications from settings; closes their ledgers at the end."""
    made: list[Flask] = []

    def create(**settings: Any) -> Flask:
        folder: Path = tmp_path_factory.mktemp("ledger")
        made.append(create_app(Settings(db=str(folder / "credence.sqlite"), **settings)))
        return made[-1]

    yield create
    for app in made:
        app.extensions["credence"].jobs.close()
        app.extensions["credence"].ledger.close()
