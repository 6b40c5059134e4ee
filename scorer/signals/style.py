"""Style: loaded wording, marked in the text, and how the text is written.

Value: share of words that are loaded (loaded words, name calling, exaggeration), 0 to 1; None under MIN_TOKENS tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np

from scorer.document import Document
from scorer.findings import Signal
from scorer.loaded import Loaded
from scorer.store import Model
from scorer.stylometry import Stylometry

NAME = "style"

MIN_TOKENS = 20
"""In a shorter text a rate is an accident."""

RATES = (
    "second_person",
    "first_singular",
    "exclamation",
    "question",
    "absolute",
    "certainty",
    "superlative",
    "moral",
    "capitals",
)
"""Reported as counts per 100 words beside the loaded ones."""

METRICS = tuple((f"{name}_per_100_words", name) for name in RATES)

MANY = 0.05
SOME = 0.015
"""Shares of loaded words from which the summary says many, some."""


def build(model: Model) -> Callable[[Document, Mapping[str, Signal]], Signal]:
    """Return the measure; raises `ModelError` where the model has no part `style`."""
    part = model.part(NAME)
    loaded, stylometry = Loaded(part), Stylometry(part)

    def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
        body = document.body
        if len(body.words) < MIN_TOKENS:
            return Signal(NAME, None, "The text is too short for its style to be measured.")
        spans, tokens, loadedness = loaded.marked(body)
        words, features = stylometry.measure(body)
        share = min(1.0, tokens / max(1, words))
        features["loaded"] = sqrt(100.0 * share)
        features["loadedness"] = loadedness
        metrics: dict[str, float | int | None] = {"loaded_per_100_words": 100.0 * share}
        for metric, name in METRICS:
            metrics[metric] = features[name] ** 2
        metrics["words_per_sentence"] = float(np.expm1(features["sentence_length"]))
        metrics["lexical_variety"] = float(features["variety"])
        return Signal(NAME, share, _summary(share, len(spans), metrics), metrics, spans, features)

    return measure


def _summary(share: float, count: int, metrics: Mapping[str, float | int | None]) -> str:
    if count == 0:
        return "No loaded wording was found."
    amount = "Much" if share >= MANY else "Some" if share >= SOME else "Little"
    places = f"{count} place{'s' if count > 1 else ''}"
    more = " and exclamation marks" if (metrics["exclamation_per_100_words"] or 0) >= 0.5 else ""
    return f"{amount} loaded wording: {places}, {100 * share:.1f} of 100 words{more}."
