"""`credence train --reviews`: learn from what people found beside the corpora, and say what that changed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from scorer.article import InvalidInput, ModelError
from scorer.ledger import Ledger
from scorer.settings import Settings
from scorer.store import find
from training import pipeline
from training.reviews import changes, read_texts, reviewed, told


def train_with_reviews(
    options: argparse.Namespace, out: Path, version: str, settings: Settings, say: Callable[[str], None] = print
) -> None:
    """Train, and print what was learned from and what changed. Raises `InvalidInput` where no review can be used."""
    if options.only not in (None, "verdict"):
        raise InvalidInput("reviews say how reliable an article is: they teach the whole model or --only verdict")
    ledger = Ledger(settings.db_url)
    try:
        ledger.migrate()
        found = reviewed(ledger, read_texts(options.texts) if options.texts else None)
    finally:
        ledger.close()
    for line in told(found):
        say(line)
    if not found.rows:
        raise InvalidInput(
            "no reviewed article can be learned from: keep texts (CREDENCE_KEEP_TEXT) or give them with --texts"
        )
    before = _figures(out)
    figures = pipeline.train_model(
        options.data, out, version, only=options.only, without=options.without, say=say, reviewed=found.rows
    )
    for line in changes(figures, before):
        say(line)


def _figures(out: Path) -> dict[str, dict[str, float]]:
    """Figures of the model that is trained again, else of the newest shipped one; none where there is neither."""
    try:
        folder = out if (out / "manifest.json").is_file() else find()
    except ModelError:
        return {}
    figures: dict[str, dict[str, float]] = json.loads((folder / "manifest.json").read_bytes()).get("figures", {})
    return figures
