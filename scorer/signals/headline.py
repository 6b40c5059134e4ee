"""The headline: does it lure, does the body keep its promise, does it shout.

Value: the greater of clickbait and of what the body leaves open (1 - agreement), 0 to 1; None without a title.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp

from scorer import kernel
from scorer.agreement import Agreement
from scorer.document import Document
from scorer.findings import Finding, Signal
from scorer.lexicon import Shape
from scorer.lure import Lure
from scorer.store import Model
from scorer.text import Text

NAME = "headline"

MIN_BODY_TOKENS = 5
"""A shorter body can keep no promise: agreement is then unknown."""

MIN_SPAN_BODY_TOKENS = 60
"""Only where the body is longer than this does a word it lacks say anything."""


_PUNCTUATION, _UPPER = int(Shape.PUNCTUATION), int(Shape.UPPER)


def build(model: Model) -> Callable[[Document, Mapping[str, Signal]], Signal]:
    """Return the measure; raises `ModelError` where the model has no part `headline`."""
    part = model.part(NAME)
    lure, agreement = Lure(part), Agreement(part)

    def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
        title, body = document.title, document.body
        if not len(title.words):
            return Signal(NAME, None, "There is no headline to judge.")
        bait = lure.log_odds(title)
        clickbait = _probability(bait)
        loud = shouting(title)
        metrics: dict[str, float | int | None] = {"clickbait": clickbait, "body_agreement": None, "shouting": loud}
        features = {"clickbait": _bounded(bait), "shouting": loud}
        spans: list[Finding] = []
        found = agreement.judged(title, body) if len(body.words) >= MIN_BODY_TOKENS else None
        if found is not None:
            metrics["body_agreement"] = _probability(found.log_odds)
            features["body_agreement"] = _bounded(found.log_odds)
            features["headline_coverage"] = found.coverage
            if len(body.words) >= MIN_SPAN_BODY_TOKENS:
                starts, ends = title.caller_starts, title.caller_ends
                spans = [{"start": starts[i], "end": ends[i], "kind": "unsupported"} for i in found.missing]
        agreed = metrics["body_agreement"]
        value = clickbait if agreed is None or 1.0 - agreed <= clickbait else 1.0 - agreed
        return Signal(NAME, value, _summary(clickbait, agreed, loud, len(spans)), metrics, spans, features)

    return measure


def shouting(title: Text) -> float:
    """Share of the title's words written in capitals or followed by an exclamation mark, 0 to 1.

    A title wholly in capitals is a house's style as often as a shout, and counts half.
    """
    if kernel.native is not None:
        loud: float = kernel.native.shouting(title.shapes, title.tokens)
        return loud
    shapes = title.shapes.tolist()
    if min(shapes, default=_PUNCTUATION) >= _PUNCTUATION:
        return 0.0
    long = [s for s, token in zip(shapes, title.tokens, strict=True) if len(token) > 3 and s < _PUNCTUATION]
    capitals, candidates = long.count(_UPPER), max(1, len(long))
    share = 0.5 if capitals == candidates and candidates > 2 else capitals / candidates
    return min(1.0, share + 0.25 * title.tokens.count("!"))


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + exp(30.0 if log_odds < -30.0 else -30.0 if log_odds > 30.0 else -log_odds))


def _bounded(log_odds: float) -> float:
    """Log-odds as a feature: within -6 and 6, past which they say nothing more."""
    return -6.0 if log_odds < -6.0 else 6.0 if log_odds > 6.0 else log_odds


def _summary(clickbait: float, agreement: float | None, loud: float, missing: int) -> str:
    if clickbait >= 0.5:
        first = "The headline is worded as a lure"
    elif loud >= 0.3:
        first = "The headline shouts"
    else:
        first = "The headline is plain"
    if agreement is None:
        return first + "; there is too little text to hold it against."
    if agreement < 0.5:
        return first + ", and the text is hardly about what it says."
    if missing:
        return first + f"; the text keeps to it, save for {missing} word{'s' if missing > 1 else ''} it never takes up."
    return first + ", and the text keeps to it."
