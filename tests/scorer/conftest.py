"""What the tests of the library share."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from training.corpora import Corpora


@pytest.fixture(scope="session")
def some_articles(shared_data: Path) -> list[str]:
    """200 real articles, chosen with a seed."""
    return [row["text"] or "" for row in random.Random(3).sample(Corpora(shared_data).articles, 200)]
